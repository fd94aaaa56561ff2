package pipenet

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
)

var midnight = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

var set, advance, value = planttest.Set, planttest.Advance, planttest.Value

func refinery(t planttest.TB) *Plant {
	t.Helper()
	k, err := NewRefinery(midnight, DefaultParams())
	if err != nil {
		t.Fatalf("%v", err)
	}
	return k
}

func TestContract(t *testing.T) {
	planttest.Contract(t, func() twinmodel.Plant { return refinery(t) })
}

// Every network that can be read makes a plant.
func TestContractOfFiles(t *testing.T) {
	for _, name := range []string{"Net1", "Net2"} {
		t.Run(name, func(t *testing.T) {
			n := load(t, name)
			planttest.Contract(t, func() twinmodel.Plant { return water(t, n) })
		})
	}
}

func water(t planttest.TB, n *Network) *Plant {
	t.Helper()
	k, err := New(midnight, n, FileParams(n))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return k
}

// Mass and heat are accounted for over a day with leaks, a stopped pump, valves
// moving and a cold night: 1e-6 is asked for, it is rounding.
func TestLedgersOfADay(t *testing.T) {
	k := refinery(t)
	day := map[int]map[string]float64{
		1: {"p1aTrip": 1}, 2: {"p1bSpeedSetting": 95}, 4: {"l121Leak": 0.4}, 6: {"fv302OpeningSetting": 40}, 8: {"p1aTrip": 0, "ambientTemperature": -15},
		10: {"e1aFouling": 1}, 12: {"l121Leak": 0, "fv101Setting": 0}, 15: {"columnHead": 160}, 16: {"columnHead": 67}, 18: {"fv301Stuck": 1, "fv301OpeningSetting": 0},
		20: {"l102Blockage": 1, "fv101Setting": 120},
	}
	planttest.Day(t, k, func(hour int) map[string]float64 { return day[hour] })
	planttest.CloseLedgers(t, k, planttest.Tolerance{Relative: 1e-9})
}

// Net1 and Net2 run as plants in EPANET's hourly steps: their heads stay EPANET's.
// The plant's demands depend on pressure, of which there is enough.
func TestFilesAsPlants(t *testing.T) {
	for _, name := range []string{"Net1", "Net2"} {
		n := load(t, name)
		p := FileParams(n)
		p.Step = 3600
		k, err := New(midnight, n, p)
		if err != nil {
			t.Fatal(err)
		}
		worst, compared := 0.0, 0
		for _, r := range solution(t, name) {
			at := midnight.Add(time.Duration(r.at) * time.Second)
			if r.kind != "N" || math.Mod(r.at, 3600) != 0 || r.at > 86400 || at.Before(k.Time()) {
				continue
			}
			if err := k.Advance(at); err != nil {
				t.Fatal(err)
			}
			compared++
			worst = math.Max(worst, math.Abs(k.period.Head[n.NodeIndex(r.id)]/foot-r.value))
		}
		if worst > 0.05 || compared < 25*len(n.Nodes) {
			t.Errorf("%s: heads differ by %g ft in %d values", name, worst, compared)
		}
	}
}

// Whatever is set and broken: signals in range, ledgers closed, junctions in
// balance, no temperature outside of what there is.
func TestRandomInputs(t *testing.T) {
	planttest.Walk{
		Make:    func(t *rapid.T) twinmodel.Plant { return refinery(t) },
		Changes: 12, Stretch: 20 * time.Minute,
		Ledgers: []planttest.Tolerance{{Relative: 1e-9, Absolute: 1e-3}, {Relative: 1e-9, Absolute: 1e4}},
		Check: func(t planttest.TB, p twinmodel.Plant) {
			k := p.(*Plant)
			if off := imbalance(k.period.Solver); !(off < 1e-6) {
				t.Fatalf("mass residual %g", off)
			}
			for _, s := range k.spec.Signals {
				if s.Quantity == twinmodel.Temperature && s.Direction == twinmodel.Output {
					if v := value(t, k, s.Name); v < -50.1 || v > 500.1 {
						t.Fatalf("%s is %g °C", s.Name, v)
					}
				}
			}
		},
	}.Run(t)
}

