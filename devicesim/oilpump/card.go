package oilpump

import (
	"time"

	"twinrig/devicesim"
	plant "twinrig/twinmodel/oilpump"
)

// samples of a card.
const samples = 60

// recorder takes a dynamometer card: position and load at equal intervals of one
// stroke.
type recorder struct {
	period float64 // of the stroke, s; 0 while it does not record
	begin  time.Time
	card   plant.Card
}

// start begins a card at a speed in strokes per minute.
func (r *recorder) start(now time.Time, speed float64) {
	*r = recorder{period: 60 / speed, begin: now}
}

func (r *recorder) recording() bool { return r.period > 0 }

// next is when the next sample is due.
func (r *recorder) next() time.Time {
	share := float64(len(r.card.Load)) / samples
	return r.begin.Add(time.Duration(share * r.period * float64(time.Second)))
}

// sample takes a sample, and reports whether the card is complete.
func (r *recorder) sample(in devicesim.Readings) bool {
	r.card.Position = append(r.card.Position, in["polishedRodPosition"])
	r.card.Load = append(r.card.Load, in["polishedRodLoad"]*1e3)
	return len(r.card.Load) == samples
}

// analysis is what a controller makes of a card.
type analysis struct {
	surface, pump plant.Card
	peak, low     float64 // kN
	fillage       float64 // %
}

func analyse(p *plant.Params, surface plant.Card, period float64) *analysis {
	a := &analysis{surface: surface, pump: p.PumpCard(surface, period)}
	a.peak, a.low = surface.Load[0]/1e3, surface.Load[0]/1e3
	for _, f := range surface.Load {
		a.peak, a.low = max(a.peak, f/1e3), min(a.low, f/1e3)
	}
	a.fillage = 100 * a.pump.Fillage()
	return a
}

// answer is the card as a direct method returns it.
func (a *analysis) answer() map[string]any {
	return map[string]any{
		"surfacePosition": numbers(a.surface.Position, 1, 3), "surfaceLoad": numbers(a.surface.Load, 1e-3, 2),
		"pumpPosition": numbers(a.pump.Position, 1, 3), "pumpLoad": numbers(a.pump.Load, 1e-3, 2),
		"fillage": devicesim.Number(a.fillage, 1),
	}
}

func numbers(values []float64, scale float64, decimals int) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = devicesim.Number(v*scale, decimals)
	}
	return list
}
