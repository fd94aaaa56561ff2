package hvac

import (
	"math"
	"testing"
	"time"

	"twinrig/twinmodel/validation"
)

// linear is z' = A·z + b + r·e^(−t/τ) for the temperatures of air and mass, with
// real eigenvalues.
type linear struct {
	a       [2][2]float64
	b, r    [2]float64
	tau     float64
	initial [2]float64
}

// solve2 is M⁻¹·v.
func solve2(m [2][2]float64, v [2]float64) [2]float64 {
	d := m[0][0]*m[1][1] - m[0][1]*m[1][0]
	return [2]float64{(v[0]*m[1][1] - m[0][1]*v[1]) / d, (m[0][0]*v[1] - v[0]*m[1][0]) / d}
}

// at is the solution in closed form.
func (l *linear) at(t float64) [2]float64 {
	steady := solve2(l.a, [2]float64{-l.b[0], -l.b[1]})
	shifted := [2][2]float64{{-1/l.tau - l.a[0][0], -l.a[0][1]}, {-l.a[1][0], -1/l.tau - l.a[1][1]}}
	fading := solve2(shifted, l.r)
	half, root := (l.a[0][0]+l.a[1][1])/2, math.Hypot((l.a[0][0]-l.a[1][1])/2, math.Sqrt(l.a[0][1]*l.a[1][0]))
	fast, slow := half-root, half+root
	// Eigenvectors (a01, λ − a00), weighed to meet the initial state.
	vectors := [2][2]float64{{l.a[0][1], l.a[0][1]}, {fast - l.a[0][0], slow - l.a[0][0]}}
	weight := solve2(vectors, [2]float64{l.initial[0] - steady[0] - fading[0], l.initial[1] - steady[1] - fading[1]})
	e := [2]float64{weight[0] * math.Exp(fast*t), weight[1] * math.Exp(slow*t)}
	fade := math.Exp(-t / l.tau)
	var z [2]float64
	for i := range z {
		z[i] = steady[i] + fading[i]*fade + vectors[i][0]*e[0] + vectors[i][1]*e[1]
	}
	return z
}

// reaches is the first instant after the first seconds at which the air is at a
// temperature.
func (l *linear) reaches(air float64) float64 {
	t := 5.0
	for side := l.at(t)[0] > air; (l.at(t)[0] > air) == side; t += 5 {
	}
	lo, hi := t-5, t
	for above := l.at(hi)[0] > air; hi-lo > 1e-10; {
		if mid := (lo + hi) / 2; (l.at(mid)[0] > air) == above {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// TestThermostatCycle is AC-5. Law: in dry air under steady weather room and unit
// are linear in each of the thermostat's modes, so the instants of switching
// follow from exponentials. Reference: that closed form, cycle after cycle.
// Tolerance: 1e-6 s after 50 cycles.
func TestThermostatCycle(t *testing.T) {
	p := DefaultParams()
	p.MinOn, p.MinOff = 1, 1
	tol := tolerance()
	tol.Rel = 1e-12
	for i := range tol.Abs {
		if !math.IsInf(tol.Abs[i], 1) {
			tol.Abs[i] = 1e-13
		}
	}
	h, err := build(midnight, p, tol)
	if err != nil {
		t.Fatal(err)
	}
	const outside, heat, setpoint = 32.0, 1500.0, 24.0
	set(t, h, map[string]float64{"outdoorMean": outside, "outdoorSwing": 0, "outdoorHumidity": 0, "solarPeak": 0, "occupants": 0, "internalHeat": heat, "setpoint": setpoint})
	advance(t, h, 48*time.Hour) // the room dries
	for value(t, h, "compressorState") == 1 {
		advance(t, h, time.Second)
	}
	off, on := cycle(&p, outside, heat)
	state, begin := [2]float64{value(t, h, "temperature"), value(t, h, "massTemperature")}, h.Time()
	elapsed := 0.0
	for k := range 100 {
		mode, limit, running := off, setpoint+p.Differential, 0.0
		if k%2 == 1 {
			mode, limit, running = on, setpoint-p.Differential, 1
		}
		mode.initial = state
		after := mode.reaches(limit)
		state = mode.at(after)
		elapsed += after
		if k < 99 {
			continue
		}
		ours := switches(t, h, begin, elapsed-1, elapsed+1, running)
		validation.Row{ID: "AC-5", What: "instant of the thermostat's 100th switching", Source: "closed form", Reference: elapsed, Ours: ours, Unit: "s", Absolute: 1e-6}.Check(t)
	}
}

// cycle are the room's equations while the compressor rests and while it runs.
func cycle(p *Params, outside, heat float64) (off, on linear) {
	z := p.Zone
	z.prepare()
	g := z.distribute(heat, 0)
	sum := z.Window + z.toSurface + z.toMass
	rest := (z.Window*outside + g.surface) / sum
	off = linear{tau: p.StartupTime, a: [2][2]float64{
		{(z.toSurface*z.toSurface/sum - z.toSurface - z.Ventilation) / z.AirCapacity, z.toSurface * z.toMass / sum / z.AirCapacity},
		{z.toMass * z.toSurface / sum / z.MassCapacity, (z.toMass*z.toMass/sum - z.toMass - z.throughEm) / z.MassCapacity},
	}, b: [2]float64{
		(z.Ventilation*outside + z.toSurface*rest + g.air) / z.AirCapacity,
		(z.throughEm*outside + z.toMass*rest + g.mass) / z.MassCapacity,
	}}
	// The wet-bulb temperature of dry air is below the curves' range, 12 °C.
	full := p.CoolingCapacity * biquadratic(&capacityCurve, 12, outside)
	on = off
	on.b[0] += (p.FanPower - full) / z.AirCapacity
	on.r[0] = full / z.AirCapacity
	return off, on
}

// switches is the instant at which the compressor leaves a state.
func switches(t *testing.T, h *HVAC, begin time.Time, lo, hi, from float64) float64 {
	t.Helper()
	at := func(s float64) time.Time { return begin.Add(time.Duration(math.Round(s * 1e9))) }
	if err := h.Advance(at(lo)); err != nil {
		t.Fatal(err)
	}
	before := h.Snapshot()
	for hi-lo > 2e-9 {
		mid := (lo + hi) / 2
		if err := h.Restore(before); err != nil {
			t.Fatal(err)
		}
		if err := h.Advance(at(mid)); err != nil {
			t.Fatal(err)
		}
		if value(t, h, "compressorState") == from {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}
