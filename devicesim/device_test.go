package devicesim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/devicesim/link"
	"twinrig/reports"
	"twinrig/twinmodel"
)

// tank is a plant of one state: it fills at the rate the controller sets.
type tank struct {
	at          time.Time
	level, rate float64
}

var tankSpec = twinmodel.Spec{Kind: "tank", Title: "tank", Signals: []twinmodel.Signal{
	{Name: "rate", Label: "rate", Unit: "m", Min: -1, Max: 1, Direction: twinmodel.Actuator},
	{Name: "level", Label: "level", Unit: "m", Max: 1e9},
}}

func (p *tank) Spec() *twinmodel.Spec { return &tankSpec }
func (p *tank) Time() time.Time       { return p.at }
func (p *tank) Advance(t time.Time) error {
	p.level += p.rate * t.Sub(p.at).Seconds()
	p.at = t
	if p.level > 1000 {
		return errors.New("tank: level: overflow")
	}
	return nil
}
func (p *tank) Set(_ string, v float64) error { p.rate = v; return nil }
func (p *tank) Value(name string) (float64, error) {
	if name == "rate" {
		return p.rate, nil
	}
	return p.level, nil
}
func (p *tank) Ledgers() []twinmodel.Ledger        { return nil }
func (p *tank) Snapshot() twinmodel.Snapshot       { return twinmodel.Snapshot{} }
func (p *tank) Restore(_ twinmodel.Snapshot) error { return nil }

// filler sets the rate at boot, reports the level every second and answers
// every call with the level.
type filler struct{ beat Schedule }

func (c *filler) Decide(in Cycle) (out Actions) {
	switch {
	case in.Boot:
		c.beat.Every = time.Second
		return Actions{Actuate: []Setting{{"rate", 1}}, Wake: in.Time}
	case in.Call != nil:
		out.Answer = &Answer{Status: 200, Payload: in.Readings["level"]}
	case in.Tick && c.beat.Due(in.Time):
		out.Telemetry = append(out.Telemetry, TelemetryMessage(map[string]any{"level": Number(in.Readings["level"], 0)}))
	}
	out.Wake = c.beat.Next()
	return out
}

// wire is a link to a hub that is a list of what arrived.
type wire struct {
	mu      sync.Mutex
	broken  error // what Connect and Send answer
	handler link.Handler
	sent    []string
	closed  int
}

func (w *wire) Connect(_ context.Context, h link.Handler) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken == nil {
		w.handler = h
	}
	return w.broken
}

func (w *wire) Send(_ context.Context, m link.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken == nil {
		w.sent = append(w.sent, string(m.Body))
	}
	return w.broken
}

func (w *wire) Twin(context.Context) (desired, reported map[string]any, err error) {
	return map[string]any{"$version": 1.0}, map[string]any{"$version": 1.0}, nil
}
func (w *wire) Report(context.Context, map[string]any) (int64, error) { return 2, nil }
func (w *wire) Close(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.handler = nil
	w.closed++
	return nil
}

func (w *wire) cut(err error) {
	w.mu.Lock()
	h := w.handler
	w.handler, w.broken = nil, err
	w.mu.Unlock()
	h.Lost(err)
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = nil
}

func (w *wire) received() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.sent...)
}

// bench puts a device with a tank on a wire, for the length of a bubble.
func bench(t *testing.T, f func(d *Device, w *wire)) {
	synctest.Test(t, func(t *testing.T) {
		instrument, err := twinmodel.NewInstrument(twinmodel.IdealInstrument, twinmodel.Stream(1, "d", "level"))
		if err != nil {
			t.Fatal(err)
		}
		w := &wire{}
		d, err := New(Config{
			ID: "d", Seed: 1, Plant: &tank{at: time.Now()}, Sensors: []Sensor{{"level", instrument}},
			Controller: func() Controller { return &filler{} },
			Link:       func(Dialer) link.Link { return w },
			Dial:       func(context.Context) (net.Conn, error) { return nil, errors.New("unused") },
			Outbox:     5,
			Record:     func(reports.Event) {},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		f(d, w)
	})
}

// levels are the first n messages of a device: the tank fills by a metre a
// second, and the device's beat has its phase.
func levels(d *Device, n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf(`{"level":%.0f}`, d.phase.Seconds()+float64(i)))
	}
	return out
}

func TestDeviceReportsWhatItsInstrumentsRead(t *testing.T) {
	bench(t, func(d *Device, w *wire) {
		if err := d.PowerOn(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if got, want := fmt.Sprint(w.received()), fmt.Sprint(levels(d, 3)); got != want {
			t.Errorf("after 3 s the hub has %s, want %s", got, want)
		}
	})
}

func TestPlantGoesOnWhileTheDeviceIsOff(t *testing.T) {
	bench(t, func(d *Device, w *wire) {
		_ = d.PowerOn()
		time.Sleep(10 * time.Second)
		_ = d.PowerOff()
		before := len(w.received())
		time.Sleep(time.Minute)
		var level float64
		_ = d.Plant(func(p twinmodel.Plant) (err error) { level, err = p.Value("level"); return err })
		if level != 70 {
			t.Errorf("level %g m, want 70: the last actuator setting stays in force", level)
		}
		if after := len(w.received()); after != before {
			t.Errorf("a device that is off sent %d messages", after-before)
		}
	})
}

func TestOutboxOutlivesTheConnectionButNotThePower(t *testing.T) {
	bench(t, func(d *Device, w *wire) {
		_ = d.PowerOn()
		time.Sleep(1500 * time.Millisecond)
		w.cut(errors.New("cut"))
		time.Sleep(3 * time.Second)
		w.mend()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got, want := fmt.Sprint(w.received()[:5]), fmt.Sprint(levels(d, 5)); got != want {
			t.Errorf("after the loss the hub has %s, want every level in order: %s", got, want)
		}
		w.cut(errors.New("cut"))
		time.Sleep(3 * time.Second)
		_ = d.PowerOff()
		w.mend()
		before := len(w.received())
		_ = d.PowerOn()
		time.Sleep(time.Second)
		synctest.Wait()
		if n := len(w.received()) - before; n != 1 {
			t.Errorf("after power-on %d messages arrived, want the first new one only", n)
		}
	})
}

func TestFullOutboxKeepsTheNewest(t *testing.T) {
	bench(t, func(d *Device, w *wire) {
		w.broken = errors.New("no hub")
		_ = d.PowerOn()
		time.Sleep(30 * time.Second)
		w.mend()
		time.Sleep(time.Minute)
		synctest.Wait()
		var first struct{ Level float64 }
		if err := json.Unmarshal([]byte(w.received()[0]), &first); err != nil || first.Level < 24 {
			t.Errorf("the first message after half a minute offline is %s, want one of the last five", w.received()[0])
		}
	})
}

func TestMethodIsAnsweredInItsCycle(t *testing.T) {
	bench(t, func(d *Device, w *wire) {
		_ = d.PowerOn()
		time.Sleep(1500 * time.Millisecond)
		status, answer := w.handler.Method("any", nil)
		if status != 200 || string(answer) != "1.5" {
			t.Errorf("answer %d %s, want 200 and the level at that instant, 1.5", status, answer)
		}
	})
}

// A plant that cannot go on stops its device and is told at the next occasion.
func TestPlantFailureIsReported(t *testing.T) {
	bench(t, func(d *Device, w *wire) {
		_ = d.PowerOn()
		time.Sleep(time.Hour)
		if err := d.Err(); err == nil {
			t.Error("the tank overflowed and nobody was told")
		}
	})
}
