package elevator

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
)

// arrive goes on until the car stands with its door open.
func arrive(t testing.TB, e *Elevator) {
	t.Helper()
	for range 600 {
		advance(t, e, 100*time.Millisecond)
		if e.state == carServing && e.door == doorOpen {
			return
		}
	}
	t.Fatalf("the car does not arrive: state %d, door %d at %.2f m", e.state, e.door, e.position)
}

func TestDoorCycle(t *testing.T) {
	e := quiet(t)
	set(t, e, "calledFloor", 5)
	var states []float64
	for range 400 {
		if d := value(t, e, "doorState"); len(states) == 0 || states[len(states)-1] != d {
			states = append(states, d)
		}
		if moving := value(t, e, "carState") == carMoving; moving && value(t, e, "doorOpening") > 0 {
			t.Fatal("the car moves with its door open")
		}
		advance(t, e, 100*time.Millisecond)
	}
	if d := cmp.Diff(states, []float64{doorClosed, doorOpening, doorOpen, doorClosing, doorClosed}); d != "" {
		t.Error(d)
	}
	if got := value(t, e, "floor"); got != 5 || math.Abs(value(t, e, "levellingError")) > 1e-6 {
		t.Errorf("at floor %g, %g mm off", got, value(t, e, "levellingError"))
	}
}

// TestCollectiveControl: a call on the way is taken while the car can still stop
// there, and not when it cannot.
func TestCollectiveControl(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		stops string
	}{{time.Second, "6 12"}, {9 * time.Second, "12 6"}} {
		e := quiet(t)
		set(t, e, "calledFloor", 12)
		advance(t, e, c.after)
		set(t, e, "calledFloor", 6)
		var stops []string
		for range 2 {
			arrive(t, e)
			stops = append(stops, strconv.Itoa(e.floor()+1))
			for e.door == doorOpen {
				advance(t, e, 100*time.Millisecond)
			}
		}
		if got := strings.Join(stops, " "); got != c.stops {
			t.Errorf("called after %v: stops at %s, want %s", c.after, got, c.stops)
		}
	}
}

// TestEverybodyArrives: nobody is left when no more people come.
func TestEverybodyArrives(t *testing.T) {
	e := newElevator(t, DefaultParams())
	set(t, e, "passengerRate", 300)
	advance(t, e, 2*time.Hour)
	if e.trips < 100 {
		t.Errorf("%d rides in two hours of traffic", e.trips)
	}
	set(t, e, "passengerRate", 0)
	advance(t, e, time.Hour)
	if len(e.queue) > 0 || e.aboard > 0 || e.state != carIdle {
		t.Errorf("%d wait and %d are aboard, state %d", len(e.queue), e.aboard, e.state)
	}
}

// TestOverload: more than 110 % of the rated load keeps the door open.
func TestOverload(t *testing.T) {
	e := quiet(t)
	set(t, e, "freight", 1200)
	set(t, e, "calledFloor", 1)
	arrive(t, e)
	set(t, e, "calledFloor", 3)
	advance(t, e, 5*time.Minute)
	if value(t, e, "overload") != 1 || value(t, e, "doorState") != doorOpen || value(t, e, "floor") != 1 {
		t.Errorf("overload %g, door %g, floor %g", value(t, e, "overload"), value(t, e, "doorState"), value(t, e, "floor"))
	}
	set(t, e, "freight", 900)
	advance(t, e, time.Minute)
	if value(t, e, "overload") != 0 || value(t, e, "floor") != 3 {
		t.Errorf("unloaded: overload %g, floor %g", value(t, e, "overload"), value(t, e, "floor"))
	}
}

