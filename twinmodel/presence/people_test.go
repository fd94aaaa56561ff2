package presence

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel/validation"
)

// days runs occupants only, tick by tick, and returns who is there: one word of
// bits for each tick.
func days(t *testing.T, p Params, n int) (present []uint64) {
	t.Helper()
	p.StillRate, p.ActiveRate, p.FalseTrigger, p.SensorTime = 0, 0, 0, 600
	r := newRoom(t, p)
	for range n * int(86400/p.Tick) {
		s := r.Snapshot().Modes // the model's modes stand last
		present = append(present, uint64(s[len(s)-modes+modePresent]))
		advance(t, r, time.Duration(p.Tick)*time.Second)
	}
	return present
}

// diary is who was there, tick by tick, over many days.
type diary struct {
	p       Params
	ticks   int // a day
	present []uint64
}

// each visits everybody at every tick.
func (d *diary) each(visit func(tick, person int, was, is bool)) {
	before := uint64(0)
	for k, now := range d.present {
		for i := range d.p.Occupants {
			visit(k%d.ticks, i, before>>i&1 == 1, now>>i&1 == 1)
		}
		before = now
	}
}

func (d *diary) hour(tick int) int { return tick * 24 / d.ticks }

// hourly is the mean presence in each hour of the day.
func (d *diary) hourly() (mean [24]float64) {
	one := 24 / float64(len(d.present)*d.p.Occupants)
	d.each(func(tick, _ int, _, is bool) {
		if is {
			mean[d.hour(tick)] += one
		}
	})
	return mean
}

// arrivals are the hours of everybody's first arrival of each day, in order.
func (d *diary) arrivals() (hours []float64) {
	come := map[int]bool{}
	d.each(func(tick, person int, _, is bool) {
		if tick == 0 {
			come[person] = false
		}
		if is && !come[person] {
			come[person] = true
			hours = append(hours, float64(tick)*d.p.Tick/3600)
		}
	})
	slices.Sort(hours)
	return hours
}

// mobility is (T01 + T10) / (T00 + T11) where presence is steady: from 10 to 11
// and from 16 to 17 h it moves by 0.03.
func (d *diary) mobility() float64 {
	var n [2][2]float64
	d.each(func(tick, _ int, was, is bool) {
		if h := d.hour(tick); h == 10 || h == 16 {
			n[index(was)][index(is)]++
		}
	})
	t01, t10 := n[0][1]/(n[0][0]+n[0][1]), n[1][0]/(n[1][0]+n[1][1])
	return (t01 + t10) / (2 - t01 - t10)
}

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestPresence is PRE-3. Law: the inhomogeneous Markov chain of Page et al.
// keeps the profile it is given. Reference: hourly presence in UCI data set 357
// on weekdays; arrivals as the profile's rise has them; the mobility asked for.
// Tolerances: 0.05; 15 minutes in the mean over the quantiles; 10 %.
func TestPresence(t *testing.T) {
	p := DefaultParams()
	p.Occupants = 10
	d := &diary{p: p, ticks: int(86400 / p.Tick), present: days(t, p, 200)}

	uciHours := [24]float64{7: 0.11, 0.49, 0.97, 0.94, 0.86, 0.85, 0.48, 0.87, 0.90, 0.98, 0.93, 0.13}
	worst, hourly := 0, d.hourly()
	for h, want := range uciHours {
		if math.Abs(hourly[h]-want) > math.Abs(hourly[worst]-uciHours[worst]) {
			worst = h
		}
	}
	late, arrivals := 0.0, d.arrivals()
	for i, a := range arrivals {
		late += math.Abs(a-rise(p.Profile, (float64(i)+0.5)/float64(len(arrivals)))) * 60 / float64(len(arrivals))
	}
	validation.Row{ID: "PRE-3", What: fmt.Sprintf("hourly mean of presence over 200 days, worst hour (%d h)", worst), Source: "UCI data set 357", Reference: uciHours[worst], Ours: hourly[worst], Unit: "1", Absolute: 0.05}.Check(t)
	validation.Row{ID: "PRE-3", What: "time of arrival over 200 days, mean error over the quantiles", Source: "rise of the profile", Reference: 0, Ours: late, Unit: "min", Absolute: 15}.Check(t)
	validation.Row{ID: "PRE-3", What: "mobility recovered from 200 days", Source: "mobility given", Reference: p.Mobility, Ours: d.mobility(), Unit: "1", Relative: 0.1}.Check(t)
}

// TestTransition. Law: presence·stay + (1 − presence)·arrive is the next presence,
// and the mobility is the one asked for, wherever probabilities can give it.
// Tolerance: 1e-12.
func TestTransition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		probability := rapid.Float64Range(0, 1)
		now, next, mu := probability.Draw(rt, "presence"), probability.Draw(rt, "next"), rapid.Float64Range(1e-4, 1).Draw(rt, "mobility")
		steady := rapid.Bool().Draw(rt, "steady")
		if steady {
			next = now
		}
		arrive, stay := transition(now, next, mu)
		if !(arrive >= 0 && arrive <= 1 && stay >= 0 && stay <= 1) {
			rt.Fatalf("arrive %g, stay %g", arrive, stay)
		}
		if got := now*stay + (1-now)*arrive; math.Abs(got-next) > 1e-12 {
			rt.Fatalf("from %g presence goes to %g, not %g", now, got, next)
		}
		if got := (arrive + 1 - stay) / (1 - arrive + stay); steady && now > 1e-3 && now < 1-1e-3 && math.Abs(got-mu) > 1e-9 {
			rt.Fatalf("steady presence %g: mobility %g, not %g", now, got, mu)
		}
	})
}

// rise is the hour at which a share q of those who come in the morning has come.
func rise(p Profile, q float64) float64 {
	top := p.At(9.5)
	for h := 6.0; h < 9.5; h += 1.0 / 120 {
		if p.At(h) >= q*top {
			return h
		}
	}
	return 9.5
}
