package reports

import (
	"fmt"
	"html"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// svgCanvas is a gonum canvas that writes SVG to stand inside an HTML page:
// colours are classes, so that the page can be light or dark; text stays text
// in the page's font; paths are relative, on a grid of a tenth of a point, and
// neighbours of one style share an element, which makes them about a fifth of
// what gonum's own SVG canvas writes.
type svgCanvas struct {
	width, height vg.Length
	fontSize      vg.Length // of text that does not say otherwise
	titles        bool      // whether titled drawings keep their titles
	out           strings.Builder
	pending       *pathData // path whose style is pendingStyle, not yet written
	pendingStyle  string
	state         svgState
	stack         []svgState
}

type svgState struct {
	ink    ink
	width  vg.Length
	dashes []vg.Length
	// The transform takes (x, y) to (a·x+c·y+e, b·x+d·y+f).
	a, b, c, d, e, f float64
}

func newSVGCanvas(width, height vg.Length) *svgCanvas {
	c := &svgCanvas{width: width, height: height, state: svgState{a: 1, d: 1}}
	vg.Initialize(c)
	return c
}

func (c *svgCanvas) Size() (w, h vg.Length)                 { return c.width, c.height }
func (c *svgCanvas) SetLineWidth(w vg.Length)               { c.state.width = w }
func (c *svgCanvas) SetLineDash(d []vg.Length, _ vg.Length) { c.state.dashes = d }
func (c *svgCanvas) Push()                                  { c.stack = append(c.stack, c.state) }

func (c *svgCanvas) Pop() {
	last := len(c.stack) - 1
	c.state, c.stack = c.stack[last], c.stack[:last]
}

func (c *svgCanvas) SetColor(k color.Color) {
	c.state.ink = inkText
	if k, ok := k.(ink); ok {
		c.state.ink = k
	}
}

func (c *svgCanvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	s := &c.state
	s.a, s.b, s.c, s.d = s.a*cos+s.c*sin, s.b*cos+s.d*sin, s.c*cos-s.a*sin, s.d*cos-s.b*sin
}

func (c *svgCanvas) Translate(p vg.Point) {
	c.state.e, c.state.f = c.transform(p)
}

func (c *svgCanvas) Scale(x, y float64) {
	s := &c.state
	s.a, s.b, s.c, s.d = s.a*x, s.b*x, s.c*y, s.d*y
}

func (c *svgCanvas) transform(p vg.Point) (x, y float64) {
	s, px, py := &c.state, p.X.Points(), p.Y.Points()
	return s.a*px + s.c*py + s.e, s.b*px + s.d*py + s.f
}

// device is a point in SVG coordinates: y grows downwards.
func (c *svgCanvas) device(p vg.Point) (x, y float64) {
	x, y = c.transform(p)
	return x, c.height.Points() - y
}

func (c *svgCanvas) Stroke(p vg.Path) {
	if c.state.width <= 0 {
		return
	}
	style := `class="s ` + c.state.ink.class() + `"`
	if w := c.state.width.Points(); w != 1 {
		style += ` stroke-width="` + tenths(w) + `"`
	}
	if len(c.state.dashes) > 0 {
		dashes := make([]string, len(c.state.dashes))
		for i, d := range c.state.dashes {
			dashes[i] = tenths(d.Points())
		}
		style += ` stroke-dasharray="` + strings.Join(dashes, " ") + `"`
	}
	c.path(p, style)
}

func (c *svgCanvas) Fill(p vg.Path) { c.path(p, `class="f `+c.state.ink.class()+`"`) }

func (c *svgCanvas) path(p vg.Path, style string) {
	if style != c.pendingStyle {
		c.flush()
		c.pendingStyle, c.pending = style, &pathData{}
	}
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			c.pending.moveTo(c.device(comp.Pos))
		case vg.LineComp, vg.CurveComp: // plots here have no curves
			c.pending.lineTo(c.device(comp.Pos))
		case vg.ArcComp:
			c.arc(comp)
		case vg.CloseComp:
			c.pending.close()
		}
	}
}

// arc draws an arc as a polygon whose corners the eye cannot see at marker size.
func (c *svgCanvas) arc(comp vg.PathComp) {
	const corners = 20
	for i := range corners + 1 {
		sin, cos := math.Sincos(comp.Start + comp.Angle*float64(i)/corners)
		c.pending.lineTo(c.device(comp.Pos.Add(vg.Point{X: comp.Radius * vg.Length(cos), Y: comp.Radius * vg.Length(sin)})))
	}
}

// FillString writes text. Its place was computed with the metrics of Liberation
// Sans, which Arial and Helvetica share.
func (c *svgCanvas) FillString(f font.Face, p vg.Point, text string) {
	c.flush()
	x, y := c.device(p)
	if !onCanvas(x, y) || f.Font.Size <= 0 {
		return
	}
	fmt.Fprintf(&c.out, `<text x="%s" y="%s"`, tenths(x), tenths(y))
	if c.state.ink != inkMuted { // the style sheet's choice for text
		fmt.Fprintf(&c.out, ` class="f %s"`, c.state.ink.class())
	}
	if f.Font.Size != c.fontSize {
		fmt.Fprintf(&c.out, ` font-size="%s"`, tenths(f.Font.Size.Points()))
	}
	if angle := math.Atan2(c.state.b, c.state.a); math.Abs(angle) > 1e-6 {
		fmt.Fprintf(&c.out, ` transform="rotate(%s %s %s)"`, tenths(-angle*180/math.Pi), tenths(x), tenths(y))
	}
	fmt.Fprintf(&c.out, `>%s</text>`, html.EscapeString(text))
}

// DrawImage draws nothing: plots here have no images.
func (c *svgCanvas) DrawImage(vg.Rectangle, image.Image) {}

// titled draws under a title, which browsers show when the pointer rests on it.
func (c *svgCanvas) titled(title string, draw func()) {
	if !c.titles {
		draw()
		return
	}
	c.flush()
	fmt.Fprintf(&c.out, `<g><title>%s</title>`, html.EscapeString(title))
	draw()
	c.flush()
	c.out.WriteString(`</g>`)
}

func (c *svgCanvas) flush() {
	if c.pending != nil {
		if d := c.pending.String(); d != "" {
			fmt.Fprintf(&c.out, `<path %s d="%s"/>`, c.pendingStyle, d)
		}
	}
	c.pending, c.pendingStyle = nil, ""
}

// svg is the finished element, with a label and other attributes.
func (c *svgCanvas) svg(attributes, label string) string {
	c.flush()
	return fmt.Sprintf(`<svg %s viewBox="0 0 %s %s" font-size="%s" role="img" aria-label="%s">%s</svg>`,
		attributes, tenths(c.width.Points()), tenths(c.height.Points()), tenths(c.fontSize.Points()), html.EscapeString(label), c.out.String())
}

// tenths is a number on the canvas's grid.
func tenths(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}
