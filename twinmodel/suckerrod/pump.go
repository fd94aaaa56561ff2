package suckerrod

import (
	"fmt"
	"math"
)

// Setup is what a rod pump is made of and works against.
type Setup struct {
	Unit     Unit
	Tapers   []Taper
	Segments int     // of the rod string; 60 to study cards, 30 for days of operation
	Damping  float64 // Gibbs' factor λ
	Friction float64 // of the stuffing box, N

	Plunger        float64 // diameter, m
	Spacing        float64 // of the plunger above the standing valve at the bottom of the stroke, m
	TubingGive     float64 // stretch of the tubing per load, m/N; 0 when anchored
	RelativeWeight float64 // specific gravity of the liquid, for the rods' buoyancy

	Intake, Discharge float64 // Pa
	GasShare          float64 // of the volume that enters the pump
}

// Pump is unit, rods and pump at a constant speed.
type Pump struct {
	s      Setup
	motion *motion
	rods   *rodString
	barrel barrel
	weight float64 // of the rods in the liquid, N
	phase  float64 // of the crank, revolutions
	y      float64 // of the plunger in the barrel, m
}

// NewPump is at rest at the bottom of the stroke, the barrel full of liquid and
// the column on the standing valve.
func NewPump(s Setup) (*Pump, error) {
	if err := s.Unit.Validate(); err != nil {
		return nil, fmt.Errorf("make rod pump: %w", err)
	}
	rods, err := newRodString(s.Tapers, s.Segments, s.Damping)
	if err != nil {
		return nil, fmt.Errorf("make rod pump: %w", err)
	}
	switch {
	case !(s.Plunger > 0.01 && s.Plunger < 0.2), !(s.Spacing > touching && s.Spacing < 5), !(s.TubingGive >= 0 && s.TubingGive < 1e-3):
		return nil, fmt.Errorf("make rod pump: plunger %g m, spacing %g m or tubing give %g m/N cannot be", s.Plunger, s.Spacing, s.TubingGive)
	case !(s.Intake > 1e4 && s.Discharge > s.Intake && s.Discharge < 1e8):
		return nil, fmt.Errorf("make rod pump: it cannot work from %g to %g Pa", s.Intake, s.Discharge)
	case !(s.GasShare >= 0 && s.GasShare <= 1), !(s.Friction >= 0 && s.Friction < 1e5), !(s.RelativeWeight > 0 && s.RelativeWeight < 2):
		return nil, fmt.Errorf("make rod pump: gas share %g, friction %g N or specific gravity %g cannot be", s.GasShare, s.Friction, s.RelativeWeight)
	}
	p := &Pump{s: s, motion: newMotion(&s.Unit), rods: rods}
	for _, t := range s.Tapers {
		p.weight += float64(t.Weight * t.Length)
	}
	p.weight *= 1 - float64(0.128*s.RelativeWeight)
	p.barrel = barrel{area: math.Pi / 4 * s.Plunger * s.Plunger, spacing: s.Spacing, give: s.TubingGive}
	p.barrel.between(s.Intake, s.Discharge)
	p.barrel.liquid = p.barrel.volume(0) / (1 - s.Discharge/bulkModulus)
	return p, nil
}

// Sample is the pump at one wave step.
type Sample struct {
	Time                      float64 // s since the stroke began
	Position, Load            float64 // of the polished rod, m and N
	PumpPosition, PumpLoad    float64 // at the lower end of the rods, m and N
	TorqueFactor              float64 // m/rad
	Plunger                   float64 // in the barrel, m
	in, out, work, pump, rubs float64
}

// step turns the crank by a share of a revolution.
func (p *Pump) step(turn float64) Sample {
	var s Sample
	_, s.TorqueFactor = p.motion.at(p.phase)
	p.phase += turn
	p.phase -= math.Floor(p.phase)
	top, _ := p.motion.at(p.phase)
	last := len(p.rods.u) - 1
	travel := top - p.rods.past[0]
	s.Position = p.rods.u[0]
	dynamic, free := p.rods.advance(top)
	rub := 0.0
	if travel != 0 {
		rub = math.Copysign(p.s.Friction, travel)
	}
	force, _, open := p.barrel.load(free, p.rods.push[last])
	s.pump = p.rods.finish(free, force)
	s.Load = p.weight + dynamic + rub
	s.PumpPosition, s.PumpLoad = p.rods.u[last], force
	p.y = s.PumpPosition - float64(force*p.barrel.give)
	s.Plunger = p.y
	s.in, s.out = p.barrel.move(p.y, p.s.GasShare, open)
	s.work, s.rubs = float64(s.Load*travel)/2, float64(rub*travel)/2
	return s
}

// Stroke is what one revolution of the crank did.
type Stroke struct {
	Samples    []Sample
	Peak, Min  float64 // polished-rod load, N
	PumpStroke float64 // of the plunger in the barrel, m
	In, Out    float64 // liquid through standing and travelling valve, m³
	Fillage    float64 // liquid's share of what the plunger swept
	Work       float64 // at the polished rod, J
	PumpWork   float64 // J
	Damping    float64 // J
	Friction   float64 // J
}

// Stroke turns the crank once at a speed in strokes per minute.
func (p *Pump) Stroke(speed float64) (Stroke, error) {
	if !(speed > 0 && speed <= 30) {
		return Stroke{}, fmt.Errorf("stroke rod pump: %g strokes per minute is outside 0 to 30", speed)
	}
	n := max(1, int(math.Round(60/speed/p.rods.step)))
	st := Stroke{Samples: make([]Sample, n), Peak: math.Inf(-1), Min: math.Inf(1)}
	heat, low, high := p.rods.heat, math.Inf(1), math.Inf(-1)
	for i := range st.Samples {
		s := p.step(1 / float64(n))
		s.Time = float64(i) * p.rods.step
		st.Peak, st.Min = math.Max(st.Peak, s.Load), math.Min(st.Min, s.Load)
		low, high = math.Min(low, s.Plunger), math.Max(high, s.Plunger)
		st.In, st.Out = st.In+s.in, st.Out+s.out
		st.Work, st.PumpWork, st.Friction = st.Work+s.work, st.PumpWork+s.pump, st.Friction+s.rubs
		st.Samples[i] = s
	}
	st.Damping, st.PumpStroke = p.rods.heat-heat, high-low
	if st.PumpStroke > 0 {
		st.Fillage = math.Min(1, st.In/(p.barrel.area*st.PumpStroke))
	}
	return st, nil
}