// The same for a village's waterworks, whose tower runs full and empty under its
// own controls.
func TestRandomWaterworks(t *testing.T) {
	f, err := os.Open("../../examples/devices/waterworks.inp")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	p := FileParams(n)
	p.Step = 120
	planttest.Walk{
		Make: func(t *rapid.T) twinmodel.Plant {
			k, err := New(midnight, n, p)
			if err != nil {
				t.Fatal(err)
			}
			return k
		},
		Changes: 10, Stretch: 8 * time.Hour,
		Ledgers: []planttest.Tolerance{{Relative: 1e-8, Absolute: 1e-2}, {Relative: 1e-8, Absolute: 1e4}},
	}.Run(t)
}

// What is fed into a network that is shut everywhere is an error that names the
// node and the time.
func TestNowhereToGo(t *testing.T) {
	n := read(t, "[JUNCTIONS]\nwell 0 -5\n[TANKS]\ntower 10 4.9 0 5 2\n[PIPES]\nmain well tower 100 100 120\n[OPTIONS]\nUnits LPS\n")
	k := water(t, n)
	err := k.Advance(midnight.Add(time.Hour))
	if err == nil || !strings.Contains(err.Error(), "node well") || !strings.Contains(err.Error(), "2026-07-01T00:01:02") {
		t.Errorf("error %v, want one that names the well and the minute the tower is full", err)
	}
}

// Each fault acts in the physics, and its repair takes it back.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		fault, signal string
		change        func(before, after float64) bool
		what          string
	}{
		{"l121Leak", "leakFlow", func(_, after float64) bool { return after > 20 }, "a hole in the header gives more than 20 L/s"},
		{"l121Leak", "l121Pressure", func(before, after float64) bool { return after < before-0.5 }, "and takes its pressure"},
		{"e1aBlockage", "e1aFlow", func(before, after float64) bool { return after < 0.8*before }, "a blocked exchanger passes less"},
		{"e1aBlockage", "e1bFlow", func(before, after float64) bool { return after > before }, "and the other train takes over"},
		{"l101InsulationLoss", "l101Temperature", func(before, after float64) bool { return 15 < after && after < before-0.5 }, "bare pipes cool the liquid"},
		{"e2bFouling", "e2bTemperature", func(before, after float64) bool { return after < before-50 }, "a fouled exchanger heats less"},
		{"p1aTrip", "l152Flow", func(_, after float64) bool { return after < 1 }, "without the pump nothing gets to the column"},
		{"p1aWear", "l121Pressure", func(before, after float64) bool { return after < before-2 }, "a worn pump makes less pressure"},
	} {
		k := refinery(t)
		advance(t, k, 4*time.Hour)
		before := value(t, k, c.signal)
		set(t, k, map[string]float64{c.fault: 1})
		advance(t, k, 2*time.Hour)
		if after := value(t, k, c.signal); !c.change(before, after) {
			t.Errorf("%s: %s goes from %g to %g", c.what, c.signal, before, after)
		}
		set(t, k, map[string]float64{c.fault: 0})
		advance(t, k, 4*time.Hour)
		if again := value(t, k, c.signal); math.Abs(again-before) > 0.02*math.Abs(before)+0.05 {
			t.Errorf("%s repaired: %s is %g, was %g", c.fault, c.signal, again, before)
		}
	}
}

