package reports

import (
	"cmp"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// layout is a size to draw plots for. Every plot is drawn wide and narrow and
// the style sheet shows one: an SVG scaled down to a phone cannot be read.
type layout struct {
	class          string
	width, height  vg.Length
	fontSize       vg.Length
	titles         bool // shown when a pointer rests; a phone has none
	xTicks, yTicks int
	parts          int // of the time axis, each with at most two points a line; half as many for sensors, whose noise is all alike
	dots           int // parts for telemetry
}

var (
	wide   = layout{class: "wide", titles: true, width: 960, height: 210, fontSize: 12, xTicks: 12, yTicks: 6, parts: 320, dots: 100}
	narrow = layout{class: "narrow", width: 345, height: 190, fontSize: 11.5, xTicks: 4, yTicks: 5, parts: 110, dots: 40}
)

var sans = font.Font{Typeface: "Liberation", Variant: "Sans"}

func textStyle(k ink, size vg.Length) text.Style {
	return text.Style{Color: k, Font: font.From(sans, size), Handler: plot.DefaultTextHandler}
}

// newPlot is an empty plot over the scene's time.
func (l layout) newPlot(sc *scene) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Min, p.X.Max = 0, sc.total
	p.X.Tick.Marker = timeTicks(l.xTicks)
	p.Y.Tick.Marker = valueTicks(l.yTicks)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.LineStyle = line(inkAxis, 1)
		a.Tick.LineStyle = line(inkAxis, 1)
		a.Tick.Label.Font = font.From(sans, l.fontSize)
		a.Tick.Label.Color = inkMuted
		a.Tick.Length = 4
	}
	p.Y.LineStyle.Width, p.Y.Tick.Length = 0, 0
	grid := plotter.NewGrid()
	grid.Horizontal, grid.Vertical = line(inkGrid, 1), line(inkGrid, 1)
	p.Add(grid)
	return p
}

// signalPlot draws a panel's signals with everything that bears on them.
func (l layout) signalPlot(s *ScenarioRecord, sc *scene, pn *panel) *plot.Plot {
	p := l.newPlot(sc)
	p.Y.Min, p.Y.Max = pn.valueRange()
	for i := range pn.requirements {
		if r := &pn.requirements[i]; r.Lower != nil || r.Upper != nil {
			p.Add(newLimits(s, sc, r))
		}
	}
	for _, sp := range sc.spans {
		p.Add(sp)
	}
	for _, g := range sc.guides {
		p.Add(g)
	}
	for i, c := range pn.courses {
		l.addLine(p, sc, c.sensor, l.parts/2, seriesInk(i)|pale, 0.8)
		l.addLine(p, sc, c.plant, l.parts, seriesInk(i), 1.8)
	}
	for i, c := range pn.courses {
		p.Add(dots{decimate(c.telemetry, sc.total, l.dots), line(seriesInk(i), 3.6)})
	}
	for i := range pn.requirements {
		if r := &pn.requirements[i]; r.Value != nil && !r.Worst.IsZero() {
			p.Add(newWorst(s, r))
		}
	}
	return p
}

func (l layout) addLine(p *plot.Plot, sc *scene, points []plotter.XY, parts int, k ink, width float64) {
	for _, run := range runs(points) {
		invisible := 0.2 * (p.Y.Max - p.Y.Min) / l.height.Points()
		xys := plotter.XYs(straightened(decimate(run, sc.total, parts), invisible))
		if len(xys) == 1 {
			p.Add(dots{xys, line(k, 2*width)})
			continue
		}
		p.Add(unranged{&plotter.Line{XYs: xys, LineStyle: line(k, width)}})
	}
}

func newLimits(s *ScenarioRecord, sc *scene, r *Requirement) limits {
	l := limits{to: sc.total, lower: r.Lower, upper: r.Upper, title: requirementText(s, r)}
	if !r.From.IsZero() {
		l.from = r.From.Sub(s.Begin).Seconds()
	}
	if !r.To.IsZero() {
		l.to = r.To.Sub(s.Begin).Seconds()
	}
	return l
}

func newWorst(s *ScenarioRecord, r *Requirement) worst {
	strong, _ := verdictInk(r.Verdict)
	return worst{
		at: r.Worst.Sub(s.Begin).Seconds(), value: *r.Value, ink: strong,
		text: minus(quantity(*r.Value, r.Unit)), title: requirementText(s, r), below: r.Lower != nil && r.Upper == nil,
	}
}

// valueRange is the panel's value axis: the signals, and the limits they are
// held to unless those lie so far off that the signals would be a line.
func (pn *panel) valueRange() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, c := range pn.courses {
		low, high = math.Min(low, c.low), math.Max(high, c.high)
	}
	room := 20 * (high - low)
	if room == 0 {
		room = largest
	}
	near, far := low, high
	for _, r := range pn.requirements {
		for _, v := range []*float64{r.Lower, r.Upper, r.Value} {
			if v != nil && *v >= low-room && *v <= high+room {
				near, far = math.Min(near, *v), math.Max(far, *v)
			}
		}
	}
	least := max(1e-6*max(math.Abs(near), math.Abs(far)), 1e-12)
	pad := 0.07 * (far - near)
	if far-near < least {
		pad = max(least, 0.05*math.Abs(near), 0.5)
	}
	return near - pad, far + pad
}

// render draws plots one below the other with their time axes in line, and gives
// the SVG of each.
func (l layout) render(plots []sizedPlot) []string {
	type margins struct{ left, right vg.Length }
	var widest margins
	each := make([]margins, len(plots))
	for i, sp := range plots {
		c := draw.NewCanvas(newSVGCanvas(l.width, sp.height), l.width, sp.height)
		data := sp.plot.DataCanvas(c)
		each[i] = margins{data.Min.X, l.width - data.Max.X}
		widest = margins{max(widest.left, each[i].left), max(widest.right, each[i].right)}
	}
	out := make([]string, len(plots))
	for i, sp := range plots {
		svg := newSVGCanvas(l.width, sp.height)
		svg.fontSize, svg.titles = l.fontSize, l.titles
		c := draw.NewCanvas(svg, l.width, sp.height)
		sp.plot.Draw(draw.Crop(c, widest.left-each[i].left, each[i].right-widest.right, 0, -6))
		out[i] = svg.svg(cmp.Or(sp.place, `class="`+l.class+`"`), sp.label)
	}
	return out
}

// sizedPlot is a plot with its height and what it says to those who cannot see it.
type sizedPlot struct {
	plot   *plot.Plot
	height vg.Length
	label  string
	place  string // attributes of its element instead of the layout's class
}
