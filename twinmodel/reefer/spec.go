package reefer

import "twinrig/twinmodel"

// Unit modes, in the order of the unitMode signal's states.
const (
	unitOff = iota
	unitStart
	unitCool
	unitNull
	unitDefrost
)

// Inputs, in the order of the specification.
const (
	inSetpoint = iota
	inUnitOn
	inDefrost
	inDoor
	inAmbientMean
	inAmbientAmplitude
	inAmbientHumidity
	inSolarPeak
	inWind
	inJourney
	inInternalHeat
	inRefrigerantLeak
	inCompressorFailure
	inFanFailure
	inDefrostFailure
	inInsulationAgeing
	inDoorSealLeak
	inputs
)

// Outputs, in the order of the specification.
const (
	outReturnAir = iota
	outSupplyAir
	outCargo
	outCargoCore
	outLiner
	outSkin
	outCoil
	outHumidity
	outFrost
	outAmbient
	outSolar
	outUnitMode
	outCooling
	outCompressorPower
	outSpeed
	outDistance
	outLatitude
	outLongitude
	outFuel
	outEngineHours
	outputs
)

var spec = twinmodel.Spec{
	Kind:  "reefer",
	Title: "refrigeration truck",
	Signals: []twinmodel.Signal{
		inSetpoint: {Name: "setpoint", Label: "setpoint", Quantity: twinmodel.Temperature, Unit: "°C",
			Min: -30, Max: 30, Initial: -20, Direction: twinmodel.Actuator, Doc: "return air temperature the unit's thermostat holds"},
		inUnitOn: {Name: "unitOn", Label: "refrigeration unit switch", Quantity: twinmodel.State, Unit: "1",
			Max: 1, Initial: 1, Direction: twinmodel.Actuator, States: []string{"off", "on"}},
		inDefrost: {Name: "defrost", Label: "defrost request", Quantity: twinmodel.State, Unit: "1",
			Max: 1, Direction: twinmodel.Actuator, States: []string{"none", "requested"},
			Doc: "a push button: falls back by itself; ignored while the coil is too warm or the unit off"},
		inDoor: {Name: "doorOpen", Label: "cargo door", Quantity: twinmodel.State, Unit: "1",
			Max: 1, Direction: twinmodel.Environment, States: []string{"closed", "open"}},
		inAmbientMean: {Name: "ambientMean", Label: "mean ambient temperature", Quantity: twinmodel.Temperature, Unit: "°C",
			Min: -40, Max: 50, Initial: 25, Direction: twinmodel.Environment, Doc: "mean of the day; the extremes are at 03:00 and 15:00 UTC"},
		inAmbientAmplitude: {Name: "ambientAmplitude", Label: "ambient temperature swing", Quantity: twinmodel.TemperatureDifference, Unit: "K",
			Max: 20, Initial: 8, Direction: twinmodel.Environment, Doc: "half the difference between the day's extremes"},
		inAmbientHumidity: {Name: "ambientHumidity", Label: "ambient humidity", Quantity: twinmodel.Ratio, Unit: "%",
			Max: 100, Initial: 50, Direction: twinmodel.Environment, Doc: "relative humidity outside"},
		inSolarPeak: {Name: "solarPeak", Label: "noon sunshine", Quantity: twinmodel.Irradiance, Unit: "W/m²",
			Max: 1200, Initial: 800, Direction: twinmodel.Environment, Doc: "irradiance at 12:00 UTC; the sun is up from 06:00 to 18:00"},
		inWind: {Name: "windSpeed", Label: "wind speed", Quantity: twinmodel.Velocity, Unit: "km/h",
			Max: 120, Initial: 0, Direction: twinmodel.Environment, Doc: "of the air along a parked truck"},
		inJourney: {Name: "journey", Label: "journey", Quantity: twinmodel.State, Unit: "1",
			Max: 1, Direction: twinmodel.Environment, States: []string{"parked", "under way"}, Doc: "parked stops the truck where it is"},
		inInternalHeat: {Name: "internalHeat", Label: "internal heat", Quantity: twinmodel.Power, Unit: "W",
			Max: 20000, Direction: twinmodel.Environment, Doc: "released in the box, as by the heaters of an ATP test"},
		inRefrigerantLeak:   fault("refrigerantLeak", "refrigerant leak", "share of the capacity lost"),
		inCompressorFailure: fault("compressorFailure", "compressor failure", "share of the capacity lost; the controls do not notice"),
		inFanFailure:        fault("fanFailure", "fan failure", "1 leaves a fifth of the airflow"),
		inDefrostFailure:    fault("defrostFailure", "defrost heater failure", "share of the defrost heat lost"),
		inInsulationAgeing:  fault("insulationAgeing", "insulation ageing", "1 lets 75 % more heat through the walls"),
		inDoorSealLeak:      fault("doorSealLeak", "door seal leak", "1 leaks 3 % of what an open door lets through"),

		inputs + outReturnAir: temperature("returnAirTemperature", "return air temperature", "box air, where the thermostat's sensor is"),
		inputs + outSupplyAir: temperature("supplyAirTemperature", "supply air temperature", "behind the evaporator coil"),
		inputs + outCargo:     temperature("cargoTemperature", "cargo temperature", "surface of the cargo"),
		inputs + outCargoCore: temperature("cargoCoreTemperature", "cargo core temperature", ""),
		inputs + outLiner:     temperature("wallTemperature", "wall temperature", "inner face of the walls"),
		inputs + outSkin:      temperature("skinTemperature", "skin temperature", "outer face of the walls"),
		inputs + outCoil:      temperature("coilTemperature", "coil temperature", "evaporator coil"),
		inputs + outHumidity: {Name: "boxHumidity", Label: "box humidity", Quantity: twinmodel.Ratio, Unit: "%",
			Max: 100, Doc: "relative humidity of the box air"},
		inputs + outFrost:   {Name: "frostMass", Label: "frost on the coil", Quantity: twinmodel.Mass, Unit: "kg", Max: 1000},
		inputs + outAmbient: temperature("ambientTemperature", "ambient temperature", ""),
		inputs + outSolar:   {Name: "solarIrradiance", Label: "sunshine", Quantity: twinmodel.Irradiance, Unit: "W/m²", Max: 1200},
		inputs + outUnitMode: {Name: "unitMode", Label: "refrigeration unit", Quantity: twinmodel.State, Unit: "1",
			Max: 4, States: []string{"off", "start", "cool", "null", "defrost"}},
		inputs + outCooling: {Name: "coolingPower", Label: "cooling power", Quantity: twinmodel.Power, Unit: "kW", Max: 100,
			Doc: "heat the refrigerant takes up"},
		inputs + outCompressorPower: {Name: "compressorPower", Label: "compressor power", Quantity: twinmodel.Power, Unit: "kW", Max: 100},
		inputs + outSpeed:           {Name: "speed", Label: "speed", Quantity: twinmodel.Velocity, Unit: "km/h", Max: 360},
		inputs + outDistance:        {Name: "distance", Label: "distance", Quantity: twinmodel.Length, Unit: "km", Max: 41000, Doc: "driven since departure"},
		inputs + outLatitude:        {Name: "latitude", Label: "latitude", Quantity: twinmodel.Angle, Unit: "°", Min: -90, Max: 90, Doc: "WGS-84"},
		inputs + outLongitude:       {Name: "longitude", Label: "longitude", Quantity: twinmodel.Angle, Unit: "°", Min: -180, Max: 180, Doc: "WGS-84"},
		inputs + outFuel: {Name: "fuelLevel", Label: "fuel level", Quantity: twinmodel.Ratio, Unit: "%", Max: 100,
			Doc: "of the tank of the refrigeration unit's engine"},
		inputs + outEngineHours: {Name: "engineHours", Label: "engine hours", Quantity: twinmodel.Time, Unit: "h", Max: 1e6,
			Doc: "the refrigeration unit's engine has run"},
	},
	Sources: []string{
		"ATP agreement: overall coefficient K, classes, test by internal heating",
		"Gosney and Olama (1975); ASHRAE Handbook Refrigeration, infiltration through doors",
		"Buck (1981, 1996): saturation pressure of water and ice",
		"Carrier Vector 8500 capacity points, CCJ (2013)",
		"Thermo King SLXi-300 maintenance manual: defrost initiation and termination",
	},
}

func fault(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Ratio, Unit: "1",
		Max: 1, Direction: twinmodel.Environment, Fault: true, Doc: doc}
}

func temperature(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Temperature, Unit: "°C", Min: -60, Max: 90, Doc: doc}
}
