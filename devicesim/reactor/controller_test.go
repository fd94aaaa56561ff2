package reactor

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/reactor"
)

var t0 = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

func warm() devicesim.Readings {
	return devicesim.Readings{"reactorTemperature": 82.204, "jacketTemperature": 75.5, "pressure": 1.013, "level": 40, "conversion": 90.04,
		"feedFlow": 27.216, "fedMass": 3.5, "coolantFlow": 0.0267, "valvePosition": 48.3, "agitatorPower": 212}
}

func with(changes devicesim.Readings) devicesim.Readings {
	r := warm()
	for k, v := range changes {
		r[k] = v
	}
	return r
}

// bench is a controller and the hand on its clock.
type bench struct {
	t  *testing.T
	c  devicesim.Controller
	at time.Time
}

func booted(t *testing.T, s Settings) *bench {
	t.Helper()
	b := &bench{t, New(s), t0}
	out := b.c.Decide(devicesim.Cycle{Time: t0, Boot: true, Readings: warm()})
	if settings(out) != (acts{valve: 50, agitator: 1}) || len(out.Telemetry) != 0 {
		t.Fatalf("at boot the controller does %+v; want a shut valve, no feed, a turning agitator", out)
	}
	return b
}

// acts is what a cycle did to the actuators.
type acts struct{ valve, feed, agitator, inhibitor float64 }

func settings(out devicesim.Actions) (a acts) {
	for _, s := range out.Actuate {
		*map[string]*float64{"jacketValve": &a.valve, "feedPump": &a.feed, "agitator": &a.agitator, "inhibitorValve": &a.inhibitor}[s.Signal] = s.Value
	}
	return a
}

// tick lets the next control cycle come, however slow.
func (b *bench) tick(r devicesim.Readings) devicesim.Actions {
	out := b.c.Decide(devicesim.Cycle{Time: b.at, Tick: true, Online: true, Readings: r})
	b.at = b.at.Add(slowCycle)
	return out
}

func (b *bench) call(name string) *devicesim.Answer {
	return b.c.Decide(devicesim.Cycle{Time: b.at, Online: true, Readings: warm(), Call: &devicesim.Call{Name: name}}).Answer
}

func (b *bench) phase() string { return b.c.(*controller).process.phase }

// alerts are those a cycle's messages raise and clear.
func alerts(out devicesim.Actions) (names []string) {
	for _, m := range out.Telemetry {
		if a := m.Properties["alert"]; a != "" {
			names = append(names, a+" "+m.Properties["active"])
		}
	}
	return names
}

func batch() Settings { return DefaultSettings(plant.ChyllaHaase) }

func TestTelemetry(t *testing.T) {
	out := booted(t, batch()).tick(warm())
	if len(out.Telemetry) != 1 {
		t.Fatalf("%d messages at the first tick, want 1", len(out.Telemetry))
	}
	want := `{"agitatorPower":212,"batchPhase":"idle","conversion":90.0,"coolantFlow":0.027,"fedMass":3.500,"feedFlow":27.22,"jacketTemperature":75.50,"level":40.0,"pressure":1.013,"reactorTemperature":82.20,"valvePosition":48.3}`
	if got := string(out.Telemetry[0].Body); got != want {
		t.Errorf("telemetry %s\nwant      %s", got, want)
	}
}

// A batch goes through its recipe by what the instruments say.
func TestRecipe(t *testing.T) {
	b := booted(t, batch())
	if a := b.call("startBatch"); a.Status != 200 || b.phase() != heating {
		t.Fatalf("start: %+v, phase %s", a, b.phase())
	}
	if a := b.call("startBatch"); a.Status != 409 {
		t.Errorf("a second start is answered %+v", a)
	}
	for _, c := range []struct {
		temperature, fed float64
		phase            string
		feed             float64
		says             string
	}{
		{32, 3.5, heating, 0, "cold"},
		{81.3, 3.5, feeding, 100, "within a kelvin of the setpoint"},
		{77.1, 10, feeding, 0, "too cold for the feed to react"},
		{80, 20, feeding, 100, "warm again"},
		{82, 35.252, holding, 0, "31.752 kg on top of what the meter showed"},
	} {
		out := b.tick(with(devicesim.Readings{"reactorTemperature": c.temperature, "fedMass": c.fed}))
		if b.phase() != c.phase || settings(out).feed != c.feed {
			t.Errorf("%s: %s with feed %g, want %s and %g", c.says, b.phase(), settings(out).feed, c.phase, c.feed)
		}
	}
	b.at = b.at.Add(time.Hour)
	if out := b.tick(with(devicesim.Readings{"reactorTemperature": 82})); b.phase() != cooling || settings(out).valve != 0 {
		t.Errorf("after an hour: %s with the valve at %g", b.phase(), settings(out).valve)
	}
	if b.tick(with(devicesim.Readings{"reactorTemperature": 39.9})); b.phase() != done {
		t.Errorf("cold: %s", b.phase())
	}
	if a := b.call("startBatch"); a.Status != 200 {
		t.Errorf("the next batch: %+v", a)
	}
}

