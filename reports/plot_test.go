package reports

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/plotter"
	"pgregory.net/rapid"
)

// series is a random course over an hour, in order of time.
var series = rapid.Custom(func(t *rapid.T) []plotter.XY {
	points := make([]plotter.XY, rapid.IntRange(1, 600).Draw(t, "n"))
	x, y := 0.0, 0.0
	for i := range points {
		x += rapid.Float64Range(0, 12).Draw(t, "dx")
		y += rapid.Float64Range(-1, 1).Draw(t, "dy")
		points[i] = plotter.XY{X: x, Y: y}
	}
	return points
})

// Decimation loses no excursion, keeps the ends and the order, and is bounded.
func TestDecimate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := series.Draw(t, "points")
		parts := rapid.IntRange(1, 50).Draw(t, "parts")
		total := all[len(all)-1].X + 1
		got := decimate(all, total, parts)
		if len(got) > len(all) || len(got) > 2*parts+2 {
			t.Fatalf("%d points of %d in %d parts", len(got), len(all), parts)
		}
		if got[0] != all[0] || got[len(got)-1] != all[len(all)-1] {
			t.Fatal("an end is lost")
		}
		if !slices.IsSortedFunc(got, func(a, b plotter.XY) int { return int(math.Copysign(1, a.X-b.X)) * b2i(a.X != b.X) }) {
			t.Fatal("out of order")
		}
		byY := func(a, b plotter.XY) int { return int(math.Copysign(1, a.Y-b.Y)) * b2i(a.Y != b.Y) }
		if slices.MaxFunc(got, byY).Y != slices.MaxFunc(all, byY).Y || slices.MinFunc(got, byY).Y != slices.MinFunc(all, byY).Y {
			t.Fatal("an extreme is lost")
		}
	})
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// The swinging door keeps every point within the tolerance of the line it
// leaves, and keeps only points that were there.
func TestStraightened(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := series.Draw(t, "points")
		tolerance := rapid.Float64Range(0, 2).Draw(t, "tolerance")
		got := straightened(all, tolerance)
		k := 0
		for _, p := range all {
			for k+1 < len(got) && got[k+1].X < p.X {
				k++
			}
			if k+1 == len(got) || got[k].X == p.X || got[k+1].X == p.X || got[k+1].X == got[k].X {
				continue
			}
			at := got[k].Y + (got[k+1].Y-got[k].Y)*(p.X-got[k].X)/(got[k+1].X-got[k].X)
			if math.Abs(at-p.Y) > tolerance+1e-9 {
				t.Fatalf("%v is %g off the line", p, at-p.Y)
			}
		}
	})
	line := make([]plotter.XY, 1000)
	for i := range line {
		line[i] = plotter.XY{X: float64(i), Y: 3 * float64(i)}
	}
	if got := straightened(line, 0.1); len(got) != 2 {
		t.Errorf("a straight line keeps %d points", len(got))
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		n      int
		want   string
	}{
		{0, 86400, 12, "0 2 h 4 h 6 h 8 h 10 h 12 h 14 h 16 h 18 h 20 h 22 h 24 h"},
		{0, 86401.2, 4, "0 6 h 12 h 18 h 24 h"},
		{0, 9000, 6, "0 0:30 h 1:00 h 1:30 h 2:00 h 2:30 h"},
		{0, 2400, 4, "0 10 min 20 min 30 min 40 min"},
		{0, 200, 4, "0 1 min 2 min 3 min"},
		{0, 150, 6, "0 0:30 min 1:00 min 1:30 min 2:00 min 2:30 min"},
		{0, 45, 5, "0 10 s 20 s 30 s 40 s"},
		{0, 0.0035, 4, "0 0.001 s 0.002 s 0.003 s"},
		{0, 10 * 86400, 5, "0 2 d 4 d 6 d 8 d 10 d"},
		{0, 400 * 86400, 5, "0 100 d 200 d 300 d 400 d"},
	} {
		var labels []string
		for _, tick := range timeTicks(c.n)(c.lo, c.hi) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("times %g to %g: %s, want %s", c.lo, c.hi, got, c.want)
		}
	}
	for _, c := range []struct {
		lo, hi float64
		want   string
	}{
		{-21.3, -6.4, "−20 −15 −10"},
		{-1, 1, "−1.0 −0.5 0.0 0.5 1.0"},
		{0.1201, 0.1203, "0.12010 0.12015 0.12020 0.12025 0.12030"},
		{0, 4.2e6, "0 1e+06 2e+06 3e+06 4e+06"},
		{101324980, 101325020, "1.0132498e+08 1.0132499e+08 1.0132500e+08 1.0132501e+08 1.0132502e+08"},
		{0, 2e-6, "0 5e-07 1.0e-06 1.5e-06 2.0e-06"},
	} {
		var labels []string
		for _, tick := range valueTicks(5)(c.lo, c.hi) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("values %g to %g: %s, want %s", c.lo, c.hi, got, c.want)
		}
	}
}

