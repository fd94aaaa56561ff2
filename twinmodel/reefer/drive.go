package reefer

import (
	"math"

	"twinrig/twinmodel/ode"
	"twinrig/twinmodel/route"
)

// dieselHeat is the lower heating value of diesel, J/L (EN 590: 42.6 MJ/kg at
// 0.84 kg/L).
const dieselHeat = 35.8e6

// defaultJourney is from a cold store in Leipzig to one in Berlin: through town,
// along the A 9 with the rest that regulation (EC) 561/2006 asks for after 4.5
// hours never falling due, and into town again.
var defaultJourney = func() *route.Journey {
	r, err := route.New([]route.Point{
		{Latitude: 51.3800, Longitude: 12.4300}, {Latitude: 51.4210, Longitude: 12.2960}, {Latitude: 51.6440, Longitude: 12.2180},
		{Latitude: 51.8560, Longitude: 12.3400}, {Latitude: 52.0250, Longitude: 12.5480}, {Latitude: 52.1660, Longitude: 12.8220},
		{Latitude: 52.3150, Longitude: 13.0240}, {Latitude: 52.4150, Longitude: 13.2150}, {Latitude: 52.5370, Longitude: 13.3360},
	})
	if err != nil {
		panic(err) // a constant route; the tests make it
	}
	const kmh = 1 / 3.6
	j, err := route.NewJourney(r, []route.Leg{
		{Duration: 900, Speed: 40 * kmh}, {Duration: 5400, Speed: 80 * kmh}, {Duration: 900, Speed: 0}, {Duration: 7200, Speed: 45 * kmh},
	})
	if err != nil {
		panic(err)
	}
	return j
}()

// speed of the truck in m/s.
func (r *reefer) speed(d *ode.Discrete) float64 {
	s, ok := r.p.Journey.Segment(int(d.Modes[modeSegment]))
	if !ok || r.u[inJourney] < 0.5 {
		return 0
	}
	return s.Speed
}

// engineRuns says whether the refrigeration unit's engine does.
func engineRuns(unit int64) bool { return unit == unitStart || unit == unitCool || unit == unitDefrost }

// drive is the truck's progress and the engine's consumption.
func (r *reefer) drive(w weather, x []float64, d *ode.Discrete, dx []float64) {
	dx[xDriven], dx[xFuel], dx[xEngine] = r.u[inJourney], 0, 0
	if engineRuns(d.Modes[modeUnit]) {
		shaft := r.p.EngineIdle + r.compressorPower(math.Max(0, x[xCapacity]), x[xCoil], w.temperature)
		dx[xFuel] = -shaft / (r.p.EngineEfficiency * dieselHeat)
		dx[xEngine] = 1.0 / 3600
	}
}

// driveOutputs writes what the truck's instruments panel shows.
func (r *reefer) driveOutputs(x []float64, d *ode.Discrete, y []float64) {
	way := r.p.Journey.Distance(x[xDriven])
	at := r.p.Journey.At(way)
	y[outSpeed], y[outDistance] = 3.6*r.speed(d), way/1e3
	y[outLatitude], y[outLongitude] = at.Latitude, at.Longitude
	y[outFuel] = 100 * math.Max(0, x[xFuel]) / r.p.FuelTank
	y[outEngineHours] = x[xEngine]
}
