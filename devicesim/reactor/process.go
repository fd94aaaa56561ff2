package reactor

import (
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel/detmath"
)

// shut is the position of the jacket's valve in which it neither cools nor heats.
const shut = 50.0

// Phases of the process, as telemetry names them.
const (
	idle      = "idle"
	heating   = "heating"
	feeding   = "feeding"
	holding   = "holding"
	cooling   = "cooling"
	done      = "done"
	emergency = "emergency"
)

// process is the recipe under way and the loops that keep its temperature.
type process struct {
	recipe        Recipe
	tuning        Tuning
	phase         string
	since         time.Time // when the phase began
	fed           float64   // kg on the meter when the batch began
	master, slave loop
	valve, feed   float64 // %
	inhibitor     float64 // 1 once the inhibitor was let in
	reason        string  // of the emergency
}

func newProcess(s Settings) process {
	p := process{recipe: s.Recipe, tuning: s.Tuning, phase: idle, valve: shut}
	t := s.Tuning
	p.master = loop{gain: t.Gain, reset: t.Reset, low: 0, high: 100}
	if t.Cascade {
		p.master.low, p.master.high = t.Coldest, t.Hottest
		p.slave = loop{gain: t.JacketGain, reset: t.JacketReset, low: -t.MostCooling, high: t.MostHeating}
	}
	return p
}

func (p *process) enter(phase string, now time.Time) { p.phase, p.since = phase, now }

// start begins a batch.
func (p *process) start(now time.Time, r devicesim.Readings) {
	p.fed = r["fedMass"]
	p.master.restart()
	p.slave.restart()
	p.enter(heating, now)
	if p.recipe.Continuous {
		p.enter(feeding, now)
	}
}

// running says whether the temperature is under control.
func (p *process) running() bool {
	return p.phase == heating || p.phase == feeding || p.phase == holding
}

// stop brings the tank to a safe state, in which it stays until reset.
func (p *process) stop(now time.Time, reason string) {
	if p.phase == emergency {
		return
	}
	p.reason, p.inhibitor = reason, 1
	p.enter(emergency, now)
}

// reset ends an emergency.
func (p *process) reset(now time.Time) {
	p.reason, p.inhibitor, p.valve, p.feed = "", 0, shut, 0
	p.enter(idle, now)
}

// follow goes through the recipe.
func (p *process) follow(now time.Time, r devicesim.Readings, setpoint float64) {
	temperature := r["reactorTemperature"]
	switch {
	case p.phase == heating && temperature >= setpoint-1:
		p.enter(holding, now)
		if p.recipe.FeedMass > 0 {
			p.enter(feeding, now)
		}
	case p.phase == feeding && !p.recipe.Continuous && r["fedMass"]-p.fed >= p.recipe.FeedMass:
		p.enter(holding, now)
	case p.phase == holding && now.Sub(p.since) >= p.recipe.Hold:
		p.enter(cooling, now)
	case p.phase == cooling && temperature <= p.recipe.CoolTo:
		p.enter(done, now)
	}
}

// act moves valve and pump. Nothing is fed to a tank that is too cold for the
// feed to react, or that nobody stirs.
func (p *process) act(r devicesim.Readings, setpoint float64, stirred bool, dt float64) {
	p.valve, p.feed = shut, 0
	switch {
	case p.phase == emergency || p.phase == cooling:
		p.valve = 0
	case p.running():
		p.valve = p.control(r, setpoint, dt)
	}
	cold := p.recipe.Window > 0 && r["reactorTemperature"] < setpoint-p.recipe.Window
	if p.phase == feeding && stirred && !cold {
		p.feed = 100
	}
}

// control is where the loops want the valve.
func (p *process) control(r devicesim.Readings, setpoint, dt float64) float64 {
	e := setpoint - r["reactorTemperature"]
	if !p.tuning.Cascade {
		return p.master.step(p.tuning.Base, e, dt)
	}
	asked := p.master.step(setpoint, e, dt)
	return p.tuning.position(p.slave.step(0, asked-r["jacketTemperature"], dt))
}

// position is where an equal-percentage valve changes the jacket's water by rise,
// K. What it cannot turn down to, it does not do.
func (t *Tuning) position(rise float64) float64 {
	opening := -rise / t.MostCooling
	if rise > 0 {
		opening = rise / t.MostHeating
	}
	if opening*t.TurnDown <= 1 {
		return shut
	}
	travel := 50 + 50*detmath.Log(opening)/detmath.Log(t.TurnDown)
	if rise > 0 {
		return shut + travel
	}
	return shut - travel
}

func (p *process) actuators() []devicesim.Setting {
	return []devicesim.Setting{
		{Signal: "jacketValve", Value: p.valve}, {Signal: "feedPump", Value: p.feed},
		{Signal: "agitator", Value: 1}, {Signal: "inhibitorValve", Value: p.inhibitor},
	}
}
