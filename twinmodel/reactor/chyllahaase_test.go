package reactor

import (
	"math"
	"testing"
	"time"

	"twinrig/twinmodel/validation"
)

// peer is the polymerisation of Chylla and Haase written down again, in the
// papers' kilojoules and with ring buffers for its delays, stepped by Euler's
// method: another program for the same equations.
type peer struct {
	dt                        float64
	monomer, polymer          float64 // kg
	temperature, out, in      float64 // K
	outPast, inPast           []float64
	reactionHeat, coefficient float64
}

func newPeer(dt float64) *peer {
	const t0 = 305.382
	p := &peer{dt: dt, polymer: 11.227, temperature: t0, out: t0, in: t0,
		outPast: make([]float64, int(math.Round(15/dt))), inPast: make([]float64, int(math.Round(22.8/dt)))}
	for i := range p.outPast {
		p.outPast[i] = t0
	}
	for i := range p.inPast {
		p.inPast[i] = t0
	}
	return p
}

func peerViscosity(solids, temperature float64) float64 {
	return 5.2e-5 * math.Exp(16.4*solids) * math.Pow(10, 2.3*(555.556/temperature-1.563))
}

// step takes one step with the valve at c and a feed in kg/s.
func (p *peer) step(c, feed float64) {
	const ambient = 305.382
	mass := p.monomer + p.polymer + 42.75
	solids := p.polymer / mass
	k := 55 * math.Exp(-29560.89/8.314/p.temperature) * math.Pow(1000*peerViscosity(solids, p.temperature), 0.4)
	rate := k * p.monomer
	jacket := (p.in + p.out) / 2
	film := 0.814 * math.Exp(-5.13*peerViscosity(solids, (p.temperature+jacket)/2))
	area := (p.monomer/900+p.polymer/1040+42.75/1000)*1.594/0.193 + 0.167
	through := film * area * (p.temperature - jacket)
	p.reactionHeat, p.coefficient = 70152.16/104*rate, film
	gain := 0.0
	if c < 50 {
		gain = 0.8 * math.Pow(30, -c/50) * (294.26 - p.in)
	} else if c > 50 {
		gain = 0.15 * math.Pow(30, c/50-2) * (449.82 - p.in)
	}
	n := len(p.outPast)
	outPast, slope := p.outPast[n-1], (p.outPast[n-2]-p.outPast[n-1])/p.dt
	capacity := p.monomer*1.675 + p.polymer*3.14 + 42.75*4.187
	dT := (feed*1.675*(ambient-p.temperature) - through - 0.00567567*(p.temperature-ambient) + p.reactionHeat) / capacity
	dOut := (0.9412*4.187*(p.inPast[len(p.inPast)-1]-p.out) + through) / (21.455 * 4.187)
	dIn := slope + (outPast-p.in)/40.2 + gain/40.2
	copy(p.outPast[1:], p.outPast)
	copy(p.inPast[1:], p.inPast)
	p.outPast[0], p.inPast[0] = p.out, p.in
	p.monomer += p.dt * (feed - rate)
	p.polymer += p.dt * rate
	p.temperature += p.dt * dT
	p.out += p.dt * dOut
	p.in += p.dt * dIn
}

// cascade holds a batch at 355.382 K: a controller of the temperature asks
// another for a jacket temperature, every 4 s. Neither integrates while it is at
// its limit.
type cascade struct{ master, slave float64 }

func (c *cascade) valve(temperature, jacket float64) float64 {
	e := 355.382 - temperature
	asked := 355.382 + 12*(e+c.master)
	if asked > 294.26 && asked < 373 {
		c.master += e * 4 / 400
	}
	e = math.Max(294.26, math.Min(373, asked)) - jacket
	valve := 50 + 3*(e+c.slave)
	if valve > 0 && valve < 100 {
		c.slave += e * 4 / 200
	}
	return math.Max(0, math.Min(100, valve))
}

