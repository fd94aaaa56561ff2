package pipenet_test

import (
	"fmt"
	"strings"
	"time"

	"twinrig/twinmodel/pipenet"
)

func Example() {
	network, err := pipenet.Read(strings.NewReader(`
[JUNCTIONS]
tap   10  5
[RESERVOIRS]
lake  60
[PIPES]
main  lake  tap  1000  100  120
[OPTIONS]
Units LPS
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	plant, err := pipenet.New(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), network, pipenet.FileParams(network))
	if err != nil {
		fmt.Println(err)
		return
	}
	show := func(when string) {
		flow, _ := plant.Value("mainFlow")
		pressure, _ := plant.Value("mainPressure")
		temperature, _ := plant.Value("mainTemperature")
		fmt.Printf("%s: %.2f L/s, %.2f bar, %.0f °C\n", when, flow, pressure, temperature)
	}
	show("at first")
	for _, change := range []struct {
		what, input string
		value       float64
	}{{"the lake is cold", "lakeSupplyTemperature", 4}, {"the main bursts", "mainLeak", 1}} {
		if err := plant.Set(change.input, change.value); err != nil {
			fmt.Println(err)
			return
		}
		if err := plant.Advance(plant.Time().Add(time.Hour)); err != nil {
			fmt.Println(err)
			return
		}
		show(change.what)
	}
	// Output:
	// at first: 5.00 L/s, 4.30 bar, 15 °C
	// the lake is cold: 5.00 L/s, 4.30 bar, 4 °C
	// the main bursts: 9.55 L/s, 2.91 bar, 4 °C
}
