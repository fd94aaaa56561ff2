package presence_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/presence"
)

// Four people meet behind a closed window with the fan off.
func Example() {
	p := presence.DefaultParams()
	p.Occupants = 0
	office, err := presence.New(time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC), p,
		func(name string) *rand.PCG { return twinmodel.Stream(1, "office-4", name) })
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, visitors := range []float64{4, 4, 0} {
		if err := office.Set("visitors", visitors); err != nil {
			fmt.Println(err)
			return
		}
		if err := office.Advance(office.Time().Add(time.Hour)); err != nil {
			fmt.Println(err)
			return
		}
		co2, _ := office.Value("co2")
		motion, _ := office.Value("motion")
		fmt.Printf("%s: CO2 %.0f ppm, motion %g\n", office.Time().Format("15:04"), co2, motion)
	}
	// Output:
	// 10:00: CO2 1333 ppm, motion 1
	// 11:00: CO2 1995 ppm, motion 1
	// 12:00: CO2 1587 ppm, motion 0
}