// batch runs the recipe: heat up for half an hour, feed for 70 minutes, hold.
func batch(t testing.TB, r *Reactor, minutes int, each func(valve, feed float64)) {
	t.Helper()
	var c cascade
	for s := 0; s < minutes*60; s += 4 {
		feed := 0.0
		if s >= 30*60 && s < 100*60 {
			feed = 100
		}
		valve := c.valve(value(t, r, "reactorTemperature")+Freezing, value(t, r, "jacketTemperature")+Freezing)
		set(t, r, map[string]float64{"jacketValve": valve, "feedPump": feed})
		advance(t, r, 4*time.Second)
		each(valve, feed)
	}
}

// TestCHY is a batch of product A. Laws: the heat of reaction is that of all the
// monomer fed, 1e-6; references: what an earlier run with another controller
// noted, to the digits it was noted with.
func TestCHY(t *testing.T) {
	r := newTank(t, chyllaHaase())
	first, strongest, hottest, seconds := value(t, r, "heatTransfer"), 0.0, 0.0, 0
	batch(t, r, 160, func(float64, float64) {
		seconds += 4
		strongest = math.Max(strongest, value(t, r, "reactionHeat"))
		if seconds > 30*60 {
			hottest = math.Max(hottest, value(t, r, "reactorTemperature")+Freezing-355.382)
		}
	})
	t.Logf("at most %.2f K above the setpoint", hottest)
	const noted = "Euler, 1 s, another controller"
	validation.Row{ID: "CHY", What: "heat of a batch", Source: "ΔH·31.752 kg/104 kg/kmol", Reference: 70152.16 * 31.752 / 104,
		Ours: value(t, r, "heatReleased") * 1e3, Unit: "kJ", Relative: 1e-6}.Check(t)
	validation.Row{ID: "CHY", What: "strongest heat of reaction", Source: noted, Reference: 5.81, Ours: strongest, Unit: "kW", Absolute: 0.1}.Check(t)
	validation.Row{ID: "CHY", What: "heat transfer coefficient at the start", Source: noted, Reference: 789, Ours: first, Unit: "W/(m² K)", Absolute: 0.5}.Check(t)
	validation.Row{ID: "CHY", What: "heat transfer coefficient at the end", Source: noted, Reference: 305, Ours: value(t, r, "heatTransfer"), Unit: "W/(m² K)", Absolute: 0.5}.Check(t)
	if fed := value(t, r, "fedMass"); math.Abs(fed-31.752) > 1e-9 {
		t.Errorf("fed %.12g kg, want 31.752", fed)
	}
	if hottest > 1.5 || hottest < 0 {
		t.Errorf("the batch gets %.2f K too hot", hottest)
	}
}

// TestCHYPeer: the same valve and feed for the plant and for its peer. Tolerance:
// Euler's error at 0.1 s steps, 0.05 K and 0.5 % of the heat.
func TestCHYPeer(t *testing.T) {
	r := newTank(t, chyllaHaase())
	p := newPeer(0.1)
	hottest, jacket, heat := 0.0, 0.0, 0.0
	batch(t, r, 150, func(valve, feed float64) {
		for range 40 {
			p.step(valve, feed/100*7.56e-3)
		}
		hottest = math.Max(hottest, math.Abs(value(t, r, "reactorTemperature")+Freezing-p.temperature))
		jacket = math.Max(jacket, math.Abs(value(t, r, "jacketTemperature")+Freezing-(p.in+p.out)/2))
		heat = math.Max(heat, math.Abs(value(t, r, "reactionHeat")-p.reactionHeat))
	})
	const source = "Euler with ring buffers, 0.1 s, same valve"
	validation.Row{ID: "CHY", What: "reactor temperature over a batch, largest difference", Source: source, Ours: hottest, Unit: "K", Absolute: 0.05}.Check(t)
	validation.Row{ID: "CHY", What: "jacket temperature over a batch, largest difference", Source: source, Ours: jacket, Unit: "K", Absolute: 0.3}.Check(t)
	validation.Row{ID: "CHY", What: "heat of reaction over a batch, largest difference", Source: source, Ours: heat, Unit: "kW", Absolute: 0.03}.Check(t)
}
