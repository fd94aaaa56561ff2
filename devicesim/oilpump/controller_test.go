package oilpump

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"twinrig/devicesim"
	plant "twinrig/twinmodel/oilpump"
)

var t0 = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

// bench is a controller with a polished rod made by hand: it swings at 6 strokes
// per minute and its load comes off when fillage says.
type bench struct {
	t       *testing.T
	c       *controller
	now     time.Time
	fillage float64 // 0 to 1
	base    float64 // kN the rods weigh
	column  float64 // kN of liquid
	running bool
	speed   float64
	sent    []string
}

func newBench(t *testing.T) *bench {
	s := DefaultSettings()
	s.Speed = 6
	b := &bench{t: t, c: New(s).(*controller), now: t0, fillage: 1, base: 23.4, column: 12}
	b.cycle(devicesim.Cycle{Boot: true})
	return b
}

// cycle runs the controller at now and obeys it.
func (b *bench) cycle(in devicesim.Cycle) devicesim.Actions {
	phase := b.now.Sub(t0).Seconds() * b.speed / 60
	phase -= math.Floor(phase)
	position := (1 - math.Cos(2*math.Pi*phase)) / 2
	load := b.base
	if phase < 0.5 || position > b.fillage {
		load += b.column
	}
	in.Time = b.now
	in.Readings = devicesim.Readings{"polishedRodPosition": 1.88 * position, "polishedRodLoad": load, "strokesPerMinute": b.speed}
	out := b.c.Decide(in)
	for _, s := range out.Actuate {
		if s.Signal == "running" {
			b.running = s.Value == 1
		} else {
			b.speed = s.Value
		}
	}
	for _, m := range out.Telemetry {
		b.sent = append(b.sent, string(m.Body))
	}
	return out
}

// pass lets the controller wake when it wants to.
func (b *bench) pass(d time.Duration) {
	b.t.Helper()
	for end := b.now.Add(d); ; {
		out := b.cycle(devicesim.Cycle{Tick: true})
		if out.Wake.After(end) {
			b.now = end
			return
		}
		if !out.Wake.After(b.now) {
			b.t.Fatalf("at %s it wants to wake at %s", b.now, out.Wake)
		}
		b.now = out.Wake
	}
}

func (b *bench) call(name, payload string) *devicesim.Answer {
	return b.cycle(devicesim.Cycle{Call: &devicesim.Call{Name: name, Payload: json.RawMessage(payload)}}).Answer
}

// alerts are the names and states of the alerts sent so far.
func (b *bench) alerts() string {
	var list []string
	for _, text := range b.sent {
		var m struct {
			Alert  string
			Active bool
		}
		if json.Unmarshal([]byte(text), &m) == nil && m.Alert != "" {
			list = append(list, m.Alert+map[bool]string{true: "+", false: "-"}[m.Active])
		}
	}
	return strings.Join(list, " ")
}

func TestBootStartsTheUnit(t *testing.T) {
	if b := newBench(t); !b.running || b.speed != 6 {
		t.Errorf("at boot the drive is told running %v, %g strokes per minute", b.running, b.speed)
	}
}

// Two empty cards in a row rest the unit; a full one after the rest ends the
// alert.
func TestPumpOff(t *testing.T) {
	b := newBench(t)
	b.pass(10 * time.Minute)
	if !b.running || b.alerts() != "" {
		t.Fatalf("with a full pump: running %v, alerts %q", b.running, b.alerts())
	}
	if f := b.c.last.fillage; f < 85 {
		t.Errorf("a full pump reads %.0f %%", f)
	}
	b.fillage = 0.4
	b.pass(4 * time.Minute)
	if b.running || b.alerts() != "pumpOff+" {
		t.Fatalf("with a pump that is not full: running %v, alerts %q, fillage %.0f %%", b.running, b.alerts(), b.c.last.fillage)
	}
	b.fillage = 1
	b.pass(10 * time.Minute)
	if b.running {
		t.Error("it rests for less than half of its time")
	}
	b.pass(15 * time.Minute)
	if !b.running || b.alerts() != "pumpOff+ pumpOff-" {
		t.Errorf("after the rest: running %v, alerts %q", b.running, b.alerts())
	}
}

// One empty card is no pump-off, and with a limit of 0 nothing is.
func TestPumpOffNeedsConvincing(t *testing.T) {
	b := newBench(t)
	b.fillage = 0.4
	b.pass(settling + 30*time.Second)
	if b.c.empty != 1 || !b.running {
		t.Fatalf("after one card: %d empty, running %v", b.c.empty, b.running)
	}
	b.fillage = 1
	b.pass(2 * time.Minute)
	if b.c.empty != 0 || b.alerts() != "" {
		t.Errorf("after a full card: %d empty, alerts %q", b.c.empty, b.alerts())
	}
	b.cycle(devicesim.Cycle{Desired: map[string]any{"$version": 2.0, "pumpOffFillage": 0.0}})
	b.fillage = 0.2
	b.pass(20 * time.Minute)
	if !b.running || b.alerts() != "" {
		t.Errorf("told never to rest: running %v, alerts %q", b.running, b.alerts())
	}
}

