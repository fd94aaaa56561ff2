package lumped_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/lumped"
	"twinrig/twinmodel/ode"
)

// tank is the smallest plant: it fills at the input's rate and overflows.
type tank struct {
	u        []float64
	capacity float64
}

func (k *tank) Derivatives(_ float64, x []float64, d *ode.Discrete, dx []float64) {
	dx[0], dx[1], dx[2] = k.u[0], k.u[0], 0
	if d.Modes[0] == 1 {
		dx[0], dx[2] = 0, k.u[0]
	}
}

func (k *tank) Guards(_ float64, x []float64, d *ode.Discrete, g []float64) {
	g[0] = ode.Disabled
	if d.Modes[0] == 0 {
		g[0] = x[0] - k.capacity
	}
}

func (k *tank) Fire(_ ode.Event, _ float64, _ []float64, d *ode.Discrete) { d.Modes[0] = 1 }

func (k *tank) Outputs(_ float64, x []float64, d *ode.Discrete, y []float64) {
	y[0], y[1] = x[0], float64(d.Modes[0])
}

func (k *tank) Ledgers(x []float64) []twinmodel.Ledger {
	return []twinmodel.Ledger{{Quantity: twinmodel.Mass, Unit: "kg", Stored: x[0], In: x[1], Out: x[2]}}
}

func tankSpec() *twinmodel.Spec {
	return &twinmodel.Spec{Kind: "tank", Title: "tank", Signals: []twinmodel.Signal{
		{Name: "inflow", Unit: "kg/s", Max: 10, Initial: 1, Direction: twinmodel.Actuator},
		{Name: "content", Unit: "kg", Max: 100},
		{Name: "overflowing", Quantity: twinmodel.State, Max: 1, States: []string{"no", "yes"}},
	}}
}

func newTank(spec *twinmodel.Spec) (*lumped.Plant, error) {
	k := &tank{u: make([]float64, 1), capacity: 100}
	return lumped.New(lumped.Config{
		Spec: spec, Start: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Model: k, Inputs: k.u,
		States: []string{"content", "poured in", "spilt"},
		ODE: ode.Config{
			Tolerance: ode.Tolerance{Rel: 1e-6, Abs: []float64{1e-6, math.Inf(1), math.Inf(1)}},
			State:     make([]float64, 3), Modes: make([]int64, 1), Guards: []ode.Direction{ode.Rising},
		},
	})
}

func Example() {
	tank, err := newTank(tankSpec())
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		if err := tank.Advance(tank.Time().Add(40 * time.Second)); err != nil {
			fmt.Println(err)
			return
		}
		content, _ := tank.Value("content")
		overflowing, _ := tank.Value("overflowing")
		fmt.Printf("%.0f kg, overflowing %v\n", content, overflowing)
	}
	fmt.Printf("spilt %.0f kg\n", tank.Ledgers()[0].Out)
	// Output:
	// 40 kg, overflowing 0
	// 80 kg, overflowing 0
	// 100 kg, overflowing 1
	// spilt 20 kg
}

// TestSpecMistakes: a specification that does not fit the model is refused.
func TestSpecMistakes(t *testing.T) {
	for name, spoil := range map[string]func(*twinmodel.Spec){
		"not where inputs end":   func(s *twinmodel.Spec) { s.Signals[0], s.Signals[1] = s.Signals[1], s.Signals[0] },
		"two signals are called": func(s *twinmodel.Spec) { s.Signals[2].Name = "content" },
		"is outside":             func(s *twinmodel.Spec) { s.Signals[0].Initial = 11 },
	} {
		spec := tankSpec()
		spoil(spec)
		if _, err := newTank(spec); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAdvanceError: an integration that fails names plant, instant and state.
func TestAdvanceError(t *testing.T) {
	spec := tankSpec()
	spec.Signals[0].Max = math.Inf(1)
	tank, err := newTank(spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := tank.Advance(tank.Time().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := tank.Set("inflow", math.Inf(1)); err != nil {
		t.Fatal(err)
	}
	want := "advance tank at 2026-07-01T00:00:01Z: content: integrate state 0 at t=1: not a finite number"
	if err := tank.Advance(tank.Time().Add(time.Second)); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if at := tank.Time().Second(); at != 1 {
		t.Errorf("a failed Advance moved the plant to second %d", at)
	}
}

// FuzzRestore: no snapshot makes a plant panic.
func FuzzRestore(f *testing.F) {
	f.Add(int64(0), 0.0, uint8(0))
	f.Add(int64(-1), math.NaN(), uint8(40))
	f.Fuzz(func(t *testing.T, mode int64, value float64, at uint8) {
		tank, err := newTank(tankSpec())
		if err != nil {
			t.Fatal(err)
		}
		s := tank.Snapshot()
		s.State[int(at)%len(s.State)] = value
		s.Modes[int(at)%len(s.Modes)] = mode
		if tank.Restore(s) == nil {
			_ = tank.Advance(tank.Time().Add(time.Minute))
			_ = tank.Ledgers()
		}
	})
}
