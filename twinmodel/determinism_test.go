package twinmodel_test

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/elevator"
	"twinrig/twinmodel/esp"
	"twinrig/twinmodel/hvac"
	"twinrig/twinmodel/oilpump"
	"twinrig/twinmodel/pipenet"
	"twinrig/twinmodel/presence"
	"twinrig/twinmodel/reactor"
	"twinrig/twinmodel/reefer"
)

// fused is an instruction that rounds a product and a sum once. amd64 rounds
// twice, so one of them in twinmodel means different bits on different machines.
var fused = regexp.MustCompile(`\bFN?M(ADD|SUB)[DS]\b`)

// TestNoFusedMultiplyAdd builds the packages for arm64 and reads their machine
// code. A product that feeds a sum must be wrapped in float64().
func TestNoFusedMultiplyAdd(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("NOT CHECKED: there is no go command to build twinmodel for arm64 with, so a fused multiply-add would go unnoticed")
	}
	arm64 := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(goTool, args...)
		cmd.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0", "GOFLAGS=")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr(err))
		}
		return string(out)
	}

	// The check must be able to fail.
	dir := t.TempDir()
	source, object := filepath.Join(dir, "control.go"), filepath.Join(dir, "control.a")
	if err := os.WriteFile(source, []byte("package control\n\nfunc F(x, y, z float64) float64 { return x*y + z }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	arm64("build", "-o", object, source)
	if !fused.MatchString(arm64("tool", "objdump", object)) {
		t.Fatal("x*y + z has no fused multiply-add in the disassembly: the check is blind")
	}

	packages := strings.Fields(arm64("list", "-export", "-f", "{{.ImportPath}}={{.Export}}", "./..."))
	if len(packages) < 7 {
		t.Fatalf("only %d packages found: %v", len(packages), packages)
	}
	for _, p := range packages {
		name, archive, _ := strings.Cut(p, "=")
		function := ""
		for line := range strings.Lines(arm64("tool", "objdump", archive)) {
			if strings.HasPrefix(line, "TEXT ") {
				function = strings.Fields(line)[1]
			} else if fused.MatchString(line) {
				t.Errorf("%s: %s has a fused multiply-add: %s", name, function, strings.Join(strings.Fields(line), " "))
			}
		}
	}
}

func stderr(err error) string {
	if e, ok := err.(*exec.ExitError); ok {
		return string(e.Stderr)
	}
	return ""
}

// fingerprint is a hash of the bits of all signals of a plant, once a minute for
// a day in which script changes inputs at full hours.
func fingerprint(t *testing.T, p twinmodel.Plant, script map[int]map[string]float64) uint64 {
	t.Helper()
	h := fnv.New64a()
	for minute := range 24 * 60 {
		if minute%60 == 0 {
			for name, v := range script[minute/60] {
				if err := p.Set(name, v); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := p.Advance(p.Time().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Spec().Signals {
			v, err := p.Value(s.Name)
			if err != nil {
				t.Fatal(err)
			}
			var b [8]byte
			for i := range b {
				b[i] = byte(math.Float64bits(v) >> (8 * i))
			}
			h.Write(b[:])
		}
	}
	return h.Sum64()
}

// TestGolden: one day of each plant has the same bits on every machine and in
// every build. A change of model or solver changes them: look at the day before
// you change the number.
func TestGolden(t *testing.T) {
	start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	truck, err := reefer.New(start, reefer.DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fingerprint(t, truck, map[int]map[string]float64{
		3: {"journey": 1}, 7: {"doorOpen": 1}, 8: {"doorOpen": 0}, 13: {"defrost": 1}, 15: {"fanFailure": 0.5},
	}), uint64(0x3794320d025f798f); got != want {
		t.Errorf("reefer: %#x, want %#x", got, want)
	}
	well, err := esp.New(start, esp.DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fingerprint(t, well, map[int]map[string]float64{
		0: {"running": 1}, 7: {"driveFrequency": 45}, 12: {"scale": 0.4}, 18: {"driveFrequency": 0},
	}), uint64(0x7c9aa76f7742ced6); got != want {
		t.Errorf("esp: %#x, want %#x", got, want)
	}
	rods, err := oilpump.New(start, oilpump.DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fingerprint(t, rods, map[int]map[string]float64{
		0: {"running": 1}, 6: {"gasInterference": 0.5}, 10: {"targetSpeed": 4}, 14: {"rodParted": 0.3}, 15: {"rodParted": 0, "wornPlunger": 1}, 20: {"running": 0},
	}), uint64(0x87edcdf48a8ecaae); got != want {
		t.Errorf("oilpump: %#x, want %#x", got, want)
	}
	room, err := hvac.New(start, hvac.DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fingerprint(t, room, map[int]map[string]float64{
		4: {"setpoint": 22}, 9: {"windowOpen": 1}, 10: {"windowOpen": 0}, 16: {"drainBlocked": 1}, 20: {"mode": 2},
	}), uint64(0xc09a8d92f2cf5d3b); got != want {
		t.Errorf("hvac: %#x, want %#x", got, want)
	}
	office, err := presence.New(start, presence.DefaultParams(), func(name string) *rand.PCG { return twinmodel.Stream(1, "office-4", name) })
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fingerprint(t, office, map[int]map[string]float64{
		8: {"ventilation": 40, "lampLevel": 60}, 10: {"visitors": 4}, 13: {"windowOpen": 0.3, "visitors": 0}, 15: {"heaterDraught": 1, "activity": 0.8},
	}), uint64(0xe9206fc94c010374); got != want {
		t.Errorf("presence: %#x, want %#x", got, want)
	}
	tank, err := reactor.New(start, reactor.DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fingerprint(t, tank, map[int]map[string]float64{
		0: {"jacketValve": 74}, 1: {"jacketValve": 42, "feedPump": 40}, 3: {"fouling": 0.5, "agitatorFailure": 0.3}, 5: {"feedPump": 0, "jacketValve": 10}, 8: {"inhibitorValve": 1},
	}), uint64(0x489e3a63b1381bde); got != want {
		t.Errorf("reactor: %#x, want %#x", got, want)
	}
	batch, err := reactor.T2.Params()
	if err != nil {
		t.Fatal(err)
	}
	if tank, err = reactor.New(start, batch); err != nil {
		t.Fatal(err)
	}
	if got, want := fingerprint(t, tank, map[int]map[string]float64{0: {"jacketValve": 0, "coolingLoss": 1}}), uint64(0x48d491f07d37ee49); got != want {
		t.Errorf("reactor, T2: %#x, want %#x", got, want)
	}
	lift, err := elevator.New(start, elevator.DefaultParams(), twinmodel.Stream(1, "lift", "passengers"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fingerprint(t, lift, map[int]map[string]float64{
		0: {"passengerRate": 5}, 5: {"ropeSlip": 0.9}, 7: {"passengerRate": 120}, 9: {"passengerRate": 5}, 8: {"brakeDrag": 0.5}, 12: {"ropeSlip": 0, "powerLoss": 1}, 13: {"powerLoss": 0}, 18: {"wornGuideShoe": 1},
	}), uint64(0xf6c9294316b8c365); got != want {
		t.Errorf("elevator: %#x, want %#x", got, want)
	}
	refinery, err := pipenet.NewRefinery(start, pipenet.DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fingerprint(t, refinery, map[int]map[string]float64{
		2: {"p1aTrip": 1, "p1bSpeedSetting": 95}, 5: {"l121Leak": 0.3, "ambientTemperature": -5}, 9: {"fv302OpeningSetting": 40}, 14: {"columnHead": 150}, 16: {"columnHead": 67, "e1aFouling": 1},
	}), uint64(0x81fde6a0cc328372); got != want {
		t.Errorf("pipenet: %#x, want %#x", got, want)
	}
}
