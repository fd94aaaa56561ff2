package reefer

import (
	"math"
	"testing"
	"time"

	"twinrig/twinmodel/route"
)

// TestJourney: law: the distance driven is the integral of the speed shown, also
// across a stop on the way (physics.md 4.2.4: 0.1 %; here 1e-9), and the position
// is the route's at that distance.
func TestJourney(t *testing.T) {
	p := DefaultParams()
	r := newTruck(t, p)
	if d, v := value(t, r, "distance"), value(t, r, "speed"); d != 0 || v != 0 {
		t.Fatalf("a parked truck has driven %g km and does %g km/h", d, v)
	}
	set(t, r, map[string]float64{"journey": 1})
	sum := 0.0
	for minute := range 300 {
		if minute == 60 {
			set(t, r, map[string]float64{"journey": 0})
		}
		if minute == 80 {
			set(t, r, map[string]float64{"journey": 1})
		}
		advance(t, r, time.Minute)
		sum += value(t, r, "speed") / 60 // speeds change on whole minutes only
	}
	got := value(t, r, "distance")
	if want := p.Journey.Length() / 1e3; math.Abs(got-want) > 1e-9*want {
		t.Errorf("after 5 h the truck has driven %.6f km, its route is %.6f km", got, want)
	}
	if math.Abs(sum-got) > 1 { // the arrival falls inside a minute
		t.Errorf("the speeds shown add up to %.3f km, the distance is %.3f km", sum, got)
	}
	end := p.Journey.At(1e9)
	at := route.Point{Latitude: value(t, r, "latitude"), Longitude: value(t, r, "longitude")}
	if route.Distance(at, end) > 0.01 {
		t.Errorf("the truck stands at %v, its route ends at %v", at, end)
	}
}

// TestSpeedCools: the wind of driving couples the skin to the air: in the morning
// sun it is less warm under way, and as cool as in a wind of that speed.
func TestSpeedCools(t *testing.T) {
	skin := func(input string, v float64) float64 {
		r := newTruck(t, DefaultParams())
		set(t, r, map[string]float64{"solarPeak": 1000})
		advance(t, r, 10*time.Hour)
		set(t, r, map[string]float64{input: v})
		advance(t, r, time.Hour) // of which 45 min at 80 km/h, if under way
		return value(t, r, "skinTemperature") - value(t, r, "ambientTemperature")
	}
	parked, driving, wind := skin("windSpeed", 0), skin("journey", 1), skin("windSpeed", 80)
	if parked < driving+1 || math.Abs(driving-wind) > 0.2 {
		t.Errorf("skin over ambient: %.2f K parked, %.2f K under way, %.2f K in a wind of 80 km/h", parked, driving, wind)
	}
}

// TestFuel: law: the engine burns shaft work over efficiency and heating value.
// The tank's loss over a day equals the integral of what the panel shows of it,
// to the error of the sum (1 %).
func TestFuel(t *testing.T) {
	p := DefaultParams()
	r := newTruck(t, p)
	before, hours := value(t, r, "fuelLevel"), value(t, r, "engineHours")
	work := 0.0
	for range 24 * 360 {
		advance(t, r, 10*time.Second)
		if mode := value(t, r, "unitMode"); mode == unitCool || mode == unitStart || mode == unitDefrost {
			work += 10 * (p.EngineIdle + 1e3*value(t, r, "compressorPower"))
		}
	}
	burnt := (before - value(t, r, "fuelLevel")) / 100 * p.FuelTank
	want := work / (p.EngineEfficiency * 35.8e6)
	if math.Abs(burnt-want) > 0.01*want {
		t.Errorf("%.3f L burnt, shaft work says %.3f L", burnt, want)
	}
	if ran := value(t, r, "engineHours") - hours; ran < 3 || ran > 20 {
		t.Errorf("the engine ran %.1f h of a summer's day", ran)
	}
}

// TestEmptyTank: an engine without fuel stops, and does not start again.
func TestEmptyTank(t *testing.T) {
	p := DefaultParams()
	p.FuelLevel = 0.001
	p.CargoTemperature = -5
	r := newTruck(t, p)
	advance(t, r, 3*time.Hour)
	if mode := value(t, r, "unitMode"); mode != unitOff {
		t.Fatalf("after the tank ran dry the unit is in mode %v", mode)
	}
	set(t, r, map[string]float64{"unitOn": 0})
	advance(t, r, time.Minute)
	set(t, r, map[string]float64{"unitOn": 1})
	advance(t, r, time.Hour)
	if mode, fuel := value(t, r, "unitMode"), value(t, r, "fuelLevel"); mode != unitOff || fuel != 0 {
		t.Errorf("switched on with %g %% of fuel the unit is in mode %v", fuel, mode)
	}
}
