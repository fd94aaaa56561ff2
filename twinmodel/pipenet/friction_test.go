package pipenet

import (
	"fmt"
	"math"
	"testing"

	"twinrig/twinmodel/validation"
)

// colebrook solves Colebrook and White's equation (1939) to rounding.
func colebrook(re, relative float64) float64 {
	x := 7.0 // 1/√f
	for range 100 {
		x = -2 * math.Log10(relative/3.7+2.51*x/re)
	}
	return 1 / (x * x)
}

// Swamee and Jain (1976) give their formula as within 1 % of Colebrook–White for
// Re from 5e3 to 1e8 and relative roughness from 1e-6 to 1e-2. Over the whole
// rectangle it is within 2.9 %, the most at its smooth slow corner and its rough
// slow one; where pipes work, from Re 2e4 and 1e-5 on, within 1.5 %.
func TestFrictionAgainstColebrook(t *testing.T) {
	worst, usual := 0.0, 0.0
	for re := 5e3; re <= 1e8; re *= 1.3 {
		for rough := 1e-6; rough <= 1e-2; rough *= 1.3 {
			f, _ := frictionFactor(re, rough)
			want := colebrook(re, rough)
			off := math.Abs(f-want) / want
			worst = math.Max(worst, off)
			if re >= 2e4 && rough >= 1e-5 {
				usual = math.Max(usual, off)
			}
		}
	}
	t.Logf("worst %.3f %%, where pipes work %.3f %%", 100*worst, 100*usual)
	if worst > 0.029 || usual > 0.015 {
		t.Errorf("friction is off Colebrook–White by up to %.3g %%, where pipes work %.3g %%", 100*worst, 100*usual)
	}
}

func TestFrictionRows(t *testing.T) {
	for _, c := range []struct{ re, rough float64 }{{2e4, 1e-3}, {1e5, 2e-4}, {1e6, 1e-4}} {
		f, _ := frictionFactor(c.re, c.rough)
		validation.Row{ID: "NET-1", What: fmt.Sprintf("friction factor at Re = %g, roughness %g", c.re, c.rough), Source: "Colebrook and White (1939)",
			Reference: colebrook(c.re, c.rough), Ours: f, Unit: "1", Relative: 0.015}.Check(t)
	}
}

// Smooth pipes after Prandtl, as White's Fluid Mechanics tabulates them (recalled),
// and laminar flow after Hagen and Poiseuille.
func TestFrictionOfSmoothPipes(t *testing.T) {
	for _, c := range []struct{ re, f float64 }{{1e4, 0.0309}, {1e5, 0.0180}, {1e6, 0.0116}, {1e7, 0.0081}} {
		if f, _ := frictionFactor(c.re, 0); math.Abs(f-c.f) > 0.01*c.f {
			t.Errorf("f = %.5f at Re = %g, published is %g", f, c.re, c.f)
		}
	}
	for _, re := range []float64{1, 100, 1999} {
		if f, _ := frictionFactor(re, 0.001); f != 64/re {
			t.Errorf("f = %g at Re = %g, want 64/Re", f, re)
		}
	}
}

// Between laminar and turbulent flow friction has neither jump nor kink, and the
// slope the solver uses is that of the law.
func TestFrictionIsSmooth(t *testing.T) {
	for _, rough := range []float64{0, 1e-5, 1e-3, 2e-2} {
		for _, re := range []float64{500, laminarLimit, 2300, 3000, 3900, turbulent, 1e4, 1e6} {
			const d = 1e-6
			below, slopeBelow := frictionFactor(re*(1-d), rough)
			above, slopeAbove := frictionFactor(re*(1+d), rough)
			f, slope := frictionFactor(re, rough)
			if math.Abs(above-below) > 10*d*math.Max(f, math.Abs(slope)) {
				t.Errorf("jump at Re %g, roughness %g: %g to %g", re, rough, below, above)
			}
			if numeric := (above - below) / (2 * d); math.Abs(numeric-slope) > 1e-4*f+1e-3*math.Abs(slope) {
				t.Errorf("slope at Re %g, roughness %g: %g, by differences %g", re, rough, slope, numeric)
			}
			if math.Abs(slopeAbove-slopeBelow) > 1e-3*f {
				t.Errorf("kink at Re %g, roughness %g: slope %g to %g", re, rough, slopeBelow, slopeAbove)
			}
		}
	}
}

// Hagen–Poiseuille in a pipe: Δp = 128 µLQ/(πD⁴).
func TestLaminarPipe(t *testing.T) {
	l := Link{Length: 100, Diameter: 0.05, Roughness: 1e-4}
	const q, viscosity = 2e-4, 1e-4
	h, slope := darcyWeisbach(&l, viscosity, q)
	want := 128 * viscosity * l.Length * q / (math.Pi * math.Pow(l.Diameter, 4) * gravity)
	if math.Abs(h-want) > 1e-12*want || math.Abs(slope*q-h) > 1e-12*h {
		t.Errorf("loss %g m, slope %g, want %g", h, slope, want)
	}
}
