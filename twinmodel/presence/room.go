package presence

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/fluid"
	"twinrig/twinmodel/lumped"
	"twinrig/twinmodel/ode"
)

// Continuous states. Temperatures in °C, CO2 in ppm, the integrals in m³ of
// CO2, J and kg.
const (
	xAir = iota
	xMass
	xHumidity // kg/kg
	xCarbon
	xChamber
	xEnergy
	xCarbonIn
	xCarbonOut
	xHeatIn
	xHeatOut
	xWaterIn
	xWaterOut
	states
)

var stateNames = []string{"room temperature", "structure temperature", "room humidity", "CO2 concentration", "CO2 at the sensor",
	"energy used", "CO2 taken up", "CO2 given off", "heat taken up", "heat given off", "water taken up", "water given off"}

// Modes of the hybrid system.
const (
	modePresent = iota // one bit for each occupant who is there
	modeMotion         // the detector's output
	modeRate           // bits of the rate that the next movement was drawn with
	modeMovements
	modeDetections
	modeFalse
	modePeopleChance // two words
	_
	modeMotionChance // two words
	_
	modes
)

// Timers.
const (
	timerTick = iota
	timerMovement
	timerHold
	timers
)

// Room is an office with the people in it.
type Room struct{ *lumped.Plant }

// room is its physics.
type room struct {
	p            Params
	u            []float64 // inputs
	airMass      float64   // kg
	midnight     float64   // s from midnight UTC to the start
	look         [2]float64
	fieldCosine  float64
	initial      [3]float64
	peopleChance chance
	motionChance chance
}

// New makes a room at start, all of it at its initial temperature, with the
// people in it that the hour suggests. Stream gives the random stream of a name.
func New(start time.Time, p Params, stream func(name string) *rand.PCG) (*Room, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("make presence: %w", err)
	}
	hour, m, s := start.UTC().Clock()
	diagonal := math.Sqrt(float64(p.Length*p.Length) + float64(p.Width*p.Width))
	r := &room{
		p: p, u: make([]float64, inputs), airMass: airDensity * p.volume(),
		midnight:     float64(3600*hour+60*m+s) + float64(start.Nanosecond())/1e9,
		look:         [2]float64{p.Length / diagonal, p.Width / diagonal},
		fieldCosine:  detmath.Cos(p.Field / 360 * math.Pi),
		peopleChance: chance{at: modePeopleChance}, motionChance: chance{at: modeMotionChance},
	}
	for i := range r.u {
		r.u[i] = spec.Signals[i].Initial
	}
	x := make([]float64, states)
	x[xAir], x[xMass] = p.InitialTemperature, p.InitialTemperature
	x[xHumidity] = fluid.HumidityRatio(p.InitialTemperature, 0.4, fluid.AtmosphericPressure)
	x[xCarbon], x[xChamber] = p.InitialCarbon, p.InitialCarbon
	r.initial = r.stored(x)
	d := r.begin(stream)
	plant, err := lumped.New(lumped.Config{
		Spec: &spec, Start: start, Model: r, Inputs: r.u, States: stateNames, Check: wholeVisitors,
		ODE: ode.Config{Tolerance: tolerance(), State: x, Guards: []ode.Direction{ode.Rising}, Modes: d.Modes, Timers: d.Timers},
	})
	if err != nil {
		return nil, err
	}
	return &Room{plant}, nil
}

// begin draws who is there at the start.
func (r *room) begin(stream func(string) *rand.PCG) *ode.Discrete {
	d := &ode.Discrete{Modes: make([]int64, modes), Timers: []float64{timerTick: r.p.Tick, timerMovement: ode.Never, timerHold: ode.Never}}
	var buffer []byte
	d.Modes[modePeopleChance], d.Modes[modePeopleChance+1] = words(stream("people"), &buffer)
	d.Modes[modeMotionChance], d.Modes[modeMotionChance+1] = words(stream("motion"), &buffer)
	r.peopleChance.load(d.Modes)
	for i := range r.p.Occupants {
		if r.peopleChance.uniform() < r.presence(0) {
			d.Modes[modePresent] |= 1 << i
		}
	}
	r.peopleChance.save(d.Modes)
	return d
}

func wholeVisitors(input int, v float64) error {
	if input == inVisitors && v != math.Trunc(v) {
		return errors.New("people come whole")
	}
	return nil
}

func tolerance() ode.Tolerance {
	abs := make([]float64, states)
	for i := range abs {
		abs[i] = 1e-4
	}
	abs[xHumidity], abs[xCarbon], abs[xChamber] = 1e-7, 1e-3, 1e-3
	for i := xEnergy; i < states; i++ {
		abs[i] = math.Inf(1)
	}
	return ode.Tolerance{Rel: 1e-6, Abs: abs, MaxStep: 300, Affordable: 0.5}
}

// Guards implements ode.Hybrid: the rates of what the detector reacts to have
// changed since the next movement was drawn.
func (r *room) Guards(_ float64, _ []float64, d *ode.Discrete, g []float64) {
	g[0] = -1
	if int64(math.Float64bits(r.rates(d).sum())) != d.Modes[modeRate] {
		g[0] = 1
	}
}

// Fire implements ode.Hybrid.
func (r *room) Fire(e ode.Event, t float64, x []float64, d *ode.Discrete) {
	switch {
	case e.Timer == timerTick:
		r.comeAndGo(t, d)
	case e.Timer == timerMovement:
		r.happen(t, x, d)
	case e.Timer == timerHold:
		d.Modes[modeMotion] = 0
	default:
		r.await(t, d)
	}
}
