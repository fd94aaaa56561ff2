package oilpump_test

import (
	"fmt"
	"time"

	"twinrig/twinmodel/oilpump"
)

// A unit that is too fast for its well: the level falls, and in the end the
// barrel does not fill.
func Example() {
	w, err := oilpump.New(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), oilpump.DefaultParams())
	if err != nil {
		fmt.Println(err)
		return
	}
	for input, v := range map[string]float64{"running": 1, "targetSpeed": 8} {
		if err := w.Set(input, v); err != nil {
			fmt.Println(err)
			return
		}
	}
	for range 3 {
		if err := w.Advance(w.Time().Add(3 * time.Hour)); err != nil {
			fmt.Println(err)
			return
		}
		level, _ := w.Value("fluidLevel")
		fillage, _ := w.Value("pumpFillage")
		fmt.Printf("%s: level %.0f m, fillage %.0f %%\n", w.Time().Format("15:04"), level, fillage)
	}
	surface, _, _ := w.Cards()
	fmt.Printf("a card of %d points\n", len(surface.Load))
	// Output:
	// 03:00: level 103 m, fillage 90 %
	// 06:00: level 2 m, fillage 58 %
	// 09:00: level 2 m, fillage 58 %
	// a card of 200 points
}

// A fleet steps many wells at once.
func ExampleFleet() {
	f, err := oilpump.NewFleet(oilpump.DefaultParams(), 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range f.Speed {
		f.Speed[i] = 4 + float64(i%5)
	}
	for range int(time.Hour / f.Tick()) {
		f.Step()
	}
	fmt.Printf("levels after an hour: %.0f m at 4 strokes per minute, %.0f m at 8\n", f.Level[0], f.Level[4])
	// Output: levels after an hour: 299 m at 4 strokes per minute, 226 m at 8
}
