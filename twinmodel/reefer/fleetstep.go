package reefer

import "math"

// Step moves every truck by one step.
func (f *Fleet) Step() {
	if f.ticks >= f.linear.due {
		f.relinearise()
	}
	f.weather()
	end := f.now() + f.h
	for _, i := range f.busy[:f.sweep(end)] {
		f.eventful(int(i), end)
	}
	f.ticks++
}

// sweep moves the trucks to which nothing happens by one step and lists the
// others.
func (f *Fleet) sweep(end float64) int {
	n, events := len(f.mode), 0
	gates, busy := f.gate[:n], f.busy[:n]
	a, b, c, d, e, g, q := f.x[0][:n], f.x[1][:n], f.x[2][:n], f.x[3][:n], f.x[4][:n], f.x[5][:n], f.x[6][:n]
	for i, mode := range f.mode {
		m := &f.modes[mode%heatModes].step
		// From the leaves to the root …
		r6, r4, r2 := q[i]+m.b[6], e[i]+m.b[4], c[i]+m.b[2]
		r5 := g[i] + m.b[5] + float64(m.in[6]*r6)
		r3 := d[i] + m.b[3] + float64(m.in[4]*r4)
		r1 := b[i] + m.b[1] + float64(m.in[2]*r2)
		r0 := a[i] + m.b[0] + float64(m.in[1]*r1) + (float64(m.in[3]*r3) + float64(m.in[5]*r5))
		z0 := float64(m.of[0] * r0)
		air := z0 - a[i]
		if w := &gates[i]; air < w.low || air > w.high || end >= w.until {
			busy[events] = int32(i)
			events++
			continue
		}
		// … and back.
		a[i] = air
		z1 := float64(m.of[1]*r1) + float64(m.down[1]*z0)
		b[i] = z1 - b[i]
		c[i] = float64(m.of[2]*r2) + float64(m.down[2]*z1) - c[i]
		z3 := float64(m.of[3]*r3) + float64(m.down[3]*z0)
		d[i] = z3 - d[i]
		e[i] = float64(m.of[4]*r4) + float64(m.down[4]*z3) - e[i]
		z5 := float64(m.of[5]*r5) + float64(m.down[5]*z0)
		g[i] = z5 - g[i]
		q[i] = float64(m.of[6]*r6) + float64(m.down[6]*z5) - q[i]
	}
	return events
}

// eventful moves a truck through a step in which its timer runs out or its
// thermostat acts, perhaps more than once.
func (f *Fleet) eventful(i int, end float64) {
	var x [fleetStates]float64
	for k := range x {
		x[k] = f.x[k][i]
	}
	f.through(i, &x, end)
	for k := range x {
		f.x[k][i] = x[k]
	}
}

// through moves x, the state of a truck, from now to the end of the step, event
// by event.
func (f *Fleet) through(i int, x *[fleetStates]float64, end float64) {
	var s series
	g := &f.gate[i]
	for t := f.now(); ; {
		if g.until <= t {
			f.expire(i, t)
			continue
		}
		if t >= end {
			return
		}
		m := &f.modes[f.mode[i]]
		m.expand(x, &s)
		if g.until <= end && end-t <= m.short && f.nothingComes(i, s.at(x, 0, end-t)) {
			s.move(x, end-t)
			return
		}
		next := min(end, g.until)
		dt := next - t
		if dt > m.short {
			dt, next = m.short, t+m.short
		}
		if !g.acts(s.at(x, 0, dt)) {
			s.move(x, dt)
			t = next
			continue
		}
		dt = f.locate(i, x, &s, dt)
		s.move(x, dt)
		t += dt
		if f.unit[i] == unitCool {
			x[fleetStates-1] = 0
		}
		f.call(i, t)
	}
}

// nothingComes lets a minimum time end in the present step if the thermostat
// does not act for all that; air is the temperature at the end of the step.
func (f *Fleet) nothingComes(i int, air float64) bool {
	if f.unit[i] == unitStart {
		return false
	}
	g := &f.gate[i]
	until := g.until
	f.expire(i, until)
	if !g.acts(air) {
		return true
	}
	g.until = until
	f.arm(i)
	return false
}

// acts says whether the thermostat does at this temperature.
func (g *gate) acts(air float64) bool { return air < g.low || air > g.high }

// locate is the instant within dt at which the thermostat starts to act, as it
// does at the end: Newton's iteration, kept in its bracket.
func (f *Fleet) locate(i int, x *[fleetStates]float64, s *series, dt float64) float64 {
	g := &f.gate[i]
	if g.acts(x[0]) {
		return 0
	}
	threshold := g.high
	if f.unit[i] == unitCool {
		threshold = g.low
	}
	lo, hi := 0.0, dt
	t := float64(0.5 * dt)
	for range 30 {
		air, rate := s.slope(x, t)
		if g.acts(air) {
			hi = t
		} else {
			lo = t
		}
		step := (threshold - air) / rate
		if math.Abs(step) < 1e-9 || hi-lo < 1e-9 {
			break
		}
		if t += step; !(t > lo && t < hi) {
			t = float64(0.5 * (lo + hi))
		}
	}
	return t
}