// TestPowerLoss: the brake stops the car between floors; when the supply is back
// the car goes to the nearest floor and opens, as somebody called it.
func TestPowerLoss(t *testing.T) {
	e := quiet(t)
	set(t, e, "calledFloor", 10)
	advance(t, e, 6*time.Second)
	before := e.position
	set(t, e, "powerLoss", 1)
	advance(t, e, 10*time.Second)
	if e.state != carTripped || value(t, e, "tripCause") != causePower {
		t.Errorf("state %d, cause %g", e.state, value(t, e, "tripCause"))
	}
	// The counterweight pulls until the brake falls in after 0.15 s; then the ropes
	// slip, and traction alone stops the car.
	a := ((2100-1600)*gravity - 200) / (1600 + 2100 + 800)
	low, _ := e.cond.limits(1)
	v := 2.5 + a*0.15
	want := 2.5*0.15 + a*0.15*0.15/2 - v*v/2/low
	if way := e.position - before; math.Abs(way-want) > 1e-3 || value(t, e, "ropeSlipDistance") < 100 {
		t.Errorf("stops within %.3f m, want %.3f; %.0f mm of slip", way, want, value(t, e, "ropeSlipDistance"))
	}
	advance(t, e, time.Hour)
	if value(t, e, "carSpeed") != 0 || value(t, e, "doorState") != doorClosed {
		t.Error("the car moves without supply")
	}
	set(t, e, "powerLoss", 0)
	advance(t, e, time.Minute)
	if value(t, e, "floor") != 10 || e.state != carIdle {
		t.Errorf("floor %g, state %d", value(t, e, "floor"), e.state)
	}
}

// TestInterlock: a relay holds with less than it needs to pull in.
func TestInterlock(t *testing.T) {
	e := quiet(t)
	set(t, e, "calledFloor", 10)
	advance(t, e, 3*time.Second)
	set(t, e, "interlock", 0.4)
	arrive(t, e)
	set(t, e, "calledFloor", 3)
	advance(t, e, time.Minute)
	if value(t, e, "floor") != 10 || e.state != carIdle {
		t.Errorf("the car left with an open safety chain: floor %g, state %d", value(t, e, "floor"), e.state)
	}
	set(t, e, "interlock", 0)
	advance(t, e, 5*time.Second)
	set(t, e, "interlock", 0.6)
	advance(t, e, 10*time.Second)
	if value(t, e, "tripCause") != causeInterlock {
		t.Errorf("the chain opens on a ride: cause %g", value(t, e, "tripCause"))
	}
}

// TestOverspeed: the governor's switch opens at its speed, and the car stands
// until it is reset.
func TestOverspeed(t *testing.T) {
	e := quiet(t)
	set(t, e, "overspeed", 1)
	set(t, e, "calledFloor", 12)
	fastest := 0.0
	for range 300 {
		advance(t, e, 100*time.Millisecond)
		fastest = math.Max(fastest, math.Abs(value(t, e, "carSpeed")))
	}
	if limit := e.p.SwitchRatio * e.p.Ride.Speed; fastest > e.p.TripRatio*e.p.Ride.Speed || fastest < 0.95*limit {
		t.Errorf("fastest %.3f m/s, the switch opens at %.3f", fastest, limit)
	}
	if value(t, e, "tripCause") != causeGovernor {
		t.Errorf("cause %g", value(t, e, "tripCause"))
	}
	set(t, e, "overspeed", 0)
	set(t, e, "reset", 1)
	advance(t, e, time.Minute)
	if value(t, e, "floor") != 12 {
		t.Errorf("after the reset: floor %g", value(t, e, "floor"))
	}
}

// TestWornBrake: a brake that cannot hold the counterweight lets the empty car
// roll up until the safety gear catches it at its speed.
func TestWornBrake(t *testing.T) {
	e := quiet(t)
	set(t, e, "weakBrake", 0.6)
	advance(t, e, time.Minute)
	if e.state != carIdle {
		t.Errorf("6 kN hold 4.9 kN, but the car is in state %d", e.state)
	}
	set(t, e, "weakBrake", 0.9)
	fastest := 0.0
	for range 200 {
		advance(t, e, 100*time.Millisecond)
		fastest = math.Max(fastest, value(t, e, "carSpeed"))
	}
	trip := e.p.TripRatio * e.p.Ride.Speed
	if fastest < 0.95*trip || fastest > trip+1e-9 || value(t, e, "tripCause") != causeGear {
		t.Errorf("fastest %.3f m/s, gear trips at %.3f; cause %g", fastest, trip, value(t, e, "tripCause"))
	}
}

