package twinmodel_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"twinrig/twinmodel"
)

// TestParts: every part is possible, has a source and a unit that measures what
// it does, and its readings in the middle of its range are within six standard
// deviations and a step of the truth.
func TestParts(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range twinmodel.Parts() {
		if p.Source == "" || seen[p.Name] || twinmodel.UnitQuantity(p.Unit) != p.Measures {
			t.Errorf("%s: source %q, %s in %s", p.Name, p.Source, p.Measures, p.Unit)
		}
		seen[p.Name] = true
		i := instrument(t, p.Spec)
		truth := (p.Spec.Min + p.Spec.Max) / 2
		for k := range 100 {
			at := noon.Add(time.Duration(k) * time.Minute)
			if got := i.Read(at, truth); math.Abs(got-truth) > 6*p.Spec.Noise+p.Spec.Resolution {
				t.Errorf("%s reads %g of %g", p.Name, got, truth)
			}
		}
	}
}

// TestDriftAndWalk: law: the bias drifts linearly, and its random walk scatters
// by the root of the time, however often one looks. Tolerance: 1e-9; five
// standard errors of 2,000 walks.
func TestDriftAndWalk(t *testing.T) {
	i := instrument(t, twinmodel.InstrumentSpec{Gain: 1, Drift: 0.5})
	for hour := range 10 {
		if got, want := i.Read(noon.Add(time.Duration(hour)*time.Hour), 3), 3+0.5*float64(hour); math.Abs(got-want) > 1e-9 {
			t.Errorf("after %d h: %g, want %g", hour, got, want)
		}
	}
	const walks = 2000
	for _, looks := range []int{1, 16} {
		square := 0.0
		for k := range walks {
			i, err := twinmodel.NewInstrument(twinmodel.InstrumentSpec{Gain: 1, Walk: 0.2}, rand.NewPCG(uint64(k), 7))
			if err != nil {
				t.Fatal(err)
			}
			reading := i.Read(noon, 0)
			for n := range looks {
				reading = i.Read(noon.Add(4*time.Hour*time.Duration(n+1)/time.Duration(looks)), 0)
			}
			square += reading * reading / walks
		}
		if want := 0.2 * 0.2 * 4; math.Abs(square/want-1) > 5*math.Sqrt(2.0/walks) {
			t.Errorf("%d looks in 4 h: variance %g, want %g", looks, square, want)
		}
	}
}

// TestSamples: between two samples the last stands, with the same noise.
func TestSamples(t *testing.T) {
	i := instrument(t, twinmodel.InstrumentSpec{Gain: 1, Noise: 1, Every: time.Second})
	read := func(at time.Duration) float64 { return i.Read(noon.Add(at), 5) }
	first := read(0)
	if read(300*time.Millisecond) != first || read(999*time.Millisecond) != first {
		t.Error("there was a new sample within the period")
	}
	if second := read(time.Second); second == first || read(1999*time.Millisecond) != second {
		t.Error("the second sample is the first")
	}
}

// TestSpikingAndLosing: law: a tenth of the readings are off by the amount, half
// of them up; and of the samples the share is lost. Tolerance: five standard
// errors of 20,000.
func TestSpikingAndLosing(t *testing.T) {
	const n = 20_000
	i := instrument(t, twinmodel.InstrumentSpec{Gain: 1})
	i.Read(noon, 5)
	if err := i.Inject(twinmodel.Spiking, 40); err != nil {
		t.Fatal(err)
	}
	up, down := 0.0, 0.0
	for range n {
		switch i.Read(noon, 5) {
		case 45:
			up++
		case -35:
			down++
		case 5:
		default:
			t.Fatal("a reading that is neither right nor a spike")
		}
	}
	if limit := 5 * math.Sqrt(0.05*0.95/n); math.Abs(up/n-0.05) > limit || math.Abs(down/n-0.05) > limit {
		t.Errorf("%g of the readings spike up and %g down, want 0.05", up/n, down/n)
	}
	if err := i.Inject(twinmodel.Losing, 0.3); err != nil {
		t.Fatal(err)
	}
	lost, last := 0.0, i.Read(noon, 0)
	for k := range n {
		reading := i.Read(noon, float64(k+1))
		switch reading {
		case last:
			lost++
		case float64(k + 1):
		default:
			t.Fatalf("reading %g is neither the last nor the present", reading)
		}
		last = reading
	}
	if math.Abs(lost/n-0.3) > 5*math.Sqrt(0.3*0.7/n) {
		t.Errorf("%g of the samples are lost, want 0.3", lost/n)
	}
}

// TestStaleAndFahrenheit: readings at the minutes of a value that rises by one a
// minute.
func TestStaleAndFahrenheit(t *testing.T) {
	for _, c := range []struct {
		fault  twinmodel.InstrumentFault
		amount float64
		want   [6]float64
	}{
		{twinmodel.Stale, 150, [6]float64{0, 0, 0, 3, 3, 3}},
		{twinmodel.Fahrenheit, 0, [6]float64{0, 33.8, 35.6, 37.4, 39.2, 41}},
	} {
		i := instrument(t, twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.1})
		var got [6]float64
		for k := range got {
			got[k] = math.Round(10*i.Read(noon.Add(time.Duration(k)*time.Minute), float64(k))) / 10
			if k == 0 {
				if err := i.Inject(c.fault, c.amount); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got != c.want {
			t.Errorf("fault %d: %v, want %v", c.fault, got, c.want)
		}
	}
}

// TestImpossibleAmounts: of faults whose amount has a range.
func TestImpossibleAmounts(t *testing.T) {
	i := instrument(t, twinmodel.IdealInstrument)
	for _, c := range []struct {
		fault  twinmodel.InstrumentFault
		amount float64
	}{{twinmodel.Losing, 1.1}, {twinmodel.Losing, -0.1}, {twinmodel.Stale, -1}, {twinmodel.Stale, 1e9}, {twinmodel.Fahrenheit + 1, 0}} {
		if err := i.Inject(c.fault, c.amount); err == nil {
			t.Errorf("fault %d of %g was accepted", c.fault, c.amount)
		}
	}
}
