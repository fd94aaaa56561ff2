package well

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"twinrig/twinmodel/validation"
)

// TestVogel: law: Vogel's inflow curve. Reference: 0.7 of the maximum at half
// the reservoir's pressure. Tolerance: 0.2 %.
func TestVogel(t *testing.T) {
	validation.Row{ID: "SRP-7", What: "inflow at half the reservoir's pressure, of the maximum", Source: "Vogel 1968",
		Reference: 0.7, Ours: Vogel(0.5), Unit: "1", Relative: 2e-3}.Check(t)
	if Vogel(0) != 1 || Vogel(1) != 0 {
		t.Errorf("inflow is %g at no pressure and %g at the reservoir's", Vogel(0), Vogel(1))
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-0.1, 2).Draw(t, "x")
		y := rapid.Float64Range(x, 2.1).Draw(t, "y")
		if Vogel(y) > Vogel(x) {
			t.Fatalf("inflow rises with the pressure: %g at %g, %g at %g", Vogel(x), x, Vogel(y), y)
		}
	})
}

func sample() Well {
	return Well{ReservoirPressure: 110e5, MaxInflow: 3e-4, CasingPressure: 5e5, LiquidDensity: 860, CasingInner: 0.159,
		TubingOuter: 0.073, FluidTemperature: 65, GasOilRatio: 20, GasSeparation: 0.8, EntrainedBelow: 2}
}

// TestGasFraction: law: no free gas at the bubble point, nothing but gas without
// liquid, and always less gas under a higher pressure.
func TestGasFraction(t *testing.T) {
	w := sample()
	if g := w.GasFraction(w.ReservoirPressure, 1000, 1); g != 0 {
		t.Errorf("at the bubble point the gas fraction is %g", g)
	}
	if g := w.GasFraction(50e5, 0, 0); g != 1 {
		t.Errorf("without liquid the gas fraction is %g", g)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.Float64Range(1e5, 110e5).Draw(t, "pressure")
		h := rapid.Float64Range(0, 1000).Draw(t, "level")
		low, high := w.GasFraction(p*1.01, h, 0), w.GasFraction(p, h, 0.5)
		if !(low >= 0 && low <= high && high <= 1) {
			t.Fatalf("gas fraction %g at the higher pressure, %g at the lower with more gas", low, high)
		}
	})
}

// The level at which the well stands still is where Vogel's inflow ends.
func ExampleWell() {
	w := sample()
	h := w.StaticLevel()
	fmt.Printf("%.0f m, inflow %.0f m³/d\n", h, math.Abs(math.Round(w.Inflow(w.IntakePressure(h))*86400)))
	fmt.Printf("%.1f m³/d at 500 m\n", w.Inflow(w.IntakePressure(500))*86400)
	// Output:
	// 1245 m, inflow 0 m³/d
	// 19.9 m³/d at 500 m
}
