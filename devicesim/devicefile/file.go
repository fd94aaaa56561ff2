package devicefile

// file is a device file as it is written. Schema describes the same for editors.
type file struct {
	Device     string              `yaml:"device"`
	Model      string              `yaml:"model"`
	Models     []string            `yaml:"models"`
	Plant      plantFile           `yaml:"plant"`
	Replay     *replayFile         `yaml:"replay"`
	Options    map[string]string   `yaml:"options"`
	Inputs     map[string]string   `yaml:"inputs"`
	Every      string              `yaml:"every"`
	Telemetry  map[string]source   `yaml:"telemetry"`
	Absent     []string            `yaml:"absent"`
	Properties map[string]property `yaml:"properties"`
	Alerts     map[string]alert    `yaml:"alerts"`
	Commands   map[string]command  `yaml:"commands"`
}

// plantFile is a shipped plant, written as its name alone, an FMU or a network.
type plantFile struct {
	Name    string               `yaml:"-"`
	Network string               `yaml:"network"`
	FMU     string               `yaml:"fmu"`
	Step    string               `yaml:"step"`
	Start   map[string]string    `yaml:"start"`
	Signals map[string]fmuSignal `yaml:"signals"`
}

// kinds is how many kinds of plant are written.
func (p *plantFile) kinds() (n int) {
	for _, s := range []string{p.Name, p.FMU, p.Network} {
		if s != "" {
			n++
		}
	}
	return n
}

// UnmarshalYAML implements yaml.InterfaceUnmarshaler.
func (p *plantFile) UnmarshalYAML(read func(any) error) error {
	type plain plantFile
	if read(&p.Name) == nil {
		return nil
	}
	return read((*plain)(p))
}

// fmuSignal binds a variable, under the label that is its key.
type fmuSignal struct {
	Variable string   `yaml:"variable"`
	Unit     string   `yaml:"unit"`
	Min      *float64 `yaml:"min"`
	Max      *float64 `yaml:"max"`
	States   []string `yaml:"states"`
	Actuator bool     `yaml:"actuator"`
	Fault    bool     `yaml:"fault"`
}

// replayFile is a recording to play back instead of a plant.
type replayFile struct {
	File   string `yaml:"file"`
	Repeat bool   `yaml:"repeat"`
}

// source is where a telemetry value comes from.
type source struct {
	Signal   string  `yaml:"signal"`
	Constant any     `yaml:"constant"`
	Random   *random `yaml:"random"`
	Sensor   *sensor `yaml:"sensor"`
	Unit     string  `yaml:"unit"`
	Decimals *int    `yaml:"decimals"`
	Every    string  `yaml:"every"`
}

// random is where a value comes from that nothing measures, in the element's unit.
type random struct {
	Distribution string   `yaml:"distribution"`
	Min          *float64 `yaml:"min"`
	Max          *float64 `yaml:"max"`
	Mean         float64  `yaml:"mean"`
	Deviation    float64  `yaml:"deviation"`
	Values       []any    `yaml:"values"`
}

// sensor is an instrument; numbers are in the signal's unit.
type sensor struct {
	Lag        string   `yaml:"lag"`
	Gain       *float64 `yaml:"gain"`
	Bias       float64  `yaml:"bias"`
	Noise      float64  `yaml:"noise"`
	Resolution float64  `yaml:"resolution"`
	Min        float64  `yaml:"min"`
	Max        float64  `yaml:"max"`
}

// property is what stands behind a property of the model.
type property struct {
	Value    any      `yaml:"value"`
	Signal   string   `yaml:"signal"`
	Interval bool     `yaml:"interval"`
	Unit     string   `yaml:"unit"`
	Min      *float64 `yaml:"min"`
	Max      *float64 `yaml:"max"`
}

// alert is a condition that is told to the service.
type alert struct {
	Signal     string  `yaml:"signal"`
	Above      string  `yaml:"above"`
	Below      string  `yaml:"below"`
	Is         string  `yaml:"is"`
	For        string  `yaml:"for"`
	Hysteresis float64 `yaml:"hysteresis"`
}

// command is what a command does.
type command struct {
	Set      map[string]string `yaml:"set"`
	Property string            `yaml:"property"`
	Answer   any               `yaml:"answer"`
}