func TestPanels(t *testing.T) {
	s := readRecord(t, allScenarios()[1:2]).Scenarios[0]
	drawn := s.plots(maxPanels)
	var got []string
	for _, p := range drawn.panels {
		names := []string{}
		for _, c := range p.courses {
			names = append(names, fmt.Sprintf("%s %d/%d/%d", c.name, len(c.plant), len(c.sensor), len(c.telemetry)))
		}
		got = append(got, fmt.Sprintf("%s [%s] %s, %d requirements", p.title, p.unit, strings.Join(names, ", "), len(p.requirements)))
	}
	want := []string{
		"Cargo temperature [°C] cargoTemperature 1441/0/403, 1 requirements", // judged
		"Box air temperature [°C] boxTemperature 1441/1441/403, 0 requirements",
		"Ambient temperature [°C] ambientTemperature 1441/0/0, 0 requirements", // far from the others
		"Compressor power [kW] compressorPower 1441/0/0, 0 requirements",
		"BatteryVoltage [] batteryVoltage 0/0/403, 0 requirements", // in telemetry only
	}
	if diff := cmp.Diff(want, got); diff != "" || drawn.left != 0 || len(drawn.constant) != 1 || drawn.constant[0].name != "cargoMass" {
		t.Errorf("%d left out, %d constant\n%s", drawn.left, len(drawn.constant), diff)
	}
}

// A fleet's signals are parted by entity when they outnumber the colours.
func TestPanelsOfAFleet(t *testing.T) {
	p := panel{title: "temperature", unit: "°C"}
	for i := range 10 {
		for _, name := range []string{"a", "b", "c"} {
			c := newCourse(fmt.Sprintf("truck-%d", i), name, name, "°C")
			c.addTelemetry(0, float64(i))
			c.addTelemetry(1, float64(i+9))
			p.courses = append(p.courses, c)
		}
	}
	panels, _ := p.split(nil)
	for _, part := range panels {
		perEntity := map[string]int{}
		for _, c := range part.courses {
			perEntity[c.entity]++
		}
		for entity, n := range perEntity {
			if n != 3 || len(part.courses) > seriesInks {
				t.Errorf("a panel of %d has %d signals of %s", len(part.courses), n, entity)
			}
		}
	}
}

func TestStretches(t *testing.T) {
	r := NewRecorder("a:1")
	at := func(s int, e Event) { e.Time = morning.Add(time.Duration(s) * time.Second); r.Record(e) }
	at(0, Event{Start: &Scenario{ID: "a:1", Begin: morning}})
	at(1, Event{Alert: &Alert{Device: "d", Name: "hot", Active: true}})
	at(2, Event{Alert: &Alert{Device: "d", Name: "hot", Active: true}}) // still
	at(3, Event{Alert: &Alert{Device: "d", Name: "hot"}})
	at(4, Event{Alert: &Alert{Device: "e", Name: "hot"}}) // never raised
	at(5, Event{Alert: &Alert{Device: "d", Name: "hot", Active: true}})
	at(9, Event{Outcome: &Outcome{}})
	var got []string
	for _, p := range readRecord(t, [][]Event{r.Events()}).Scenarios[0].stretches(KindAlert) {
		got = append(got, fmt.Sprintf("%s %s %g-%g", p.entity, p.name, p.from, p.to))
	}
	if diff := cmp.Diff([]string{"d alert hot 1-3", "d alert hot 5-9"}, got); diff != "" {
		t.Error(diff)
	}
}

// No values and no instants, however wild, keep a page from being rendered.
func TestRenderWildRecords(t *testing.T) {
	value := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-1e-3, 1e3), rapid.Just(math.MaxFloat64), rapid.Just(0.0), rapid.Just(math.SmallestNonzeroFloat64))
	instant := rapid.OneOf(
		rapid.Map(rapid.Int64Range(-1e18, 1e18), func(ns int64) time.Time { return morning.Add(time.Duration(ns)) }),
		rapid.Map(rapid.Int64Range(-10, 1e12), func(ns int64) time.Time { return morning.Add(time.Duration(ns)) }),
		rapid.Just(morning))
	rapid.Check(t, func(t *rapid.T) {
		r := NewRecorder("a:1")
		r.Record(Event{Time: morning, Start: &Scenario{ID: "a:1", Begin: morning}})
		r.Record(Event{Time: morning.Add(-math.MaxInt64), Entity: "d", Signals: truckSignals[:5]})
		v := func() *float64 { return rapid.Ptr(value, true).Draw(t, "v") }
		at := func() time.Time { return instant.Draw(t, "t") }
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			r.Record(Event{Time: at(), Entity: "d", Sample: []*float64{v(), v(), v(), v(), v()}})
			r.Record(Event{Time: at(), Entity: "d", Step: &Step{Begin: at(), Verdict: Pass}})
			r.Record(Event{Time: at(), Entity: "d", Alert: &Alert{Active: rapid.Bool().Draw(t, "on"), Text: rapid.String().Draw(t, "text")}})
			r.Record(Event{Time: at(), Entity: "d", Command: &Command{Name: rapid.String().Draw(t, "name")}})
			r.Record(Event{Time: at(), Entity: "d", Requirement: &Requirement{
				Signal: truckSignals[0].Name, Value: v(), Lower: v(), Upper: v(), Margin: v(), From: at(), To: at(), Worst: at(), Unit: "s"}})
		}
		rec := &Record{}
		b := builder{record: *rec, began: true, scenarios: map[string]*scenarioBuilder{}}
		for _, e := range r.Events() {
			if err := b.add(e.canonical()); err != nil {
				t.Fatal(err)
			}
		}
		if err := WriteHTML(io.Discard, &b.record, HTMLOptions{}); err != nil {
			t.Fatal(err)
		}
	})
}
