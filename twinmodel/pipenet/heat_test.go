package pipenet

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/validation"
)

// line is one pipe with a constant flow of q m³/s.
func line(t testing.TB, length, diameter, q float64) (*Network, *Solver) {
	t.Helper()
	n := &Network{
		Nodes:    []Node{{ID: "r", Kind: Reservoir, Elevation: 100, Pattern: -1}, {ID: "j"}},
		Links:    []Link{{ID: "p", From: 0, To: 1, Length: length, Diameter: diameter, Roughness: 1e-4, Speed: 1}},
		Formula:  DarcyWeisbach,
		Exponent: 0.5, Viscosity: 1e-5, Density: 850, Accuracy: 1e-6, Trials: 100,
	}
	s, err := NewSolver(n)
	if err != nil {
		t.Fatal(err)
	}
	s.Demand[1] = q
	if _, err := s.Solve(); err != nil {
		t.Fatal(err)
	}
	return n, s
}

// NET-7: a heated line at ṁ = 20 kg/s, c = 2100 J/(kg·K), U = 1.2 W/(m²·K),
// D = 0.25 m, L = 2000 m from 120 °C in 15 °C: T = Ta + (Tin − Ta)·exp(−UπDL/ṁc).
func TestHeatAlongAPipe(t *testing.T) {
	const mass, c, u, d, l, density = 20.0, 2100.0, 1.2, 0.25, 2000.0, 850.0
	n, s := line(t, l, d, mass/density)
	want := 15 + 105*math.Exp(-u*math.Pi*d*l/(mass*c))
	for _, dt := range []float64{1, 60, 10000} {
		h := newHeat(n, 15)
		h.supply[0] = 120
		h.pipes[0].cooling = 4 * u / (density * c * d)
		for range int(12000/dt) + 2 {
			if err := h.step(s, nil, dt); err != nil {
				t.Fatal(err)
			}
		}
		leaving, entering := h.pipes[0].ends()
		if math.Abs(leaving-want) > 1e-9*want || math.Abs(h.node[1]-want) > 1e-9*want || math.Abs(entering-120) > 1e-9*120 {
			t.Errorf("steps of %g s: %.10g °C leave and %.10g enter, node at %.10g, want %.10g", dt, leaving, entering, h.node[1], want)
		}
		if dt == 60 {
			validation.Row{ID: "NET-7", What: "end of 2 km of pipe, 120 °C in 15 °C", Source: "closed form", Reference: want, Ours: leaving, Unit: "°C", Relative: 1e-9}.Check(t)
		}
	}
}

// NET-7: what enters arrives after the pipe's volume has gone through, and not
// before: plug flow does not smear.
func TestTransportDelay(t *testing.T) {
	const length, diameter, q = 500.0, 0.2, 0.02
	n, s := line(t, length, diameter, q)
	h := newHeat(n, 20)
	h.supply[0] = 80
	delay := math.Pi / 4 * diameter * diameter * length / q
	var at, dt float64
	for dt = 0.25; ; at += dt {
		if err := h.step(s, nil, dt); err != nil {
			t.Fatal(err)
		}
		if leaving, _ := h.pipes[0].ends(); leaving > 50 {
			at += dt
			break
		} else if leaving != 20 {
			t.Fatalf("after %g s %g °C leave, before the front is there", at, leaving)
		}
	}
	validation.Row{ID: "NET-7", What: "transport delay of 500 m of pipe, in steps of 0.25 s", Source: "closed form: V/Q",
		Reference: delay, Ours: at, Unit: "s", Absolute: dt}.Check(t)
}

// Mixing: ΣṁT/Σṁ where three lines meet, one of them coming through a valve.
func TestMixing(t *testing.T) {
	n := read(t, `[JUNCTIONS]
a 0 0
v 0 0
d 0 50
[RESERVOIRS]
r1 100
r2 100
r3 100
[PIPES]
p1 r1 a 100 200 0.1
p2 r2 a 150 200 0.1
p3 r3 v 80 150 0.1
p4 a d 60 300 0.1
[VALVES]
tv v a 150 TCV 5
[OPTIONS]
units LPS
headloss D-W
`)
	s, err := NewPeriod(n)
	if err != nil {
		t.Fatal(err)
	}
	h := newHeat(n, 20)
	want, sum := 0.0, 0.0
	for i, c := range []float64{30, 75, 140} {
		v := n.NodeIndex([]string{"r1", "r2", "r3"}[i])
		h.supply[v] = c
		q := s.Flow[n.LinkIndex([]string{"p1", "p2", "tv"}[i])]
		if q < 1e-3 {
			t.Fatalf("line %d has no flow: %g m³/s", i+1, q)
		}
		want, sum = want+q*c, sum+q
	}
	for range 400 {
		if err := h.step(s.Solver, nil, 10); err != nil {
			t.Fatal(err)
		}
	}
	validation.Row{ID: "NET-7", What: "mixing of three lines of 30, 75 and 140 °C", Source: "closed form: ΣṁT/Σṁ",
		Reference: want / sum, Ours: h.node[n.NodeIndex("d")], Unit: "°C", Relative: 1e-9}.Check(t)
}

// Whatever flows and temperatures do, heat is neither made nor lost, and no
// liquid is hotter or colder than all that it was made from.
func TestHeatIsConserved(t *testing.T) {
	n, s := line(t, 300, 0.3, 0.05)
	rapid.Check(t, func(t *rapid.T) {
		h := newHeat(n, 50)
		p := &h.pipes[0]
		p.around = rapid.Float64Range(-20, 60).Draw(t, "around")
		least, most := math.Min(50, p.around), math.Max(50, p.around)
		start := p.content()
		var through float64
		for range 200 {
			s.Flow[0] = rapid.SampledFrom([]float64{0, 1e-9, 0.01, 0.05, 0.5, 5, -0.02, -1}).Draw(t, "flow")
			s.Demand[1], s.Drawn[1] = s.Flow[0], s.Flow[0]
			dt := rapid.Float64Range(0.1, 120).Draw(t, "dt")
			p.cooling = rapid.SampledFrom([]float64{0, 1e-5, 1e-2}).Draw(t, "cooling")
			for v := range h.supply {
				h.supply[v] = rapid.Float64Range(-20, 300).Draw(t, "supply")
				least, most = math.Min(least, h.supply[v]), math.Max(most, h.supply[v])
			}
			if err := h.step(s, nil, dt); err != nil {
				t.Fatal(err)
			}
			through += 300 * math.Abs(s.Flow[0]) * dt
			for i := range p.slugs {
				if a, b := p.slugs[i].at(0), p.slugs[i].at(p.slugs[i].volume); math.Min(a, b) < least-0.1 || math.Max(a, b) > most+0.1 {
					t.Fatalf("liquid from %g to %g °C, made of %g to %g °C", a, b, least, most)
				}
			}
			if off := p.content() - start - h.in + h.out; math.Abs(off) > 1e-9*(through+p.volume*300) {
				t.Fatalf("%g K·m³ too much, of %g that went through", off, through)
			}
		}
	})
}

func BenchmarkHeatStep(b *testing.B) {
	n, s := line(b, 2000, 0.25, 0.03)
	h := newHeat(n, 15)
	h.pipes[0].cooling = 1e-5
	k := 0
	b.ReportAllocs()
	for b.Loop() {
		k++
		h.supply[0] = 100 + 10*detmath.Sin(float64(k)/20)
		if err := h.step(s, nil, 10); err != nil {
			b.Fatal(err)
		}
	}
}