// TestFaults: each fault does to the ride what it does to a real one.
func TestFaults(t *testing.T) {
	rideTo := func(floor float64, fault string, severity float64) *Elevator {
		e := quiet(t)
		set(t, e, fault, severity)
		set(t, e, "calledFloor", floor)
		advance(t, e, 35*time.Second)
		return e
	}
	ride := func(fault string, severity float64) *Elevator { return rideTo(12, fault, severity) }
	good := ride("ropeSlip", 0)
	ratio := func(fault, signal string) float64 {
		return value(t, ride(fault, 1), signal) / value(t, good, signal)
	}
	if r := ratio("wornGuideShoe", "a95Lateral"); math.Abs(r-3) > 0.01 {
		t.Errorf("worn guide shoe: lateral vibration times %.3f, want 3", r)
	}
	if r := ratio("ropeWear", "ropeFrequency"); math.Abs(r-math.Sqrt(0.5)) > 1e-9 {
		t.Errorf("rope wear: frequency times %.4f, want √½", r)
	}
	// 1875 N over 38.5 m are 0.0201 kWh, of which the motor saves some as it brakes
	// the empty car with less current.
	if d := value(t, ride("brakeDrag", 1), "energyUsed") - value(t, good, "energyUsed"); d < 0.016 || d > 0.0201 {
		t.Errorf("brake drag: %.4f kWh more", d)
	}
	if d := value(t, ride("brakeDrag", 1), "motorTemperature") - value(t, good, "motorTemperature"); d < 0.3 {
		t.Errorf("brake drag: the motor is only %.2f K warmer", d)
	}
	if l := value(t, ride("levellingFault", 1), "levellingError"); math.Abs(l-40) > 1e-6 {
		t.Errorf("levelling fault: %.3f mm", l)
	}
	if e := ride("encoderDrift", 1); e.trips < 2 || math.Abs(value(t, e, "levellingError")) > 10 {
		t.Errorf("encoder drift: %d rides, %.1f mm off at the end", e.trips, value(t, e, "levellingError"))
	}
	if e := ride("slowDoor", 1); value(t, e, "doorState") == doorClosed || value(t, good, "doorState") != doorClosed {
		t.Error("slow door: shut as soon as a good one")
	}
	if e := rideTo(8, "ropeSlip", 1); value(t, e, "ropeSlipDistance") < 100 || e.trips < 2 {
		t.Errorf("rope slip: %.0f mm, %d rides", value(t, e, "ropeSlipDistance"), e.trips)
	}
	if e := ride("ropeSlip", 1); value(t, e, "tripCause") != causeBuffer {
		t.Errorf("rope slip on the way to the top floor: cause %g, want the buffer", value(t, e, "tripCause"))
	}
	if r := ratio("railJoint", "a95Lateral"); r < 1 {
		t.Errorf("rail joint: lateral vibration times %.2f", r)
	}
}

// TestDoorObstruction: what is in the way reopens the door for ever; a light
// curtain in doubt is overridden by nudging.
func TestDoorObstruction(t *testing.T) {
	for severity, want := range map[float64]float64{1: carServing, 0.3: carIdle} {
		e := quiet(t)
		set(t, e, "doorObstructed", severity)
		set(t, e, "calledFloor", 1)
		advance(t, e, 5*time.Minute)
		if got := value(t, e, "carState"); got != want {
			t.Errorf("obstruction %g: car state %g, want %g", severity, got, want)
		}
	}
}