// A valve that sticks stays where it is: a throttle valve at its opening, a flow
// controller with the resistance it had.
func TestStuckValves(t *testing.T) {
	k := refinery(t)
	advance(t, k, time.Minute)
	set(t, k, map[string]float64{"fv301Stuck": 1, "fv301OpeningSetting": 100, "fv101Stuck": 1, "fv101Setting": 20})
	flow := value(t, k, "fv101Flow")
	advance(t, k, 10*time.Minute)
	if p := value(t, k, "fv301Position"); p != 55 {
		t.Errorf("the stuck valve moved to %g %%", p)
	}
	if q := value(t, k, "fv101Flow"); math.Abs(q-flow) > 0.5 {
		t.Errorf("the stuck flow controller passes %g L/s, passed %g", q, flow)
	}
	set(t, k, map[string]float64{"jettyHead": 120})
	advance(t, k, time.Minute)
	if q := value(t, k, "fv101Flow"); q < 1.1*flow {
		t.Errorf("the stuck flow controller still regulates: %g L/s with more pressure before it", q)
	}
	set(t, k, map[string]float64{"fv301Stuck": 0, "fv101Stuck": 0})
	advance(t, k, 10*time.Minute)
	if p, q := value(t, k, "fv301Position"), value(t, k, "fv101Flow"); p != 100 || math.Abs(q-20) > 1e-3 {
		t.Errorf("free again the valves stand at %g %% and %g L/s, want 100 and 20", p, q)
	}
}

// A valve and a pump take their time.
func TestDrives(t *testing.T) {
	k := refinery(t)
	set(t, k, map[string]float64{"fv301OpeningSetting": 25, "p1aSpeedSetting": 50})
	advance(t, k, 2*time.Second)
	if v, p := value(t, k, "fv301Position"), value(t, k, "p1aSpeed"); math.Abs(v-(55-100*2.0/30)) > 1e-9 || math.Abs(p-75) > 1e-9 {
		t.Errorf("after 2 s the valve is at %g %%, the pump at %g %%", v, p)
	}
	advance(t, k, 8*time.Second)
	if v, p := value(t, k, "fv301Position"), value(t, k, "p1aSpeed"); v != 25 || p != 50 {
		t.Errorf("after 10 s the valve is at %g %%, the pump at %g %%", v, p)
	}
}

// Hot oil is thin: with the exchangers cold the trains lose more pressure.
func TestViscosity(t *testing.T) {
	w := newWalther(&Params{ColdTemperature: 40, ColdViscosity: 12, HotTemperature: 100, HotViscosity: 3.5})
	for _, c := range []struct{ t, v float64 }{{40, 12}, {100, 3.5}} {
		if got := 1e6 * w.at(c.t); math.Abs(got-c.v) > 1e-9*c.v {
			t.Errorf("viscosity at %g °C is %g, want %g mm²/s", c.t, got, c.v)
		}
	}
	if hot, cold := w.at(500), w.at(-60); !(hot > 1e-7 && cold < 1e-1 && cold > hot) {
		t.Errorf("viscosity from %g to %g m²/s", hot, cold)
	}
	k := refinery(t)
	advance(t, k, 2*time.Hour)
	hot := value(t, k, "l152Flow")
	set(t, k, map[string]float64{"e1aService": 20, "e1bService": 20, "e2aService": 20, "e2bService": 20})
	advance(t, k, 2*time.Hour)
	if cold := value(t, k, "l152Flow"); !(cold < hot-0.2) {
		t.Errorf("cold oil flows at %g L/s, hot oil at %g", cold, hot)
	}
}

