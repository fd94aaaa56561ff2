package reports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Heights in a lane: the label's line, the bar below it, the gap to the next.
const (
	laneLabel = 15
	laneBar   = 15
	laneGap   = 7
	lanePitch = laneLabel + laneBar + laneGap
)

// lanePlot draws the lanes from the top down.
func (l layout) lanePlot(sc *scene, lanes []lane) (*plot.Plot, vg.Length) {
	p := l.newPlot(sc)
	p.Y.Min, p.Y.Max = 0, float64(len(lanes))
	p.Y.Tick.Marker = plot.ConstantTicks(nil)
	for i, ln := range lanes {
		p.Add(laneRow{ln, float64(len(lanes) - i)})
	}
	const axis = 26
	return p, vg.Length(len(lanes))*lanePitch + axis
}

// laneRow is a lane and the height of its upper edge, in lanes.
type laneRow struct {
	lane
	top float64
}

// Plot draws the lane.
func (r laneRow) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	size := p.X.Tick.Label.Font.Size
	label := textStyle(inkText, size)
	label.YAlign = draw.YTop
	top := ty(r.top)
	text := fitted(label, r.label, c.Max.X-c.Min.X)
	c.FillText(label, vg.Point{X: c.Min.X, Y: top}, text)
	r.drawKey(c, c.Min.X+label.Width(text)+14, top, size)
	row := laneCanvas{c, tx, top - laneLabel - laneBar, top - laneLabel, size}
	row.ticks(r.lane.ticks)
	row.bars(r.lane.bars, r.lane.numbered)
	row.marks(r.lane.marks)
}

// drawKey puts the meaning of the bars' colours beside the lane's label, as many
// as there is room for.
func (r laneRow) drawKey(c draw.Canvas, x, top, size vg.Length) {
	const side, gap = 9, 4
	style := textStyle(inkMuted, size)
	style.YAlign = draw.YTop
	for _, s := range r.lane.key {
		name := oneLine(s.text)
		end := x + side + gap + style.Width(name)
		if end > c.Max.X {
			return
		}
		if square, ok := rectangle(c, x, x+side, top-side-3, top-3); ok {
			c.SetColor(s.ink)
			c.Fill(square)
		}
		c.FillText(style, vg.Point{X: x + side + gap, Y: top}, name)
		x = end + 3*gap
	}
}

// laneCanvas is the strip of a lane below its label.
type laneCanvas struct {
	draw.Canvas
	x           func(float64) vg.Length
	bottom, top vg.Length
	size        vg.Length
}

// bars draws the stretches, and over them each text that fits.
func (c laneCanvas) bars(bars []bar, numbered bool) {
	c.surfaces(bars)
	texts := c.textRow()
	for i, b := range bars {
		from, to := c.stretch(b)
		text := oneLine(b.text)
		switch fits := texts.style.Width(text)+8 <= to-from; {
		case !c.ContainsX(from):
		case fits:
			texts.add(from+4, to, text)
		case numbered:
			texts.gather(from+4, text)
		case b.strong != b.fill: // a condition, with nothing between it and the next
			end := c.Max.X
			if i+1 < len(bars) {
				end = c.x(bars[i+1].from)
			}
			texts.add(to+5, end, fitted(texts.style, text, end-to-8))
		}
	}
	texts.draw(c.Canvas)
}

// stretch is where a bar begins and ends, wide enough to be seen.
func (c laneCanvas) stretch(b bar) (from, to vg.Length) {
	return max(c.Min.X, c.x(b.from)), max(c.x(b.to), c.x(b.from)+1.5)
}

// surfaces draws the bars without their texts. Where there are too many to point
// at, they go without titles and colour by colour, which takes a tenth of the
// space.
func (c laneCanvas) surfaces(bars []bar) {
	const most = 60
	if len(bars) > most {
		bars = slices.SortedStableFunc(slices.Values(bars), func(a, b bar) int { return cmp.Compare(a.fill, b.fill) })
	}
	for _, b := range bars {
		from, to := c.stretch(b)
		path, ok := rectangle(c.Canvas, from, to, c.bottom, c.top)
		if !ok {
			continue
		}
		title := b.title
		if len(bars) > most {
			title = ""
		}
		titled(c.Canvas, title, func() {
			c.SetColor(b.fill)
			c.Fill(path)
			if b.strong != b.fill {
				c.StrokeLine2(line(b.strong, 1.5), from, c.bottom, from, c.top)
			}
		})
	}
}

// marks draws moments as pins. Pins too close for the name of each share a text
// after the last.
func (c laneCanvas) marks(marks []mark) {
	texts := c.textRow()
	var names []string
	for i, m := range marks {
		x := c.x(m.at)
		if !c.ContainsX(x) {
			continue
		}
		titled(c.Canvas, m.title, func() {
			c.StrokeLine2(line(inkCommand, 3), x, c.bottom+1, x, c.top-1)
		})
		names = append(names, m.text)
		room := c.Max.X - x - 5
		if i+1 < len(marks) {
			room = c.x(marks[i+1].at) - x - 11
		}
		text := strings.Join(names, ", ")
		if len(names) > 1 && texts.style.Width(text) > room {
			text = strconv.Itoa(len(names)) + " commands"
		}
		if i+1 == len(marks) || texts.style.Width(text) <= room {
			texts.add(x+5, c.Max.X, fitted(texts.style, text, room))
			names = nil
		}
	}
	texts.draw(c.Canvas)
}

func (c laneCanvas) textRow() textRow {
	style := textStyle(inkText, c.size-1)
	style.YAlign = draw.YCenter
	return textRow{style: style, y: (c.bottom + c.top) / 2}
}

// ticks draws moments that are too many to name, at most one for each point of
// width.
func (c laneCanvas) ticks(ticks []float64) {
	var path vg.Path
	last := c.Min.X - 1
	for _, t := range ticks {
		x := c.x(t)
		if !c.ContainsX(x) || x-last < 1 {
			continue
		}
		path.Move(vg.Point{X: x, Y: c.bottom + 2})
		path.Line(vg.Point{X: x, Y: c.top - 2})
		last = x
	}
	c.SetLineStyle(line(seriesInk(0), 0.8))
	c.Stroke(path)
}
