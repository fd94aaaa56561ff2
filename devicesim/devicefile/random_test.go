package devicefile

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"twinrig/devicesim"
)

// chancy is the cold room with its humidity made up.
func chancy(t *testing.T, random string) *devicesim.Kind {
	t.Helper()
	text := strings.Replace(string(example(t, "cold-room.yaml")), "{signal: box humidity}", random, 1)
	text = strings.Replace(text, `{constant: "1.4.2", every: 1 h}`, `{random: {distribution: choice, values: ["1.4.2", "1.5.0"]}}`, 1)
	k, err := parse(examples+"/cold-room.yaml", []byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// drawn are the humidities and firmwares of a device's messages; half way
// through it is switched off and on.
func drawn(t *testing.T, k *devicesim.Kind, seed uint64, id string, messages int) (humidity []float64, firmware []string) {
	t.Helper()
	_, boot, err := k.Build(devicesim.Instance{ID: id, Seed: seed, Start: t0})
	if err != nil {
		t.Fatal(err)
	}
	c := boot()
	for i := range messages {
		if i == messages/2 {
			c = boot()
		}
		out := c.Decide(devicesim.Cycle{Time: t0.Add(time.Duration(i) * 5 * time.Minute), Tick: true, Readings: devicesim.Readings{}})
		for _, m := range out.Telemetry {
			var body struct {
				Humidity *float64
				Firmware string
			}
			if err := json.Unmarshal(m.Body, &body); err != nil {
				t.Fatal(err)
			}
			if body.Humidity != nil {
				humidity, firmware = append(humidity, *body.Humidity), append(firmware, body.Firmware)
			}
		}
	}
	if len(humidity) != messages {
		t.Fatalf("%d values in %d messages", len(humidity), messages)
	}
	return humidity, firmware
}

const (
	uniform20to80 = `{random: {distribution: uniform, min: 20, max: 80}}`
	normal50      = `{random: {distribution: normal, mean: 50, deviation: 8, min: 20, max: 80}}`
)

// What is made up repeats with seed and device, and with nothing else; a device
// that is switched on again does not say the same again.
func TestRandomIsOfSeedAndDevice(t *testing.T) {
	k := chancy(t, uniform20to80)
	first, _ := drawn(t, k, 1, "a", 40)
	for _, c := range []struct {
		seed uint64
		id   string
		same bool
	}{{1, "a", true}, {2, "a", false}, {1, "b", false}} {
		again, _ := drawn(t, k, c.seed, c.id, 40)
		if same := equal(first, again); same != c.same {
			t.Errorf("seed %d, device %s: the same values: %v, want %v", c.seed, c.id, same, c.same)
		}
	}
	if equal(first[:20], first[20:]) {
		t.Error("switching a device off and on rewinds its chance")
	}
}

func equal(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Law: mean and variance of the uniform distribution, (b−a)²/12, and of the
// normal one cut at ±3.75 σ, σ²·(1 − 0.0026). Tolerance: 4 standard errors of
// 20,000 values; the rounding to whole numbers adds 1/12 to the variance.
func TestRandomHasItsDistribution(t *testing.T) {
	const n = 20000
	for random, variance := range map[string]float64{uniform20to80: 3600.0/12 + 1.0/12, normal50: 64*(1-0.0026) + 1.0/12} {
		values, firmware := drawn(t, chancy(t, random), 3, "d", n)
		sum, squares, new := 0.0, 0.0, 0.0
		for i, v := range values {
			if v < 20 || v > 80 {
				t.Fatalf("%s: %g", random, v)
			}
			sum, squares = sum+v, squares+(v-50)*(v-50)
			if firmware[i] == "1.5.0" {
				new++
			}
		}
		if mean := sum / n; math.Abs(mean-50) > 4*math.Sqrt(variance/n) {
			t.Errorf("%s: mean %g, want 50", random, mean)
		}
		if got := squares / n; math.Abs(got-variance) > 4*variance*math.Sqrt(2.0/n) {
			t.Errorf("%s: variance %g, want %g", random, got, variance)
		}
		if math.Abs(new/n-0.5) > 4*math.Sqrt(0.25/n) {
			t.Errorf("one of two values is chosen in %g of all cases", new/n)
		}
	}
}