// A reactor that gets away is stopped, once, and stays stopped until reset.
func TestTrip(t *testing.T) {
	for _, bad := range []devicesim.Readings{{"reactorTemperature": 92.1}, {"pressure": 5.1}} {
		b := booted(t, batch())
		b.call("startBatch")
		b.tick(warm())
		out := b.tick(with(bad))
		if got := settings(out); got != (acts{agitator: 1, inhibitor: 1}) || b.phase() != emergency {
			t.Errorf("%v: %+v in phase %s; want full cooling, no feed, inhibitor", bad, got, b.phase())
		}
		if got := alerts(out); len(got) != 1 || got[0] != "emergencyStop true" {
			t.Errorf("%v: alerts %v", bad, got)
		}
		for range 5 {
			out = b.tick(warm())
		}
		if settings(out).valve != 0 || b.call("startBatch").Status != 409 {
			t.Error("the emergency ended by itself")
		}
		if b.call("reset").Status != 200 || b.phase() != idle || b.call("reset").Status != 409 {
			t.Errorf("reset leaves it in phase %s", b.phase())
		}
		if out := b.tick(warm()); settings(out) != (acts{valve: 50, agitator: 1}) || b.c.(*controller).stopped.Active() {
			t.Errorf("after reset: %+v, still alerting: %v", settings(out), b.c.(*controller).stopped.Active())
		}
	}
}

// An emergency stop does not wait for the next cycle.
func TestEmergencyStopAtOnce(t *testing.T) {
	b := booted(t, batch())
	b.call("startBatch")
	b.tick(warm())
	out := b.c.Decide(devicesim.Cycle{Time: b.at, Online: true, Readings: warm(), Call: &devicesim.Call{Name: "emergencyStop"}})
	if got := settings(out); got != (acts{agitator: 1, inhibitor: 1}) || strings.Join(alerts(out), "") != "emergencyStop true" {
		t.Errorf("%+v, alerts %v", got, alerts(out))
	}
}

