package pipenet

import (
	"fmt"
	"math"
	"testing"
)

// between is a network with a valve between two lines, in litres per second and
// metres: high reservoir, line, valve, line, low reservoir.
func between(t *testing.T, valve string, high, low float64, more string) (*Network, *Period) {
	t.Helper()
	n := read(t, fmt.Sprintf(`[JUNCTIONS]
a 5 0
b 5 0
[RESERVOIRS]
hi %g
lo %g
[PIPES]
p1 hi a 500 200 0.1
p2 b lo 500 200 0.1
[VALVES]
v a b 200 %s
%s
[OPTIONS]
units LPS
headloss D-W
`, high, low, valve, more))
	p, err := NewPeriod(n)
	if err != nil {
		t.Fatal(err)
	}
	if off := imbalance(p.Solver); off > 1e-6 {
		t.Errorf("%s: mass residual %g", valve, off)
	}
	return n, p
}

// What the EPANET 2.2 User Manual, section 3.1, says of each valve.
func TestValves(t *testing.T) {
	type result struct{ q, ha, hb float64 }
	solve := func(valve string, high, low float64, more string) result {
		_, p := between(t, valve, high, low, more)
		return result{p.Flow[2], p.Head[0], p.Head[1]}
	}
	minor := func(k, q float64) float64 { return minorLoss(k, 0.2) * q * q }
	unregulated := solve("TCV 2 0", 60, 10, "")
	drop := func(r result) float64 { return r.ha - r.hb }
	flow := func(r result) float64 { return r.q }
	for _, c := range []struct {
		what, valve string
		high, low   float64
		more        string
		got, want   func(result) float64
		tolerance   float64
	}{
		{"TCV loses K·v²/2g", "TCV 2 0", 60, 10, "", drop, func(r result) float64 { return minor(2, r.q) }, 1e-6},
		{"PRV holds the pressure behind it", "PRV 20 0", 60, 10, "", func(r result) float64 { return r.hb }, is[result](25), 1e-6},
		{"PSV holds the pressure before it", "PSV 40 0", 60, 10, "", func(r result) float64 { return r.ha }, is[result](45), 1e-6},
		{"PBV loses its setting", "PBV 15 0", 60, 10, "", drop, is[result](15), 1e-5},
		{"PBV whose minor loss is larger loses that", "PBV 0.01 40", 60, 10, "", drop, func(r result) float64 { return minor(40, r.q) }, 1e-6},
		{"FCV limits the flow", "FCV 30 0", 60, 10, "", flow, is[result](0.030), 1e-7},
		{"GPV follows its curve", "GPV g 0", 60, 10, "[CURVES]\ng 0 0\ng 50 10\ng 100 40\n", drop, func(r result) float64 { return 200*r.q + 400*math.Max(0, r.q-0.05) }, 1e-4},
		{"GPV follows its curve backwards", "GPV g 0", 10, 60, "[CURVES]\ng 0 0\ng 50 10\ng 100 40\n", drop, func(r result) float64 { return 200*r.q + 400*math.Min(0, r.q+0.05) }, 1e-4},
		{"PRV with less pressure before it than its setting is open", "PRV 50 2", 60, 10, "", flow, is[result](unregulated.q), 1e-6},
		{"PSV with more pressure before it than its setting is open", "PSV 2 2", 60, 10, "", flow, is[result](unregulated.q), 1e-6},
		{"FCV that cannot pass its setting is open", "FCV 500 2", 60, 10, "", flow, is[result](unregulated.q), 1e-6},
		{"PRV lets nothing back", "PRV 20 0", 10, 60, "", flow, is[result](0), 1e-6},
		{"PSV lets nothing back", "PSV 20 0", 10, 60, "", flow, is[result](0), 1e-6},
		{"PRV fixed open does not regulate", "PRV 20 2", 60, 10, "[STATUS]\nv OPEN\n", flow, is[result](unregulated.q), 1e-6},
		{"PRV fixed closed is closed", "PRV 20 2", 60, 10, "[STATUS]\nv CLOSED\n", flow, is[result](0), 1e-6},
	} {
		r := solve(c.valve, c.high, c.low, c.more)
		if got, want := c.got(r), c.want(r); math.Abs(got-want) > c.tolerance {
			t.Errorf("%s: %.9g, want %.9g (%+v)", c.what, got, want, r)
		}
	}
}

