package esp

import (
	"testing"
	"time"

	"twinrig/devicesim"
)

var t0 = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

func settings(out devicesim.Actions) map[string]float64 {
	m := map[string]float64{}
	for _, s := range out.Actuate {
		m[s.Signal] = s.Value
	}
	return m
}

func TestBootStartsTheDrive(t *testing.T) {
	out := New(DefaultSettings()).Decide(devicesim.Cycle{Time: t0, Boot: true})
	if s := settings(out); s["running"] != 1 || s["driveFrequency"] != 60 {
		t.Errorf("at boot the drive is told %v, want running at 60 Hz", s)
	}
}

func TestSetSpeed(t *testing.T) {
	cases := []struct {
		payload string
		status  int
		speed   float64
		why     string
	}{
		{`{"frequency":45}`, 200, 45, "a speed in the drive's range is taken"},
		{`{"frequency":10}`, 400, 60, "one below it is refused and the old one stays"},
		{`{"frequency":"45"}`, 400, 60, "text is not a number"},
		{`{}`, 400, 60, "a call without a speed says what to send"},
		{`null`, 400, 60, "so does one without a payload"},
	}
	for _, c := range cases {
		ctl := New(DefaultSettings())
		out := ctl.Decide(devicesim.Cycle{Time: t0, Call: &devicesim.Call{Name: "setSpeed", Payload: []byte(c.payload)}})
		if out.Answer.Status != c.status || settings(out)["driveFrequency"] != c.speed {
			t.Errorf("%s: %s gives status %d and %v", c.why, c.payload, out.Answer.Status, settings(out))
		}
	}
}

// A hot winding trips the drive; it stays off when the winding has cooled, until
// somebody starts it.
func TestHotWindingTripsTheDrive(t *testing.T) {
	ctl := New(DefaultSettings())
	at := t0
	cycleAt := func(temperature float64) devicesim.Actions {
		at = at.Add(cycle)
		return ctl.Decide(devicesim.Cycle{Time: at, Tick: true, Readings: devicesim.Readings{"windingTemperature": temperature}})
	}
	if s := settings(cycleAt(149)); len(s) != 0 {
		t.Errorf("below its limit the drive is told %v", s)
	}
	if s := settings(cycleAt(151)); s["running"] != 0 || len(s) != 2 {
		t.Errorf("above its limit the drive is told %v, want stop", s)
	}
	for _, temperature := range []float64{149, 141, 139, 80} {
		if s := settings(cycleAt(temperature)); s["running"] != 0 {
			t.Errorf("at %g °C the drive is started again by itself", temperature)
		}
	}
	out := ctl.Decide(devicesim.Cycle{Time: at, Call: &devicesim.Call{Name: "start"}})
	if settings(out)["running"] != 1 {
		t.Errorf("start tells the drive %v", settings(out))
	}
}
