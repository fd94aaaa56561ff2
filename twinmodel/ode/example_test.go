package ode_test

import (
	"fmt"

	"twinrig/twinmodel/ode"
)

// heater is a room that loses heat and a heater with a thermostat: on below
// 19 °C, off above 21 °C.
type heater struct{}

func (heater) Derivatives(_ float64, x []float64, d *ode.Discrete, dx []float64) {
	dx[0] = (5 - x[0]) / 3600
	if d.Modes[0] == 1 {
		dx[0] = (30 - x[0]) / 3600
	}
}

func (heater) Guards(_ float64, x []float64, d *ode.Discrete, g []float64) {
	g[0], g[1] = ode.Disabled, ode.Disabled
	if d.Modes[0] == 0 {
		g[0] = x[0] - 19
	} else {
		g[1] = x[0] - 21
	}
}

func (heater) Fire(e ode.Event, t float64, x []float64, d *ode.Discrete) {
	fmt.Printf("%5.0f s: %.1f °C\n", t, x[0])
	d.Modes[0] = 1 - d.Modes[0]
}

func ExampleSimulator() {
	s, err := ode.NewSimulator(heater{}, ode.Config{
		Tolerance: ode.Tolerance{Rel: 1e-6, Abs: []float64{1e-6}},
		State:     []float64{20},
		Modes:     []int64{0},
		Guards:    []ode.Direction{ode.Falling, ode.Rising},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := s.Advance(2000); err != nil {
		fmt.Println(err)
	}
	// Output:
	//   248 s: 19.0 °C
	//   971 s: 21.0 °C
	//  1452 s: 19.0 °C
}
