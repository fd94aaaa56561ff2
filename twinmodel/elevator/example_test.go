package elevator_test

import (
	"fmt"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/elevator"
)

// A car is called to the fifth floor; an accelerometer lies on its floor.
func Example() {
	start := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	params := elevator.DefaultParams()
	params.PassengerRate = 0
	lift, err := elevator.New(start, params, twinmodel.Stream(1, "lift-1", "passengers"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := lift.Set("calledFloor", 5); err != nil {
		fmt.Println(err)
		return
	}
	for range 4 {
		if err := lift.Advance(lift.Time().Add(2500 * time.Millisecond)); err != nil {
			fmt.Println(err)
			return
		}
		position, _ := lift.Value("carPosition")
		speed, _ := lift.Value("carSpeed")
		accel, _ := lift.Value("accelZ")
		fmt.Printf("%.2f m, %4.2f m/s, %.2f g\n", position, speed, accel)
	}
	// Output:
	// 2.20 m, 2.08 m/s, 1.10 g
	// 8.33 m, 2.50 m/s, 1.00 g
	// 13.45 m, 1.02 m/s, 0.90 g
	// 14.00 m, 0.00 m/s, 1.00 g
}
