package pipenet

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/pipenet"
)

var t0 = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

// bench is the controller on its plant, with the kind's instruments.
type bench struct {
	t          *testing.T
	plant      twinmodel.Plant
	controller devicesim.Controller
	sensors    []devicesim.Sensor
	at         time.Time
	alerts     map[string]bool // raised now
	raised     []string        // ever
	told       map[string]float64
}

func newBench(t *testing.T) *bench {
	t.Helper()
	network, controller, err := Kind.Build(devicesim.Instance{ID: "refinery-1", Start: t0, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	sensors, err := Kind.Instruments(1, "refinery-1")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, plant: network, controller: controller(), sensors: sensors, at: t0, alerts: map[string]bool{}, told: map[string]float64{}}
	b.cycle(devicesim.Cycle{Boot: true})
	b.cycle(devicesim.Cycle{Online: true, Desired: map[string]any{"$version": 1.0}})
	return b
}

func (b *bench) cycle(c devicesim.Cycle) devicesim.Actions {
	b.t.Helper()
	if err := b.plant.Advance(b.at); err != nil {
		b.t.Fatal(err)
	}
	c.Time, c.Readings = b.at, devicesim.Readings{}
	for _, s := range b.sensors {
		c.Readings[s.Signal] = s.Instrument.Read(b.at, b.value(s.Signal))
	}
	out := b.controller.Decide(c)
	for _, s := range out.Actuate {
		b.told[s.Signal] = s.Value
		b.set(s.Signal, s.Value)
	}
	for _, m := range out.Telemetry {
		var alert struct {
			Alert  string
			Active bool
		}
		if json.Unmarshal(m.Body, &alert) == nil && alert.Alert != "" {
			b.alerts[alert.Alert] = alert.Active
			if alert.Active {
				b.raised = append(b.raised, alert.Alert)
			}
		}
	}
	return out
}

func (b *bench) run(d time.Duration) {
	b.t.Helper()
	for end := b.at.Add(d); b.at.Before(end); b.at = b.at.Add(cycle) {
		b.cycle(devicesim.Cycle{Online: true, Tick: true})
	}
}

func (b *bench) set(signal string, v float64) {
	b.t.Helper()
	if err := b.plant.Set(signal, v); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) value(signal string) float64 {
	b.t.Helper()
	v, err := b.plant.Value(signal)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func (b *bench) near(signal string, want, within float64) {
	b.t.Helper()
	if v := b.value(signal); math.Abs(v-want) > within {
		b.t.Errorf("%s: %s is %.4g, want %g within %g", b.at.Format(time.TimeOnly), signal, v, want, within)
	}
}

func (b *bench) call(name, payload string) *devicesim.Answer {
	b.t.Helper()
	return b.cycle(devicesim.Cycle{Online: true, Call: &devicesim.Call{Name: name, Payload: []byte(payload)}}).Answer
}

// Pressure and feed are held, also after both setpoints move, when a train clogs
// and when a consumer takes more; no alert is false.
func TestLoopsHold(t *testing.T) {
	b := newBench(t)
	b.run(20 * time.Minute)
	b.near("l121Pressure", 14, 0.1)
	b.near("l152Flow", 95, 0.5)
	for i, change := range []struct {
		what     func()
		pressure float64
		feed     float64
	}{
		{func() { b.set("e1aBlockage", 0.8) }, 14, 95},
		{func() { b.set("j60DemandFactor", 2) }, 14, 95},
		{func() {
			b.cycle(devicesim.Cycle{Desired: map[string]any{"headerPressure": 13.0, "feedFlow": 85.0, "$version": 2.0}})
		}, 13, 85},
	} {
		change.what()
		b.run(20 * time.Minute)
		t.Logf("after change %d: pump at %.1f %%, valve at %.1f %%", i+1, b.value("p1aSpeed"), b.value("fv301Position"))
		b.near("l121Pressure", change.pressure, 0.1)
		b.near("l152Flow", change.feed, 0.5)
	}
	if len(b.raised) > 0 {
		t.Errorf("alerts %v although nothing leaks and nothing fails", b.raised)
	}
}

// A leak in each zone is found, and told apart from the network being busy.
func TestLeaks(t *testing.T) {
	for _, fault := range []string{"l101Leak", "l111Leak", "l121Leak", "l141Leak", "l181Leak"} {
		b := newBench(t)
		b.run(20 * time.Minute)
		if len(b.raised) > 0 {
			t.Fatalf("alerts %v before anything leaks", b.raised)
		}
		b.set(fault, 0.3)
		b.run(5 * time.Minute)
		if leak := b.value("leakFlow"); leak < 2 || !b.alerts["leak"] {
			t.Errorf("%s of %.1f L/s: alerts %v", fault, leak, b.raised)
		}
		b.set(fault, 0)
		b.run(5 * time.Minute)
		if b.alerts["leak"] {
			t.Errorf("%s: the alert stays after the repair", fault)
		}
	}
}

// The spare takes over once, and service is given back by command only.
func TestChangeOver(t *testing.T) {
	b := newBench(t)
	b.run(10 * time.Minute)
	b.set("p1aTrip", 1)
	b.run(5 * time.Minute)
	if !b.alerts["pumpTripped"] || b.told["p1aSpeedSetting"] != 0 || b.told["p1bSpeedSetting"] < restSpeed {
		t.Fatalf("after the trip: alerts %v, told %v", b.raised, b.told)
	}
	b.near("l121Pressure", 14, 0.2)
	b.set("p1aTrip", 0)
	b.set("p1bTrip", 1)
	b.run(5 * time.Minute)
	if b.told["p1aSpeedSetting"] != 0 {
		t.Error("a pump that has tripped is started again by itself")
	}
	if a := b.call("selectPump", `{"pump": "p1a"}`); a.Status != 200 {
		t.Errorf("selectPump: %+v", a)
	}
	b.run(10 * time.Minute)
	b.near("l121Pressure", 14, 0.2)
	if b.alerts["pumpTripped"] {
		t.Error("the alert stays although a pump was put in service")
	}
}

// Interlocks: full tanks stop the ship, empty ones the pumps, little flow opens
// the way back to the tanks, and the emergency stop stops everything.
func TestInterlocks(t *testing.T) {
	c := New(DefaultSettings()).(*controller)
	decide := func(r devicesim.Readings) map[string]float64 {
		told := map[string]float64{}
		at := c.look.Next()
		if at.IsZero() {
			at = t0
		}
		for _, s := range c.Decide(devicesim.Cycle{Time: at, Tick: true, Readings: r}).Actuate {
			told[s.Signal] = s.Value
		}
		return told
	}
	calm := func() devicesim.Readings {
		return devicesim.Readings{"tk1Level": 8, "tk2Level": 8, "p1aSpeed": 95, "l121Pressure": 14, "l113Flow": 107, "l152Flow": 95, "l191Flow": 12,
			"l101Flow": 107, "l103Flow": 50, "l104Flow": 57, "l111Flow": 57, "l112Flow": 50}
	}
	with := func(signal string, v float64) devicesim.Readings { r := calm(); r[signal] = v; return r }
	for _, step := range []struct {
		what, signal string
		r            devicesim.Readings
		want         float64
	}{
		{"calm", "fv101Setting", calm(), 107},
		{"a full tank", "fv101Setting", with("tk2Level", 12.6), 0},
		{"not full any more, but hardly", "fv101Setting", with("tk2Level", 12.2), 0},
		{"room again", "fv101Setting", with("tk2Level", 11.9), 107},
		{"an empty tank", "p1aSpeedSetting", with("tk1Level", 1.4), 0},
		{"an empty tank", "fv301OpeningSetting", with("tk1Level", 1.4), 0},
		{"filled again", "p1aSpeedSetting", with("tk1Level", 2.1), 95},
		{"little flow", "fv302OpeningSetting", with("l113Flow", 20), 45},
		{"some flow", "fv302OpeningSetting", with("l113Flow", 35), 45},
		{"enough flow", "fv302OpeningSetting", with("l113Flow", 60), 0},
	} {
		if got := decide(step.r)[step.signal]; math.Abs(got-step.want) > 1 {
			t.Errorf("%s: %s is told %g, want %g", step.what, step.signal, got, step.want)
		}
	}
	call := func(name string) map[string]float64 {
		c.Decide(devicesim.Cycle{Time: c.look.Next(), Call: &devicesim.Call{Name: name}})
		return decide(calm())
	}
	if told := call("emergencyStop"); told["p1aSpeedSetting"] != 0 || told["p1bSpeedSetting"] != 0 || told["fv101Setting"] != 0 || told["fv301OpeningSetting"] != 0 {
		t.Errorf("after the emergency stop: %v", told)
	}
	if told := call("restart"); told["p1aSpeedSetting"] < restSpeed || told["fv101Setting"] != 107 {
		t.Errorf("after the restart: %v", told)
	}
}

func TestCommandsThatAreWrong(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		name, payload string
		status        int
	}{{"selectPump", `{"pump": "p9"}`, 400}, {"selectPump", `7`, 400}, {"selectPump", ``, 400}, {"fly", `{}`, 404}} {
		if a := b.call(c.name, c.payload); a.Status != c.status {
			t.Errorf("%s %s is answered %d, want %d", c.name, c.payload, a.Status, c.status)
		}
	}
}

// Every pipe of the network has its three signals in the telemetry.
func TestEveryPipeIsReported(t *testing.T) {
	b := newBench(t)
	out := b.cycle(devicesim.Cycle{Online: true, Tick: true})
	network, err := plant.Refinery()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, l := range network.Links {
		if l.Kind <= plant.CheckPipe {
			names = append(names, l.ID)
		}
	}
	if len(names) != len(pipes) {
		t.Errorf("the network has the pipes %v, the controller knows %v", names, pipes)
	}
	last := out.Telemetry[len(out.Telemetry)-1].Body
	for _, p := range pipes {
		for _, what := range []string{"Temperature", "Pressure", "Flow"} {
			if _, ok := b.plant.Spec().Signal(p + what); !ok || !bytes.Contains(last, []byte(`"`+p+what+`":`)) {
				t.Errorf("%s%s is no signal or not in the telemetry", p, what)
			}
		}
	}
	if slices.Contains(b.raised, "leak") {
		t.Error("a leak at the start")
	}
}

func BenchmarkCycle(b *testing.B) {
	c, r := New(DefaultSettings()), devicesim.Readings{"tk1Level": 8, "tk2Level": 8, "p1aSpeed": 95, "l121Pressure": 14}
	at := t0
	b.ReportAllocs()
	for b.Loop() {
		at = at.Add(cycle)
		c.Decide(devicesim.Cycle{Time: at, Tick: true, Readings: r})
	}
}