// Rods that hang without load are parted, and only a start command tries again.
func TestRodParted(t *testing.T) {
	b := newBench(t)
	b.pass(5 * time.Minute)
	b.base, b.column = 12, 0
	b.pass(2 * time.Minute)
	if b.running || b.alerts() != "rodParted+" {
		t.Fatalf("parted: running %v, alerts %q", b.running, b.alerts())
	}
	b.pass(3 * time.Hour)
	if b.running {
		t.Error("it starts by itself")
	}
	b.base, b.column = 23.4, 12
	b.call("start", "")
	b.pass(5 * time.Minute)
	if !b.running || b.alerts() != "rodParted+ rodParted-" {
		t.Errorf("repaired and started: running %v, alerts %q", b.running, b.alerts())
	}
}

// A load above the limit stops the unit at once, within a card.
func TestHighLoad(t *testing.T) {
	b := newBench(t)
	b.pass(5 * time.Minute)
	b.column = 50
	b.pass(time.Minute)
	if b.running || b.alerts() != "highLoad+" {
		t.Errorf("running %v, alerts %q", b.running, b.alerts())
	}
}

// Another speed throws the card under way away: its strokes do not repeat.
func TestSetSpeed(t *testing.T) {
	cases := []struct {
		payload string
		status  int
		speed   float64
		why     string
	}{
		{`{"strokesPerMinute":4.5}`, 200, 4.5, "a speed in the drive's range is taken"},
		{`{"strokesPerMinute":1}`, 400, 6, "one below it is refused and the old one stays"},
		{`{"strokesPerMinute":"4"}`, 400, 6, "text is not a number"},
		{`{}`, 400, 6, "a call without a speed says what to send"},
	}
	for _, c := range cases {
		b := newBench(t)
		b.pass(settling + 3*time.Second)
		if !b.c.recorder.recording() {
			t.Fatal("no card is under way")
		}
		if a := b.call("setSpeed", c.payload); a.Status != c.status || b.speed != c.speed || b.c.recorder.recording() != (c.status != 200) {
			t.Errorf("%s: status %d, speed %g, recording %v", c.why, a.Status, b.speed, b.c.recorder.recording())
		}
	}
}

func TestGetCard(t *testing.T) {
	b := newBench(t)
	if a := b.call("getCard", ""); a.Status != 404 {
		t.Errorf("before the first card the answer is %d", a.Status)
	}
	b.pass(3 * time.Minute)
	a := b.call("getCard", "")
	if load := a.Payload.(map[string]any)["pumpLoad"].([]any); a.Status != 200 || len(load) != samples {
		t.Errorf("status %d, %d points", a.Status, len(load))
	}
	if a := b.call("dance", ""); a.Status != 404 {
		t.Errorf("an unknown method answers %d", a.Status)
	}
}

// The controller on the real plant reads a fillage that is the plant's within 10
// points, through the instruments' noise and resolution.
func TestReadsThePlant(t *testing.T) {
	for _, c := range []struct{ level, speed float64 }{{300, 5}, {20, 8}, {2, 8}, {2, 10}} {
		p, boot, err := Kind.Build(devicesim.Instance{ID: "well-7", Start: t0, Seed: 1, Chosen: map[string]float64{
			"pumping speed": c.speed, "initial fluid level": c.level, "pump-off fillage": 0,
		}})
		if err != nil {
			t.Fatal(err)
		}
		sensors, err := Kind.Instruments(1, "well-7")
		if err != nil {
			t.Fatal(err)
		}
		ctl := boot().(*controller)
		at, in := t0, devicesim.Cycle{Boot: true}
		for at.Before(t0.Add(4 * time.Minute)) {
			if err := p.Advance(at); err != nil {
				t.Fatal(err)
			}
			in.Time, in.Readings = at, devicesim.Readings{}
			for _, s := range sensors {
				v, err := p.Value(s.Signal)
				if err != nil {
					t.Fatal(err)
				}
				in.Readings[s.Signal] = s.Instrument.Read(at, v)
			}
			out := ctl.Decide(in)
			for _, s := range out.Actuate {
				if err := p.Set(s.Signal, s.Value); err != nil {
					t.Fatal(err)
				}
			}
			if in = (devicesim.Cycle{Tick: true}); out.Wake.After(at) {
				at = out.Wake
			}
		}
		truth, err := p.Value("pumpFillage")
		if err != nil {
			t.Fatal(err)
		}
		if ctl.last == nil || math.Abs(ctl.last.fillage-truth) > 10 {
			t.Errorf("level %g m, %g strokes per minute: it reads %+v of %.0f %%", c.level, c.speed, ctl.last.fillage, truth)
		}
	}
}

// What an analysis says of a card without strokes is nothing, and it is no panic.
func TestFlatCard(t *testing.T) {
	p := plant.DefaultParams()
	flat := plant.Card{Position: make([]float64, samples), Load: make([]float64, samples)}
	if a := analyse(&p, flat, 10); a.fillage != 0 || a.peak != 0 {
		t.Errorf("a flat card: %+v", a)
	}
}
