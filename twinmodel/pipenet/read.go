package pipenet

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Read reads a network in EPANET's .inp format. Sections on water quality,
// energy and drawing are skipped; what would change the hydraulics and is not
// known is an error with its line.
func Read(r io.Reader) (*Network, error) {
	p := newParser()
	scan := bufio.NewScanner(r)
	section := ""
	for line := 1; scan.Scan(); line++ {
		text, _, _ := strings.Cut(scan.Text(), ";")
		f := strings.Fields(text)
		switch {
		case len(f) == 0:
			continue
		case strings.HasPrefix(f[0], "["):
			section = strings.ToUpper(strings.Trim(f[0], "[]"))
			if _, ok := sections[section]; !ok {
				return nil, fmt.Errorf("read network: line %d: unknown section [%s]", line, section)
			}
			continue
		case section == "":
			return nil, fmt.Errorf("read network: line %d: text before the first section", line)
		case section == "TITLE" && p.net.Title == "":
			p.net.Title = strings.TrimSpace(text)
		}
		if sections[section] {
			p.rows[section] = append(p.rows[section], row{line, f})
		}
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("read network: %w", err)
	}
	if err := p.build(); err != nil {
		return nil, fmt.Errorf("read network: %w", err)
	}
	if err := p.net.Check(); err != nil {
		return nil, fmt.Errorf("read network: %w", err)
	}
	return &p.net, nil
}

// sections that are known, and whether hydraulics need them.
var sections = map[string]bool{
	"TITLE": false, "JUNCTIONS": true, "RESERVOIRS": true, "TANKS": true, "PIPES": true, "PUMPS": true, "VALVES": true,
	"DEMANDS": true, "STATUS": true, "PATTERNS": true, "CURVES": true, "CONTROLS": true, "RULES": true, "EMITTERS": true,
	"TIMES": true, "OPTIONS": true, "TAGS": false, "ENERGY": false, "QUALITY": false, "SOURCES": false, "REACTIONS": false,
	"MIXING": false, "REPORT": false, "COORDINATES": false, "VERTICES": false, "LABELS": false, "BACKDROP": false, "END": false,
}

type row struct {
	line int
	f    []string
}

type parser struct {
	net       Network
	rows      map[string][]row
	units     units
	nodes     map[string]int
	links     map[string]int
	patterns  map[string]int
	curves    map[string][][2]float64
	listed    map[int]bool // junctions in [DEMANDS]
	pattern   int          // of demands that name none
	demand    float64
	viscosity float64 // relative to water at 20 °C
}

// build reads the sections in the order in which they depend on each other.
func (p *parser) build() error {
	for _, s := range []struct {
		name string
		read func(row) error
	}{
		{"PATTERNS", p.readPattern}, {"OPTIONS", p.readOption}, {"TIMES", p.readTime}, {"CURVES", p.readCurve},
		{"JUNCTIONS", p.readJunction}, {"RESERVOIRS", p.readReservoir}, {"TANKS", p.readTank}, {"DEMANDS", p.readDemand},
		{"EMITTERS", p.readEmitter}, {"PIPES", p.readPipe}, {"PUMPS", p.readPump}, {"VALVES", p.readValve},
		{"STATUS", p.readStatus}, {"CONTROLS", p.readControl}, {"RULES", refuseRule},
	} {
		for _, r := range p.rows[s.name] {
			if err := s.read(r); err != nil {
				return fmt.Errorf("line %d: [%s]: %w", r.line, s.name, err)
			}
		}
		if s.name == "OPTIONS" {
			p.finishOptions()
		}
	}
	return nil
}

func refuseRule(row) error {
	return errors.New("rule-based controls are not supported; write them as [CONTROLS]")
}
