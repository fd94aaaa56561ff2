package oilpump

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// phasor is a complex number whose products are rounded on every machine alike,
// which those of complex128 are not.
type phasor struct{ re, im float64 }

func (a phasor) plus(b phasor) phasor  { return phasor{a.re + b.re, a.im + b.im} }
func (a phasor) minus(b phasor) phasor { return phasor{a.re - b.re, a.im - b.im} }

func (a phasor) scale(s float64) phasor { return phasor{float64(a.re * s), float64(a.im * s)} }

func (a phasor) times(b phasor) phasor {
	return phasor{float64(a.re*b.re) - float64(a.im*b.im), float64(a.re*b.im) + float64(a.im*b.re)}
}

func (a phasor) over(b phasor) phasor {
	square := float64(b.re*b.re) + float64(b.im*b.im)
	return a.times(phasor{b.re, -b.im}).scale(1 / square)
}

// root is the one with a real part that is not negative.
func (a phasor) root() phasor {
	size := math.Sqrt(float64(a.re*a.re) + float64(a.im*a.im))
	return phasor{math.Sqrt(max(0, size+a.re) / 2), math.Copysign(math.Sqrt(max(0, size-a.re)/2), a.im)}
}

func (a phasor) sinCos() (sin, cos phasor) {
	s, c, up := detmath.Sin(a.re), detmath.Cos(a.re), detmath.Exp(a.im)
	sinh, cosh := (up-1/up)/2, (up+1/up)/2
	return phasor{float64(s * cosh), float64(c * sinh)}, phasor{float64(c * cosh), -float64(s * sinh)}
}
