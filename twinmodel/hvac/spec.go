package hvac

import "twinrig/twinmodel"

// Operating modes, in the order of the mode signal's states.
const (
	modeOff = iota
	modeCool
	modeHeat
)

// Inputs, in the order of the specification.
const (
	inSetpoint = iota
	inMode
	inOutdoorMean
	inOutdoorSwing
	inOutdoorHumidity
	inSolarPeak
	inOccupants
	inInternalHeat
	inUndercharge
	inDirtyFilter
	inFouling
	inReversingValve
	inThermostatDrift
	inShortCycling
	inDrainBlocked
	inWindowOpen
	inputs
)

// Outputs, in the order of the specification.
const (
	outTemperature = iota
	outHumidity
	outSupply
	outSurface
	outMass
	outCompressor
	outSpeed
	outPower
	outCooling
	outFilter
	outCondensate
	outFloat
	outOutdoor
	outEnergy
	outIlluminance
	outputs
)

var spec = twinmodel.Spec{
	Kind:  "hvac",
	Title: "room air conditioner",
	Signals: []twinmodel.Signal{
		inSetpoint: {Name: "setpoint", Label: "setpoint", Quantity: twinmodel.Temperature, Unit: "°C",
			Min: 16, Max: 30, Initial: 24, Direction: twinmodel.Actuator, Doc: "room temperature the unit's thermostat holds"},
		inMode: {Name: "mode", Label: "operating mode", Quantity: twinmodel.State, Unit: "1",
			Max: 2, Initial: modeCool, Direction: twinmodel.Actuator, States: []string{"off", "cool", "heat"}},
		inOutdoorMean: {Name: "outdoorMean", Label: "mean outdoor temperature", Quantity: twinmodel.Temperature, Unit: "°C",
			Min: -20, Max: 40, Initial: 28, Direction: twinmodel.Environment, Doc: "mean of the day; the extremes are at 03:00 and 15:00 UTC"},
		inOutdoorSwing: {Name: "outdoorSwing", Label: "outdoor temperature swing", Quantity: twinmodel.TemperatureDifference, Unit: "K",
			Max: 12, Initial: 6, Direction: twinmodel.Environment, Doc: "half the difference between the day's extremes"},
		inOutdoorHumidity: {Name: "outdoorHumidity", Label: "outdoor humidity", Quantity: twinmodel.Ratio, Unit: "%",
			Max: 100, Initial: 50, Direction: twinmodel.Environment, Doc: "relative humidity at the mean outdoor temperature"},
		inSolarPeak: {Name: "solarPeak", Label: "noon sunshine", Quantity: twinmodel.Irradiance, Unit: "W/m²",
			Max: 1200, Initial: 500, Direction: twinmodel.Environment, Doc: "on the windows at 12:00 UTC; the sun is up from 06:00 to 18:00"},
		inOccupants: {Name: "occupants", Label: "number of occupants", Quantity: twinmodel.Ratio, Unit: "1",
			Max: 20, Initial: 2, Direction: twinmodel.Environment},
		inInternalHeat: {Name: "internalHeat", Label: "internal heat", Quantity: twinmodel.Power, Unit: "W",
			Max: 5000, Initial: 300, Direction: twinmodel.Environment, Doc: "lamps and machines"},
		inUndercharge:     fault("refrigerantUndercharge", "refrigerant undercharge", "1 loses 60 % of the capacity at the same compressor power"),
		inDirtyFilter:     fault("dirtyFilter", "dirty filter", "1 halves the airflow"),
		inFouling:         fault("condenserFouling", "condenser fouling", "1 condenses as if it were 8 K warmer outside"),
		inReversingValve:  fault("reversingValveStuck", "stuck reversing valve", "share of heating that comes out as cooling"),
		inThermostatDrift: fault("thermostatDrift", "thermostat drift", "1 makes the thermostat feel the room 4 K too cold"),
		inShortCycling:    fault("shortCycling", "short cycling", "worn contact: 1 loses minimum running and resting times and four fifths of the thermostat's band"),
		inDrainBlocked:    fault("drainBlocked", "blocked drain", "share of the drain's flow lost; the float switch stops the unit"),
		inWindowOpen:      fault("windowOpen", "open window", "1 multiplies the air change by ten"),

		inputs + outTemperature: temperature("temperature", "room temperature", "room air"),
		inputs + outHumidity: {Name: "humidity", Label: "room humidity", Quantity: twinmodel.Ratio, Unit: "%", Max: 100,
			Doc: "relative humidity of the room air"},
		inputs + outSupply:  temperature("supplyAirTemperature", "supply air temperature", "behind coil and fan"),
		inputs + outSurface: temperature("surfaceTemperature", "surface temperature", "of walls and furniture"),
		inputs + outMass:    temperature("massTemperature", "mass temperature", "core of the building's mass"),
		inputs + outCompressor: {Name: "compressorState", Label: "compressor", Quantity: twinmodel.State, Unit: "1", Max: 1,
			States: []string{"off", "on"}},
		inputs + outSpeed: {Name: "compressorSpeed", Label: "compressor speed", Quantity: twinmodel.Ratio, Unit: "%", Max: 100,
			Doc: "of the highest; a unit without inverter knows 0 and 100"},
		inputs + outPower: {Name: "power", Label: "electric power", Quantity: twinmodel.Power, Unit: "W", Max: 1e6, Doc: "compressor and fan"},
		inputs + outCooling: {Name: "coilHeat", Label: "coil heat", Quantity: twinmodel.Power, Unit: "W", Min: -1e6, Max: 1e6,
			Doc: "taken from the room, sensible and latent; negative when heating"},
		inputs + outFilter: {Name: "filterDp", Label: "filter pressure drop", Quantity: twinmodel.Pressure, Unit: "Pa", Max: 5000},
		inputs + outCondensate: {Name: "condensateLevel", Label: "condensate level", Quantity: twinmodel.Ratio, Unit: "%", Max: 101,
			Doc: "of the pan; at 100 % the float switch opens"},
		inputs + outFloat: {Name: "floatSwitch", Label: "float switch", Quantity: twinmodel.State, Unit: "1", Max: 1,
			States: []string{"closed", "open"}, Doc: "open stops the unit until the pan is half empty"},
		inputs + outOutdoor: temperature("outdoorTemperature", "outdoor temperature", ""),
		inputs + outEnergy:  {Name: "energyUsed", Label: "energy used", Quantity: twinmodel.Energy, Unit: "kWh", Max: 1e9},
		inputs + outIlluminance: {Name: "illuminance", Label: "illuminance", Quantity: twinmodel.Illuminance, Unit: "lx", Max: 2e5,
			Doc: "daylight on the desks"},
	},
	Sources: []string{
		"ISO 13790:2008: network 5R1C, classes of mass, split of gains",
		"lbl-srg/modelica-buildings and OpenStudio: default biquadratic curves of direct-expansion coils",
		"Buck (1981, 1996): saturation pressure of water and ice",
	},
}

func fault(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Ratio, Unit: "1",
		Max: 1, Direction: twinmodel.Environment, Fault: true, Doc: doc}
}

func temperature(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Temperature, Unit: "°C", Min: -60, Max: 120, Doc: doc}
}
