package reports

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on what a page shows of one scenario; the record holds the rest.
const (
	maxPanels = 10
	maxLanes  = 24
)

// panel is one plot: the signals of one quantity and unit over scenario time.
type panel struct {
	title, unit  string
	courses      []*course
	requirements []Requirement // that are judged on one of the courses
}

// panelSet sorts a scenario's signals into panels.
type panelSet struct {
	courses map[[2]string]*course // by entity and signal
	states  map[[2]string]bool    // signals that are states: they have lanes
	groups  map[string]*panel
	order   []string
}

// panels are the scenario's plots, those with a requirement first, and the
// number left out because there are too many.
func (s *ScenarioRecord) panels() (shown []panel, left int) {
	set := panelSet{courses: map[[2]string]*course{}, states: map[[2]string]bool{}, groups: map[string]*panel{}}
	for _, series := range s.Series {
		set.addSeries(series)
	}
	for _, e := range s.Of(KindTelemetry) {
		set.addTelemetry(s, e)
	}
	var panels []panel
	for _, key := range set.order {
		panels = append(panels, set.groups[key].split()...)
	}
	for i := range panels {
		panels[i].claim(s.Of(KindRequirement))
	}
	slices.SortStableFunc(panels, func(a, b panel) int {
		return cmp.Compare(min(1, len(b.requirements)), min(1, len(a.requirements)))
	})
	shown = panels[:min(len(panels), maxPanels)]
	return shown, len(panels) - len(shown)
}

func (set *panelSet) addSeries(s *Series) {
	id := [2]string{s.Entity, s.Name}
	if len(s.States) > 0 {
		set.states[id] = true
		return
	}
	c, ok := set.courses[id]
	if !ok {
		c = newCourse(s.Entity, s.Name, cmp.Or(s.Label, s.Name), s.Unit)
		set.courses[id] = c
		set.group("signal "+s.Quantity+" "+s.Unit, cmp.Or(s.Quantity, "signals"), s.Unit, c)
	}
	c.addSeries(s)
}

func (set *panelSet) addTelemetry(s *ScenarioRecord, e Event) {
	numbers := telemetryNumbers(e.Telemetry.Body)
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		id := [2]string{e.Telemetry.Device, name}
		if set.states[id] {
			continue
		}
		c, ok := set.courses[id]
		if !ok {
			c = newCourse(e.Telemetry.Device, name, name, "")
			set.courses[id] = c
			set.group("telemetry "+name, name+" (telemetry)", "", c)
		}
		c.addTelemetry(telemetryTime(e).Sub(s.Begin), numbers[name])
	}
}

func (set *panelSet) group(key, title, unit string, c *course) {
	g, ok := set.groups[key]
	if !ok {
		g = &panel{title: title, unit: unit}
		set.groups[key] = g
		set.order = append(set.order, key)
	}
	g.courses = append(g.courses, c)
}

// claim takes the requirements on signals of this panel.
func (p *panel) claim(events []Event) {
	for _, e := range events {
		r := e.Requirement
		for _, c := range p.courses {
			if r.Signal != "" && r.Signal == c.name && (r.Entity == "" || r.Entity == c.entity) {
				p.requirements = append(p.requirements, *r)
				break
			}
		}
	}
}

// label tells a panel to those who cannot see it.
func (p *panel) label(s *ScenarioRecord) string {
	parts := []string{fmt.Sprintf("%s over %s", p.title, duration(s.Duration()))}
	for _, c := range p.courses {
		parts = append(parts, c.label+" "+c.between())
	}
	for _, r := range p.requirements {
		parts = append(parts, requirementText(s, &r))
	}
	return strings.Join(parts, "; ")
}

func capitalized(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
