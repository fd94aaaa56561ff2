package reports

import (
	"math"
	"strconv"
	"strings"
)

// pathData writes the d attribute of an SVG path in relative coordinates, in
// whole tenths of a point. Runs along one axis become one segment.
type pathData struct {
	out        strings.Builder
	x, y       int // current point, as written
	startX     int // of the subpath
	startY     int
	dx, dy     int // segment not yet written
	waiting    bool
	open       bool // a subpath has begun
	command    byte
	fractional bool // the last number written had a decimal point
}

// onCanvas says whether a coordinate is worth writing. gonum clips what it
// draws, so that only a broken scale gets here with anything else.
func onCanvas(x, y float64) bool {
	return math.Abs(x) < 1e5 && math.Abs(y) < 1e5
}

func (p *pathData) moveTo(x, y float64) {
	if !onCanvas(x, y) {
		p.flush()
		p.open = false
		return
	}
	p.flush()
	ix, iy := grid(x), grid(y)
	p.write('m', ix-p.x, iy-p.y) // the first is from (0, 0)
	p.x, p.y, p.startX, p.startY, p.open = ix, iy, ix, iy, true
}

func (p *pathData) lineTo(x, y float64) {
	if !onCanvas(x, y) {
		return
	}
	if !p.open {
		p.moveTo(x, y)
		return
	}
	ix, iy := grid(x), grid(y)
	dx, dy := ix-p.x-p.dx, iy-p.y-p.dy
	switch {
	case p.waiting && (dx == 0 && dy == 0 || sameAxis(p.dx, p.dy, dx, dy)):
		p.dx, p.dy = p.dx+dx, p.dy+dy
		return
	case p.waiting && p.dx == 0 && p.dy == 0:
		p.dx, p.dy = dx, dy
		return
	}
	p.flush()
	p.dx, p.dy, p.waiting = dx, dy, true
}

// sameAxis says whether two segments go the same way along one axis.
func sameAxis(ax, ay, bx, by int) bool {
	return ax == 0 && bx == 0 && ay*by > 0 || ay == 0 && by == 0 && ax*bx > 0
}

func (p *pathData) close() {
	if !p.open {
		return
	}
	p.flush()
	p.out.WriteByte('z')
	p.command, p.open = 'z', false
	p.x, p.y = p.startX, p.startY
}

// flush writes the waiting segment. One without length is kept: with round
// caps it is a dot.
func (p *pathData) flush() {
	if !p.waiting {
		return
	}
	switch {
	case p.dy == 0:
		p.write('h', p.dx)
	case p.dx == 0:
		p.write('v', p.dy)
	default:
		p.write('l', p.dx, p.dy)
	}
	p.x, p.y = p.x+p.dx, p.y+p.dy
	p.dx, p.dy, p.waiting = 0, 0, false
}

// write appends a command with as few characters as the grammar allows: after
// a move, pairs of numbers are lines, and a sign or a second point separates
// numbers as well as a space.
func (p *pathData) write(command byte, numbers ...int) {
	letter := command == 'm' || command != p.command && !(command == 'l' && p.command == 'm')
	if letter {
		p.out.WriteByte(command)
	}
	for i, n := range numbers {
		text := strconv.FormatFloat(float64(n)/10, 'f', -1, 64)
		if -10 < n && n < 10 {
			text = strings.Replace(text, "0.", ".", 1)
		}
		separated := i == 0 && letter || text[0] == '-' || text[0] == '.' && p.fractional
		if !separated {
			p.out.WriteByte(' ')
		}
		p.out.WriteString(text)
		p.fractional = strings.Contains(text, ".")
	}
	p.command = command
}

func (p *pathData) String() string {
	p.flush()
	return p.out.String()
}

func grid(v float64) int { return int(math.Round(v * 10)) }
