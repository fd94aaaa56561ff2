package fmi_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/fmi"
	"twinrig/twinmodel/fmi/fmitest"
	"twinrig/twinmodel/fmi/host"
)

// The test binary is its own host.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "fmu-host" {
		if err := host.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func hostProcess() *exec.Cmd { return exec.Command(os.Args[0], "fmu-host") }

var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// versions are both versions of the standard.
var versions = []int{2, 3}

func lag(t testing.TB, version int) string {
	t.Helper()
	return fmitest.Lag(t, version, os.Getenv("CI") == "true")
}

func open(t *testing.T, version int, o fmi.Options) *fmi.Plant {
	t.Helper()
	o.Start, o.Host = start, hostProcess
	p, err := fmi.Open(lag(t, version), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func value(t *testing.T, p twinmodel.Plant, signal string) float64 {
	t.Helper()
	v, err := p.Value(signal)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Law: x(t) = u + (x0 − u)·exp(−t/τ). Reference: closed form; tolerance 1e-12, as
// the FMU steps exactly.
func TestStep(t *testing.T) {
	for _, version := range versions {
		p := open(t, version, fmi.Options{Locals: true})
		if err := p.Set("u", 20); err != nil {
			t.Fatal(err)
		}
		for i := 1; i <= 7; i++ {
			if err := p.Advance(start.Add(time.Duration(i) * 1300 * time.Millisecond)); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := value(t, p, "x"), 20*(1-math.Exp(-0.91)); math.Abs(got-want) > 1e-12 {
			t.Errorf("FMI %d: x is %.15g after 9.1 s, want %.15g", version, got, want)
		}
		if n := value(t, p, "steps"); n != 21 { // of at most 0.5 s each, as the FMU suggests
			t.Errorf("FMI %d: %g communication steps, want 21", version, n)
		}
		if high := value(t, p, "high"); high != 1 {
			t.Errorf("FMI %d: high is %g", version, high)
		}
	}
}

func TestSignals(t *testing.T) {
	for _, version := range versions {
		p := open(t, version, fmi.Options{})
		var names []string
		for _, s := range p.Spec().Signals {
			names = append(names, fmt.Sprintf("%s[%s]%d", s.Name, s.Unit, s.Direction))
		}
		want := "u[°C]2 tau[s]2 crash[1]2 x[°C]0 steps[1]0"
		if got := strings.Join(names, " "); got != want {
			t.Errorf("FMI %d: signals %s, want %s", version, got, want)
		}
	}
}

func TestStartValuesAndTunableParameters(t *testing.T) {
	for _, version := range versions {
		p := open(t, version, fmi.Options{Values: map[string]float64{"tau": 2, "u": 1, "limit": 5}, Locals: true})
		if err := p.Advance(start.Add(2 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if got, want := value(t, p, "x"), 1-math.Exp(-1); math.Abs(got-want) > 1e-12 {
			t.Errorf("FMI %d: x is %g, want %g", version, got, want)
		}
		if err := p.Set("tau", 4); err != nil {
			t.Fatal(err)
		}
		if err := p.Advance(start.Add(6 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if got, want := value(t, p, "x"), 1-math.Exp(-2); math.Abs(got-want) > 1e-12 {
			t.Errorf("FMI %d: with another tau x is %g, want %g", version, got, want)
		}
	}
}

// Signals that are bound have the name, unit and range they are given; values
// are converted to the units of the variables and back.
func TestBindings(t *testing.T) {
	for _, version := range versions {
		p := open(t, version, fmi.Options{Values: map[string]float64{"u": 10}, Bindings: []fmi.Binding{
			{Variable: "x", Signal: twinmodel.Signal{Name: "box", Unit: "°F", Min: -40, Max: 200}},
			{Variable: "u", Signal: twinmodel.Signal{Name: "ambient", Label: "ambient temperature", Unit: "K", Min: 200, Max: 330, Direction: twinmodel.Environment}},
			{Variable: "high", Signal: twinmodel.Signal{Name: "alarm", States: []string{"quiet", "ringing"}}},
			{Variable: "crash", Signal: twinmodel.Signal{Name: "broken", Fault: true, Direction: twinmodel.Environment}},
		}})
		if got := value(t, p, "ambient"); math.Abs(got-283.15) > 1e-9 {
			t.Errorf("FMI %d: the start value of u is %g K", version, got)
		}
		if err := p.Set("ambient", 293.15); err != nil {
			t.Fatal(err)
		}
		if err := p.Advance(start.Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if got, want := value(t, p, "box"), 32+1.8*20*(1-math.Exp(-2)); math.Abs(got-want) > 1e-9 {
			t.Errorf("FMI %d: x is %.12g °F, want %.12g", version, got, want)
		}
		if alarm := value(t, p, "alarm"); alarm != 1 {
			t.Errorf("FMI %d: alarm is %g", version, alarm)
		}
		if err := p.Set("ambient", 331); err == nil || !strings.Contains(err.Error(), "ambient: 331 K is outside 200 to 330") {
			t.Errorf("FMI %d: beyond the signal's range: %v", version, err)
		}
		if len(p.Spec().Faults()) != 1 || len(p.Spec().Signals) != 4 {
			t.Errorf("FMI %d: signals %v", version, p.Spec().Signals)
		}
	}
}

// A binding that cannot be is refused.
func TestBadBindings(t *testing.T) {
	path := lag(t, 2)
	for _, c := range []struct {
		variable string
		signal   twinmodel.Signal
		want     string
	}{
		{"y", twinmodel.Signal{}, `no variable "y"; it has u, tau`},
		{"x", twinmodel.Signal{Unit: "bar"}, "variable x is a temperature in °C and cannot be a signal in bar"},
		{"x", twinmodel.Signal{Unit: "furlong"}, `unknown unit "furlong"`},
		{"x", twinmodel.Signal{States: []string{"cold", "warm"}}, "has no states"},
		{"u", twinmodel.Signal{Unit: "K", Min: 100, Max: 300}, "does not lie in the FMU's own, 173.15 to 373.15"},
		{"u", twinmodel.Signal{Min: 5, Max: 9}, "starts at 0 °C, outside 5 to 9"},
		{"limit", twinmodel.Signal{}, "give it a start value"},
	} {
		c.signal.Name = "s"
		_, err := fmi.Open(path, fmi.Options{Start: start, Host: hostProcess, Bindings: []fmi.Binding{{Variable: c.variable, Signal: c.signal}}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s as %+v: %v; want an error saying %q", c.variable, c.signal, err, c.want)
		}
	}
}

// A plant that goes back to a snapshot gives the same bits again.
func TestSnapshot(t *testing.T) {
	for _, version := range versions {
		p := open(t, version, fmi.Options{Values: map[string]float64{"u": 3}})
		run := func(until time.Duration) float64 {
			if err := p.Advance(start.Add(until)); err != nil {
				t.Fatal(err)
			}
			return value(t, p, "x")
		}
		run(time.Second)
		s := p.Snapshot()
		first := run(5 * time.Second)
		if err := p.Restore(s); err != nil {
			t.Fatal(err)
		}
		if again := run(5 * time.Second); again != first {
			t.Errorf("FMI %d: %g after the restore, %g before", version, again, first)
		}
	}
}

// A crash of the FMU is an error of its plant and of nothing else.
func TestCrash(t *testing.T) {
	for _, version := range versions {
		p, other := open(t, version, fmi.Options{}), open(t, version, fmi.Options{})
		if err := p.Set("crash", 1); err != nil {
			t.Fatal(err)
		}
		err := p.Advance(start.Add(time.Second))
		if err == nil || !strings.Contains(err.Error(), "process died") || !strings.Contains(err.Error(), "2026-06-01T00:00:00Z") {
			t.Errorf("FMI %d: the crash is told as %v", version, err)
		}
		if _, err := p.Value("x"); err == nil {
			t.Errorf("FMI %d: a dead FMU has values", version)
		}
		if err := other.Advance(start.Add(time.Second)); err != nil {
			t.Errorf("FMI %d: the other FMU: %v", version, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	p := open(t, 2, fmi.Options{})
	for _, c := range []struct {
		input string
		value float64
		want  string
	}{
		{"u", 101, "outside -100 to 100"}, {"u", math.NaN(), "outside"}, {"x", 1, `no input "x"`}, {"y", 1, `no input "y"`}, {"crash", 0.5, "not one of"},
	} {
		if err := p.Set(c.input, c.value); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("set %s to %g: %v; want an error saying %q", c.input, c.value, err, c.want)
		}
	}
	if err := p.Set("tau", -1); err != nil {
		t.Fatal(err)
	}
	if err := p.Advance(start.Add(time.Second)); err == nil || !strings.Contains(err.Error(), "fmi2DoStep answered error") {
		t.Errorf("an impossible step: %v", err)
	}
	// The time of an error is that of the step that failed.
	if err := p.Set("tau", 3); err != nil {
		t.Fatal(err)
	}
	if err := p.Advance(start.Add(2250 * time.Millisecond)); err != nil || !p.Time().Equal(start.Add(2250*time.Millisecond)) {
		t.Fatalf("it is %s: %v", p.Time(), err)
	}
	if err := p.Advance(start.Add(-time.Second)); err == nil {
		t.Error("time went back")
	}
}

func TestBadFiles(t *testing.T) {
	text := []byte("text")
	notZip := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(notZip, text, 0o600); err != nil {
		t.Fatal(err)
	}
	tiny := bytes.Replace(fmitest.Description(t, 2), []byte(`stepSize="0.5"`), []byte(`stepSize="1e-12"`), 1)
	cases := []struct{ path, want, why string }{
		{fmitest.Pack(t, map[string][]byte{"modelDescription.xml": tiny, "binaries/linux64/lag.so": text, "binaries/aarch64-linux/lag.so": text}), "from 1 µs to a day", "a step that never gets anywhere"},
		{notZip, "not a valid zip", "text is no FMU"},
		{fmitest.Pack(t, map[string][]byte{"readme": text}), "no modelDescription.xml", "neither is any other zip"},
		{fmitest.Pack(t, map[string][]byte{"modelDescription.xml": text}), "modelDescription.xml", "nor one with another description"},
		{fmitest.Pack(t, map[string][]byte{"modelDescription.xml": fmitest.Description(t, 2)}), "no library for this machine", "an FMU for another machine says so"},
		{fmitest.Pack(t, map[string][]byte{"../evil": text}), "leads out of the FMU", "a file name that leads out is refused"},
	}
	for _, c := range cases {
		_, err := fmi.Open(c.path, fmi.Options{Start: start, Host: hostProcess})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want an error saying %q", c.why, err, c.want)
		}
	}
}

func FuzzReadDescription(f *testing.F) {
	for _, version := range versions {
		f.Add(fmitest.Description(f, version))
	}
	f.Add([]byte(`<fmiModelDescription fmiVersion="3.0"><CoSimulation modelIdentifier="../x"/></fmiModelDescription>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := fmi.ReadDescription(bytes.NewReader(text))
		if err == nil && (d.Identifier == "" || strings.Contains(d.Identifier, "/")) {
			t.Errorf("identifier %q", d.Identifier)
		}
	})
}

// BenchmarkStep is a communication step with one output read, process switch
// included.
func BenchmarkStep(b *testing.B) {
	p, err := fmi.Open(lag(b, 2), fmi.Options{Start: start, Host: hostProcess})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for i := range b.N {
		if err := p.Advance(start.Add(time.Duration(i+1) * 100 * time.Millisecond)); err != nil {
			b.Fatal(err)
		}
		if _, err := p.Value("x"); err != nil {
			b.Fatal(err)
		}
	}
}
