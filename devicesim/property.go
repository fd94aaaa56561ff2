package devicesim

import (
	"fmt"
	"math"
)

// Property is a writable property of a device: a number the service asks for
// through the twin's desired section and the device acknowledges in the
// reported one, by the IoT Plug and Play convention.
type Property struct {
	Name     string
	Value    float64 // what is in force; set it to the firmware's default first
	Min, Max float64
	Unit     string

	initial      float64
	acknowledged int64 // desired version last acknowledged
	known        bool
}

// Properties are the writable properties of one device.
type Properties []*Property

// Get is the value in force. It panics on a name the controller does not have,
// which is a mistake in the controller.
func (ps Properties) Get(name string) float64 {
	for _, p := range ps {
		if p.Name == name {
			return p.Value
		}
	}
	panic("devicesim: no property " + name)
}

// Apply takes desired properties, puts legal values in force and returns the
// acknowledgements to report: code 200 for a value taken, 400 for one refused,
// 203 once for a value that nobody has asked for yet. Desired properties that
// this device does not have are left unacknowledged, as the convention says.
func (ps Properties) Apply(desired map[string]any) map[string]any {
	version := versionOf(desired)
	report := map[string]any{}
	for _, p := range ps {
		if !p.known {
			p.initial = p.Value
		}
		want, asked := desired[p.Name]
		switch {
		case asked && version != p.acknowledged:
			report[p.Name] = p.take(want, version)
		case !asked && !p.known:
			report[p.Name] = acknowledgement(p.Value, 203, 0, "firmware default")
		}
		p.known = true
	}
	return report
}

func (p *Property) take(want any, version int64) map[string]any {
	p.acknowledged = version
	if want == nil {
		p.Value = p.initial
		return acknowledgement(p.Value, 200, version, "back to the firmware's default")
	}
	v, ok := want.(float64)
	if !ok || math.IsNaN(v) {
		return acknowledgement(p.Value, 400, version, fmt.Sprintf("%s must be a number in %s", p.Name, p.Unit))
	}
	if v < p.Min || v > p.Max {
		return acknowledgement(p.Value, 400, version, fmt.Sprintf("%s must lie between %g and %g %s", p.Name, p.Min, p.Max, p.Unit))
	}
	p.Value = v
	return acknowledgement(v, 200, version, "")
}

func acknowledgement(value float64, code int, version int64, text string) map[string]any {
	ack := map[string]any{"value": value, "ac": code, "av": version}
	if text != "" {
		ack["ad"] = text
	}
	return ack
}

func versionOf(section map[string]any) int64 {
	v, _ := section["$version"].(float64)
	return int64(v)
}
