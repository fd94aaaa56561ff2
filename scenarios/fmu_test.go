package scenarios

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"twinrig/reports"
	"twinrig/twinmodel/fmi/fmitest"
)

// hosted are settings under which FMUs can run: the test binary is their host.
func hosted(seed uint64) Settings {
	s := virtual(seed)
	s.FMUHost = []string{os.Args[0], "fmu-host"}
	return s
}

// lag is an FMU, compiled on the spot.
func lag(t *testing.T) []byte {
	t.Helper()
	fmu, err := os.ReadFile(fmitest.Lag(t, 3, os.Getenv("CI") == "true"))
	if err != nil {
		t.Fatal(err)
	}
	return fmu
}

// box copies the example of a device on an FMU to a folder of its own, with the
// FMU, and returns the pickles of a feature on it.
func box(t *testing.T, fmu []byte, change func(device string) string, feature string) []Pickle {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../examples/devices")); err != nil {
		t.Fatal(err)
	}
	device, err := os.ReadFile(filepath.Join(dir, "heated-box.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"lag.fmu": string(fmu), "heated-box.yaml": change(string(device))} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pickles, err := ParseFeature("box.feature", []byte(strings.ReplaceAll(feature, "examples/devices/", dir+"/")))
	if err != nil {
		t.Fatal(err)
	}
	return pickles
}

func same(device string) string { return device }

// The example of a device on an FMU passes in virtual time, and repeats to the
// byte.
func TestDeviceOnAnFMU(t *testing.T) {
	text, err := os.ReadFile("../examples/devices/heated-box.feature")
	if err != nil {
		t.Fatal(err)
	}
	pickles := box(t, lag(t), same, string(text))
	record := func() []byte {
		var out bytes.Buffer
		s := Supervisor{Settings: hosted(1), Version: "test", Parallel: 1, Worker: workerProcess}
		o, err := s.Run(t.Context(), pickles, &out)
		if err != nil {
			t.Fatal(err)
		}
		if o.Verdict != reports.Pass {
			rec, err := reports.ReadRecord(&out)
			t.Fatalf("%s: %v %v", o.Verdict, rec.Scenarios[0].Outcome.Reason, err)
		}
		return out.Bytes()
	}
	if one, two := record(), record(); !bytes.Equal(one, two) {
		t.Errorf("two runs differ first at %s", firstDifference(one, two))
	}
}

// The processes of FMUs end with their devices, also with those that never came
// to be.
func TestFMUsEndWithTheirDevices(t *testing.T) {
	fmu := lag(t)
	t.Setenv("TMPDIR", t.TempDir())
	for _, feature := range []string{
		"Given a device \"box-1\" from \"examples/devices/heated-box.yaml\"\nGiven a device \"box-2\" from \"examples/devices/heated-box.yaml\"\nWhen 1 minute passes\n",
		"Given a device \"box-1\" from \"examples/devices/heated-box.yaml\" with:\n| thermal inertia | 5 h |\n",
		"Given a device \"box-1\" from \"examples/devices/heated-box.yaml\" with:\n| reports every | 5 bar |\n",
	} {
		Run(t, box(t, fmu, same, "Feature: f\nScenario: s\n"+feature)[0], hosted(1))
		nothingLeft(t)
	}
}

// An FMU that dies, gives nonsense or is not there makes its scenario
// inconclusive with the reason: that is no failure of what is tested.
func TestFMUTrouble(t *testing.T) {
	fmu := lag(t)
	t.Setenv("TMPDIR", t.TempDir())
	const scenario = "Feature: f\nScenario: s\nGiven a device \"box-1\" from \"examples/devices/heated-box.yaml\"\nWhen 1 minute passes\n"
	add := func(line string) func(string) string {
		return func(device string) string { return strings.Replace(device, "  signals:  ", line+"\n  signals:  ", 1) }
	}
	swap := func(from, to string) func(string) string {
		return func(device string) string { return strings.Replace(device, from, to, 1) }
	}
	for _, tt := range []struct {
		name     string
		settings Settings
		change   func(string) string
		then     string
		says     string
	}{
		{"crash", hosted(1), swap("    thermal inertia:", "    sabotage: {variable: crash, fault: true}\n    thermal inertia:"), "When the sabotage of \"box-1\" is set to true\nWhen 1 minute passes\n", "the FMU's process died"},
		{"missing", hosted(1), swap("lag.fmu", "lug.fmu"), "", "heated-box.yaml:8: lug.fmu is not there; its path counts from the device file"},
		{"variable", hosted(1), swap("variable: x", "variable: y"), "", `heated-box.yaml:13: the FMU has no variable "y"; it has u, tau`},
		{"dimension", hosted(1), swap("{variable: x,", "{variable: x, unit: bar,"), "", "heated-box.yaml:13: variable x is a temperature in °C and cannot be a signal in bar"},
		{"range", hosted(1), swap("max: 90}", "max: 900}"), "", "heated-box.yaml:11: the range 0 to 900 °C does not lie in the FMU's own, -100 to 100"},
		{"start value", hosted(1), swap("tau: 10 min", "tau: 10 bar"), "", "heated-box.yaml:9: 10 bar is a pressure"},
		{"half a range", hosted(1), swap("min: 0, max: 90}", "min: 0}"), "", "heated-box.yaml:11: a range has min and max"},
		{"key", hosted(1), add("  stop: 3"), "", `unknown field "stop"`},
		{"host", virtual(1), same, "", "FMUs cannot run here"},
	} {
		p := box(t, fmu, tt.change, scenario+tt.then)
		if o := outcome(t, Run(t, p[0], tt.settings)); o.Verdict != reports.Inconclusive || !strings.Contains(o.Reason, tt.says) {
			t.Errorf("%s: %s: %s; want inconclusive, saying %q", tt.name, o.Verdict, o.Reason, tt.says)
		}
	}
	nothingLeft(t)
}

// nothingLeft fails when an FMU's process or files have outlived their device.
func nothingLeft(t *testing.T) {
	t.Helper()
	if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != syscall.ECHILD {
		t.Errorf("a child process is left: %d, %v", pid, err)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "twinrig-fmu-*")); len(left) > 0 {
		t.Errorf("files are left: %v", left)
	}
}
