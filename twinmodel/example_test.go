package twinmodel_test

import (
	"fmt"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/reefer"
)

// A truck's door stands open for five minutes; a sensor watches the cargo.
func Example() {
	start := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	truck, err := reefer.New(start, reefer.DefaultParams())
	if err != nil {
		fmt.Println(err)
		return
	}
	sensor, err := twinmodel.NewInstrument(
		twinmodel.InstrumentSpec{Gain: 1, Noise: 0.03, Resolution: 0.1, Min: -50, Max: 50},
		twinmodel.Stream(1, "truck-7", "cargoTemperature"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, open := range []float64{0, 1, 0} {
		if err := truck.Set("doorOpen", open); err != nil {
			fmt.Println(err)
			return
		}
		if err := truck.Advance(truck.Time().Add(5 * time.Minute)); err != nil {
			fmt.Println(err)
			return
		}
		air, _ := truck.Value("returnAirTemperature")
		cargo, _ := truck.Value("cargoTemperature")
		fmt.Printf("door %v: air %.1f °C, cargo reads %.1f °C\n", open, air, sensor.Read(truck.Time(), cargo))
	}
	// Output:
	// door 0: air -19.6 °C, cargo reads -20.0 °C
	// door 1: air 4.2 °C, cargo reads -18.4 °C
	// door 0: air -9.0 °C, cargo reads -17.6 °C
}
