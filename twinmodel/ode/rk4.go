package ode

// RK4 is the classical Runge-Kutta method of order 4 with a fixed step, for
// where a step must cost the same every time: four evaluations, and one more
// after a Start. It estimates no error; that the step suits the model is up to
// the caller, and a step beyond the stability limit ends in ErrNotFinite.
//
// Inside a step At is the cubic Hermite interpolant, so a Simulator locates an
// event to order 4 without evaluating the derivatives again and takes its next
// step from there: at most 60 looks at the guards and one step more per event.
type RK4 struct {
	step   float64
	t0, t1 float64
	x0, x1 []float64
	f0, f1 []float64 // derivatives at both ends
	known  bool      // f1 is
	k      [3][]float64
	work   []float64

	Steps, Evaluations int // since NewRK4, for those who measure
}

// NewRK4 makes a solver for systems of n states with the given step.
func NewRK4(n int, step float64) (*RK4, error) {
	if err := checkFixed(n, step); err != nil {
		return nil, err
	}
	r := &RK4{step: step}
	slab := make([]float64, 8*n)
	for _, v := range [...]*[]float64{&r.x0, &r.x1, &r.f0, &r.f1, &r.k[0], &r.k[1], &r.k[2], &r.work} {
		*v = slab[:n:n]
		slab = slab[n:]
	}
	return r, nil
}

// Start sets a new initial value: at the beginning, after an event or when an
// input jumped.
func (r *RK4) Start(t float64, x []float64) {
	r.t0, r.t1 = t, t
	copy(r.x0, x)
	copy(r.x1, x)
	r.known = false
}

// T0 is the start of the last step and T its end.
func (r *RK4) T0() float64 { return r.t0 }

// T is the instant the solution has reached.
func (r *RK4) T() float64 { return r.t1 }

// Step takes one step, to limit at most, and never evaluates the system beyond
// it. After an error the solution is where it was before the call.
func (r *RK4) Step(f System, limit float64) error {
	if limit <= r.t1 {
		return nil
	}
	h, end := fixedStep(r.t1, r.step, limit)
	r.x0, r.x1 = r.x1, r.x0
	r.f0, r.f1 = r.f1, r.f0
	r.t0 = r.t1
	if !r.known {
		r.eval(f, r.t0, r.x0, r.f0)
	}
	r.try(f, h, end)
	for i, v := range r.f1 {
		if notFinite(v) || notFinite(r.x1[i]) {
			copy(r.x1, r.x0)
			r.known = false
			return &Error{T: r.t0, State: i, Cause: ErrNotFinite}
		}
	}
	r.t1, r.known = end, true
	r.Steps++
	return nil
}

// try computes a step of length h from x0 into x1, and the derivatives there.
func (r *RK4) try(f System, h float64, end float64) {
	half := float64(0.5 * h)
	middle := r.t0 + half
	r.stage(half, r.f0)
	r.eval(f, middle, r.work, r.k[0])
	r.stage(half, r.k[0])
	r.eval(f, middle, r.work, r.k[1])
	r.stage(h, r.k[1])
	r.eval(f, end, r.work, r.k[2])
	for i := range r.x1 {
		r.x1[i] = r.x0[i] + float64(h/6*(r.f0[i]+float64(2*(r.k[0][i]+r.k[1][i]))+r.k[2][i]))
	}
	r.eval(f, end, r.x1, r.f1)
}

func (r *RK4) stage(h float64, k []float64) {
	for i := range r.work {
		r.work[i] = r.x0[i] + float64(h*k[i])
	}
}

func (r *RK4) eval(f System, t float64, x, dx []float64) {
	r.Evaluations++
	f.Derivatives(t, x, dx)
}

// At writes the solution at t, which must lie in [T0, T], to x.
func (r *RK4) At(t float64, x []float64) {
	switch {
	case t >= r.t1:
		copy(x, r.x1)
		return
	case t <= r.t0:
		copy(x, r.x0)
		return
	}
	h := r.t1 - r.t0
	th := (t - r.t0) / h
	u := 1 - th
	for i := range x {
		d := r.x1[i] - r.x0[i]
		bend := float64(u*(float64(h*r.f0[i])-d)) + float64(th*(d-float64(h*r.f1[i])))
		x[i] = r.x0[i] + float64(th*(d+float64(u*bend)))
	}
}

func (r *RK4) counts() (steps, evaluations int) { return r.Steps, r.Evaluations }

func (r *RK4) size() (floats, ints int) { return 2 + 4*len(r.x0), 1 }

func (r *RK4) save(floats []float64, ints []int64) ([]float64, []int64) {
	floats = append(floats, r.t0, r.t1)
	for _, v := range [...][]float64{r.x0, r.x1, r.f0, r.f1} {
		floats = append(floats, v...)
	}
	return floats, append(ints, flag(r.known))
}

func (r *RK4) load(floats []float64, ints []int64) {
	r.t0, r.t1 = floats[0], floats[1]
	floats = floats[2:]
	for _, v := range [...][]float64{r.x0, r.x1, r.f0, r.f1} {
		floats = floats[copy(v, floats):]
	}
	r.known = ints[0] != 0
}
