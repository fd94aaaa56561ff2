package dtdl

import (
	"slices"
	"strings"
)

// families are the units of each semantic type's family, by version 2 of the
// language.
var families = map[string]string{
	"acceleration":        "metrePerSecondSquared centimetrePerSecondSquared gForce",
	"angle":               "radian degreeOfArc minuteOfArc secondOfArc turn",
	"angularAcceleration": "radianPerSecondSquared",
	"angularVelocity":     "radianPerSecond degreePerSecond revolutionPerSecond revolutionPerMinute",
	"area":                "squareMetre squareCentimetre squareMillimetre squareKilometre hectare squareFoot squareInch acre",
	"capacitance":         "farad millifarad microfarad nanofarad picofarad",
	"current":             "ampere microampere milliampere",
	"dataRate": "bitPerSecond kibibitPerSecond mebibitPerSecond gibibitPerSecond tebibitPerSecond exbibitPerSecond zebibitPerSecond yobibitPerSecond " +
		"bytePerSecond kibibytePerSecond mebibytePerSecond gibibytePerSecond tebibytePerSecond exbibytePerSecond zebibytePerSecond yobibytePerSecond",
	"dataSize":          "bit kibibit mebibit gibibit tebibit exbibit zebibit yobibit byte kibibyte mebibyte gibibyte tebibyte exbibyte zebibyte yobibyte",
	"density":           "kilogramPerCubicMetre gramPerCubicMetre",
	"electricCharge":    "coulomb",
	"energy":            "joule kilojoule megajoule gigajoule electronvolt megaelectronvolt kilowattHour",
	"force":             "newton pound ounce ton",
	"frequency":         "hertz kilohertz megahertz gigahertz",
	"illuminance":       "lux footcandle",
	"inductance":        "henry millihenry microhenry",
	"length":            "metre centimetre millimetre micrometre nanometre kilometre foot inch mile nauticalMile astronomicalUnit",
	"luminance":         "candelaPerSquareMetre",
	"luminousFlux":      "lumen",
	"luminousIntensity": "candela",
	"magneticFlux":      "weber maxwell",
	"magneticInduction": "tesla",
	"mass":              "kilogram gram milligram microgram tonne slug",
	"massFlowRate":      "gramPerSecond kilogramPerSecond gramPerHour kilogramPerHour",
	"power":             "watt microwatt milliwatt kilowatt megawatt gigawatt horsepower kilowattHourPerYear",
	"pressure":          "pascal kilopascal bar millibar millimetresOfMercury poundPerSquareInch inchesOfMercury inchesOfWater",
	"resistance":        "ohm milliohm kiloohm megaohm",
	"soundPressure":     "decibel bel",
	"temperature":       "kelvin degreeCelsius degreeFahrenheit",
	"time":              "second millisecond microsecond nanosecond minute hour day year",
	"torque":            "newtonMetre",
	"unitless":          "unity percent",
	"velocity":          "centimetrePerSecond metrePerSecond kilometrePerSecond metrePerHour kilometrePerHour milePerHour milePerSecond knot",
	"voltage":           "volt millivolt microvolt kilovolt megavolt",
	"volume":            "cubicMetre cubicCentimetre litre millilitre cubicFoot cubicInch fluidOunce gallon",
	"volumeFlowRate":    "litrePerSecond millilitrePerSecond litrePerHour millilitrePerHour",
}

