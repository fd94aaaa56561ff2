package oilpump

import (
	"math"
	"testing"
	"time"

	"twinrig/twinmodel/planttest"
)

// TestFleet: law: a well of a fleet is the single plant. Tolerance: none, bit for
// bit, over two hours of starting, running off and standing.
func TestFleet(t *testing.T) {
	p := DefaultParams()
	p.FluidLevel = 20
	const n = 3
	f, err := NewFleet(p, n)
	if err != nil {
		t.Fatal(err)
	}
	var wells [n]*Well
	for i := range wells {
		wells[i] = newWell(t, p)
	}
	script := map[int][n]float64{0: {8, 5, 12}, 6000: {8, 0, 4}, 12000: {2, 7.5, 4}}
	for k := range int(2 * time.Hour / f.Tick()) {
		for i, speed := range script[k] {
			if _, ok := script[k]; ok {
				f.Speed[i] = speed
				set(t, wells[i], map[string]float64{"running": 1, "targetSpeed": speed})
			}
		}
		f.Step()
		for i, w := range wells {
			advance(t, w, f.Tick())
			for _, c := range []struct {
				what       string
				ours, want float64
			}{{"position", f.Position[i], w.rods[0]}, {"load", f.Load[i], w.load}, {"level", f.Level[i], w.column.level}, {"flow", f.Flow[i], w.flows.line / w.m.beatTime}} {
				if math.Float64bits(c.ours) != math.Float64bits(c.want) {
					t.Fatalf("step %d, well %d: %s is %v in the fleet and %v alone", k, i, c.what, c.ours, c.want)
				}
			}
		}
	}
	if allocations := testing.AllocsPerRun(10, f.Step); allocations != 0 {
		t.Errorf("a step allocates %g times", allocations)
	}
}

func TestFleetRefusals(t *testing.T) {
	if _, err := NewFleet(DefaultParams(), 0); err == nil {
		t.Error("a fleet of no wells is accepted")
	}
	if _, err := NewFleet(Params{}, 1); err == nil {
		t.Error("wells without parameters are accepted")
	}
}

// BenchmarkFleet is 20,000 wells: the default ones, and the worked example's with 60
// nodes, which is for studies, and with 100. The metric is how many wells a core carries in real time.
func BenchmarkFleet(b *testing.B) {
	study, fine := example(), example()
	study.Segments, fine.Segments = 60, 100
	for _, c := range []struct {
		name string
		p    Params
	}{{"default", DefaultParams()}, {"60nodes", study}, {"100nodes", fine}} {
		b.Run(c.name, func(b *testing.B) {
			const n = 20000
			f, err := NewFleet(c.p, n)
			if err != nil {
				b.Fatal(err)
			}
			for i := range f.Speed {
				f.Speed[i] = 4 + 8*float64(i)/n
			}
			for range 100 {
				f.Step()
			}
			b.ReportAllocs()
			b.ResetTimer()
			spent := planttest.Fastest(b, f.Step) / n
			b.ReportMetric(f.Tick().Seconds()/spent, "wells/core")
			b.ReportMetric(spent/beat*1e9, "ns/wavestep")
			b.ReportMetric(8*float64(2*f.nodes+12), "B/well")
		})
	}
}

// BenchmarkDay is a day of one well that pumps off, with a look every 10 s.
func BenchmarkDay(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		w := started(b, DefaultParams(), 8)
		for range 8640 {
			advance(b, w, 10*time.Second)
			value(b, w, "pumpFillage")
		}
	}
}
