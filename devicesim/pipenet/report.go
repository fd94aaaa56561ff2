package pipenet

import (
	"math"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
)

// pipes are the names of the network's pipes in signals. Each has a thermometer, a
// pressure transmitter and a flow meter.
var pipes = []string{
	"l101", "l102", "l103", "l104", "l111", "l112", "l113", "l121", "l131", "l132", "l133", "e1a", "e1b", "l134", "l135",
	"e2a", "e2b", "l141", "l142", "l151", "l152", "l181", "l182", "l191",
}

// machines are signals beside the pipes, with the decimals they are reported with.
var machines = []struct {
	signal   string
	decimals int
}{
	{"p1aSpeed", 1}, {"p1bSpeed", 1}, {"p1aPower", 1}, {"p1bPower", 1}, {"fv101Position", 1}, {"fv301Position", 1}, {"fv302Position", 1},
	{"tk1Level", 3}, {"tk2Level", 3}, {"tk1Temperature", 1}, {"tk2Temperature", 1},
}

func (c *controller) report(r devicesim.Readings) link.Message {
	body := make(map[string]any, 3*len(pipes)+len(machines)+1)
	put := func(signal string, decimals int) { body[signal] = devicesim.Number(r[signal], decimals) }
	for _, p := range pipes {
		put(p+"Temperature", 1)
		put(p+"Pressure", 3)
		put(p+"Flow", 2)
	}
	for _, m := range machines {
		put(m.signal, m.decimals)
	}
	lost := 0.0
	for i := range c.zones {
		lost = math.Max(lost, c.zones[i].lost)
	}
	body["missingFlow"] = devicesim.Number(lost, 2)
	return devicesim.TelemetryMessage(body)
}
