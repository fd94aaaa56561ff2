// Command models reads `go test -json ./twinmodel/...` and writes the rows of
// the packages that ran into docs/models.md; sections of other packages stay.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

const table = "docs/models.md"

func main() {
	if err := update(os.Stdin, table); err != nil {
		fmt.Fprintln(os.Stderr, "models:", err)
		os.Exit(1)
	}
}

func update(in io.Reader, path string) error {
	packages, err := read(in)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(merge(string(text), packages)), 0o644)
}

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Key, Value, Output string
}

// found is what the tests of one package reported.
type found struct {
	rows    []string
	skipped bool // a test was: rows the table has and that were not seen stay
}

// read collects rows by the package they come from.
func read(in io.Reader) (map[string]*found, error) {
	packages := map[string]*found{}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("not the output of go test -json: %w", err)
		}
		name := e.Package[strings.LastIndex(e.Package, "/")+1:]
		p := packages[name]
		if p == nil {
			p = &found{}
			packages[name] = p
		}
		switch {
		case e.Action == "attr" && e.Key == "validation":
			p.rows = append(p.rows, e.Value)
		case e.Action == "skip" && e.Test != "":
			p.skipped = true
		}
	}
	return packages, lines.Err()
}

const head = "| | what | reference | value | ours | off by | allowed |\n|---|---|---|---|---|---|---|\n"

// merge replaces the sections, headed "## package", for which there are rows.
func merge(text string, packages map[string]*found) string {
	sections := strings.Split(text, "\n## ")
	for i, s := range sections[1:] {
		name, old, _ := strings.Cut(s, "\n")
		if p := packages[name]; p != nil && len(p.rows) > 0 {
			sections[i+1] = section(name, p.with(old))
			delete(packages, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		if p := packages[name]; len(p.rows) > 0 {
			sections = append(sections, section(name, p.rows))
		}
	}
	for i, s := range sections {
		sections[i] = strings.TrimRight(s, "\n") + "\n"
	}
	return strings.Join(sections, "\n## ")
}

// with is what was found and, where tests were skipped, the rows of old that
// were not.
func (p *found) with(old string) []string {
	rows := slices.Clone(p.rows)
	if !p.skipped {
		return rows
	}
	for row := range strings.Lines(old) {
		row = strings.TrimSuffix(row, "\n")
		if strings.HasPrefix(row, "| ") && !strings.HasPrefix(row, "| |") && !slices.ContainsFunc(rows, func(r string) bool { return id(r) == id(row) }) {
			rows = append(rows, row)
		}
	}
	return rows
}

func section(name string, rows []string) string {
	slices.SortStableFunc(rows, func(a, b string) int { return strings.Compare(id(a), id(b)) })
	return name + "\n\n" + head + strings.Join(slices.Compact(rows), "\n")
}

// id is the first cell of a row.
func id(row string) string {
	cell, _, _ := strings.Cut(strings.TrimPrefix(row, "| "), " |")
	return cell
}