// TestInvariants: under random traffic and faults ledgers close within 1e-6,
// signals keep their ranges, and a restored snapshot has the same future.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e, b := newElevator(t, DefaultParams()), newElevator(t, DefaultParams())
		for range rapid.IntRange(1, 8).Draw(rt, "changes") {
			s := rapid.SampledFrom(spec.Signals[:inputs]).Draw(rt, "input")
			v := rapid.Float64Range(s.Min, s.Max).Draw(rt, "value")
			switch s.Name {
			case "calledFloor":
				v = math.Mod(math.Round(v), 13)
			case "inService", "reset":
				v = math.Round(v)
			}
			if err := e.Set(s.Name, v); err != nil {
				rt.Fatal(err)
			}
			if err := e.Advance(e.now.Add(time.Duration(rapid.IntRange(0, 200_000).Draw(rt, "ms")) * time.Millisecond)); err != nil {
				rt.Fatal(err)
			}
			checkInvariants(rt, e)
		}
		if err := b.Restore(e.Snapshot()); err != nil {
			rt.Fatal(err)
		}
		for range 3 {
			_ = e.Advance(e.now.Add(time.Minute))
			_ = b.Advance(b.now.Add(time.Minute))
			_ = e.Set("reset", 1)
			_ = b.Set("reset", 1)
		}
		for _, s := range spec.Signals {
			if x, y := value(t, e, s.Name), value(t, b, s.Name); x != y {
				rt.Fatalf("%s is %g, restored %g", s.Name, x, y)
			}
		}
		if d := cmp.Diff(e.Snapshot(), b.Snapshot()); d != "" {
			rt.Fatal(d)
		}
	})
}

// TestOtherMachines: whatever is a possible elevator keeps the invariants.
func TestOtherMachines(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string, lo, hi float64) float64 { return rapid.Float64Range(lo, hi).Draw(rt, name) }
		p := DefaultParams()
		p.Floors = rapid.IntRange(2, 60).Draw(rt, "floors")
		p.FloorHeight, p.PassengerRate = draw("height", 2, 10), draw("rate", 0, 1200)
		p.Ride = Limits{draw("speed", 0.05, 12), draw("acceleration", 0.05, 5), draw("jerk", 0.1, 20)}
		p.CarMass, p.RatedLoad = draw("car", 200, 5000), draw("load", 150, 3000)
		p.SheaveInertia, p.BrakeForce, p.BrakeDelay = draw("sheave", 50, 5000), draw("brake", 1e3, 1e5), draw("delay", 0, 1)
		p.GuideFriction, p.Groove = draw("friction", 0, 2000), draw("groove", 0.1, 0.6)
		e, err := New(midnight, p, twinmodel.Stream(1, "lift", "passengers"))
		if err != nil {
			return
		}
		for _, fault := range []string{"ropeSlip", "brakeDrag", "weakBrake", "overspeed", "encoderDrift", "powerLoss"} {
			if rapid.Bool().Draw(rt, fault) {
				set(t, e, fault, draw("severity", 0, 1))
			}
			advance(rt, e, time.Duration(draw("s", 0, 60)*float64(time.Second)))
			_ = e.Set("reset", 1)
			_ = e.Set("calledFloor", float64(p.Floors))
			checkInvariants(rt, e)
		}
		b, _ := New(midnight, p, twinmodel.Stream(1, "lift", "passengers"))
		if err := b.Restore(e.Snapshot()); err != nil {
			rt.Fatal(err)
		}
	})
}