// semanticTypes name the family of each semantic type.
var semanticTypes = map[string]string{
	"Acceleration": "acceleration", "Angle": "angle", "AngularAcceleration": "angularAcceleration",
	"AngularVelocity": "angularVelocity", "Area": "area", "Capacitance": "capacitance", "Current": "current",
	"DataRate": "dataRate", "DataSize": "dataSize", "Density": "density", "Distance": "length",
	"ElectricCharge": "electricCharge", "Energy": "energy", "Force": "force", "Frequency": "frequency",
	"Humidity": "density", "Illuminance": "illuminance", "Inductance": "inductance", "Latitude": "angle",
	"Length": "length", "Longitude": "angle", "Luminance": "luminance", "Luminosity": "power",
	"LuminousFlux": "luminousFlux", "LuminousIntensity": "luminousIntensity", "MagneticFlux": "magneticFlux",
	"MagneticInduction": "magneticInduction", "Mass": "mass", "MassFlowRate": "massFlowRate", "Power": "power",
	"Pressure": "pressure", "RelativeHumidity": "unitless", "Resistance": "resistance", "SoundPressure": "soundPressure",
	"Temperature": "temperature", "Thrust": "force", "TimeSpan": "time", "Torque": "torque", "Velocity": "velocity",
	"Voltage": "voltage", "Volume": "volume", "VolumeFlowRate": "volumeFlowRate",
}

// familyOf is the family a unit belongs to.
func familyOf(unit string) (string, bool) {
	for family, units := range families {
		if slices.Contains(strings.Fields(units), unit) {
			return family, true
		}
	}
	return "", false
}

// plantUnits are the units that plants use, by their DTDL names.
var plantUnits = map[string]string{
	"metrePerSecondSquared": "m/s²", "gForce": "g0",
	"radian": "rad", "degreeOfArc": "°",
	"radianPerSecond": "rad/s", "degreePerSecond": "°/s", "revolutionPerSecond": "1/s", "revolutionPerMinute": "1/min",
	"ampere": "A", "milliampere": "mA",
	"kilogramPerCubicMetre": "kg/m³", "gramPerCubicMetre": "g/m³",
	"joule": "J", "kilojoule": "kJ", "megajoule": "MJ", "gigajoule": "GJ", "kilowattHour": "kWh",
	"newton": "N", "pound": "lbf", "hertz": "Hz", "kilohertz": "kHz", "megahertz": "MHz", "lux": "lx",
	"metre": "m", "centimetre": "cm", "millimetre": "mm", "micrometre": "µm", "nanometre": "nm", "kilometre": "km",
	"foot": "ft", "inch": "in", "mile": "mi", "nauticalMile": "nmi",
	"tesla": "T", "kilogram": "kg", "gram": "g", "milligram": "mg", "tonne": "t",
	"gramPerSecond": "g/s", "kilogramPerSecond": "kg/s", "gramPerHour": "g/h", "kilogramPerHour": "kg/h",
	"watt": "W", "milliwatt": "mW", "kilowatt": "kW", "megawatt": "MW",
	"pascal": "Pa", "kilopascal": "kPa", "bar": "bar", "millibar": "mbar", "millimetresOfMercury": "mmHg",
	"poundPerSquareInch": "psi", "inchesOfMercury": "inHg", "inchesOfWater": "inH2O",
	"kelvin": "K", "degreeCelsius": "°C", "degreeFahrenheit": "°F",
	"second": "s", "millisecond": "ms", "minute": "min", "hour": "h", "day": "d",
	"newtonMetre": "Nm", "unity": "1", "percent": "%",
	"centimetrePerSecond": "cm/s", "metrePerSecond": "m/s", "kilometrePerHour": "km/h", "milePerHour": "mph", "knot": "kn",
	"volt": "V", "millivolt": "mV", "kilovolt": "kV",
	"cubicMetre": "m³", "litre": "L", "millilitre": "mL",
	"litrePerSecond": "L/s", "millilitrePerSecond": "mL/s", "litrePerHour": "L/h", "millilitrePerHour": "mL/h",
}

// PlantUnit is the unit of twinmodel that a DTDL unit is. Not every unit of the
// language is one that a plant has.
func PlantUnit(name string) (string, bool) {
	unit, ok := plantUnits[name]
	return unit, ok
}

// HasUnit reports whether the language has a name for a unit of twinmodel.
func HasUnit(plant string) bool {
	for _, unit := range plantUnits {
		if unit == plant {
			return true
		}
	}
	return false
}
