package reactor_test

import (
	"fmt"
	"time"

	"twinrig/twinmodel/reactor"
)

// The batch of T2 Laboratories loses its cooling.
func Example() {
	p, err := reactor.T2.Params()
	if err != nil {
		fmt.Println(err)
		return
	}
	tank, err := reactor.New(time.Date(2007, 12, 19, 9, 53, 0, 0, time.UTC), p)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := tank.Set("coolingLoss", 1); err != nil {
		fmt.Println(err)
		return
	}
	for range 4 {
		if err := tank.Advance(tank.Time().Add(time.Hour)); err != nil {
			fmt.Println(err)
			return
		}
		temperature, _ := tank.Value("reactorTemperature")
		ruptured, _ := tank.Value("vessel")
		fmt.Printf("%s %.0f °C, ruptured %v\n", tank.Time().Format("15:04"), temperature, ruptured)
	}
	// Output:
	// 10:53 186 °C, ruptured 0
	// 11:53 211 °C, ruptured 0
	// 12:53 214 °C, ruptured 0
	// 13:53 266 °C, ruptured 1
}
