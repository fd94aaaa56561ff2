package presence

import "twinrig/twinmodel"

// Inputs, in the order of the specification.
const (
	inVentilation = iota
	inLamps
	inAttendance
	inVisitors
	inActivity
	inOutdoorMean
	inOutdoorSwing
	inOutdoorHumidity
	inOutdoorCarbon
	inSolarPeak
	inCovered
	inDraught
	inSunOnDetector
	inFanFailure
	inWindowOpen
	inLampFailure
	inClogged
	inputs
)

// Outputs, in the order of the specification.
const (
	outOccupied = iota
	outCount
	outMotion
	outCarbon
	outChamber
	outTemperature
	outHumidity
	outIlluminance
	outDaylight
	outFlow
	outHeating
	outOutdoor
	outEnergy
	outMovements
	outDetections
	outFalse
	outputs
)

var spec = twinmodel.Spec{
	Kind:  "presence",
	Title: "room presence sensor",
	Signals: []twinmodel.Signal{
		inVentilation: {Name: "ventilation", Label: "fan setting", Quantity: twinmodel.Ratio, Unit: "%",
			Max: 100, Direction: twinmodel.Actuator, Doc: "share of the fan's full flow asked for"},
		inLamps: {Name: "lampLevel", Label: "lamp setting", Quantity: twinmodel.Ratio, Unit: "%",
			Max: 100, Direction: twinmodel.Actuator, Doc: "share of the lamps' full light asked for"},
		inAttendance: {Name: "attendance", Label: "attendance", Quantity: twinmodel.Ratio, Unit: "1",
			Max: 1, Initial: 1, Direction: twinmodel.Environment, Doc: "multiplies the profile of presence: 1 on a working day, 0 on a holiday"},
		inVisitors: {Name: "visitors", Label: "number of visitors", Quantity: twinmodel.Ratio, Unit: "1",
			Max: 30, Direction: twinmodel.Environment, Doc: "people in the room besides its occupants; a whole number"},
		inActivity: {Name: "activity", Label: "activity", Quantity: twinmodel.Ratio, Unit: "1",
			Max: 1, Initial: 0.3, Direction: twinmodel.Environment, Doc: "of everybody: 0 sits still, 1 moves as often as people do"},
		inOutdoorMean: {Name: "outdoorMean", Label: "mean outdoor temperature", Quantity: twinmodel.Temperature, Unit: "°C",
			Min: -20, Max: 40, Initial: 8, Direction: twinmodel.Environment, Doc: "mean of the day; the extremes are at 03:00 and 15:00 UTC"},
		inOutdoorSwing: {Name: "outdoorSwing", Label: "outdoor temperature swing", Quantity: twinmodel.TemperatureDifference, Unit: "K",
			Max: 12, Initial: 4, Direction: twinmodel.Environment, Doc: "half the difference between the day's extremes"},
		inOutdoorHumidity: {Name: "outdoorHumidity", Label: "outdoor humidity", Quantity: twinmodel.Ratio, Unit: "%",
			Max: 100, Initial: 70, Direction: twinmodel.Environment, Doc: "relative humidity at the mean outdoor temperature"},
		inOutdoorCarbon: {Name: "outdoorCo2", Label: "outdoor CO2", Quantity: twinmodel.Ratio, Unit: "ppm",
			Min: 300, Max: 1000, Initial: 420, Direction: twinmodel.Environment, Doc: "share of the outdoor air's volume"},
		inSolarPeak: {Name: "solarPeak", Label: "noon sunshine", Quantity: twinmodel.Irradiance, Unit: "W/m²",
			Max: 1200, Initial: 300, Direction: twinmodel.Environment, Doc: "on the windows at 12:00 UTC; the sun is up from 06:00 to 18:00"},
		inCovered:       fault("detectorCovered", "covered motion detector", "share of the movements in its field that it no longer sees"),
		inDraught:       fault("heaterDraught", "heater draught", "warm air of the radiator blows past the motion detector: 1 sets it off 60 times an hour at full heat"),
		inSunOnDetector: fault("sunOnDetector", "sun on the motion detector", "1 sets it off 60 times an hour under 500 W/m² and more"),
		inFanFailure:    fault("ventilationFailure", "ventilation failure", "share of the fan's flow lost"),
		inWindowOpen:    fault("windowOpen", "open window", "1 adds eight air changes an hour"),
		inLampFailure:   fault("lampFailure", "lamp failure", "share of the lamps that are burnt out"),
		inClogged:       fault("co2FilterClogged", "clogged CO2 sensor", "dust on the sensor's membrane: 1 lets the air change 200 times slower"),

		inputs + outOccupied: {Name: "occupied", Label: "room", Quantity: twinmodel.State, Unit: "1", Max: 1,
			States: []string{"vacant", "occupied"}, Doc: "whether anybody is there"},
		inputs + outCount: {Name: "occupancyCount", Label: "number of people", Quantity: twinmodel.Ratio, Unit: "1", Max: 100},
		inputs + outMotion: {Name: "motion", Label: "motion detector", Quantity: twinmodel.State, Unit: "1", Max: 1,
			States: []string{"still", "motion"}, Doc: "output of the passive infrared detector"},
		inputs + outCarbon: {Name: "co2", Label: "CO2 concentration", Quantity: twinmodel.Ratio, Unit: "ppm", Max: 1e5,
			Doc: "share of the room air's volume"},
		inputs + outChamber: {Name: "co2AtSensor", Label: "CO2 at the sensor", Quantity: twinmodel.Ratio, Unit: "ppm", Max: 1e5,
			Doc: "in the measuring chamber, behind its membrane"},
		inputs + outTemperature: temperature("temperature", "room temperature", "room air"),
		inputs + outHumidity: {Name: "humidity", Label: "room humidity", Quantity: twinmodel.Ratio, Unit: "%", Max: 100,
			Doc: "relative humidity of the room air"},
		inputs + outIlluminance: {Name: "illuminance", Label: "illuminance", Quantity: twinmodel.Illuminance, Unit: "lx", Max: 2e5,
			Doc: "on the desks: daylight and lamps"},
		inputs + outDaylight: {Name: "daylight", Label: "daylight", Quantity: twinmodel.Illuminance, Unit: "lx", Max: 2e5, Doc: "its share of the illuminance"},
		inputs + outFlow: {Name: "freshAirFlow", Label: "fresh air flow", Quantity: twinmodel.VolumeFlow, Unit: "m³/h", Max: 1e6,
			Doc: "through leaks, fan and window"},
		inputs + outHeating: {Name: "heatingPower", Label: "heating power", Quantity: twinmodel.Power, Unit: "W", Max: 1e6, Doc: "of the radiator"},
		inputs + outOutdoor: temperature("outdoorTemperature", "outdoor temperature", ""),
		inputs + outEnergy: {Name: "energyUsed", Label: "energy used", Quantity: twinmodel.Energy, Unit: "kWh", Max: 1e9,
			Doc: "by lamps, fan and radiator"},
		inputs + outMovements: {Name: "movements", Label: "number of movements", Quantity: twinmodel.Ratio, Unit: "1", Max: 1e15,
			Doc: "made by people since the start"},
		inputs + outDetections: {Name: "detections", Label: "number of detections", Quantity: twinmodel.Ratio, Unit: "1", Max: 1e15,
			Doc: "movements the detector has seen"},
		inputs + outFalse: {Name: "falseTriggers", Label: "number of false triggers", Quantity: twinmodel.Ratio, Unit: "1", Max: 1e15,
			Doc: "times the detector was set off by something else"},
	},
	Sources: []string{
		"Page, Robinson, Morel, Scartezzini (2008), Energy and Buildings 40: presence as an inhomogeneous Markov chain",
		"Candanedo and Feldheim (2016), UCI data set 357: daily profile of an office, decay of CO2 at night",
		"ASTM D6245; Persily and de Jonge (2017), Indoor Air 27: CO2 balance of a well-mixed zone",
		"ISO 13790:2008: film between air and structure, class of mass",
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
