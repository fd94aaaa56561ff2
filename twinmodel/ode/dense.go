package ode

// At writes the solution at t, which must lie in [T0, T], to x. Between the
// ends it is the method's continuous extension; being a combination of the same
// slopes for every state, it keeps linear invariants as exactly as the steps do.
func (d *DoPri5) At(t float64, x []float64) {
	switch {
	case t >= d.t1:
		copy(x, d.x1)
		return
	case t <= d.t0:
		copy(x, d.x0)
		return
	}
	if !d.hasDense {
		d.extend()
	}
	th := (t - d.t0) / d.span
	r := 1 - th
	r2, r3, r4, r5 := d.dense[0], d.dense[1], d.dense[2], d.dense[3]
	for i := range x {
		p := r4[i] + float64(r*r5[i])
		p = r3[i] + float64(th*p)
		p = r2[i] + float64(r*p)
		x[i] = d.x0[i] + float64(th*p)
	}
}

// extend computes the coefficients of the continuous extension.
func (d *DoPri5) extend() {
	d.span = d.t1 - d.t0
	h, k := d.span, &d.k
	for i := range d.x0 {
		diff := d.x1[i] - d.x0[i]
		bend := float64(h*k[0][i]) - diff
		d.dense[0][i] = diff
		d.dense[1][i] = bend
		d.dense[2][i] = diff - float64(h*k[6][i]) - bend
		d.dense[3][i] = h * (float64(d1*k[0][i]) + float64(d3*k[2][i]) + float64(d4*k[3][i]) +
			float64(d5*k[4][i]) + float64(d6*k[5][i]) + float64(d7*k[6][i]))
	}
	d.hasDense = true
}
