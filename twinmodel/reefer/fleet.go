package reefer

import (
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
)

// Fleet is many trucks of one design in one weather, for load and not for
// detail: the heat balance of Reefer in dry air, with a thermostat, its minimum
// times, a door and a set-point for each truck. It moves in fixed steps by the
// trapezoidal rule, on the heat balance linearised every ten minutes around the
// trucks' mean state; what a thermostat does inside a step is located there, by
// a series.
//
// What Reefer has and a fleet does not: moisture, frost and defrosts, the
// journey and the engine, faults. The more the trucks differ from each other,
// the more a truck differs from a Reefer: hundredths of a kelvin when they are
// alike, tenths when some carry frozen and some chilled goods.
//
// State is a structure of arrays, 95 bytes a truck, and a step allocates nothing.
type Fleet struct {
	start time.Time
	step  time.Duration
	ticks int64   // steps taken
	h     float64 // step in s
	r     *reefer // the weather's inputs, and the heat balance to linearise

	x    [fleetStates][]float64
	gate []gate
	mode []uint8 // of the heat balance: which of modes
	unit []uint8 // unitOff, unitNull, unitStart or unitCool
	busy []int32 // trucks to which something happens in the present step

	modes  [heatModes]heatMode
	linear linearisation
}

// gate is what ends a truck's quiet.
type gate struct {
	low, high float64 // the thermostat acts when the return air is below or above; infinite for never
	until     float64 // s after the start at which a timer runs out; +Inf for none
	target    float64 // set-point
}

// The heat balance has these states of Reefer's.
const fleetStates = 7

var fleetState = [fleetStates]int{xAir, xLiner, xSkin, xCargo, xCore, xCoil, xCapacity}

// Modes of the heat balance: what the unit does, and the same with the door open.
const (
	heatRest = iota
	heatStart
	heatCool
	_
	heatOpen  // added for an open door
	heatModes = 2 * heatOpen
)

// NewFleet makes n trucks at start, each as New makes one, which move by step.
func NewFleet(start time.Time, p Params, n int, step time.Duration) (*Fleet, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("make reefer fleet: %w", err)
	}
	if n < 1 || step < 10*time.Millisecond || step > time.Minute {
		return nil, fmt.Errorf("make reefer fleet: %d trucks moving by %v; want one at least and 10ms to 1m", n, step)
	}
	r := newPhysics(start, p)
	r.u[inAmbientHumidity] = 0
	f := &Fleet{start: start.Round(0), step: step, h: step.Seconds(), r: r}
	x := r.initialState()
	for k := range f.x {
		f.x[k] = fill(n, x[fleetState[k]])
	}
	f.gate, f.mode, f.unit, f.busy = make([]gate, n), make([]uint8, n), make([]uint8, n), make([]int32, n)
	for i := range n {
		f.gate[i].target = spec.Signals[inSetpoint].Initial
		f.become(i, unitNull, math.Inf(1))
	}
	return f, nil
}

func fill(n int, v float64) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = v
	}
	return s
}

// Len is the number of trucks.
func (f *Fleet) Len() int { return len(f.unit) }

// Time is the instant the fleet has reached.
func (f *Fleet) Time() time.Time { return f.start.Add(time.Duration(f.ticks) * f.step) }

// SetWeather changes what surrounds all trucks from now on: ambientMean,
// ambientAmplitude, solarPeak or windSpeed, as those inputs of Reefer.
func (f *Fleet) SetWeather(input string, value float64) error {
	i, err := f.input(input, value)
	switch {
	case err != nil:
	case i == inAmbientMean || i == inAmbientAmplitude || i == inSolarPeak || i == inWind:
		f.r.u[i] = value
		f.linear.due = 0
		return nil
	default:
		err = fmt.Errorf("%s is not the weather", input)
	}
	return fmt.Errorf("set reefer fleet at %s: %w", f.stamp(), err)
}

// Set changes an input of one truck from now on: setpoint, unitOn, doorOpen, as
// those of Reefer.
func (f *Fleet) Set(truck int, input string, value float64) error {
	i, err := f.input(input, value)
	switch {
	case err != nil:
	case truck < 0 || truck >= f.Len():
		err = fmt.Errorf("there are %d", f.Len())
	case i == inSetpoint:
		f.gate[truck].target = value
		f.arm(truck)
		return nil
	case i == inDoor:
		f.mode[truck] = f.mode[truck]%heatOpen + uint8(value)*heatOpen
		return nil
	case i == inUnitOn:
		f.switchUnit(truck, value == 1)
		return nil
	default:
		err = fmt.Errorf("%s cannot be set for one truck of a fleet", input)
	}
	return fmt.Errorf("set reefer fleet at %s: truck %d: %w", f.stamp(), truck, err)
}

// input finds an input and checks a value for it, as Reefer does.
func (f *Fleet) input(name string, v float64) (int, error) {
	for i, s := range spec.Signals[:inputs] {
		if s.Name != name {
			continue
		}
		if !(v >= s.Min && v <= s.Max) {
			return 0, fmt.Errorf("%s: %g %s is outside %g to %g", name, v, s.Unit, s.Min, s.Max)
		}
		if s.Quantity == twinmodel.State && v != math.Trunc(v) {
			return 0, fmt.Errorf("%s: %g is not one of %q", name, v, s.States)
		}
		return i, nil
	}
	return 0, fmt.Errorf("it has no input %q", name)
}

// Value is the true present value of a signal of one truck: temperatures, the
// unit's mode, cooling power and the inputs of Set.
func (f *Fleet) Value(truck int, signal string) (float64, error) {
	if truck < 0 || truck >= f.Len() {
		return 0, fmt.Errorf("read reefer fleet: truck %d: there are %d", truck, f.Len())
	}
	switch signal {
	case "setpoint":
		return f.gate[truck].target, nil
	case "doorOpen":
		return float64(f.mode[truck] / heatOpen), nil
	case "unitMode":
		return float64(f.unit[truck]), nil
	case "coolingPower":
		return math.Max(0, f.x[fleetStates-1][truck]) / 1e3, nil
	}
	for k, name := range [...]string{"returnAirTemperature", "wallTemperature", "skinTemperature", "cargoTemperature", "cargoCoreTemperature", "coilTemperature"} {
		if signal == name {
			return f.x[k][truck], nil
		}
	}
	return 0, fmt.Errorf("read reefer fleet: it has no signal %q", signal)
}

func (f *Fleet) stamp() string { return f.Time().UTC().Format(time.RFC3339Nano) }
