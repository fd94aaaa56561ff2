package reefer_test

import (
	"fmt"
	"time"

	"twinrig/twinmodel/reefer"
)

// A lightly loaded truck loses its compressor on a hot day.
func Example() {
	p := reefer.DefaultParams()
	p.CargoMass = 4000
	truck, err := reefer.New(time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC), p)
	if err != nil {
		fmt.Println(err)
		return
	}
	for name, v := range map[string]float64{"ambientMean": 30, "compressorFailure": 1} {
		if err := truck.Set(name, v); err != nil {
			fmt.Println(err)
			return
		}
	}
	for range 3 {
		if err := truck.Advance(truck.Time().Add(2 * time.Hour)); err != nil {
			fmt.Println(err)
			return
		}
		air, _ := truck.Value("returnAirTemperature")
		cargo, _ := truck.Value("cargoTemperature")
		fmt.Printf("%s: air %.1f °C, cargo %.1f °C\n", truck.Time().Format("15:04"), air, cargo)
	}
	// Output:
	// 10:00: air -9.2 °C, cargo -15.8 °C
	// 12:00: air -3.6 °C, cargo -11.8 °C
	// 14:00: air -0.1 °C, cargo -8.8 °C
}
