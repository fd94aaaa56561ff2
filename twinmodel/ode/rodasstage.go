package ode

import "math"

// Coefficients of RODAS: Hairer and Wanner, Solving Ordinary Differential
// Equations II, section IV.7 and IV.10, in the transformed form without
// products of the Jacobian and a vector.
const rodasGamma = 0.25

var (
	rodasC = [rodasStages]float64{0, 0.386, 0.21, 0.63, 1, 1}           // instants
	rodasT = [rodasStages]float64{0.25, -0.1043, 0.1035, -0.0362, 0, 0} // factors of f_t

	// Arguments of the stages. The last row adds stage 5 to the row before.
	rodasA = [rodasStages][rodasStages - 1]float64{
		{},
		{1.544},
		{0.9466785280815826, 0.2557011698983284},
		{3.314825187068521, 2.896124015972201, 0.9986419139977817},
		{1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
		{1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1},
	}
	// Right-hand sides, over the step.
	rodasR = [rodasStages][rodasStages - 1]float64{
		{},
		{-5.6688},
		{-2.430093356833875, -0.2063599157091915},
		{-0.1073529058151375, -9.594562251023355, -20.47028614809616},
		{7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
		{8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054},
	}
	// Continuous extension.
	rodasD = [2][rodasStages - 1]float64{
		{10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662},
		{-0.6762803392806898, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872},
	}
)

// try computes a step of length h from x0 into x1 and returns the norm of its
// error estimate, which is the last stage.
func (r *Rodas4) try(f System, h float64) float64 {
	if !r.matrix.factor(r.jac, 1/(h*rodasGamma)) {
		return math.NaN()
	}
	for s := range rodasStages {
		k := r.k[s]
		if s == 0 {
			copy(k, r.f0)
		} else {
			copy(r.x1, r.x0)
			for j := range s {
				axpy(rodasA[s][j], r.k[j], r.x1)
			}
			r.eval(f, r.t0+float64(rodasC[s]*h), r.x1, k)
			for j := range s {
				axpy(rodasR[s][j]/h, r.k[j], k)
			}
		}
		axpy(h*rodasT[s], r.ft, k)
		r.matrix.solve(k)
	}
	axpy(1, r.k[rodasStages-1], r.x1)
	return r.norm(r.k[rodasStages-1], r.x0, r.x1)
}

// extend computes the coefficients of the continuous extension.
func (r *Rodas4) extend() {
	for m, d := range r.dense {
		clear(d)
		for j, c := range rodasD[m] {
			axpy(c, r.k[j], d)
		}
	}
}

// axpy adds a·x to y.
func axpy(a float64, x, y []float64) {
	for i, v := range x {
		y[i] += float64(a * v)
	}
}

// linearise evaluates the system at the start of a step, its Jacobian and its
// partial derivative by time, and guesses a step length where there is none yet.
func (r *Rodas4) linearise(f System, limit float64) error {
	r.eval(f, r.t0, r.x0, r.f0)
	for i, v := range r.f0 {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &Error{T: r.t0, State: i, Cause: ErrNotFinite}
		}
	}
	const unit = 1e-16
	dt := math.Min(math.Sqrt(unit*math.Max(1e-5, math.Abs(r.t0))), limit-r.t0)
	r.eval(f, r.t0+dt, r.x0, r.ft)
	for i, v := range r.f0 {
		r.ft[i] = (r.ft[i] - v) / dt
	}
	if d, ok := f.(Differentiable); !ok || !d.Jacobian(r.t0, r.x0, r.jac) {
		r.differences(f)
	}
	if r.h == 0 {
		r.h = 1e-6
		if d0, d1 := r.norm(r.x0, r.x0, r.x0), r.norm(r.f0, r.x0, r.x0); d0 > 1e-5 && d1 > 1e-5 {
			r.h = 0.01 * (d0 / d1)
		}
	}
	r.h = math.Min(r.h, r.tol.MaxStep)
	return nil
}

// differences computes the Jacobian by forward differences.
func (r *Rodas4) differences(f System) {
	const unit = 1e-16
	w := r.k[0]
	copy(r.work, r.x0)
	for j, x := range r.x0 {
		r.work[j] = x + math.Sqrt(unit*math.Max(1e-5, math.Abs(x)))
		r.eval(f, r.t0, r.work, w)
		// What was added is not quite what was meant to be.
		delta := r.work[j] - x
		for i, v := range r.f0 {
			r.jac[i*r.n+j] = (w[i] - v) / delta
		}
		r.work[j] = x
	}
}
