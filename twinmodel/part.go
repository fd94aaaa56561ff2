package twinmodel

import (
	"math"
	"time"
)

// Part is an instrument one can buy: what its data sheet says, in a unit.
type Part struct {
	Name     string
	Measures Quantity
	Unit     string
	Spec     InstrumentSpec
	Source   string
}

// Lagging is the part in another case or place, with the time constant it has there.
func (p Part) Lagging(lag time.Duration) InstrumentSpec {
	p.Spec.Lag = lag
	return p.Spec
}

const (
	recalled = "data sheet, recalled"
	density  = 75e-6 // g/√Hz of the accelerometers' noise
	kelvins  = 400.0 // K a Pt100 with 4 to 20 mA is ranged over
)

// The instruments on the boards this project knows and around the plants it
// models, by their usual settings. The time constants of thermometers are those
// of the part in its case.
var (
	ISM330DHCX             = Part{"ISM330DHCX", Acceleration, "g0", accelerometer(2, 104), recalled + "; resolution as in the ISM330DLC's"}
	LSM6DSL                = Part{"LSM6DSL", Acceleration, "g0", accelerometer(2, 104), recalled}
	LSM6DSO                = Part{"LSM6DSO", Acceleration, "g0", accelerometer(2, 104), recalled}
	HTS221Temperature      = Part{"HTS221 temperature", Temperature, "°C", InstrumentSpec{Gain: 1, Lag: 15 * time.Second, Noise: 0.007, Resolution: 0.016, Min: -40, Max: 120, Every: time.Second}, recalled}
	HTS221Humidity         = Part{"HTS221 humidity", Ratio, "%", InstrumentSpec{Gain: 1, Lag: 10 * time.Second, Noise: 0.03, Resolution: 0.004, Max: 100, Every: time.Second}, recalled}
	LPS22HB                = Part{"LPS22HB", Pressure, "hPa", InstrumentSpec{Gain: 1, Noise: 0.0075, Resolution: 1.0 / 4096, Min: 260, Max: 1260, Every: time.Second / 25}, recalled}
	LPS22HH                = Part{"LPS22HH", Pressure, "hPa", InstrumentSpec{Gain: 1, Noise: 0.0065, Resolution: 1.0 / 4096, Min: 260, Max: 1260, Every: time.Second / 25}, recalled}
	BH1750                 = Part{"BH1750", Illuminance, "lx", InstrumentSpec{Gain: 1, Noise: 3, Resolution: 1, Max: 65535, Every: time.Second}, recalled + "; noise of 1 % at 300 lx"}
	Pt100                  = Part{"Pt100", Temperature, "°C", InstrumentSpec{Gain: 1, Lag: 10 * time.Second, Noise: 0.03, Resolution: kelvins / 65536, Min: -50, Max: kelvins - 50}, recalled + "; 4 to 20 mA with 16 bits"}
	Pt100InThermowell      = Part{"Pt100 in a thermowell", Temperature, "°C", InstrumentSpec{Gain: 1, Lag: 45 * time.Second, Noise: 0.03, Resolution: kelvins / 65536, Min: -50, Max: kelvins - 50}, recalled + "; 4 to 20 mA with 16 bits"}
	PressureTransmitter250 = Part{"pressure transmitter 250 bar", Pressure, "bar", InstrumentSpec{Gain: 1, Lag: time.Second / 10, Noise: 0.0002 * 250, Resolution: 250.0 / 65536, Max: 250}, recalled + "; 4 to 20 mA with 16 bits"}
	LoadCell133            = Part{"polished rod load cell", Force, "kN", InstrumentSpec{Gain: 1, Noise: 0.001 * 133, Resolution: 133.0 / 4096, Max: 133, Every: time.Second / 100}, recalled}
	SCD30                  = Part{"SCD30", Ratio, "ppm", InstrumentSpec{Gain: 1, Lag: 20 * time.Second, Noise: 10, Resolution: 1, Min: 400, Max: 10000, Every: 2 * time.Second}, recalled}
	GNSSLatitude           = Part{"GNSS latitude", Angle, "°", InstrumentSpec{Gain: 1, Noise: 2.5 / 1.1774 / 111195, Resolution: 1e-7, Min: -90, Max: 90, Every: time.Second}, recalled + "; 2.5 m circular error probable"}
	GNSSLongitude          = Part{"GNSS longitude", Angle, "°", InstrumentSpec{Gain: 1, Noise: 2.5 / 1.1774 / 111195, Resolution: 1e-7, Min: -180, Max: 180, Every: time.Second}, recalled + "; 2.5 m circular error probable"}
	GNSSSpeed              = Part{"GNSS speed", Velocity, "m/s", InstrumentSpec{Gain: 1, Noise: 0.05, Resolution: 0.01, Max: 515, Every: time.Second}, recalled}
)

// Parts are all of them.
func Parts() []Part {
	return []Part{ISM330DHCX, LSM6DSL, LSM6DSO, HTS221Temperature, HTS221Humidity, LPS22HB, LPS22HH, BH1750, Pt100, Pt100InThermowell, PressureTransmitter250, LoadCell133, SCD30, GNSSLatitude, GNSSLongitude, GNSSSpeed}
}

// accelerometer is a MEMS accelerometer of 16 bits for ±full g with rate samples
// a second; its noise is that of half that bandwidth.
func accelerometer(full, rate float64) InstrumentSpec {
	return InstrumentSpec{Gain: 1, Noise: density * math.Sqrt(rate/2), Resolution: 0.061e-3 * full / 2, Min: -full, Max: full,
		Every: time.Duration(float64(time.Second) / rate)}
}
