package reports

import (
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// textRow is the texts of one lane, from left to right without overlap. They are
// drawn after the lane's bars, which would otherwise cover them.
type textRow struct {
	style text.Style
	y     vg.Length
	texts []placedText
	free  vg.Length // right of all texts so far

	gathered    bool
	at          vg.Length
	first, last string
}

type placedText struct {
	x    vg.Length
	text string
}

// add puts a text at x or, if that is taken, to the right of it, so long as it
// ends before limit.
func (r *textRow) add(x, limit vg.Length, text string) {
	r.close()
	r.put(x, limit, text)
}

func (r *textRow) put(x, limit vg.Length, text string) {
	const space = 6
	x = max(x, r.free)
	if width := r.style.Width(text); text != "" && x+width <= limit {
		r.texts = append(r.texts, placedText{x, text})
		r.free = x + width + space
	}
}

// gather adds a number too close to its neighbours for a text of its own.
func (r *textRow) gather(x vg.Length, number string) {
	if r.gathered && x > r.at+r.style.Width(r.span())+4 {
		r.close()
	}
	if !r.gathered {
		r.gathered, r.at, r.first = true, x, number
	}
	r.last = number
}

func (r *textRow) span() string {
	if r.first == r.last {
		return r.first
	}
	return r.first + "–" + r.last
}

// close places what was gathered.
func (r *textRow) close() {
	if r.gathered {
		r.put(r.at, r.at+1000, r.span())
	}
	r.gathered = false
}

func (r *textRow) draw(c draw.Canvas) {
	r.close()
	for _, t := range r.texts {
		if t.x+r.style.Width(t.text) > c.Max.X {
			t.x = c.Max.X - r.style.Width(t.text)
		}
		c.FillText(r.style, vg.Point{X: t.x, Y: r.y}, t.text)
	}
}

// oneLine is a text of any length and shape as a label.
func oneLine(s string) string { return clip(strings.Join(strings.Fields(s), " ")) }

// fitted is a text cut to a width, or nothing if too little of it would stay.
func fitted(style text.Style, s string, width vg.Length) string {
	s = oneLine(s)
	if style.Width(s) <= width {
		return s
	}
	for cut := s; utf8.RuneCountInString(cut) > 3; {
		_, n := utf8.DecodeLastRuneInString(cut)
		cut = cut[:len(cut)-n]
		if style.Width(cut+"…") <= width {
			return cut + "…"
		}
	}
	return ""
}
