package presence

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"twinrig/twinmodel/validation"
)

// minute is one row of UCI data set 357.
type minute struct {
	at       time.Time
	carbon   float64 // ppm
	occupied bool
}

func uci(t *testing.T, name string) (rows []minute) {
	t.Helper()
	f, err := os.Open("../../../shared/data/occupancy/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("NOT CHECKED: no UCI occupancy data, so the room is held to no real one: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table := csv.NewReader(f)
	table.FieldsPerRecord = -1 // the heading lacks the column of numbers
	records, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records[1:] {
		at, err := time.Parse(time.DateTime, r[1])
		carbon, err2 := strconv.ParseFloat(r[5], 64)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, minute{at, carbon, r[7] == "1"})
	}
	return rows
}

// measured is a room with one zone of air and binary occupancy, the way the
// fits take it: people count as one source of s ppm/h.
func measured(t *testing.T, rows []minute, n, s, outdoor, initial float64) (rms float64) {
	t.Helper()
	p := empty()
	p.Infiltration, p.Carbon, p.InitialCarbon = n/3600, s/3600*1e-6*p.volume(), initial
	p.StillRate, p.ActiveRate, p.FalseTrigger, p.SensorTime = 0, 0, 0, 600
	r, err := New(rows[0].at, p, seeded(1))
	if err != nil {
		t.Fatal(err)
	}
	set(t, r, map[string]float64{"outdoorCo2": outdoor})
	sum := 0.0
	for _, m := range rows {
		if err := r.Advance(m.at); err != nil {
			t.Fatal(err)
		}
		e := value(t, r, "co2") - m.carbon
		sum += e * e
		visitors := 0.0
		if m.occupied {
			visitors = 1
		}
		set(t, r, map[string]float64{"visitors": visitors})
	}
	return math.Sqrt(sum / float64(len(rows)))
}

// evenings are the first three hours after each last departure.
func evenings(rows []minute) (all [][]minute) {
	for i := 1; i < len(rows); i++ {
		if rows[i].occupied || !rows[i-1].occupied {
			continue
		}
		j := i
		for j < len(rows) && !rows[j].occupied && rows[j].at.Sub(rows[i].at) <= 3*time.Hour {
			j++
		}
		if rows[j-1].at.Sub(rows[i].at) > 179*time.Minute {
			all = append(all, rows[i:j])
		}
	}
	return all
}

// exponential fits C_o + b·e^(−n·t), C_o not below 400 ppm, by least squares.
func exponential(rows []minute) (n, outdoor, b float64) {
	best := math.Inf(1)
	for trial := 0.05; trial < 3; trial += 0.005 {
		var k, se, see, sy, sye float64
		decay := func(m minute) float64 { return math.Exp(-trial * m.at.Sub(rows[0].at).Hours()) }
		for _, m := range rows {
			e := decay(m)
			k, se, see, sy, sye = k+1, se+e, see+e*e, sy+m.carbon, sye+m.carbon*e
		}
		slope := (k*sye - se*sy) / (k*see - se*se)
		floor := (sy - slope*se) / k
		if floor < 400 {
			floor, slope = 400, (sye-400*se)/see
		}
		sum := 0.0
		for _, m := range rows {
			r := floor + slope*decay(m) - m.carbon
			sum += r * r
		}
		if sum < best {
			best, n, outdoor, b = sum, trial, floor, slope
		}
	}
	return n, outdoor, b
}

// TestNightDecay is PRE-1. Law: dC/dt = n·(C_o − C) in an empty room. Reference:
// CO2 of a real office in the three hours after each last departure (UCI data
// set 357, training), with the air change fitted to that evening. Tolerance:
// 15 ppm root mean square; the data's own fits leave 3.4 to 12.3.
func TestNightDecay(t *testing.T) {
	all := evenings(uci(t, "datatraining.csv"))
	if len(all) != 4 {
		t.Fatalf("%d evenings, want 4", len(all))
	}
	for i, rows := range all {
		n, outdoor, b := exponential(rows)
		validation.Row{
			ID: "PRE-1", What: fmt.Sprintf("CO2 after departure on evening %d, air change %.2f 1/h, residual", i+1, n), Source: "UCI data set 357, training",
			Reference: 0, Ours: measured(t, rows, n, 0, outdoor, outdoor+b), Unit: "ppm", Absolute: 15,
		}.Check(t)
	}
}

