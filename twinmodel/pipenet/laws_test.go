package pipenet

import (
	"fmt"
	"math"
	"testing"
)

// A pump curve of several points goes straight between them and follows the
// affinity laws; its pattern sets the speed.
func TestPumpOfPoints(t *testing.T) {
	const points = "c 10 50\nc 20 45\nc 30 30\nc 40 10\n"
	head := func(q, speed float64) float64 {
		x := q / speed
		for _, s := range [][4]float64{{0, 55, 20, 45}, {20, 45, 30, 30}, {30, 30, 60, -30}} {
			if x <= s[2] {
				return speed * speed * (s[1] + (s[3]-s[1])*(x-s[0])/(s[2]-s[0]))
			}
		}
		return math.NaN()
	}
	for _, c := range []struct{ demand, speed float64 }{{15, 1}, {25, 1}, {36, 1}, {45, 1}, {12, 0.6}, {40, 1.3}} {
		n := read(t, fmt.Sprintf("[JUNCTIONS]\na 0 %g\n[RESERVOIRS]\nr 0\n[PUMPS]\np r a HEAD c SPEED %g\n[CURVES]\n%s[OPTIONS]\nunits LPS\n", c.demand, c.speed, points))
		p, err := NewPeriod(n)
		if err != nil {
			t.Fatal(err)
		}
		if want := head(c.demand, c.speed); math.Abs(p.Head[0]-want) > 1e-6 {
			t.Errorf("%g L/s at speed %g: %g m, want %g", c.demand, c.speed, p.Head[0], want)
		}
	}
	n := read(t, "[JUNCTIONS]\na 0 15\n[RESERVOIRS]\nr 0\n[PUMPS]\np r a HEAD c PATTERN s\n[PATTERNS]\ns 1 0.8\n[CURVES]\n"+points+"[OPTIONS]\nunits LPS\n")
	p, err := NewPeriod(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, speed := range []float64{1, 0.8, 1} {
		if want := head(15, speed); math.Abs(p.Head[0]-want) > 1e-6 {
			t.Errorf("at %g h: %g m, want %g", p.T/3600, p.Head[0], want)
		}
		if err := p.Step(p.T + 3600); err != nil {
			t.Fatal(err)
		}
	}
}

// Chézy and Manning: v = R^(2/3)·√S/n, in SI, where EPANET's 4.66 stands for
// 4^(4/3)·16/(π²·1.486²) = 4.661.
func TestManning(t *testing.T) {
	n := read(t, "[JUNCTIONS]\na 0 80\n[RESERVOIRS]\nr 100\n[PIPES]\np r a 1000 300 0.012\n[OPTIONS]\nunits LPS\nheadloss C-M\n")
	p, err := NewPeriod(n)
	if err != nil {
		t.Fatal(err)
	}
	v := 0.080 / (math.Pi / 4 * 0.09)
	want := 1000 * math.Pow(v*0.012/math.Pow(0.3/4, 2.0/3), 2)
	if loss := 100 - p.Head[0]; math.Abs(loss-want) > 2e-3*want {
		t.Errorf("loss of %g m, want %g", loss, want)
	}
}

// A tank with a volume curve: a cone's frustum fills at the pace of its content.
func TestVolumeCurve(t *testing.T) {
	n := read(t, "[JUNCTIONS]\na 0 -10\n[TANKS]\nt 10 1 0 6 0 0 v\n[PIPES]\np a t 10 300 130\n[CURVES]\nv 0 0\nv 2 20\nv 6 140\n[OPTIONS]\nunits LPS\n")
	p, err := NewPeriod(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ at, level float64 }{{500, 1.5}, {1000, 2}, {4000, 3}} {
		for p.T < c.at {
			if err := p.Step(c.at); err != nil {
				t.Fatal(err)
			}
		}
		if level := p.Head[1] - 10; math.Abs(level-c.level) > 1e-5 {
			t.Errorf("after %g s the level is %g m, want %g", c.at, level, c.level)
		}
	}
	if dt := p.next(math.Inf(1)); dt > 3600 || math.Abs(p.reach(1, 6, 1)-9000) > 0.1 {
		t.Errorf("the tank is full in %g s, want 9000", p.reach(1, 6, 1))
	}
}
