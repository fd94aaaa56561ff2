package twinmodel_test

import (
	"flag"
	"hash/fnv"
	"math"
	"math/rand/v2"
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

// goldenHour is how many minutes an hour of a golden day has. TestGoldenOnARM
// shortens it, because an emulator is slow.
var goldenHour = flag.Int("golden.hour", 60, "minutes in an hour of TestGolden; only 60 is compared with the numbers known")

// goldenDay is a day of a plant in which script changes inputs at full hours, and
// the hash of the bits of all its signals, once a minute.
type goldenDay struct {
	name   string
	create func() (twinmodel.Plant, error)
	script map[int]map[string]float64
	hash   uint64
}

func goldenDays() []goldenDay {
	start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	return []goldenDay{
		{"reefer", func() (twinmodel.Plant, error) { return reefer.New(start, reefer.DefaultParams()) }, map[int]map[string]float64{
			3: {"journey": 1}, 7: {"doorOpen": 1}, 8: {"doorOpen": 0}, 13: {"defrost": 1}, 15: {"fanFailure": 0.5},
		}, 0x3794320d025f798f},
		{"esp", func() (twinmodel.Plant, error) { return esp.New(start, esp.DefaultParams()) }, map[int]map[string]float64{
			0: {"running": 1}, 7: {"driveFrequency": 45}, 12: {"scale": 0.4}, 18: {"driveFrequency": 0},
		}, 0x7c9aa76f7742ced6},
		{"oilpump", func() (twinmodel.Plant, error) { return oilpump.New(start, oilpump.DefaultParams()) }, map[int]map[string]float64{
			0: {"running": 1}, 6: {"gasInterference": 0.5}, 10: {"targetSpeed": 4}, 14: {"rodParted": 0.3}, 15: {"rodParted": 0, "wornPlunger": 1}, 20: {"running": 0},
		}, 0x87edcdf48a8ecaae},
		{"hvac", func() (twinmodel.Plant, error) { return hvac.New(start, hvac.DefaultParams()) }, map[int]map[string]float64{
			4: {"setpoint": 22}, 9: {"windowOpen": 1}, 10: {"windowOpen": 0}, 16: {"drainBlocked": 1}, 20: {"mode": 2},
		}, 0xc09a8d92f2cf5d3b},
		{"presence", func() (twinmodel.Plant, error) {
			return presence.New(start, presence.DefaultParams(), func(name string) *rand.PCG { return twinmodel.Stream(1, "office-4", name) })
		}, map[int]map[string]float64{
			8: {"ventilation": 40, "lampLevel": 60}, 10: {"visitors": 4}, 13: {"windowOpen": 0.3, "visitors": 0}, 15: {"heaterDraught": 1, "activity": 0.8},
		}, 0xe9206fc94c010374},
		{"reactor", func() (twinmodel.Plant, error) { return reactor.New(start, reactor.DefaultParams()) }, map[int]map[string]float64{
			0: {"jacketValve": 74}, 1: {"jacketValve": 42, "feedPump": 40}, 3: {"fouling": 0.5, "agitatorFailure": 0.3}, 5: {"feedPump": 0, "jacketValve": 10}, 8: {"inhibitorValve": 1},
		}, 0x489e3a63b1381bde},
		{"reactor, T2", func() (twinmodel.Plant, error) {
			p, err := reactor.T2.Params()
			if err != nil {
				return nil, err
			}
			return reactor.New(start, p)
		}, map[int]map[string]float64{0: {"jacketValve": 0, "coolingLoss": 1}}, 0x48d491f07d37ee49},
		{"elevator", func() (twinmodel.Plant, error) {
			return elevator.New(start, elevator.DefaultParams(), twinmodel.Stream(1, "lift", "passengers"))
		}, map[int]map[string]float64{
			0: {"passengerRate": 5}, 5: {"ropeSlip": 0.9}, 7: {"passengerRate": 120}, 9: {"passengerRate": 5}, 8: {"brakeDrag": 0.5}, 12: {"ropeSlip": 0, "powerLoss": 1}, 13: {"powerLoss": 0}, 18: {"wornGuideShoe": 1},
		}, 0xf6c9294316b8c365},
		{"pipenet", func() (twinmodel.Plant, error) { return pipenet.NewRefinery(start, pipenet.DefaultParams()) }, map[int]map[string]float64{
			2: {"p1aTrip": 1, "p1bSpeedSetting": 95}, 5: {"l121Leak": 0.3, "ambientTemperature": -5}, 9: {"fv302OpeningSetting": 40}, 14: {"columnHead": 150}, 16: {"columnHead": 67, "e1aFouling": 1},
		}, 0xa59901ded71694},
	}
}

// TestGolden: one day of each plant has the same bits on every machine and in
// every build. A change of model or solver changes them: look at the day before
// you change the number.
func TestGolden(t *testing.T) {
	for _, day := range goldenDays() {
		p, err := day.create()
		if err != nil {
			t.Fatal(err)
		}
		got := fingerprint(t, p, day.script)
		if *goldenHour != 60 {
			t.Logf("%s: %#x", day.name, got)
		} else if got != day.hash {
			t.Errorf("%s: %#x, want %#x", day.name, got, day.hash)
		}
	}
}

func fingerprint(t *testing.T, p twinmodel.Plant, script map[int]map[string]float64) uint64 {
	t.Helper()
	h := fnv.New64a()
	for minute := range 24 * *goldenHour {
		if minute%*goldenHour == 0 {
			for name, v := range script[minute / *goldenHour] {
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
