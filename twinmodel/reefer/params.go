package reefer

import (
	"errors"
	"fmt"

	"twinrig/twinmodel/route"
)

// Params are the constants of one truck. Start from DefaultParams.
type Params struct {
	// Body.
	Length, Width, Height float64 // inside, m
	WallThickness         float64 // m
	K                     float64 // overall heat transfer coefficient as ATP rates it, W/(m²·K)
	InsideFilm            float64 // heat transfer coefficient air to liner, W/(m²·K)
	LinerCapacity         float64 // J/K
	SkinCapacity          float64 // J/K
	RoofArea              float64 // radiating to the sky, m²
	SunlitArea            float64 // projected on the sun, m²
	Absorptance           float64 // of the skin for sunlight
	Emittance             float64 // of the skin for heat radiation
	AirVolume             float64 // not filled by cargo, m³
	AirCapacityFactor     float64 // heat capacity of air with fittings and packaging over that of air
	Leakage               float64 // air exchange with the door closed, kg/s

	// Door.
	DoorWidth, DoorHeight float64 // m
	DoorFlowFactor        float64 // flow through the door over the fully established one
	CurtainEffectiveness  float64 // of a strip curtain, 0 for none

	// Cargo.
	CargoMass         float64 // kg
	CargoHeat         float64 // specific heat, J/(kg·K)
	CargoSurfaceShare float64 // of the mass that follows the air quickly
	CargoTemperature  float64 // at the start, °C
	Respiration       float64 // heat of fruit and vegetables, W/kg
	Transpiration     float64 // water they give off, kg/(kg·s)

	// Refrigeration unit.
	WarmCapacity                         float64 // W at WarmReturn, clean coil, RatingAmbient
	WarmReturn                           float64 // °C
	ColdCapacity                         float64 // W at ColdReturn
	ColdReturn                           float64 // °C
	RatingAmbient                        float64 // °C
	AmbientSlope                         float64 // relative change of capacity per K of ambient
	CoilConductance                      float64 // air to coil with the fan running, W/K
	CoilCapacity                         float64 // heat capacity of the coil, J/K
	CapacityLag                          float64 // s from switching on to 63 % of the capacity
	Airflow                              float64 // kg/s with the fan running
	FanPower                             float64 // W, all of which heats the box
	CarnotFraction                       float64 // efficiency of the compressor drive over Carnot's
	Differential                         float64 // half the thermostat's band, K
	StartTime                            float64 // s from the thermostat's call to refrigeration
	MinOn, MinOff                        float64 // s the compressor runs and rests at least
	DefrostHeat                          float64 // W
	DefrostInterval                      float64 // s between timed defrosts
	DefrostLimit                         float64 // s a defrost may last
	DefrostStartsBelow, DefrostEndsAbove float64 // coil temperature, °C
	FrostCapacity                        float64 // kg of frost at which the air path is as blocked as it gets
	FuelTank                             float64 // L of diesel
	FuelLevel                            float64 // share of the tank at the start
	EngineEfficiency                     float64 // shaft power over heating value
	EngineIdle                           float64 // W of shaft power besides the compressor's

	Journey *route.Journey // where the truck goes
}

// DefaultParams is a 13.3 m semitrailer with frozen goods: a body of ATP class C
// and a unit rated 17.6 kW at 35 °F and 7.03 kW at -20 °F (Carrier Vector 8500
// as reported by CCJ, 2013); defrost limits from the Thermo King SLXi-300
// maintenance manual. What has no source in Spec().Sources is an engineering
// estimate.
func DefaultParams() Params {
	return Params{
		Length: 13.3, Width: 2.46, Height: 2.65, WallThickness: 0.06,
		K: 0.40, InsideFilm: 10, LinerCapacity: 675e3, SkinCapacity: 675e3,
		RoofArea: 35, SunlitArea: 45, Absorptance: 0.3, Emittance: 0.9,
		AirVolume: 65, AirCapacityFactor: 6, Leakage: 2e-4,

		DoorWidth: 2.4, DoorHeight: 2.5, DoorFlowFactor: 0.75,

		CargoMass: 12000, CargoHeat: 2100, CargoSurfaceShare: 1.0 / 6, CargoTemperature: -20,

		WarmCapacity: 17600, WarmReturn: 1.67, ColdCapacity: 7030, ColdReturn: -28.9,
		RatingAmbient: 37.8, AmbientSlope: -0.008,
		CoilConductance: 1350, CoilCapacity: 60e3, CapacityLag: 60,
		Airflow: 2.06, FanPower: 500, CarnotFraction: 0.42,
		Differential: 1, StartTime: 20, MinOn: 180, MinOff: 300,
		DefrostHeat: 6000, DefrostInterval: 6 * 3600, DefrostLimit: 45 * 60,
		DefrostStartsBelow: 7, DefrostEndsAbove: 14, FrostCapacity: 12,

		FuelTank: 240, FuelLevel: 0.9, EngineEfficiency: 0.3, EngineIdle: 1500,
		Journey: defaultJourney,
	}
}

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	for _, c := range p.constraints() {
		if !(c.value >= c.min && c.value <= c.max) {
			return fmt.Errorf("%s: %g is outside %g to %g", c.name, c.value, c.min, c.max)
		}
	}
	switch {
	case p.outerFilmConductance(atpWind) <= p.K || p.InsideFilm <= p.K || p.wallConductance() <= 0:
		return fmt.Errorf("heat transfer coefficient K: %g is more than the films on the walls let through", p.K)
	case p.WarmReturn <= p.ColdReturn || p.WarmCapacity <= p.ColdCapacity:
		return errors.New("WarmCapacity: the unit must have more capacity when warm")
	case p.capacitySlope() <= 0:
		return errors.New("CoilConductance: too small for the unit's capacity")
	case p.DefrostEndsAbove <= p.DefrostStartsBelow:
		return errors.New("DefrostEndsAbove: must be warmer than DefrostStartsBelow")
	case p.Journey == nil:
		return errors.New("no Journey; a truck that stays has one with a single stop")
	case p.DoorHeight > p.Height || p.DoorWidth > p.Width:
		return errors.New("DoorHeight: the door is larger than the body")
	case p.AirVolume > p.Length*p.Width*p.Height:
		return errors.New("AirVolume: more than the body holds")
	}
	return nil
}

