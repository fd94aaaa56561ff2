package reefer

import (
	"errors"
	"fmt"

	"twinrig/twinmodel"
	"twinrig/twinmodel/route"
)

// Params are the constants of one truck. Start from DefaultParams.
type Params struct {
	// Body.
	Length            float64 `unit:"m" range:"1..20" source:"estimate: typical semitrailer" doc:"inside length of the body"`
	Width             float64 `unit:"m" range:"1..3" source:"estimate: typical semitrailer" doc:"inside width"`
	Height            float64 `unit:"m" range:"1..3.5" source:"estimate: typical semitrailer" doc:"inside height"`
	WallThickness     float64 `unit:"m" range:"0.02..0.3" source:"estimate: typical of frozen goods" doc:"thickness of the walls"`
	K                 float64 `unit:"W/(m²·K)" range:"0.1..2" source:"ATP annex 1: limit of heavily insulated bodies" doc:"overall heat transfer coefficient as ATP rates it"`
	InsideFilm        float64 `unit:"W/(m²·K)" range:"2..100" source:"estimate" doc:"heat transfer coefficient of air to liner"`
	LinerCapacity     float64 `unit:"J/K" range:"1e4..1e8" source:"estimate" doc:"heat capacity of the liner"`
	SkinCapacity      float64 `unit:"J/K" range:"1e4..1e8" source:"estimate" doc:"heat capacity of the skin"`
	RoofArea          float64 `unit:"m²" range:"0..100" source:"geometry" doc:"area that radiates to the sky"`
	SunlitArea        float64 `unit:"m²" range:"0..200" source:"estimate" doc:"area projected on the sun"`
	Absorptance       float64 `unit:"1" range:"0..1" source:"estimate: white paint" doc:"share of sunlight the skin absorbs"`
	Emittance         float64 `unit:"1" range:"0..1" source:"estimate: paint" doc:"emittance of the skin for heat radiation"`
	AirVolume         float64 `unit:"m³" range:"1..150" source:"estimate" doc:"volume not filled by cargo"`
	AirCapacityFactor float64 `unit:"1" range:"1..50" source:"estimate" doc:"heat capacity of air with fittings and packaging over that of air"`
	Leakage           float64 `unit:"kg/s" range:"0..0.1" source:"estimate" doc:"air exchange with the door closed"`

	// Door.
	DoorWidth            float64 `unit:"m" range:"0.3..3" source:"estimate: typical semitrailer" doc:"width of the cargo door"`
	DoorHeight           float64 `unit:"m" range:"0.3..3.5" source:"estimate: typical semitrailer" doc:"height of the cargo door"`
	DoorFlowFactor       float64 `unit:"1" range:"0..1" source:"recalled: ASHRAE Handbook Refrigeration, 0.7 to 0.8" doc:"flow through the door over the fully established one"`
	CurtainEffectiveness float64 `unit:"1" range:"0..1" source:"none is fitted" doc:"effectiveness of a strip curtain"`

	// Cargo.
	CargoMass         float64 `unit:"kg" range:"100..40e3" source:"estimate" doc:"mass of the cargo"`
	CargoHeat         float64 `unit:"J/(kg·K)" range:"500..4500" source:"estimate: frozen food" doc:"specific heat of the cargo"`
	CargoSurfaceShare float64 `unit:"1" range:"0.02..0.9" source:"estimate" doc:"share of the cargo that follows the air quickly"`
	CargoTemperature  float64 `unit:"°C" range:"-40..40" source:"ATP annex 1: class C carries at -20 °C" doc:"temperature of the cargo at the start"`
	Respiration       float64 `unit:"W/kg" range:"0..1" source:"frozen goods give off none" doc:"heat of fruit and vegetables"`
	Transpiration     float64 `unit:"kg/(kg·s)" range:"0..1e-6" source:"frozen goods give off none" doc:"water that fruit and vegetables give off"`

	// Refrigeration unit.
	WarmCapacity       float64 `unit:"W" range:"100..1e5" source:"Carrier Vector 8500: 60,000 Btu/h, CCJ (2013)" doc:"capacity at WarmReturn and RatingAmbient, clean coil"`
	WarmReturn         float64 `unit:"°C" range:"-20..30" source:"Carrier Vector 8500: 35 °F, CCJ (2013)" doc:"return air of WarmCapacity"`
	ColdCapacity       float64 `unit:"W" range:"100..1e5" source:"Carrier Vector 8500: 24,000 Btu/h, CCJ (2013)" doc:"capacity at ColdReturn and RatingAmbient"`
	ColdReturn         float64 `unit:"°C" range:"-40..10" source:"Carrier Vector 8500: -20 °F, CCJ (2013)" doc:"return air of ColdCapacity"`
	RatingAmbient      float64 `unit:"°C" range:"0..50" source:"estimate: 100 °F, as units are rated" doc:"ambient temperature of the capacities"`
	AmbientSlope       float64 `unit:"1/K" range:"-0.02..0" source:"recalled" doc:"relative change of capacity with ambient temperature"`
	CoilConductance    float64 `unit:"W/K" range:"100..1e4" source:"estimate" doc:"air to coil with the fan running"`
	CoilCapacity       float64 `unit:"J/K" range:"1e4..1e6" source:"estimate" doc:"heat capacity of the coil"`
	CapacityLag        float64 `unit:"s" range:"5..600" source:"estimate" doc:"time from switching on to 63 % of the capacity"`
	Airflow            float64 `unit:"kg/s" range:"0.1..10" source:"estimate" doc:"air through the coil with the fan running"`
	FanPower           float64 `unit:"W" range:"0..5000" source:"estimate" doc:"power of the fan, all of which heats the box"`
	CarnotFraction     float64 `unit:"1" range:"0.1..0.9" source:"estimate" doc:"efficiency of the compressor drive over Carnot's"`
	Differential       float64 `unit:"K" range:"0.1..10" source:"estimate" doc:"half the thermostat's band"`
	StartTime          float64 `unit:"s" range:"1..600" source:"estimate" doc:"time from the thermostat's call to refrigeration"`
	MinOn              float64 `unit:"s" range:"1..3600" source:"estimate" doc:"time the compressor runs at least"`
	MinOff             float64 `unit:"s" range:"1..3600" source:"estimate" doc:"time the compressor rests at least"`
	DefrostHeat        float64 `unit:"W" range:"0..2e4" source:"estimate" doc:"power of the defrost heater"`
	DefrostInterval    float64 `unit:"s" range:"600..604800" source:"Thermo King SLXi-300 manual: 2 to 12 h" doc:"time between timed defrosts"`
	DefrostLimit       float64 `unit:"s" range:"60..7200" source:"estimate" doc:"time a defrost may last"`
	DefrostStartsBelow float64 `unit:"°C" range:"-20..20" source:"Thermo King SLXi-300 manual" doc:"coil temperature under which a defrost may start"`
	DefrostEndsAbove   float64 `unit:"°C" range:"1..40" source:"Thermo King SLXi-300 manual" doc:"coil temperature at which a defrost ends"`
	FrostCapacity      float64 `unit:"kg" range:"0.5..100" source:"estimate" doc:"frost at which the air path is as blocked as it gets"`
	FuelTank           float64 `unit:"L" range:"1..2000" source:"estimate" doc:"diesel the tank holds"`
	FuelLevel          float64 `unit:"1" range:"0..1" source:"estimate" doc:"share of the tank filled at the start"`
	EngineEfficiency   float64 `unit:"1" range:"0.05..0.6" source:"estimate" doc:"shaft power over heating value"`
	EngineIdle         float64 `unit:"W" range:"0..2e4" source:"estimate" doc:"shaft power besides the compressor's"`

	Journey *route.Journey `source:"estimate: an invented tour" doc:"where the truck goes"`
}

// DefaultParams is a 13.3 m semitrailer with frozen goods: a body of ATP class C
// and a unit rated 17.6 kW at 35 °F and 7.03 kW at -20 °F.
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
	if err := twinmodel.CheckParameters(p); err != nil {
		return err
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
