package reports

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// line is how a stroke of an ink looks.
func line(k ink, width float64, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: k, Width: vg.Points(width), Dashes: dashes}
}

// titled draws under a title if the canvas can hold one.
func titled(c draw.Canvas, title string, drawn func()) {
	if svg, ok := c.Canvas.(*svgCanvas); ok && title != "" {
		svg.titled(title, drawn)
		return
	}
	drawn()
}

// rectangle is the part of [x0, x1] × [y0, y1] that lies on the canvas.
func rectangle(c draw.Canvas, x0, x1, y0, y1 vg.Length) (vg.Path, bool) {
	x0, x1 = max(x0, c.Min.X), min(x1, c.Max.X)
	y0, y1 = max(y0, c.Min.Y), min(y1, c.Max.Y)
	r := vg.Rectangle{Min: vg.Point{X: x0, Y: y0}, Max: vg.Point{X: x1, Y: y1}}
	return r.Path(), x0 < x1 && y0 < y1
}

// Plot draws a stretch of time behind the signals.
func (s span) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	bottom := c.Min.Y
	if s.strip {
		bottom = c.Max.Y - 4
	}
	if path, ok := rectangle(c, x(s.from), max(x(s.to), x(s.from)+1), bottom, c.Max.Y); ok {
		titled(c, s.title, func() {
			c.SetColor(s.ink)
			c.Fill(path)
		})
	}
}

// Plot draws a moment across the signals.
func (g guide) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	at := x(g.at)
	if !c.ContainsX(at) {
		return
	}
	style := line(g.ink, 1)
	if g.dashed {
		style.Dashes = []vg.Length{3, 3}
	}
	titled(c, g.title, func() { c.StrokeLine2(style, at, c.Min.Y, at, c.Max.Y) })
}

// limits is where a requirement wants its signal.
type limits struct {
	from, to     float64
	lower, upper *float64
	title        string
}

// Plot draws the wanted band and its edges.
func (l limits) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	bottom, top := c.Min.Y, c.Max.Y
	if l.lower != nil {
		bottom = y(*l.lower)
	}
	if l.upper != nil {
		top = y(*l.upper)
	}
	titled(c, l.title, func() {
		if path, ok := rectangle(c, x(l.from), x(l.to), bottom, top); ok {
			c.SetColor(inkBand)
			c.Fill(path)
		}
		for _, edge := range []*float64{l.lower, l.upper} {
			if edge != nil && c.ContainsY(y(*edge)) {
				c.StrokeLine2(line(inkLimit, 1.2, 5, 3), max(c.Min.X, x(l.from)), y(*edge), min(c.Max.X, x(l.to)), y(*edge))
			}
		}
	})
}

// worst is the moment a requirement's margin was smallest.
type worst struct {
	at, value   float64
	ink         ink
	below       bool // the value is written below the moment, away from the signal
	text, title string
}

// Plot draws a ring around the moment and writes the value on the side the
// signal came from least.
func (w worst) Plot(c draw.Canvas, p *plot.Plot) {
	const radius = 5
	tx, ty := p.Transforms(&c)
	at := vg.Point{X: tx(w.at), Y: ty(w.value)}
	if !c.Contains(at) {
		return
	}
	var ring vg.Path
	ring.Move(at.Add(vg.Point{X: radius}))
	ring.Arc(at, radius, 0, 2*math.Pi)
	ring.Close()
	style := textStyle(w.ink, p.X.Tick.Label.Font.Size)
	style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
	away := radius + style.Font.Size*3/4
	if w.below {
		away = -away
	}
	if y := at.Y + away; y < c.Min.Y || y > c.Max.Y-style.Font.Size/2 {
		away = -away
	}
	half := style.Width(w.text)/2 + 4
	beside := vg.Point{X: min(max(at.X, c.Min.X+half), c.Max.X-half), Y: at.Y + away}
	titled(c, w.title, func() {
		c.SetLineStyle(line(w.ink, 2))
		c.Stroke(ring)
		c.FillText(style, beside, w.text)
	})
}

// dots are points without a line between them.
type dots struct {
	points []plotter.XY
	style  draw.LineStyle // as wide as the dots
}

// Plot draws each point as a line of no length with round caps.
func (d dots) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	var path vg.Path
	for _, xy := range d.points {
		if at := (vg.Point{X: tx(xy.X), Y: ty(xy.Y)}); c.Contains(at) {
			path.Move(at)
			path.Line(at)
		}
	}
	c.SetLineStyle(d.style)
	c.Stroke(path)
}

// unranged hides a plotter's ranges and glyph boxes from gonum: the scene has
// set the axes, and the boxes of thousands of points cost more than drawing them.
type unranged struct{ plot.Plotter }