// What is wrong with a network or with constants is said, with the element.
func TestMistakes(t *testing.T) {
	n, err := Refinery()
	if err != nil {
		t.Fatal(err)
	}
	for says, spoil := range map[string]func(*Network, *Params){
		"node J-60: not connected": func(n *Network, _ *Params) {
			i := n.LinkIndex("L-191")
			n.Links = append(n.Links[:i], n.Links[i+1:]...)
		},
		"Exchangers: the network has no pipe": func(_ *Network, p *Params) { p.Exchangers = []Exchanger{{"E-9", 1e3, 100}} },
		"Openings: the network has no":        func(_ *Network, p *Params) { p.Openings = []Opening{{"L-101", 1}} },
		"HeatCapacity":                        func(_ *Network, p *Params) { p.HeatCapacity = math.NaN() },
		"HotTemperature":                      func(_ *Network, p *Params) { p.HotTemperature = 20 },
		"diameter must be positive":           func(n *Network, _ *Params) { n.Links[0].Diameter = -1 },
		"no reservoir or tank": func(n *Network, _ *Params) {
			for i := range n.Nodes {
				n.Nodes[i].Kind = Junction
			}
		},
	} {
		m, p := n.clone(), DefaultParams()
		spoil(m, &p)
		_, err := New(midnight, m, p)
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "pipenet") {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
}

// Two controls that undo one another are an error, not a hang.
func TestRestlessControls(t *testing.T) {
	n := load(t, "Net1")
	n = n.clone()
	n.Controls = []Control{{Link: n.LinkIndex("9"), Kind: Below, Node: n.NodeIndex("2"), Level: 36.58}, {Link: n.LinkIndex("9"), Closed: true, Kind: Above, Node: n.NodeIndex("2"), Level: 36.58 + 1e-8}}
	k := water(t, n)
	err := k.Advance(midnight.Add(24 * time.Hour))
	if err == nil || !strings.Contains(err.Error(), "switch for ever") || !strings.Contains(err.Error(), "2026-07-01T") {
		t.Errorf("error %v, want one about controls that names the time", err)
	}
}

// FuzzRestore: no snapshot makes the plant panic.
func FuzzRestore(f *testing.F) {
	f.Add(int64(0), 0.0, uint16(0))
	f.Add(int64(-1), math.NaN(), uint16(200))
	f.Add(int64(7), 1e300, uint16(430))
	f.Add(int64(2), -5.0, uint16(599))
	f.Fuzz(func(t *testing.T, mode int64, number float64, at uint16) {
		k := refinery(t)
		s := k.Snapshot()
		s.State[int(at)%len(s.State)] = number
		s.Modes[int(at)%len(s.Modes)] = mode
		if k.Restore(s) == nil {
			_ = k.Advance(k.Time().Add(time.Minute))
			_ = k.Ledgers()
		}
	})
}

// BenchmarkRefinery is an hour of the built-in network.
func BenchmarkRefinery(b *testing.B) {
	k := refinery(b)
	b.ReportAllocs()
	for b.Loop() {
		advance(b, k, time.Hour)
	}
}

// A centrifugal pump's motor takes its rated power at the best flow, two thirds of it
// with the valve shut, and more towards the end of the curve. Law: P = ρgHQ/η with a
// parabola for η.
func TestShaftPower(t *testing.T) {
	curve, err := OnePointCurve(0.1, 60)
	if err != nil {
		t.Fatal(err)
	}
	if best := curve.BestFlow(); math.Abs(best/0.1-1) > 1e-12 {
		t.Errorf("best flow of a curve through a design point is %g", best)
	}
	points, err := PointCurve([]Point{{0, 80}, {0.05, 70}, {0.1, 60}, {0.15, 30}})
	if err != nil {
		t.Fatal(err)
	}
	if best := points.BestFlow(); math.Abs(best/0.1-1) > 1e-12 {
		t.Errorf("best flow between points is %g", best)
	}
	k := &Plant{net: &Network{Density: 1000, Links: []Link{{From: 0, To: 1, Curve: curve}}}, p: Params{Efficiency: 0.75}}
	power := func(flow, head, speed float64) float64 {
		k.period = &Period{Solver: &Solver{Head: []float64{0, head}, Flow: []float64{flow}, speed: []float64{speed}}}
		return k.shaftPower(0)
	}
	rated := 1000 * gravity * 60 * 0.1 / 0.75
	for _, c := range []struct {
		why                     string
		flow, head, speed, want float64
	}{
		{"rated", 0.1, 60, 1, 1}, {"shut", 0, 80, 1, 2. / 3}, {"at rest", 0, 0, 0, 0},
		{"half speed, same point of the curve", 0.05, 15, 0.5, 0.125}, {"run-out", 0.15, 35, 1, 35. / 60 / 0.5},
	} {
		if got := power(c.flow, c.head, c.speed) / rated; math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %.4f of the rated power, want %.4f", c.why, got, c.want)
		}
	}
}