// TestOneZoneFit is PRE-2. Law: CO2 balance with binary occupancy, its three
// constants fitted to the training set and taken to a test set. Reference: the
// same fit by other code. Tolerance: 5 %. The residuals are large because the
// data know neither the number of people nor the windows.
func TestOneZoneFit(t *testing.T) {
	training, test := uci(t, "datatraining.csv"), uci(t, "datatest.csv")
	c := [3]float64{0.6, 500, 430} // 1/h, ppm/h, ppm outdoors
	residual := func(rows []minute, c [3]float64) float64 { return measured(t, rows, c[0], c[1], c[2], rows[0].carbon) }
	best := residual(training, c)
	for step := 0.04; step > 2e-3; step /= 2 {
		for improved := true; improved; {
			improved = false
			for i := range c {
				for _, by := range []float64{1 + step, 1 - step} {
					trial := c
					trial[i] *= by
					if r := residual(training, trial); r < best {
						best, c, improved = r, trial, true
					}
				}
			}
		}
	}
	for _, r := range []struct {
		what            string
		reference, ours float64
		unit            string
	}{
		{"air change fitted to the training set", 0.642, c[0], "1/h"},
		{"source fitted to the training set", 503, c[1], "ppm/h"},
		{"residual on the training set", 168, best, "ppm"},
		{"residual on the test set", 94, residual(test, c), "ppm"},
	} {
		validation.Row{ID: "PRE-2", What: r.what, Source: "one-zone fit of UCI data set 357", Reference: r.reference, Ours: r.ours, Unit: r.unit, Relative: 0.05}.Check(t)
	}
}

// TestDetection is PRE-4. Law: a movement is seen with the detector's
// probability when it happens in its field, which covers a known share of the
// floor. Reference: configuration, times the area of the quarter disc a short
// range leaves. Tolerance: 1 % over 1e5 movements and more.
func TestDetection(t *testing.T) {
	p := empty()
	p.Range, p.Field, p.ActiveRate = 8, 180, 0.5
	short := p
	short.Range = 4
	for _, c := range []struct {
		what string
		p    Params
		want float64
	}{
		{"movements seen, the field covers the room", p, 0.9},
		{"movements seen, range 4 m", short, 0.9 * math.Pi * 16 / 4 / (p.Length * p.Width)},
	} {
		r := after(t, c.p, 3, map[string]float64{"visitors": 20, "activity": 1, "windowOpen": 1})
		n := value(t, r, "movements")
		if n < 1e5 {
			t.Fatalf("only %g movements", n)
		}
		validation.Row{ID: "PRE-4", What: c.what, Source: "configured", Reference: c.want, Ours: value(t, r, "detections") / n, Unit: "1", Relative: 0.01}.Check(t)
	}
}

// TestCarbonBalance is section 4.6.3's check. Law: V·dC/dt = Q·(C_o − C) + N·G.
// Reference: two people in 72 m³ at 0.5 1/h reach 829.2 ppm after an hour from
// 420 and 1460 ppm in the end. Tolerance: 0.1 ppm, the digits given.
func TestCarbonBalance(t *testing.T) {
	p := empty()
	p.Infiltration, p.InitialCarbon = 0.5/3600, 420
	r := newRoom(t, p)
	set(t, r, map[string]float64{"visitors": 2})
	for hours, want := range []float64{1: 829.2, 47: 1460} {
		if want == 0 {
			continue
		}
		if err := r.Advance(midnight.Add(time.Duration(hours) * time.Hour)); err != nil {
			t.Fatal(err)
		}
		validation.Row{ID: "PRE-4", What: fmt.Sprintf("CO2 after %d h with two people in 72 m³ at 0.5 1/h", hours), Source: "closed form", Reference: want, Ours: value(t, r, "co2"), Unit: "ppm", Absolute: 0.1}.Check(t)
	}
}
