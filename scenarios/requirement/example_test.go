package requirement_test

import (
	"fmt"
	"time"

	"twinrig/scenarios/requirement"
)

func ExampleAlways() {
	start := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	var cargo requirement.Series
	for i, celsius := range []float64{-20, -18, -14, -19} {
		cargo.Add(start.Add(time.Duration(i)*time.Hour), celsius)
	}
	r := requirement.Always(cargo, requirement.Below(-15), start, start.Add(3*time.Hour))
	fmt.Printf("margin %g °C at %s\n", r.Margin, r.Worst.Format("15:04"))
	// Output: margin -1 °C at 08:00
}