func is[T any](v float64) func(T) float64 { return func(T) float64 { return v } }

// A check valve passes forward and not back; a pump whose head the network
// exceeds passes nothing.
func TestCheckValves(t *testing.T) {
	for _, c := range []struct {
		high, low float64
		flows     bool
	}{{60, 10, true}, {10, 60, false}} {
		n := read(t, fmt.Sprintf("[JUNCTIONS]\na 0 0\n[RESERVOIRS]\nhi %g\nlo %g\n[PIPES]\np hi a 500 200 0.1 0 CV\nq a lo 500 200 0.1\n[OPTIONS]\nunits LPS\nheadloss D-W\n", c.high, c.low))
		p, err := NewPeriod(n)
		if err != nil {
			t.Fatal(err)
		}
		if flows := p.Flow[0] > 1e-3; flows != c.flows || p.Flow[0] < -1e-6 {
			t.Errorf("from %g to %g m: %g m³/s", c.high, c.low, p.Flow[0])
		}
	}
	for _, c := range []struct {
		against float64
		flows   bool
	}{{30, true}, {41, false}} {
		n := read(t, fmt.Sprintf("[JUNCTIONS]\na 0 0\n[RESERVOIRS]\nr 0\nhi %g\n[PIPES]\np a hi 100 200 0.1\n[PUMPS]\npu r a HEAD c\n[CURVES]\nc 20 30\n[OPTIONS]\nunits LPS\nheadloss D-W\n", c.against))
		p, err := NewPeriod(n)
		if err != nil {
			t.Fatal(err)
		}
		if flows := p.Flow[1] > 1e-3; flows != c.flows || p.Flow[1] < -1e-6 {
			t.Errorf("pump of 40 m against %g m: %g m³/s", c.against, p.Flow[1])
		}
	}
}

// An emitter gives C·p^γ, nothing without pressure, and nothing comes in by it.
func TestEmitters(t *testing.T) {
	for _, c := range []struct{ elevation, exponent float64 }{{0, 0.5}, {40, 0.5}, {0, 1}, {20, 1.2}, {70, 0.5}} {
		n := read(t, fmt.Sprintf("[JUNCTIONS]\na %g 0\n[RESERVOIRS]\nr 60\n[PIPES]\np r a 500 150 0.1\n[EMITTERS]\na 0.8\n[OPTIONS]\nunits LPS\nheadloss D-W\nemitter exponent %g\n", c.elevation, c.exponent))
		p, err := NewPeriod(n)
		if err != nil {
			t.Fatal(err)
		}
		want := 0.8e-3 * math.Pow(math.Max(0, p.Head[0]-c.elevation), c.exponent)
		if math.Abs(p.Leak[0]-want) > 1e-6*want || p.Leak[0] < 0 || c.elevation < 60 && want == 0 {
			t.Errorf("at %g m with exponent %g: %g m³/s, want %g", c.elevation, c.exponent, p.Leak[0], want)
		}
		if off := imbalance(p.Solver); want > 0 && off > 1e-6 {
			t.Errorf("at %g m: mass residual %g", c.elevation, off)
		}
	}
}

// Demands that depend on pressure: in full from the required pressure on, as
// D·√(p/required) below, nothing without pressure.
func TestPressureDrivenDemands(t *testing.T) {
	for _, c := range []struct{ head, share float64 }{{60, 1}, {12, -1}, {2, -1}, {-5, 0}} {
		n := read(t, fmt.Sprintf("[JUNCTIONS]\na 0 20\n[RESERVOIRS]\nr %g\n[PIPES]\np r a 500 200 0.1\n[OPTIONS]\nunits LPS\nheadloss D-W\ndemand model PDA\nrequired pressure 20\n", c.head))
		p, err := NewPeriod(n)
		if err != nil {
			t.Fatal(err)
		}
		want := 0.020 * c.share
		if c.share < 0 {
			want = 0.020 * math.Sqrt(p.Head[0]/20)
		}
		if math.Abs(p.Drawn[0]-want) > 1e-6*0.02 || math.Abs(p.Drawn[0]-p.Flow[0]) > 1e-8 {
			t.Errorf("with %g m: %g m³/s drawn, want %g; %g flow", c.head, p.Drawn[0], want, p.Flow[0])
		}
	}
}
