package reefer

import (
	"math"

	"twinrig/twinmodel/ode"
)

// linearEvery is how long a linearisation serves, in s.
const linearEvery = 600

// parent is what a state exchanges heat with on its way to the box air, which is
// state 0: the balance is a tree, skin - liner - air, core - cargo - air and
// refrigeration - coil - air. A parent comes before its children.
var parent = [fleetStates]int{1: 0, 2: 1, 3: 0, 4: 3, 5: 0, 6: 5}

// fleetScale is the size of a state's changes, in K and W: with it the norm of A
// is about the fastest rate there is.
var fleetScale = [fleetStates]float64{1, 1, 1, 1, 1, 1, 1e3}

// heatMode is the heat balance x' = A·x + b in one mode.
type heatMode struct {
	own      [fleetStates]float64 // A's diagonal
	fromTree [fleetStates]float64 // of a state in its parent's rate
	toTree   [fleetStates]float64 // of the parent in a state's rate
	at       [fleetStates]float64 // state the balance was linearised at
	b        [fleetStates]float64 // at the middle of the present step
	short    float64              // s for which a series in A is exact
	step     trapezoid
}

// trapezoid is a step by the trapezoidal rule, z = 2·(I − h/2·A)⁻¹·(x + h/2·b)
// and then z − x, with the tree eliminated from its leaves to the root.
type trapezoid struct {
	b    [fleetStates]float64 // h/2·b
	in   [fleetStates]float64 // of a state's right-hand side in its parent's
	of   [fleetStates]float64 // of the right-hand side in z
	down [fleetStates]float64 // of the parent's z in z
}

// linearisation is when and where it is done next, and memory for it.
type linearisation struct {
	due     int64 // tick
	middle  float64
	x, dx   [states]float64
	up      [states]float64
	modes   [modes]int64
	summed  [heatModes][fleetStates]float64
	members [heatModes]int
}

// relinearise takes the tangent of every mode at the mean state of the trucks
// that are in it, for the weather in the middle of its time.
func (f *Fleet) relinearise() {
	l := &f.linear
	every := max(1, int64(math.Round(linearEvery/f.h)))
	l.due = f.ticks + every
	l.middle = f.now() + float64(0.5*float64(every)*f.h)
	f.means()
	for m := range f.modes {
		f.tangent(m)
	}
}

// means finds where to linearise. A mode without trucks has the mean of all, but
// with the door open the air as it will soon be.
func (f *Fleet) means() {
	l := &f.linear
	clear(l.summed[:])
	clear(l.members[:])
	var all [fleetStates]float64
	for i, m := range f.mode {
		l.members[m]++
		for k := range f.x {
			l.summed[m][k] += f.x[k][i]
			all[k] += f.x[k][i]
		}
	}
	for m := range f.modes {
		h := &f.modes[m]
		for k := range h.at {
			if n := l.members[m]; n > 0 {
				h.at[k] = l.summed[m][k] / float64(n)
			} else {
				h.at[k] = all[k] / float64(f.Len())
			}
		}
		if m >= heatOpen {
			f.settleAir(m)
		}
	}
}

// settleAir moves the air with the door open to where it changes no more, which
// takes it a minute or two.
func (f *Fleet) settleAir(m int) {
	at := &f.modes[m].at
	lo, hi := math.Min(at[1], f.r.weatherAt(f.linear.middle).temperature), math.Max(at[1], f.r.weatherAt(f.linear.middle).temperature)
	lo -= 20 // the coil may hold it below both
	for range 30 {
		at[0] = float64(0.5 * (lo + hi))
		if f.slope(m, f.linear.middle, at)[xAir] > 0 {
			lo = at[0]
		} else {
			hi = at[0]
		}
	}
}

