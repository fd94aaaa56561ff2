package reports

import (
	"html/template"
)

// figure is a plot as the page shows it.
type figure struct {
	Title, Unit  string
	Wide, Narrow template.HTML // SVG
	Legend       []legendEntry
}

// legendEntry is one course of a figure.
type legendEntry struct {
	Class, Label, Range string
}

// figures draws the scenario: its signals by quantity, and its lanes.
type figures struct {
	Signals           []figure
	Lanes             *figure
	PanelsLeft        int // too many to show
	LanesLeft         int
	Sensor, Telemetry bool // what the key has to explain
	Limits, Worst     bool
	Offline, Fault    bool
	Alert, Command    bool
	Constant          []legendEntry // signals that never changed
}

func newFigures(s *ScenarioRecord, most int) figures {
	sc := newScene(s)
	signals := s.plots(most)
	panels := signals.panels
	lanes, lanesLeft := s.lanes()
	f := figures{
		PanelsLeft: signals.left, LanesLeft: lanesLeft,
		Offline: len(s.stretches(KindConnection)) > 0, Fault: len(s.stretches(KindFault)) > 0,
		Alert: len(s.stretches(KindAlert)) > 0, Command: len(s.orders()) > 0,
	}
	for _, c := range signals.constant {
		f.Constant = append(f.Constant, legendEntry{Label: s.courseLabel(c), Range: minus(quantity(c.low, c.unit))})
	}
	if s.Duration() <= 0 { // nothing happened that an axis could show
		return f
	}
	svgs := drawAll(s, sc, panels, lanes)
	for i := range panels {
		f.add(newFigure(s, &panels[i], svgs[i]), &panels[i])
	}
	if len(lanes) > 0 {
		last := svgs[len(panels)]
		f.Lanes = &figure{Title: "States and events", Wide: last[0], Narrow: last[1]}
	}
	return f
}

// drawAll draws panels and lanes wide and narrow.
func drawAll(s *ScenarioRecord, sc *scene, panels []panel, lanes []lane) [][2]template.HTML {
	out := make([][2]template.HTML, len(panels)+1)
	for k, l := range []layout{wide, narrow} {
		for i, svg := range l.render(l.allPlots(s, sc, panels, lanes)) {
			out[i][k] = template.HTML(svg) // svgCanvas escapes all text
		}
	}
	return out
}

// allPlots are the plots of the panels and, if there are any, the one of the
// lanes.
func (l layout) allPlots(s *ScenarioRecord, sc *scene, panels []panel, lanes []lane) []sizedPlot {
	var plots []sizedPlot
	for i := range panels {
		plots = append(plots, sizedPlot{plot: l.signalPlot(s, sc, &panels[i]), height: l.height, label: panels[i].label(s)})
	}
	if len(lanes) > 0 {
		p, height := l.lanePlot(sc, lanes)
		plots = append(plots, sizedPlot{plot: p, height: height, label: lanesLabel(lanes)})
	}
	return plots
}

func newFigure(s *ScenarioRecord, p *panel, svg [2]template.HTML) figure {
	f := figure{Title: p.title, Wide: svg[0], Narrow: svg[1]}
	if p.unit != "1" {
		f.Unit = p.unit
	}
	for i, c := range p.courses {
		f.Legend = append(f.Legend, legendEntry{Class: seriesInk(i).class(), Label: s.courseLabel(c), Range: c.between()})
	}
	return f
}

// courseLabel names a course, with its entity where that is not plain.
func (s *ScenarioRecord) courseLabel(c *course) string {
	if s.entities() > 1 || len(c.plant)+len(c.sensor) == 0 {
		return c.entity + ": " + c.label
	}
	return c.label
}

func (f *figures) add(fig figure, p *panel) {
	f.Signals = append(f.Signals, fig)
	for _, c := range p.courses {
		f.Sensor = f.Sensor || len(c.sensor) > 0
		f.Telemetry = f.Telemetry || len(c.telemetry) > 0
	}
	for _, r := range p.requirements {
		f.Limits = f.Limits || r.Lower != nil || r.Upper != nil
		f.Worst = f.Worst || r.Value != nil && !r.Worst.IsZero()
	}
}
