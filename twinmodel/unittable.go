package twinmodel

import "math"

// unit turns a value linearly to the SI unit of its quantity: SI = scale·v + offset.
type unit struct {
	name          string
	quantity      Quantity
	scale, offset float64
}

// unitTable holds the units people and plants use. Standard gravity is g0, as g
// is the gram. Factors are exact or from NIST SP 811.
var unitTable = []unit{
	{"°C", Temperature, 1, 273.15},
	{"°F", Temperature, 5.0 / 9, 459.67 * 5 / 9},
	{"K", Temperature, 1, 0},
	{"Pa", Pressure, 1, 0},
	{"hPa", Pressure, 1e2, 0},
	{"mbar", Pressure, 1e2, 0},
	{"kPa", Pressure, 1e3, 0},
	{"MPa", Pressure, 1e6, 0},
	{"bar", Pressure, 1e5, 0},
	{"psi", Pressure, 6894.757293168, 0},
	{"mmHg", Pressure, 133.322387415, 0},
	{"inHg", Pressure, 3386.389, 0},
	{"inH2O", Pressure, 249.08891, 0},
	{"nm", Length, 1e-9, 0},
	{"µm", Length, 1e-6, 0},
	{"mm", Length, 1e-3, 0},
	{"cm", Length, 1e-2, 0},
	{"m", Length, 1, 0},
	{"km", Length, 1e3, 0},
	{"in", Length, 0.0254, 0},
	{"ft", Length, 0.3048, 0},
	{"mi", Length, 1609.344, 0},
	{"nmi", Length, 1852, 0},
	{"m³/s", VolumeFlow, 1, 0},
	{"m³/h", VolumeFlow, 1.0 / 3600, 0},
	{"m³/d", VolumeFlow, 1.0 / 86400, 0},
	{"bbl/d", VolumeFlow, 0.158987294928 / 86400, 0},
	{"L/s", VolumeFlow, 1e-3, 0},
	{"mL/s", VolumeFlow, 1e-6, 0},
	{"L/h", VolumeFlow, 1e-3 / 3600, 0},
	{"mL/h", VolumeFlow, 1e-6 / 3600, 0},
	{"kg/s", MassFlow, 1, 0},
	{"g/s", MassFlow, 1e-3, 0},
	{"kg/h", MassFlow, 1.0 / 3600, 0},
	{"g/h", MassFlow, 1e-3 / 3600, 0},
	{"kg", Mass, 1, 0},
	{"g", Mass, 1e-3, 0},
	{"mg", Mass, 1e-6, 0},
	{"t", Mass, 1e3, 0},
	{"J", Energy, 1, 0},
	{"kJ", Energy, 1e3, 0},
	{"MJ", Energy, 1e6, 0},
	{"GJ", Energy, 1e9, 0},
	{"kWh", Energy, 3.6e6, 0},
	{"mW", Power, 1e-3, 0},
	{"W", Power, 1, 0},
	{"kW", Power, 1e3, 0},
	{"MW", Power, 1e6, 0},
	{"mA", Current, 1e-3, 0},
	{"A", Current, 1, 0},
	{"mV", Voltage, 1e-3, 0},
	{"V", Voltage, 1, 0},
	{"kV", Voltage, 1e3, 0},
	{"Hz", Frequency, 1, 0},
	{"kHz", Frequency, 1e3, 0},
	{"MHz", Frequency, 1e6, 0},
	{"1/s", RotationalFrequency, 1, 0},
	{"1/min", RotationalFrequency, 1.0 / 60, 0},
	{"rpm", RotationalFrequency, 1.0 / 60, 0}, // revolutions per minute
	{"spm", RotationalFrequency, 1.0 / 60, 0}, // strokes per minute
	{"rad", Angle, 1, 0},
	{"°", Angle, math.Pi / 180, 0},
	{"rad/s", AngularVelocity, 1, 0},
	{"°/s", AngularVelocity, math.Pi / 180, 0},
	{"mdps", AngularVelocity, math.Pi / 180e3, 0},
	{"m/s²", Acceleration, 1, 0},
	{"g0", Acceleration, 9.80665, 0},
	{"mg0", Acceleration, 9.80665e-3, 0},
	{"mm/s", Velocity, 1e-3, 0},
	{"cm/s", Velocity, 1e-2, 0},
	{"m/s", Velocity, 1, 0},
	{"km/h", Velocity, 1 / 3.6, 0},
	{"mph", Velocity, 0.44704, 0},
	{"kn", Velocity, 1852.0 / 3600, 0},
	{"N", Force, 1, 0},
	{"kN", Force, 1e3, 0},
	{"lbf", Force, 4.4482216152605, 0},
	{"Nm", Torque, 1, 0},
	{"kNm", Torque, 1e3, 0},
	{"lx", Illuminance, 1, 0},
	{"klx", Illuminance, 1e3, 0},
	{"T", MagneticFluxDensity, 1, 0},
	{"µT", MagneticFluxDensity, 1e-6, 0},
	{"mG", MagneticFluxDensity, 1e-7, 0},
	{"W/m²", Irradiance, 1, 0},
	{"m³", Volume, 1, 0},
	{"L", Volume, 1e-3, 0},
	{"mL", Volume, 1e-6, 0},
	{"kg/m³", Density, 1, 0},
	{"g/m³", Density, 1e-3, 0},
	{"mol", Amount, 1, 0},
	{"kmol", Amount, 1e3, 0},
	{"mol/m³", AmountConcentration, 1, 0},
	{"mol/L", AmountConcentration, 1e3, 0},
	{"W/(m²·K)", HeatTransfer, 1, 0},
	{"ms", Time, 1e-3, 0},
	{"s", Time, 1, 0},
	{"min", Time, 60, 0},
	{"h", Time, 3600, 0},
	{"d", Time, 86400, 0},
	{"%", Ratio, 1e-2, 0},
	{"ppm", Ratio, 1e-6, 0},
	{"", Ratio, 1, 0},
	{"1", Ratio, 1, 0},
	{"kg/kg", HumidityRatio, 1, 0},
	{"g/kg", HumidityRatio, 1e-3, 0},
}

var unitIndex = func() map[string]int {
	index := map[string]int{}
	for i, u := range unitTable {
		index[u.name] = i
	}
	return index
}()