// slope is Reefer's own derivative at the states of the fleet, with dry air.
func (f *Fleet) slope(m int, t float64, at *[fleetStates]float64) *[states]float64 {
	l := &f.linear
	l.modes[modeUnit] = [heatOpen]int64{heatRest: unitNull, heatStart: unitStart, heatCool: unitCool}[m%heatOpen]
	f.r.u[inDoor] = float64(m / heatOpen)
	for k, v := range at {
		l.x[fleetState[k]] = v
	}
	f.r.Derivatives(t, l.x[:], &ode.Discrete{Modes: l.modes[:]}, l.dx[:])
	return &l.dx
}

// tangent sets A and what follows from it.
func (f *Fleet) tangent(m int) {
	h := &f.modes[m]
	norm := 0.0
	for c := range fleetStates {
		rate := f.column(m, c)
		h.own[c] = rate[c]
		sum := math.Abs(rate[c])
		for k := 1; k < fleetStates; k++ {
			switch {
			case k == c:
				h.fromTree[c] = rate[parent[c]]
				sum += math.Abs(h.fromTree[c]) * fleetScale[c] / fleetScale[parent[c]]
			case parent[k] == c:
				h.toTree[k] = rate[k]
				sum += math.Abs(rate[k]) * fleetScale[c] / fleetScale[k]
			}
		}
		norm = math.Max(norm, sum)
	}
	h.short = 0.5 / norm
	h.factor(float64(0.5 * f.h))
}

// column is the change of all rates with state c, by a central difference.
func (f *Fleet) column(m, c int) (rate [fleetStates]float64) {
	const d = 0.05 // K or W; what is not linear bends over tens of K
	at := f.modes[m].at
	at[c] = f.modes[m].at[c] + d
	f.linear.up = *f.slope(m, f.linear.middle, &at)
	at[c] = f.modes[m].at[c] - d
	down := f.slope(m, f.linear.middle, &at)
	for r := range rate {
		rate[r] = (f.linear.up[fleetState[r]] - down[fleetState[r]]) / (2 * d)
	}
	return rate
}

// factor eliminates I − half·A from the leaves to the root.
func (h *heatMode) factor(half float64) {
	var pivot [fleetStates]float64
	for k := range pivot {
		pivot[k] = 1 - float64(half*h.own[k])
	}
	for k := fleetStates - 1; k > 0; k-- {
		h.step.in[k] = half * h.fromTree[k] / pivot[k]
		h.step.down[k] = half * h.toTree[k] / pivot[k]
		pivot[parent[k]] -= float64(h.step.in[k] * half * h.toTree[k])
	}
	for k := range pivot {
		h.step.of[k] = 2 / pivot[k]
	}
}

// weather sets b of every mode for the middle of the step that begins now.
func (f *Fleet) weather() {
	t := f.now() + float64(0.5*f.h)
	var ax [fleetStates]float64
	for m := range f.modes {
		h := &f.modes[m]
		dx := f.slope(m, t, &h.at)
		h.product(&h.at, &ax)
		for r := range ax {
			h.b[r] = dx[fleetState[r]] - ax[r]
			h.step.b[r] = 0.5 * f.h * h.b[r]
		}
	}
}

// product writes A·x to y.
func (h *heatMode) product(x, y *[fleetStates]float64) {
	y[0] = float64(h.own[0]*x[0]) + float64(h.fromTree[1]*x[1]) + float64(h.fromTree[3]*x[3]) + float64(h.fromTree[5]*x[5])
	y[1] = float64(h.own[1]*x[1]) + float64(h.toTree[1]*x[0]) + float64(h.fromTree[2]*x[2])
	y[2] = float64(h.own[2]*x[2]) + float64(h.toTree[2]*x[1])
	y[3] = float64(h.own[3]*x[3]) + float64(h.toTree[3]*x[0]) + float64(h.fromTree[4]*x[4])
	y[4] = float64(h.own[4]*x[4]) + float64(h.toTree[4]*x[3])
	y[5] = float64(h.own[5]*x[5]) + float64(h.toTree[5]*x[0]) + float64(h.fromTree[6]*x[6])
	y[6] = float64(h.own[6]*x[6]) + float64(h.toTree[6]*x[5])
}
