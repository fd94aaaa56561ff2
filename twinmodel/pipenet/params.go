package pipenet

import (
	"errors"
	"fmt"
	"math"

	"twinrig/twinmodel"
	"twinrig/twinmodel/detmath"
)

// Params are the constants of a plant beside its network. Start from
// DefaultParams for the refinery and from FileParams for other networks.
type Params struct {
	// Liquid.
	HeatCapacity    float64 `unit:"J/(kg·K)" range:"500..6000" source:"estimate: typical of crude oil" doc:"specific heat of the liquid"`
	ColdTemperature float64 `unit:"°C" range:"-50..200" source:"usual temperature of viscosity tables" doc:"temperature of ColdViscosity"`
	ColdViscosity   float64 `unit:"mm²/s" range:"0.05..1e5" source:"estimate: typical of medium crude oil" doc:"kinematic viscosity when cold; between the two after Walther (ASTM D341)"`
	HotTemperature  float64 `unit:"°C" range:"-50..400" source:"usual temperature of viscosity tables" doc:"temperature of HotViscosity"`
	HotViscosity    float64 `unit:"mm²/s" range:"0.05..1e5" source:"estimate: typical of medium crude oil" doc:"kinematic viscosity when hot"`

	// Heat.
	Conductance       float64     `unit:"W/(m²·K)" range:"0..500" source:"estimate: 50 mm of mineral wool with fittings" doc:"heat transfer coefficient of pipes, by their inner surface"`
	TankConductance   float64     `unit:"W/(m²·K)" range:"0..50" source:"estimate: insulated tank" doc:"heat transfer coefficient of tanks, by roof and wetted wall"`
	Temperature       float64     `unit:"°C" range:"-40..400" source:"estimate" doc:"temperature of all liquid at the start, and of what reservoirs supply until told otherwise"`
	Exchangers        []Exchanger `source:"design of the built-in network" doc:"pipes that are heat exchangers"`
	UninsulatedFactor float64     `unit:"1" range:"1..20" source:"estimate" doc:"heat transfer coefficient without insulation over that with it"`
	FoulingShare      float64     `unit:"1" range:"0..0.99" source:"estimate" doc:"share of its conductance an exchanger loses at worst"`

	// Machines.
	Efficiency   float64   `unit:"1" range:"0.05..1" source:"estimate: typical of centrifugal pumps" doc:"efficiency of pump and motor at the best flow"`
	PumpRamp     float64   `unit:"s" range:"0.1..600" source:"estimate: drive's acceleration time" doc:"time in which a pump goes from rest to rated speed"`
	ValveStroke  float64   `unit:"s" range:"0.1..600" source:"estimate: pneumatic actuator" doc:"time in which a valve goes from one end to the other"`
	Rangeability float64   `unit:"1" range:"2..1000" source:"estimate: usual of equal percentage trims" doc:"flow of a throttle valve fully open over that nearly shut"`
	Openings     []Opening `source:"design of the built-in network" doc:"throttle valves that are not fully open at the start"`
	Required     float64   `unit:"bar" range:"0.01..100" source:"estimate" doc:"pressure from which on a demand is served in full"`

	// Faults at their worst.
	LeakDiameter float64 `unit:"1" range:"0..1" source:"estimate" doc:"diameter of the hole over that of the pipe"`
	BlockedShare float64 `unit:"1" range:"0..0.999" source:"estimate" doc:"share of the cross-section that is blocked"`
	WornShare    float64 `unit:"1" range:"0..0.95" source:"estimate" doc:"share of its head a pump loses"`

	Step float64 `unit:"s" range:"0.1..3600" source:"small beside the time through a pipe" doc:"longest time between two solutions of the hydraulics"`
}

// Exchanger is a pipe of the network in which the liquid is heated or cooled by a
// service that has one temperature: condensing steam, hot oil, cooling water.
type Exchanger struct {
	Pipe        string  `doc:"the pipe"`
	Conductance float64 `unit:"W/K" range:"1..1e7" doc:"heat transfer coefficient times area"`
	Service     float64 `unit:"°C" range:"-40..500" doc:"temperature of the service at the start"`
}

// Opening is how far a throttle valve is open at the start.
type Opening struct {
	Valve string  `doc:"the valve"`
	Share float64 `unit:"1" range:"0..1" doc:"of its stroke"`
}