// Alerts wait for their delay and end with hysteresis.
func TestAlerts(t *testing.T) {
	b := booted(t, batch())
	var got []string
	for _, v := range []float64{86.1, 86.1, 86.1, 85, 84.1, 83.9} {
		got = append(got, alerts(b.tick(with(devicesim.Readings{"reactorTemperature": v})))...)
	}
	if strings.Join(got, ", ") != "temperatureHigh true, temperatureHigh false" || b.phase() != idle {
		t.Errorf("alerts %v in phase %s", got, b.phase())
	}
	b.call("startBatch")
	b.tick(warm())
	out := b.tick(with(devicesim.Readings{"agitatorPower": 2}))
	if settings(out).feed != 100 {
		t.Error("the feed stops before anyone can know that the agitator did")
	}
	out = b.tick(with(devicesim.Readings{"agitatorPower": 2}))
	if strings.Join(alerts(out), "") != "agitatorStopped true" || settings(out).feed != 0 {
		t.Errorf("agitator stopped: alerts %v, feed %g", alerts(out), settings(out).feed)
	}
	if a := b.call("getStatus"); !strings.Contains(mustJSON(t, a.Payload), `"alerts":["agitatorStopped"]`) {
		t.Errorf("status %s", mustJSON(t, a.Payload))
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDesired(t *testing.T) {
	b := booted(t, batch())
	out := b.c.Decide(devicesim.Cycle{Time: t0, Readings: warm(), Desired: map[string]any{"setpoint": 70.0, "temperatureTrip": 500.0, "$version": 3.0}})
	if got := mustJSON(t, out.Report["setpoint"]); got != `{"ac":200,"av":3,"value":70}` {
		t.Errorf("setpoint acknowledged as %s", got)
	}
	if got := mustJSON(t, out.Report["temperatureTrip"]); !strings.Contains(got, `"ac":400`) {
		t.Errorf("an impossible trip is acknowledged as %s", got)
	}
	b.call("startBatch")
	if out := b.tick(warm()); settings(out).valve >= 50 {
		t.Errorf("12 K above the new setpoint the valve is at %g", settings(out).valve)
	}
}

func TestMethods(t *testing.T) {
	for name, want := range map[string]int{"getStatus": 200, "startBatch": 200, "emergencyStop": 200, "reset": 409, "selfDestruct": 404} {
		if a := booted(t, batch()).call(name); a == nil || a.Status != want {
			t.Errorf("%s is answered %+v, want status %d", name, a, want)
		}
	}
}

// The valve's position undoes its equal-percentage characteristic.
func TestPosition(t *testing.T) {
	tuning := batch().Tuning
	for rise, want := range map[float64]float64{-45: 0, 14: 100, 0: 50, -1: 50, 0.4: 50, 14 / math.Sqrt(30): 75, -45 / math.Sqrt(30): 25} {
		if got := tuning.position(rise); math.Abs(got-want) > 1e-9 {
			t.Errorf("for %g K the valve is at %g, want %g", rise, got, want)
		}
	}
}

// A loop at its limit does not wind up: it leaves as soon as the error turns.
func TestLoop(t *testing.T) {
	l := loop{gain: 2, reset: 10, low: 0, high: 100}
	for range 1000 {
		if out := l.step(50, 60, 4); out != 100 {
			t.Fatalf("at %g with an error of 60", out)
		}
	}
	if out := l.step(50, -1, 4); out > 50 {
		t.Errorf("at %g when the error has turned", out)
	}
	for range 100 {
		l.step(50, -1, 4)
	}
	// The integral stopped where it and the error's own 2 % reached the limit.
	if out := l.step(50, 0, 4); out > 2 {
		t.Errorf("at %g after a long negative error", out)
	}
}

// run is a device without its link: plant, instruments and controller.
func run(t *testing.T, reaction plant.Reaction, length time.Duration, each func(p twinmodel.Plant, phase string)) {
	t.Helper()
	p, boot, err := Kind.Build(devicesim.Instance{ID: "r", Start: t0, Seed: 1, Chosen: map[string]float64{"reaction": float64(reaction)}})
	if err != nil {
		t.Fatal(err)
	}
	sensors, err := Kind.Instruments(1, "r")
	if err != nil {
		t.Fatal(err)
	}
	c := boot().(*controller)
	for now := t0; now.Before(t0.Add(length)); now = now.Add(cycle) {
		if err := p.Advance(now); err != nil {
			t.Fatal(err)
		}
		in := devicesim.Cycle{Time: now, Boot: now.Equal(t0), Tick: true, Readings: devicesim.Readings{}}
		for _, s := range sensors {
			v, err := p.Value(s.Signal)
			if err != nil {
				t.Fatal(err)
			}
			in.Readings[s.Signal] = s.Instrument.Read(now, v)
		}
		if now.Sub(t0) == 2*cycle && c.process.phase == idle {
			c.Decide(devicesim.Cycle{Time: now, Readings: in.Readings, Call: &devicesim.Call{Name: "startBatch"}})
		}
		for _, s := range c.Decide(in).Actuate {
			if err := p.Set(s.Signal, s.Value); err != nil {
				t.Fatal(err)
			}
		}
		each(p, c.process.phase)
	}
}

// Every reaction is held at its setpoint in its last hour by the defaults, and
// never comes near its alarm.
func TestControlsEveryReaction(t *testing.T) {
	for i := range plant.Reactions() {
		reaction := plant.Reaction(i)
		s := DefaultSettings(reaction)
		length := 6 * time.Hour
		if reaction == plant.ChyllaHaase {
			length = 2*time.Hour + 15*time.Minute // in the middle of holding
		}
		highest, worst, now := 0.0, 0.0, time.Duration(0)
		run(t, reaction, length, func(p twinmodel.Plant, phase string) {
			v, err := p.Value("reactorTemperature")
			if err != nil {
				t.Fatal(err)
			}
			highest = math.Max(highest, v)
			if now += cycle; now > length-time.Hour {
				worst = math.Max(worst, math.Abs(v-s.Setpoint))
			}
		})
		if highest > s.TemperatureAlarm-2 || worst > 2 {
			t.Errorf("%v: at most %.1f °C, alarm at %g; in the last hour %.2f K off %g °C", reaction, highest, s.TemperatureAlarm, worst, s.Setpoint)
		}
	}
}

// A batch makes what it should in time: all the monomer reacts, and the
// temperature stays within 1.6 K while it is fed.
func TestBatch(t *testing.T) {
	phases, last, worst, conversion := "", "", 0.0, 0.0
	run(t, plant.ChyllaHaase, 6*time.Hour, func(p twinmodel.Plant, phase string) {
		if phase != last {
			phases, last = phases+phase+" ", phase
		}
		v, _ := p.Value("reactorTemperature")
		conversion, _ = p.Value("conversion")
		if phase == feeding {
			worst = math.Max(worst, math.Abs(v-82.2))
		}
	})
	if phases != "idle heating feeding holding cooling done " {
		t.Errorf("phases %s", phases)
	}
	if worst > 1.6 || conversion < 99.99 {
		t.Errorf("%.2f K off while feeding, conversion %.3f %%", worst, conversion)
	}
}
