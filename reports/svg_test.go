package reports

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// drawnPath reads the d attribute of a path back: its subpaths as points. It
// follows the SVG grammar: numbers need no separator where none is needed, and
// pairs after a move are lines.
func drawnPath(t interface{ Fatalf(string, ...any) }, d string) [][][2]float64 {
	var paths [][][2]float64
	var x, y float64
	command := byte(0)
	number := func() float64 {
		d = strings.TrimLeft(d, " ")
		end, dot := 0, false
		for end < len(d) && (d[end] >= '0' && d[end] <= '9' || d[end] == '-' && end == 0 || d[end] == '.' && !dot) {
			dot = dot || d[end] == '.'
			end++
		}
		v, err := strconv.ParseFloat(d[:end], 64)
		if err != nil {
			t.Fatalf("no number at %q", d)
		}
		d = d[end:]
		return v
	}
	for d = strings.TrimSpace(d); d != ""; d = strings.TrimSpace(d) {
		if strings.IndexByte("mlhvz", d[0]) >= 0 {
			command, d = d[0], d[1:]
		} else if command == 'm' {
			command = 'l'
		}
		switch command {
		case 'm', 'l':
			x, y = x+number(), y+number()
		case 'h':
			x += number()
		case 'v':
			y += number()
		case 'z':
			continue
		}
		if command == 'm' {
			paths = append(paths, nil)
		}
		last := len(paths) - 1
		paths[last] = append(paths[last], [2]float64{x, y})
	}
	return paths
}

// A path that is read back goes through the points that were drawn, to half a
// tenth, with nothing in between but points left out of a straight run.
func TestPathDataKeepsThePath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.OneOf(rapid.Float64Range(-900, 900), rapid.Map(rapid.IntRange(0, 3), func(i int) float64 { return float64(i) / 10 }))
		want := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]float64 {
			return [2]float64{coordinate.Draw(t, "x"), coordinate.Draw(t, "y")}
		}), 2, 12), 1, 4).Draw(t, "paths")
		var p pathData
		for _, path := range want {
			p.moveTo(path[0][0], path[0][1])
			for _, at := range path[1:] {
				p.lineTo(at[0], at[1])
			}
		}
		got := drawnPath(t, p.String())
		if len(got) != len(want) {
			t.Fatalf("%d subpaths of %d in %q", len(got), len(want), p.String())
		}
		for i := range want {
			follow(t, want[i], got[i])
		}
	})
}

// follow checks that got visits the points of want in order, where it may skip
// those on a segment along an axis.
func follow(t *rapid.T, want, got [][2]float64) {
	near := func(a, b float64) bool { return math.Abs(a-b) < 0.0501 }
	between := func(a, v, b float64) bool { return v > math.Min(a, b)-0.0501 && v < math.Max(a, b)+0.0501 }
	g := 0
	for _, p := range want {
		for {
			if near(p[0], got[g][0]) && near(p[1], got[g][1]) {
				break
			}
			if g+1 == len(got) {
				t.Fatalf("%v is not on %v", p, got)
			}
			a, b := got[g], got[g+1]
			along := near(a[0], b[0]) || near(a[1], b[1])
			if along && between(a[0], p[0], b[0]) && between(a[1], p[1], b[1]) {
				break
			}
			g++
		}
	}
	if last, end := want[len(want)-1], got[len(got)-1]; !near(last[0], end[0]) || !near(last[1], end[1]) {
		t.Fatalf("ends at %v instead of %v", end, last)
	}
}

func TestPathDataIsShort(t *testing.T) {
	var p pathData
	p.moveTo(10, 20)
	p.lineTo(10.5, 20.25)
	p.lineTo(11, 19)
	p.lineTo(12, 19)
	p.lineTo(15, 19) // same run
	p.lineTo(15, 10)
	p.close()
	p.moveTo(1, 1)
	p.lineTo(1, 1) // a dot
	if got, want := p.String(), "m10 20 .5.3.5-1.3h4v-9zm-9-19h0"; got != want {
		t.Errorf("path %q, want %q", got, want)
	}
}

// The canvas honours gonum's transforms, shares elements of one style, and keeps
// text text, whatever it is.
func TestCanvas(t *testing.T) {
	c := newSVGCanvas(100, 50)
	c.fontSize = 10
	line := func() {
		var p vg.Path
		p.Move(vg.Point{X: 10, Y: 10})
		p.Line(vg.Point{X: 20, Y: 15})
		c.Stroke(p)
	}
	c.SetColor(inkGrid)
	line()
	c.Push()
	c.Translate(vg.Point{X: 5, Y: 5})
	c.Scale(2, 2)
	line()
	c.Rotate(math.Pi / 2)
	face := fontFace(10)
	c.SetColor(inkFail)
	c.FillString(face, vg.Point{X: 3, Y: 0}, hostile)
	c.Pop()
	c.SetLineWidth(2)
	c.SetLineDash([]vg.Length{3, 1}, 0)
	line()
	svg := c.svg(`class="wide"`, hostile)
	for _, want := range []string{
		`<path class="s k2" d="m10 40 10-5m5-10 20-10"/>`, // one element: the second line differs by its transform only
		`<text x="5" y="39" class="f k5" transform="rotate(-90 5 39)">`,
		`<path class="s k2" stroke-width="2" stroke-dasharray="3 1" d="m10 40 10-5"/>`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
	doc, err := html.Parse(strings.NewReader(svg))
	if err != nil {
		t.Fatal(err)
	}
	hostile := strings.ReplaceAll(hostile, "\x00", "\ufffd")
	if got := elements(doc, "text")[0].FirstChild.Data; got != hostile {
		t.Errorf("text is %q", got)
	}
	if got := attr(elements(doc, "svg")[0], "aria-label"); got != hostile {
		t.Errorf("label is %q", got)
	}
}

func fontFace(size vg.Length) font.Face {
	return font.DefaultCache.Lookup(sans, size)
}

// What is off the canvas is not written: NaN, infinity, a broken scale.
func TestCanvasIgnoresWhatIsFarOff(t *testing.T) {
	var p pathData
	p.moveTo(math.NaN(), 0)
	p.lineTo(1, 1)
	p.lineTo(math.Inf(1), 1)
	p.lineTo(2, 3)
	if diff := cmp.Diff("m1 1 1 2", p.String()); diff != "" {
		t.Error(diff)
	}
}
