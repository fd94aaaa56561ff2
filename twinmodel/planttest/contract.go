package planttest

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"twinrig/twinmodel"
)

// Contract holds a plant to what every caller relies on: a specification that is
// complete, errors that name plant, signal and time and change nothing, the same
// bits from the same calls, and snapshots that restore the future. Each call of
// create makes an equal plant.
func Contract(t *testing.T, create func() twinmodel.Plant) {
	t.Run("specification", func(t *testing.T) { specification(t, create().Spec()) })
	t.Run("refusals", func(t *testing.T) {
		p := create()
		Advance(t, p, time.Minute)
		refusals(t, p)
		refusedSnapshots(t, p)
	})
	t.Run("repeatability", func(t *testing.T) {
		a, b := create(), create()
		stir(t, a)
		stir(t, b)
		Same(t, a, b)
		RoundTrip(t, a, create(), time.Hour)
	})
}

// stir changes every input once in an hour, to values that are always the same.
func stir(t TB, p twinmodel.Plant) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	for _, s := range p.Spec().Signals {
		if s.Direction == twinmodel.Output {
			continue
		}
		share := random.Float64()
		v := s.Initial + float64(share*(s.Max-s.Initial)/4) // mild: an hour of extremes ends some plants
		if s.States != nil {
			v = float64(random.IntN(len(s.States)))
		}
		_ = p.Set(s.Name, v) // refused where a range has holes
		Advance(t, p, time.Duration(random.Int64N(int64(4*time.Minute))))
	}
}

func refusals(t *testing.T, p twinmodel.Plant) {
	kind, before := p.Spec().Kind, p.Snapshot()
	refused := func(what string, err error, words ...string) {
		t.Helper()
		if err == nil {
			t.Errorf("%s is accepted", what)
			return
		}
		for _, w := range append(words, kind) {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: the error does not say %q: %v", what, w, err)
			}
		}
		if !equal(before, p.Snapshot()) {
			t.Errorf("%s changes the plant", what)
		}
	}
	now := p.Time().UTC().Format(time.RFC3339)[:len("2026-06-01T06:00")]
	for _, s := range p.Spec().Signals {
		if s.Direction == twinmodel.Output {
			refused("setting the output "+s.Name, p.Set(s.Name, s.Min), s.Name)
			continue
		}
		for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Nextafter(s.Max, math.Inf(1)), math.Nextafter(s.Min, math.Inf(-1))} {
			refused("setting "+s.Name+" out of range", p.Set(s.Name, v), s.Name, now)
		}
		if s.States != nil {
			refused("a state between two of "+s.Name, p.Set(s.Name, 0.5), s.Name, now)
		}
	}
	refused("setting a signal it does not have", p.Set("warpDrive", 1), "warpDrive")
	_, err := p.Value("warpDrive")
	refused("reading a signal it does not have", err, "warpDrive")
	refused("going back in time", p.Advance(p.Time().Add(-time.Second)))
}

func refusedSnapshots(t *testing.T, p twinmodel.Plant) {
	good := p.Snapshot()
	for what, spoil := range map[string]func(*twinmodel.Snapshot){
		"another kind": func(s *twinmodel.Snapshot) { s.Plant += "x" },
		"no state":     func(s *twinmodel.Snapshot) { s.State, s.Modes = nil, nil },
		"less state":   func(s *twinmodel.Snapshot) { s.State = s.State[:len(s.State)-1] },
		"more state":   func(s *twinmodel.Snapshot) { s.State = append(slices.Clone(s.State), 0) },
	} {
		bad := good
		spoil(&bad)
		if err := p.Restore(bad); err == nil || !strings.Contains(err.Error(), p.Spec().Kind) {
			t.Errorf("a snapshot of %s: %v, want an error that names %s", what, err, p.Spec().Kind)
		}
		if !equal(good, p.Snapshot()) {
			t.Fatalf("a refused snapshot of %s changes the plant", what)
		}
	}
}