// DefaultParams belong to the built-in refinery.
func DefaultParams() Params {
	return Params{
		HeatCapacity: 2100, ColdTemperature: 40, ColdViscosity: 12, HotTemperature: 100, HotViscosity: 3.5,
		Conductance: 1.2, TankConductance: 0.4, Temperature: 40, UninsulatedFactor: 3, FoulingShare: 0.8,
		Exchangers: []Exchanger{{"E-1A", 65e3, 185}, {"E-1B", 65e3, 185}, {"E-2A", 90e3, 310}, {"E-2B", 90e3, 310}},
		Efficiency: 0.72, PumpRamp: 8, ValveStroke: 30, Rangeability: 50, Required: 0.5,
		Openings:     []Opening{{"FV-301", 0.55}, {"FV-302", 0}},
		LeakDiameter: 0.2, BlockedShare: 0.95, WornShare: 0.4,
		Step: 10,
	}
}

// FileParams belong to a network that was read from a file: water, with the
// file's viscosity at all temperatures.
func FileParams(n *Network) Params {
	p := DefaultParams()
	p.HeatCapacity, p.Temperature, p.Exchangers, p.Openings = 4186, 15, nil, nil
	p.ColdViscosity, p.HotViscosity = 1e6*n.Viscosity, 1e6*n.Viscosity
	if n.Service.Driven {
		p.Required = n.Density * gravity * n.Service.Required / 1e5
	}
	return p
}

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	if err := twinmodel.CheckParameters(p); err != nil {
		return err
	}
	if !(p.HotTemperature > p.ColdTemperature) {
		return errors.New("HotTemperature: must be above ColdTemperature")
	}
	if p.HotViscosity > p.ColdViscosity || p.HotViscosity != p.ColdViscosity && p.HotViscosity < 0.35 {
		return errors.New("HotViscosity: must be at most ColdViscosity, and 0.35 mm²/s or more unless it is the same")
	}
	return nil
}

// walther is viscosity over temperature: ln ln (ν + 0.7) falls with the
// logarithm of the absolute temperature.
type walther struct{ a, b, constant float64 }

func newWalther(p *Params) walther {
	if p.ColdViscosity == p.HotViscosity {
		return walther{constant: p.ColdViscosity * 1e-6}
	}
	w := func(v float64) float64 { return detmath.Log(detmath.Log(v + 0.7)) }
	t1, t2 := detmath.Log(p.ColdTemperature+kelvin), detmath.Log(p.HotTemperature+kelvin)
	b := (w(p.ColdViscosity) - w(p.HotViscosity)) / (t2 - t1)
	return walther{a: w(p.ColdViscosity) + float64(b*t1), b: b}
}

const kelvin = 273.15

// at is the kinematic viscosity in m²/s at a temperature in °C.
func (w *walther) at(t float64) float64 {
	if w.constant > 0 {
		return w.constant
	}
	ln := w.a - float64(w.b*detmath.Log(math.Max(t, -60)+kelvin))
	return (detmath.Exp(detmath.Exp(math.Min(ln, 3))) - 0.7) * 1e-6
}

// exchanger finds a pipe's.
func (p *Params) exchanger(id string) (Exchanger, bool) {
	for _, e := range p.Exchangers {
		if e.Pipe == id {
			return e, true
		}
	}
	return Exchanger{}, false
}

// opening is a throttle valve's at the start.
func (p *Params) opening(id string) float64 {
	for _, o := range p.Openings {
		if o.Valve == id {
			return o.Share
		}
	}
	return 1
}

// fits says whether the constants belong to a network.
func (p *Params) fits(n *Network) error {
	for _, e := range p.Exchangers {
		if i := n.LinkIndex(e.Pipe); i < 0 || n.Links[i].Kind > CheckPipe {
			return fmt.Errorf("parameter Exchangers: the network has no pipe %s", e.Pipe)
		}
	}
	for _, o := range p.Openings {
		if i := n.LinkIndex(o.Valve); i < 0 || n.Links[i].Kind != TCV {
			return fmt.Errorf("parameter Openings: the network has no throttle valve %s", o.Valve)
		}
	}
	return nil
}