func checkInvariants(t rapid.TB, e *Elevator) {
	planttest.InRange(t, e)
	planttest.CloseLedgers(t, e, planttest.Tolerance{Relative: 1e-6, Absolute: 1e-6})
	if e.energy.lost < 0 {
		t.Fatalf("friction gave %g J", -e.energy.lost)
	}
	for _, q := range e.pieces {
		low, high := e.cond.limits(q.dir)
		if q.kind != gripped && (q.a < low-1e-9 || q.a > high+1e-9) {
			t.Fatalf("acceleration %g is beyond what the ropes hold, %g to %g", q.a, low, high)
		}
		_, v, a := q.at(q.duration / 2)
		rim, _ := q.rim(q.duration / 2)
		if q.kind != gripped && e.cond.rope(a, q.dir)*(rim-v) < -1e-6 {
			t.Fatalf("slipping ropes give energy: %+v", q)
		}
	}
	riders := 0
	for _, n := range e.riders {
		riders += n
	}
	if riders != e.aboard || len(e.queue) > maxWaiting {
		t.Fatalf("%d aboard, %d of them want out somewhere, %d wait", e.aboard, riders, len(e.queue))
	}
}

// TestSpoiltSnapshots: a snapshot with one number changed is refused, or makes an
// elevator that goes on without panic and in finite time.
func TestSpoiltSnapshots(t *testing.T) {
	e := newElevator(t, DefaultParams())
	set(t, e, "passengerRate", 400)
	set(t, e, "ropeSlip", 0.9)
	var taken []twinmodel.Snapshot
	for range 40 {
		advance(t, e, 7*time.Second)
		taken = append(taken, e.Snapshot())
	}
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.SampledFrom(taken).Draw(rt, "snapshot")
		s.State, s.Modes = slices.Clone(s.State), slices.Clone(s.Modes)
		if rapid.Bool().Draw(rt, "real") {
			s.State[rapid.IntRange(0, len(s.State)-1).Draw(rt, "state")] = rapid.OneOf(rapid.Float64(), rapid.Float64Range(-100, 100)).Draw(rt, "value")
		} else {
			s.Modes[rapid.IntRange(0, len(s.Modes)-1).Draw(rt, "mode")] = rapid.OneOf(rapid.Int64(), rapid.Int64Range(-20, 20)).Draw(rt, "value")
		}
		b := newElevator(t, DefaultParams())
		if b.Restore(s) != nil {
			return
		}
		for range 5 {
			advance(rt, b, 30*time.Second)
			for _, s := range spec.Signals {
				value(rt, b, s.Name)
			}
			_ = b.Set("calledFloor", 3)
			_ = b.Set("reset", 1)
		}
	})
}

// TestErrors: what is refused says what and when, and changes nothing.
func TestErrors(t *testing.T) {
	e := quiet(t)
	for input, v := range map[string]float64{"calledFloor": 13, "ropeSlip": math.NaN(), "inService": 0.5, "doorDwell": 0, "weakBrake": 2} {
		if err := e.Set(input, v); err == nil || !strings.HasPrefix(err.Error(), "set elevator at 2026-07-01T00:00:00Z: "+input) {
			t.Errorf("set %s to %g: %v", input, v, err)
		}
	}
	for _, input := range []string{"carSpeed", "wings"} {
		if err := e.Set(input, 1); err == nil {
			t.Errorf("%s can be set", input)
		}
	}
	if err := e.Advance(midnight.Add(-time.Second)); err == nil {
		t.Error("time goes back")
	}
	p := DefaultParams()
	p.Groove = 0.1
	if _, err := New(midnight, p, twinmodel.Stream(1, "a", "b")); err == nil || !strings.Contains(err.Error(), "Groove") {
		t.Errorf("ropes that do not hold: %v", err)
	}
	p = DefaultParams()
	p.Ride.Jerk = math.NaN()
	if _, err := New(midnight, p, twinmodel.Stream(1, "a", "b")); err == nil || !strings.Contains(err.Error(), "Ride.Jerk") {
		t.Errorf("NaN: %v", err)
	}
	s := e.Snapshot()
	s.State[3] = math.NaN()
	if err := e.Restore(s); err == nil {
		t.Error("a snapshot with NaN is taken")
	}
	s = e.Snapshot()
	s.Plant = "reefer"
	if err := e.Restore(s); err == nil {
		t.Error("a truck's snapshot is taken")
	}
}
