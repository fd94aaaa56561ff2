package esp_test

import (
	"fmt"
	"time"

	"twinrig/twinmodel/esp"
)

// A drive at 60 Hz pumps the well off; at 45 Hz the level recovers.
func Example() {
	well, err := esp.New(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), esp.DefaultParams())
	if err != nil {
		fmt.Println(err)
		return
	}
	run := func(frequency float64, d time.Duration) {
		if err := well.Set("driveFrequency", frequency); err != nil {
			fmt.Println(err)
			return
		}
		if err := well.Advance(well.Time().Add(d)); err != nil {
			fmt.Println(err)
			return
		}
		level, _ := well.Value("fluidLevel")
		flow, _ := well.Value("flowRate")
		state, _ := well.Value("pumpState")
		pump, _ := well.Spec().Signal("pumpState")
		fmt.Printf("%s: level %.0f m, flow %.0f m³/d, %s\n", well.Time().Format("15:04"), level, flow, pump.States[int(state)])
	}
	if err := well.Set("running", 1); err != nil {
		fmt.Println(err)
		return
	}
	run(60, 4*time.Hour)
	run(60, time.Hour)
	run(45, 12*time.Hour)
	// Output:
	// 04:00: level 142 m, flow 204 m³/d, running
	// 05:00: level 300 m, flow 0 m³/d, gas locked
	// 17:00: level 638 m, flow 134 m³/d, running
}
