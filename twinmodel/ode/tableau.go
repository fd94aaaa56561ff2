package ode

import "math"

// The coefficients of Dormand and Prince (1980), and of the continuous
// extension of Hairer, Nørsett and Wanner, Solving ODE I, section II.6.
const (
	c2, c3, c4, c5 = 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9

	a21                     = 1.0 / 5
	a31, a32                = 3.0 / 40, 9.0 / 40
	a41, a42, a43           = 44.0 / 45, -56.0 / 15, 32.0 / 9
	a51, a52, a53, a54      = 19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729
	a61, a62, a63, a64, a65 = 9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656
	a71, a73, a74, a75, a76 = 35.0 / 384, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84

	e1, e3, e4 = 71.0 / 57600, -71.0 / 16695, 71.0 / 1920
	e5, e6, e7 = -17253.0 / 339200, 22.0 / 525, -1.0 / 40

	d1, d3, d4 = -12715105075.0 / 11282082432, 87487479700.0 / 32700410799, -10690763975.0 / 1880347072
	d5, d6, d7 = 701980252875.0 / 199316789632, -1453857185.0 / 822651844, 69997945.0 / 29380423
)

// The stages are written out because this is where the time goes: x0 plus h
// times a sum of the slopes so far, each product rounded for itself.

func (d *DoPri5) stage2(h float64) {
	w := d.work
	n := len(w)
	k1, x := d.k[0][:n], d.x0[:n]
	for i := range w {
		w[i] = x[i] + float64(h*float64(a21*k1[i]))
	}
}

func (d *DoPri5) stage3(h float64) {
	w := d.work
	n := len(w)
	k1, k2, x := d.k[0][:n], d.k[1][:n], d.x0[:n]
	for i := range w {
		w[i] = x[i] + float64(h*(float64(a31*k1[i])+float64(a32*k2[i])))
	}
}

func (d *DoPri5) stage4(h float64) {
	w := d.work
	n := len(w)
	k1, k2, k3, x := d.k[0][:n], d.k[1][:n], d.k[2][:n], d.x0[:n]
	for i := range w {
		w[i] = x[i] + float64(h*(float64(a41*k1[i])+float64(a42*k2[i])+float64(a43*k3[i])))
	}
}

func (d *DoPri5) stage5(h float64) {
	w := d.work
	n := len(w)
	k1, k2, k3, k4, x := d.k[0][:n], d.k[1][:n], d.k[2][:n], d.k[3][:n], d.x0[:n]
	for i := range w {
		w[i] = x[i] + float64(h*(float64(a51*k1[i])+float64(a52*k2[i])+
			float64(a53*k3[i])+float64(a54*k4[i])))
	}
}

func (d *DoPri5) stage6(h float64) {
	w := d.work
	n := len(w)
	k1, k2, k3, k4, k5, x := d.k[0][:n], d.k[1][:n], d.k[2][:n], d.k[3][:n], d.k[4][:n], d.x0[:n]
	for i := range w {
		w[i] = x[i] + float64(h*(float64(a61*k1[i])+float64(a62*k2[i])+
			float64(a63*k3[i])+float64(a64*k4[i])+float64(a65*k5[i])))
	}
}

// stage7 is the solution of order 5.
func (d *DoPri5) stage7(h float64) {
	w := d.x1
	n := len(w)
	k1, k3, k4, k5, k6, x := d.k[0][:n], d.k[2][:n], d.k[3][:n], d.k[4][:n], d.k[5][:n], d.x0[:n]
	for i := range w {
		w[i] = x[i] + float64(h*(float64(a71*k1[i])+float64(a73*k3[i])+
			float64(a74*k4[i])+float64(a75*k5[i])+float64(a76*k6[i])))
	}
}

// errorOf is the difference between the solutions of order 5 and 4 in state i.
func (d *DoPri5) errorOf(i int, h float64) float64 {
	k := &d.k
	return errorSum(h, k[0][i], k[2][i], k[3][i], k[4][i], k[5][i], k[6][i])
}

func errorSum(h, k1, k3, k4, k5, k6, k7 float64) float64 {
	return h * (float64(e1*k1) + float64(e3*k3) + float64(e4*k4) +
		float64(e5*k5) + float64(e6*k6) + float64(e7*k7))
}

// errorNorm is the weighted root mean square of errorOf over the controlled
// states.
func (d *DoPri5) errorNorm(h float64) float64 {
	abs := d.tol.Abs
	n := len(abs)
	x0, x1 := d.x0[:n], d.x1[:n]
	k1, k3, k4, k5, k6, k7 := d.k[0][:n], d.k[2][:n], d.k[3][:n], d.k[4][:n], d.k[5][:n], d.k[6][:n]
	sum := 0.0
	for i, a := range abs {
		w := a + float64(d.tol.Rel*max(math.Abs(x0[i]), math.Abs(x1[i])))
		e := errorSum(h, k1[i], k3[i], k4[i], k5[i], k6[i], k7[i]) / w
		sum += float64(e * e)
	}
	return math.Sqrt(sum / d.controlled)
}
