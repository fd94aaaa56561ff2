package planttest_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
	"twinrig/twinmodel/reefer"
)

var midnight = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func newTruck(t testing.TB) twinmodel.Plant {
	r, err := reefer.New(midnight, reefer.DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// listener is a test that notes what it is told instead of failing.
type listener struct{ said string }

var errFatal = errors.New("fatal")

func (l *listener) Helper()                        {}
func (l *listener) Errorf(format string, a ...any) { l.said += fmt.Sprintf(format, a...) + "\n" }
func (l *listener) Fatalf(format string, a ...any) { l.Errorf(format, a...); panic(errFatal) }

// hear is what a helper says.
func hear(f func(planttest.TB)) (said string) {
	l := &listener{}
	defer func() {
		if v := recover(); v != nil && v != errFatal {
			panic(v)
		}
		said = l.said
	}()
	f(l)
	return ""
}

// broken is a truck with one thing wrong.
type broken struct {
	twinmodel.Plant
	value   func(signal string, v float64) float64
	ledgers func([]twinmodel.Ledger)
	restore func(*twinmodel.Snapshot)
}

func (b broken) Value(s string) (float64, error) {
	v, err := b.Plant.Value(s)
	if b.value != nil {
		v = b.value(s, v)
	}
	return v, err
}

func (b broken) Ledgers() []twinmodel.Ledger {
	l := b.Plant.Ledgers()
	if b.ledgers != nil {
		b.ledgers(l)
	}
	return l
}

func (b broken) Restore(s twinmodel.Snapshot) error {
	if b.restore != nil {
		b.restore(&s)
	}
	return b.Plant.Restore(s)
}

// TestHelpersHear: a healthy truck passes, and each defect is heard.
func TestHelpersHear(t *testing.T) {
	warm := func(s string, v float64) float64 {
		if s == "cargoTemperature" {
			return math.NaN()
		}
		return v
	}
	leak := func(l []twinmodel.Ledger) { l[0].Out *= 1 + 1e-6 }
	forget := func(s *twinmodel.Snapshot) {
		s.State = append([]float64{s.State[0] + 1}, s.State[1:]...) // another set point
	}
	exact := planttest.Tolerance{Relative: 1e-9, Absolute: 1e-6}
	quiet := func(int) map[string]float64 { return nil }
	for _, tt := range []struct {
		name, says string
		wrong      broken
		look       func(planttest.TB, twinmodel.Plant)
	}{
		{"range", "cargoTemperature is NaN °C, range -60 to 90", broken{value: warm}, planttest.InRange},
		{"ledger", "energy does not close", broken{ledgers: leak}, func(t planttest.TB, p twinmodel.Plant) {
			planttest.Advance(t, p, time.Hour)
			planttest.CloseLedgers(t, p, exact)
		}},
		{"idle ledger", "nothing happened all day", broken{ledgers: func(l []twinmodel.Ledger) { l[0].In, l[0].Out = 0, 0 }},
			func(t planttest.TB, p twinmodel.Plant) { planttest.Day(t, p, quiet) }},
		{"snapshot", "setpoint is -20 in one plant and -19 in the other", broken{restore: forget}, func(tb planttest.TB, p twinmodel.Plant) {
			planttest.RoundTrip(tb, newTruck(t), p, time.Hour)
		}},
		{"input", `it has no input "warp"`, broken{}, func(t planttest.TB, p twinmodel.Plant) {
			planttest.Set(t, p, map[string]float64{"warp": 1})
		}},
	} {
		tt.wrong.Plant = newTruck(t)
		if said := hear(func(l planttest.TB) { tt.look(l, tt.wrong) }); !strings.Contains(said, tt.says) {
			t.Errorf("%s: heard %q, want %q", tt.name, said, tt.says)
		}
		if tt.name == "input" {
			continue
		}
		if said := hear(func(l planttest.TB) { tt.look(l, newTruck(t)) }); said != "" {
			t.Errorf("%s: a healthy truck makes it say %q", tt.name, said)
		}
	}
}

// TestContract holds the truck to it; the catalogue does so with every plant.
func TestContract(t *testing.T) {
	planttest.Contract(t, func() twinmodel.Plant { return newTruck(t) })
}