type constraint struct {
	name            string
	value, min, max float64
}

func (p *Params) constraints() []constraint {
	return []constraint{
		{"Length", p.Length, 1, 20}, {"Width", p.Width, 1, 3}, {"Height", p.Height, 1, 3.5},
		{"WallThickness", p.WallThickness, 0.02, 0.3}, {"K", p.K, 0.1, 2}, {"InsideFilm", p.InsideFilm, 2, 100},
		{"LinerCapacity", p.LinerCapacity, 1e4, 1e8}, {"SkinCapacity", p.SkinCapacity, 1e4, 1e8},
		{"RoofArea", p.RoofArea, 0, 100}, {"SunlitArea", p.SunlitArea, 0, 200},
		{"Absorptance", p.Absorptance, 0, 1}, {"Emittance", p.Emittance, 0, 1},
		{"AirVolume", p.AirVolume, 1, 150}, {"AirCapacityFactor", p.AirCapacityFactor, 1, 50}, {"Leakage", p.Leakage, 0, 0.1},
		{"DoorWidth", p.DoorWidth, 0.3, 3}, {"DoorHeight", p.DoorHeight, 0.3, 3.5},
		{"DoorFlowFactor", p.DoorFlowFactor, 0, 1}, {"CurtainEffectiveness", p.CurtainEffectiveness, 0, 1},
		{"CargoMass", p.CargoMass, 100, 40e3}, {"CargoHeat", p.CargoHeat, 500, 4500},
		{"CargoSurfaceShare", p.CargoSurfaceShare, 0.02, 0.9}, {"CargoTemperature", p.CargoTemperature, -40, 40},
		{"Respiration", p.Respiration, 0, 1}, {"Transpiration", p.Transpiration, 0, 1e-6},
		{"WarmCapacity", p.WarmCapacity, 100, 1e5}, {"WarmReturn", p.WarmReturn, -20, 30},
		{"ColdCapacity", p.ColdCapacity, 100, 1e5}, {"ColdReturn", p.ColdReturn, -40, 10},
		{"RatingAmbient", p.RatingAmbient, 0, 50}, {"AmbientSlope", p.AmbientSlope, -0.02, 0},
		{"CoilConductance", p.CoilConductance, 100, 1e4}, {"CoilCapacity", p.CoilCapacity, 1e4, 1e6},
		{"CapacityLag", p.CapacityLag, 5, 600}, {"Airflow", p.Airflow, 0.1, 10}, {"FanPower", p.FanPower, 0, 5000},
		{"CarnotFraction", p.CarnotFraction, 0.1, 0.9}, {"Differential", p.Differential, 0.1, 10},
		{"StartTime", p.StartTime, 1, 600}, {"MinOn", p.MinOn, 1, 3600}, {"MinOff", p.MinOff, 1, 3600},
		{"DefrostHeat", p.DefrostHeat, 0, 2e4}, {"DefrostInterval", p.DefrostInterval, 600, 7 * 86400},
		{"DefrostLimit", p.DefrostLimit, 60, 7200}, {"FrostCapacity", p.FrostCapacity, 0.5, 100},
		{"FuelTank", p.FuelTank, 1, 2000}, {"FuelLevel", p.FuelLevel, 0, 1},
		{"EngineEfficiency", p.EngineEfficiency, 0.05, 0.6}, {"EngineIdle", p.EngineIdle, 0, 2e4},
		{"DefrostStartsBelow", p.DefrostStartsBelow, -20, 20}, {"DefrostEndsAbove", p.DefrostEndsAbove, 1, 40},
	}
}
