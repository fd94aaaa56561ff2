package pipenet

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"twinrig/twinmodel"
)

// role is what a signal is to the network.
type role int

const (
	ambient role = iota
	supplyTemperature
	supplyHead
	demandFactor
	service
	command
	leak
	blockage
	insulationLoss
	fouling
	stuck
	trip
	wear

	pipeTemperature
	pipePressure
	pipeFlow
	pumpSpeed
	pumpFlow
	pumpPower
	valvePosition
	valveFlow
	tankLevel
	tankTemperature
	served
	leakage
)

// channel binds a signal to an element of the network.
type channel struct {
	role  role
	at    int     // link or node
	scale float64 // SI per unit of the signal
}

// names give every element of a network a name for signals: the letters and
// digits of its identifier, with its kind before it when it begins with a digit
// or the name is taken.
type names map[string]bool

func (n names) of(kind, id string) string {
	var b strings.Builder
	for _, r := range id {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	name := b.String()
	if name == "" || unicode.IsDigit(rune(name[0])) || n[name] {
		name = kind + name
	}
	for base, k := name, 2; n[name]; k++ {
		name = fmt.Sprintf("%sN%d", base, k)
	}
	n[name] = true
	return name
}

// catalogue makes the specification of a network's plant.
type catalogue struct {
	net      *Network
	p        *Params
	spec     *twinmodel.Spec
	channels []channel
	links    []string // name of each link
	nodes    []string
	least    float64 // bar any pressure can have
	most     float64
}

func newCatalogue(n *Network, p *Params) *catalogue {
	c := &catalogue{net: n, p: p, spec: &twinmodel.Spec{
		Kind: "pipenet", Title: "pipe network",
		Sources: []string{
			"Todini and Pilati (1988): a gradient algorithm for the analysis of pipe networks",
			"Rossman and others, EPANET 2.2 User Manual (2020): laws of pipes, pumps, valves and emitters",
			"Swamee and Jain (1976), Dunlop (1991): friction",
			"Wagner, Shamir and Marks (1988): demands that depend on pressure",
			"ASTM D341 (Walther): viscosity over temperature",
		},
	}}
	used := names{}
	for i := range n.Links {
		kind := "pipe"
		if n.Links[i].Kind == Pump {
			kind = "pump"
		} else if n.Links[i].Kind > Pump {
			kind = "valve"
		}
		c.links = append(c.links, used.of(kind, n.Links[i].ID))
	}
	for i := range n.Nodes {
		c.nodes = append(c.nodes, used.of([]string{"node", "reservoir", "tank"}[n.Nodes[i].Kind], n.Nodes[i].ID))
	}
	c.limits()
	c.inputs()
	c.faults()
	c.outputs()
	return c
}

// limits are pressures beyond which nothing in the network can drive the liquid.
func (c *catalogue) limits() {
	low, high, rise := math.Inf(1), math.Inf(-1), 0.0
	for i := range c.net.Nodes {
		v := &c.net.Nodes[i]
		low, high = math.Min(low, v.Elevation), math.Max(high, v.Elevation+v.MaxLevel)
	}
	for i := range c.net.Links {
		l := &c.net.Links[i]
		rise += float64(1.5*1.5*l.Curve.Shutoff) + l.Setting
		if l.Curve.Power > 0 {
			rise += l.Curve.Power / (c.net.Density * gravity * 1e-6)
		}
	}
	bar := c.net.Density * gravity / 1e5
	c.most = math.Ceil(float64(bar*(high-low+rise+2*headRange))) + 1
	c.least = -c.most
}

// headRange is how far the head of a reservoir can be moved from the network's, m.
const headRange = 100.0

func (c *catalogue) add(s twinmodel.Signal, r role, at int, scale float64) {
	c.spec.Signals = append(c.spec.Signals, s)
	c.channels = append(c.channels, channel{r, at, scale})
}

func (c *catalogue) inputs() {
	c.add(twinmodel.Signal{Name: "ambientTemperature", Label: "ambient temperature", Quantity: twinmodel.Temperature, Unit: "°C",
		Min: -50, Max: 60, Initial: 15, Direction: twinmodel.Environment}, ambient, -1, 1)
	for i := range c.net.Nodes {
		v, id := &c.net.Nodes[i], strings.ToLower(c.net.Nodes[i].ID)
		switch {
		case v.Kind == Reservoir:
			c.add(twinmodel.Signal{Name: c.nodes[i] + "SupplyTemperature", Label: "supply temperature of " + id, Quantity: twinmodel.Temperature, Unit: "°C",
				Min: -50, Max: 500, Initial: c.p.Temperature, Direction: twinmodel.Environment, Doc: "of what flows in from there"}, supplyTemperature, i, 1)
			c.add(twinmodel.Signal{Name: c.nodes[i] + "Head", Label: "head of " + id, Quantity: twinmodel.Length, Unit: "m",
				Min: v.Elevation - headRange, Max: v.Elevation + headRange, Initial: v.Elevation, Direction: twinmodel.Environment, Doc: "times its pattern, if it has one"}, supplyHead, i, 1)
		case v.Kind == Junction && asks(v):
			c.add(twinmodel.Signal{Name: c.nodes[i] + "DemandFactor", Label: "demand factor of " + id, Quantity: twinmodel.Ratio, Unit: "1",
				Max: 3, Initial: 1, Direction: twinmodel.Environment, Doc: "demand over that of the network"}, demandFactor, i, 1)
		}
	}
	for i := range c.net.Links {
		c.linkInputs(i)
	}
}

func asks(v *Node) bool {
	for _, d := range v.Demands {
		if d.Base != 0 {
			return true
		}
	}
	return false
}

func (c *catalogue) linkInputs(i int) {
	l, id, name := &c.net.Links[i], strings.ToLower(c.net.Links[i].ID), c.links[i]
	s := twinmodel.Signal{Name: name + "Setting", Label: "setting of valve " + id, Direction: twinmodel.Actuator}
	switch l.Kind {
	case Pipe, CheckPipe:
		e, ok := c.p.exchanger(l.ID)
		if ok {
			c.add(twinmodel.Signal{Name: name + "Service", Label: "service temperature of " + id, Quantity: twinmodel.Temperature, Unit: "°C",
				Min: -40, Max: 500, Initial: e.Service, Direction: twinmodel.Actuator, Doc: "of what heats or cools the liquid there"}, service, i, 1)
		}
		return
	case Pump:
		s = twinmodel.Signal{Name: name + "SpeedSetting", Label: "speed setting of pump " + id, Quantity: twinmodel.Ratio, Unit: "%",
			Max: 150, Initial: 100 * l.Speed, Direction: twinmodel.Actuator, Doc: "of the rated speed"}
		c.add(s, command, i, 0.01)
		return
	case PRV, PSV, PBV:
		bar := c.net.Density * gravity / 1e5
		s.Quantity, s.Unit, s.Initial = twinmodel.Pressure, "bar", float64(l.Setting*bar)
		s.Max = math.Ceil(float64(2*s.Initial) + 10)
		s.Min = math.Min(0, s.Initial)
		c.add(s, command, i, 1/bar)
	case FCV:
		s.Quantity, s.Unit, s.Initial = twinmodel.VolumeFlow, "L/s", float64(1e3*l.Setting)
		s.Max = math.Ceil(float64(3*s.Initial) + 10)
		c.add(s, command, i, 1e-3)
	case TCV:
		s.Name, s.Label = name+"OpeningSetting", "opening setting of valve "+id
		s.Quantity, s.Unit, s.Initial, s.Max = twinmodel.Ratio, "%", 100*c.p.opening(l.ID), 100
		s.Doc = "equal percentage trim; 0 shuts it"
		c.add(s, command, i, 0.01)
	}
}

func (c *catalogue) faults() {
	fault := func(i int, r role, name, label, doc string) {
		id := strings.ToLower(c.net.Links[i].ID)
		c.add(twinmodel.Signal{Name: c.links[i] + name, Label: label + " " + id, Quantity: twinmodel.Ratio, Unit: "1", Max: 1,
			Direction: twinmodel.Environment, Fault: true, Doc: doc}, r, i, 1)
	}
	for i := range c.net.Links {
		_, exchanger := c.p.exchanger(c.net.Links[i].ID)
		switch k := c.net.Links[i].Kind; {
		case k <= CheckPipe:
			if c.leaksAt(i) >= 0 {
				fault(i, leak, "Leak", "leak of pipe", "area of a hole at its far end, 1 the largest")
			}
			fault(i, blockage, "Blockage", "blockage of pipe", "share of the largest blockage of the cross-section")
			if exchanger {
				fault(i, fouling, "Fouling", "fouling of", "share of the largest loss of conductance")
			} else {
				fault(i, insulationLoss, "InsulationLoss", "insulation loss of pipe", "1 lets through as much heat as no insulation")
			}
		case k == Pump:
			fault(i, trip, "Trip", "trip of pump", "share of the speed lost; 1 stops it")
			fault(i, wear, "Wear", "wear of pump", "share of the largest loss of head")
		case k != GPV:
			fault(i, stuck, "Stuck", "stiction of valve", "slows the valve; 1 holds it where it is")
		}
	}
}

// leaksAt is the junction by which a pipe leaks: its far end, or the near one if
// that is not a junction; -1 is none.
func (c *catalogue) leaksAt(i int) int { return leakNode(c.net, i) }

func leakNode(n *Network, i int) int {
	for _, v := range []int{n.Links[i].To, n.Links[i].From} {
		if n.Nodes[v].Kind == Junction {
			return v
		}
	}
	return -1
}

const flowRange = 1e5 // L/s

func (c *catalogue) outputs() {
	bar := c.net.Density * gravity / 1e5
	temperature := func(name, label, doc string) twinmodel.Signal {
		return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Temperature, Unit: "°C", Min: -60, Max: 510, Doc: doc}
	}
	flow := func(name, label string) twinmodel.Signal {
		return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.VolumeFlow, Unit: "L/s", Min: -flowRange, Max: flowRange}
	}
	for i := range c.net.Links {
		name, id := c.links[i], strings.ToLower(c.net.Links[i].ID)
		switch k := c.net.Links[i].Kind; {
		case k <= CheckPipe:
			c.add(temperature(name+"Temperature", "temperature of pipe "+id, "at its far end"), pipeTemperature, i, 1)
			c.add(twinmodel.Signal{Name: name + "Pressure", Label: "pressure of pipe " + id, Quantity: twinmodel.Pressure, Unit: "bar",
				Min: c.least, Max: c.most, Doc: "over the atmosphere, at its far end; at the near one where the far end is a reservoir"}, pipePressure, i, 1/bar)
			c.add(flow(name+"Flow", "flow of pipe "+id), pipeFlow, i, 1e-3)
		case k == Pump:
			c.add(twinmodel.Signal{Name: name + "Speed", Label: "speed of pump " + id, Quantity: twinmodel.Ratio, Unit: "%", Max: 150}, pumpSpeed, i, 0.01)
			c.add(flow(name+"Flow", "flow of pump "+id), pumpFlow, i, 1e-3)
			c.add(twinmodel.Signal{Name: name + "Power", Label: "power of pump " + id, Quantity: twinmodel.Power, Unit: "kW", Max: 1e6}, pumpPower, i, 1e3)
		default:
			if k != GPV {
				c.add(c.position(i), valvePosition, i, c.channels[c.input(i)].scale)
			}
			c.add(flow(name+"Flow", "flow of valve "+id), valveFlow, i, 1e-3)
		}
	}
	for i := range c.net.Nodes {
		v, name, id := &c.net.Nodes[i], c.nodes[i], strings.ToLower(c.net.Nodes[i].ID)
		switch {
		case v.Kind == Tank:
			c.add(twinmodel.Signal{Name: name + "Level", Label: "level of " + id, Quantity: twinmodel.Length, Unit: "m",
				Min: v.MinLevel - 0.01, Max: v.MaxLevel + 0.01}, tankLevel, i, 1)
			c.add(temperature(name+"Temperature", "temperature of "+id, ""), tankTemperature, i, 1)
		case v.Kind == Junction && asks(v):
			c.add(flow(name+"Served", "flow served at "+id), served, i, 1e-3)
		}
	}
	c.add(twinmodel.Signal{Name: "leakFlow", Label: "leak flow", Quantity: twinmodel.VolumeFlow, Unit: "L/s", Max: flowRange, Doc: "out of all leaks and emitters"}, leakage, -1, 1e-3)
}

// position is the output of where a valve stands.
func (c *catalogue) position(i int) twinmodel.Signal {
	s := c.spec.Signals[c.input(i)]
	s.Name = c.links[i] + "Position"
	s.Label = "position of valve " + strings.ToLower(c.net.Links[i].ID)
	s.Direction, s.Initial, s.Doc = twinmodel.Output, 0, "what its setting is by now"
	return s
}

// input is the signal that commands a link.
func (c *catalogue) input(i int) int {
	for k, ch := range c.channels {
		if ch.role == command && ch.at == i {
			return k
		}
	}
	return -1
}
