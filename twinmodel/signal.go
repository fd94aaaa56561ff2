package twinmodel

// Quantity is what a signal measures, in the words of the SI brochure.
type Quantity string

// The quantities in use.
const (
	Temperature   Quantity = "temperature"
	Pressure      Quantity = "pressure"
	Length        Quantity = "length"
	VolumeFlow    Quantity = "volume flow"
	MassFlow      Quantity = "mass flow"
	Mass          Quantity = "mass"
	Energy        Quantity = "energy"
	Power         Quantity = "power"
	Current       Quantity = "electric current"
	Frequency     Quantity = "frequency"
	Velocity      Quantity = "velocity"
	Irradiance    Quantity = "irradiance"
	Ratio         Quantity = "ratio"
	Time          Quantity = "time"
	State         Quantity = "state" // an on/off or enumerated state
	HumidityRatio Quantity = "humidity ratio"

	TemperatureDifference Quantity = "temperature difference" // in K
	RotationalFrequency   Quantity = "rotational frequency"

	Angle               Quantity = "angle"
	AngularVelocity     Quantity = "angular velocity"
	Acceleration        Quantity = "acceleration"
	Force               Quantity = "force"
	Torque              Quantity = "torque"
	Voltage             Quantity = "voltage"
	Illuminance         Quantity = "illuminance"
	MagneticFluxDensity Quantity = "magnetic flux density"
	Volume              Quantity = "volume"
	Density             Quantity = "density"
	Amount              Quantity = "amount of substance"
	AmountConcentration Quantity = "amount-of-substance concentration"
	HeatTransfer        Quantity = "heat transfer coefficient"
)

// A Direction says whether the world acts on a plant or the plant on the world.
type Direction int

const (
	// Output is computed by the plant.
	Output Direction = iota
	// Actuator is an input the device's controller sets.
	Actuator
	// Environment is an input the surroundings set: weather, people, the grid.
	Environment
)

// Signal is one named physical value of a plant.
//
// Example: {Name: "cargoTemperature", Label: "cargo temperature", Quantity:
// Temperature, Unit: "°C", Min: -60, Max: 80, Direction: Output}.
type Signal struct {
	Name      string // lowerCamelCase, as DTDL telemetry is named
	Label     string // what a person calls it, in lower case; scenario steps use it
	Quantity  Quantity
	Unit      string // unit of Value and Set, e.g. "°C", "bar", "m", "Hz", "1"
	Min, Max  float64
	Initial   float64 // inputs: value before the first Set
	Direction Direction
	Fault     bool     // an input that says how badly something is broken; see fault.go
	States    []string // for Quantity State: name of value 0, 1, …
	Doc       string
}

// Spec describes one kind of plant.
type Spec struct {
	Kind    string // package name, e.g. "reefer"
	Title   string // e.g. "refrigeration truck"
	Signals []Signal
	Sources []string // where equations and parameters come from
}

// Signal finds a signal by name.
func (s *Spec) Signal(name string) (Signal, bool) {
	for _, sig := range s.Signals {
		if sig.Name == name {
			return sig, true
		}
	}
	return Signal{}, false
}
