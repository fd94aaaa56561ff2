package twinmodel_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel"
)

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

func instrument(t testing.TB, s twinmodel.InstrumentSpec) *twinmodel.Instrument {
	t.Helper()
	i, err := twinmodel.NewInstrument(s, twinmodel.Stream(1, "device", "sensor"))
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// TestLag: law: the step response of a first-order lag, 1 − e^(−t/τ), however it
// is sampled. Tolerance: 1e-12.
func TestLag(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		i := instrument(t, twinmodel.InstrumentSpec{Gain: 1, Lag: 20 * time.Second})
		if first := i.Read(noon, 0); first != 0 {
			rt.Fatalf("the first reading lags: %g", first)
		}
		at := time.Duration(0)
		for range rapid.IntRange(1, 20).Draw(rt, "samples") {
			at += time.Duration(rapid.Int64Range(0, 30e9).Draw(rt, "interval"))
			want := 1 - math.Exp(-at.Seconds()/20)
			if got := i.Read(noon.Add(at), 1); math.Abs(got-want) > 1e-12 {
				rt.Fatalf("after %v: %.15g, want %.15g", at, got, want)
			}
		}
	})
}

// TestTransfer: gain and bias, then range, then resolution.
func TestTransfer(t *testing.T) {
	spec := twinmodel.InstrumentSpec{Gain: 2, Bias: 1, Resolution: 0.5, Min: -10, Max: 10}
	for truth, want := range map[float64]float64{0: 1, 1.1: 3, 1.2: 3.5, 4.4: 10, 400: 10, -5.4: -10, -1e9: -10} {
		if got := instrument(t, spec).Read(noon, truth); got != want {
			t.Errorf("reading of %g is %g, want %g", truth, got, want)
		}
	}
}

// TestNoise: law: readings scatter by the standard deviation around the truth,
// within five standard errors of 20,000 readings, and repeat with the stream.
func TestNoise(t *testing.T) {
	const n, sigma = 20_000, 0.3
	i, again := instrument(t, twinmodel.InstrumentSpec{Gain: 1, Noise: sigma}), instrument(t, twinmodel.InstrumentSpec{Gain: 1, Noise: sigma})
	var mean, square float64
	for range n {
		d := i.Read(noon, 5) - 5
		if d2 := again.Read(noon, 5) - 5; d2 != d {
			t.Fatalf("the same stream gives %g and %g", d, d2)
		}
		mean, square = mean+d/n, square+d*d/n
	}
	if math.Abs(mean) > 5*sigma/math.Sqrt(n) || math.Abs(square/sigma/sigma-1) > 5*math.Sqrt(2.0/n) {
		t.Errorf("mean %g, variance %g, want 0 and %g", mean, square, sigma*sigma)
	}
}

// TestInstrumentFaults: what each fault does to readings of 1, 2, 3 and 4 an
// hour apart, and that repair ends it.
func TestInstrumentFaults(t *testing.T) {
	tests := []struct {
		name   string
		fault  twinmodel.InstrumentFault
		amount float64
		want   [4]float64
	}{
		{"healthy", twinmodel.Healthy, 0, [4]float64{1, 2, 3, 4}},
		{"stuck repeats the last reading before the fault", twinmodel.Stuck, 0, [4]float64{1, 1, 1, 4}},
		{"biased adds", twinmodel.Biased, 0.5, [4]float64{1, 2.5, 3.5, 4}},
		{"drifting adds more every hour", twinmodel.Drifting, 0.5, [4]float64{1, 2, 3.5, 4}},
		{"an open circuit reads full scale", twinmodel.OpenCircuit, 0, [4]float64{1, 10, 10, 4}},
		{"a short circuit reads the bottom", twinmodel.ShortCircuit, 0, [4]float64{1, -10, -10, 4}},
	}
	for _, tt := range tests {
		i := instrument(t, twinmodel.InstrumentSpec{Gain: 1, Min: -10, Max: 10})
		var got [4]float64
		for k := range got {
			fault := tt.fault
			if k == 3 {
				fault = twinmodel.Healthy
			}
			if k == 1 || k == 3 {
				if err := i.Inject(fault, tt.amount); err != nil {
					t.Fatal(err)
				}
			}
			got[k] = i.Read(noon.Add(time.Duration(k)*time.Hour), float64(k+1))
		}
		if got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestNoisyFault: the noise grows by the amount, on the same stream.
func TestNoisyFault(t *testing.T) {
	spec := twinmodel.InstrumentSpec{Gain: 1, Noise: 0.1}
	quiet, loud := instrument(t, spec), instrument(t, spec)
	if err := loud.Inject(twinmodel.Noisy, 5); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if q, l := quiet.Read(noon, 0), loud.Read(noon, 0); math.Abs(l-5*q) > 1e-12 {
			t.Errorf("noise %g became %g, want five times as much", q, l)
		}
	}
}

// TestInstrumentSnapshot: a restored instrument reads on as the original does.
func TestInstrumentSnapshot(t *testing.T) {
	spec := twinmodel.InstrumentSpec{Gain: 1, Noise: 0.1, Lag: time.Minute, Min: -50, Max: 50}
	a, b := instrument(t, spec), instrument(t, spec)
	for k := range 10 {
		a.Read(noon.Add(time.Duration(k)*time.Second), float64(k))
	}
	if err := a.Inject(twinmodel.Drifting, 1); err != nil {
		t.Fatal(err)
	}
	a.Read(noon.Add(10*time.Second), 10)
	s, err := a.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Restore(s); err != nil {
		t.Fatal(err)
	}
	for k := range 10 {
		at := noon.Add(time.Duration(20+k) * time.Second)
		if x, y := a.Read(at, 3), b.Read(at, 3); x != y {
			t.Fatalf("reading %d: original %g, restored %g", k, x, y)
		}
	}
	s.Stream = []byte("no stream")
	if err := b.Restore(s); err == nil {
		t.Error("a snapshot without a stream was accepted")
	}
}

// TestBadInstrument: impossible instruments and faults are refused.
func TestBadInstrument(t *testing.T) {
	for name, s := range map[string]twinmodel.InstrumentSpec{
		"gain zero":      {},
		"negative lag":   {Gain: 1, Lag: -1},
		"negative noise": {Gain: 1, Noise: -1},
		"empty range":    {Gain: 1, Min: 2, Max: 1},
		"NaN":            {Gain: math.NaN()},
		"infinite range": {Gain: 1, Max: math.Inf(1)},
	} {
		if _, err := twinmodel.NewInstrument(s, twinmodel.Stream(1, "", "")); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := twinmodel.NewInstrument(twinmodel.InstrumentSpec{Gain: 1, Noise: 1}, nil); err == nil {
		t.Error("noise without a stream was accepted")
	}
	i := instrument(t, twinmodel.IdealInstrument)
	if i.Inject(twinmodel.OpenCircuit, 0) == nil || i.Inject(99, 0) == nil || i.Inject(twinmodel.Biased, math.NaN()) == nil {
		t.Error("an impossible fault was accepted")
	}
}
