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

// plots is what is drawn of a scenario's signals.
type plots struct {
	panels   []panel // the most telling first
	constant []*course
	left     int // panels left out because there are too many
}

// plots sorts the scenario's signals into at most so many panels. One that never changed and that nothing
// was required of is not worth a plot.
func (s *ScenarioRecord) plots(most int) plots {
	set := panelSet{courses: map[[2]string]*course{}, states: map[[2]string]bool{}, groups: map[string]*panel{}}
	for _, series := range s.Series {
		set.addSeries(series)
	}
	for _, e := range s.Of(KindTelemetry) {
		set.addTelemetry(s, e)
	}
	var p plots
	requirements := s.Of(KindRequirement)
	for _, key := range set.order {
		panels, constant := set.groups[key].split(requirements)
		p.panels = append(p.panels, panels...)
		p.constant = append(p.constant, constant...)
	}
	slices.SortStableFunc(p.panels, func(a, b panel) int { return cmp.Compare(a.interest(), b.interest()) })
	p.left = max(0, len(p.panels)-most)
	p.panels = p.panels[:len(p.panels)-p.left]
	return p
}

// interest is the panel's place: what is judged, what happened, what was only
// noise of instruments.
func (p *panel) interest() int {
	switch {
	case len(p.requirements) > 0:
		return 0
	case slices.ContainsFunc(p.courses, func(c *course) bool { return !c.steady() }):
		return 1
	}
	return 2
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
