package reports

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"gonum.org/v1/plot/plotter"
)

// largest is the greatest magnitude that is drawn. Beyond it the arithmetic of
// scales overflows, and nothing physical has such values.
const largest = 1e30

// course is what a plot shows of one signal of one entity: the truth, what the
// device's sensor read and what it reported.
type course struct {
	entity, name, label, unit string
	plant, sensor, telemetry  []plotter.XY // X in seconds since Begin; NaN in Y is a gap
	low, high                 float64      // over all three
}

func newCourse(entity, name, label, unit string) *course {
	return &course{entity: entity, name: name, label: label, unit: unit, low: math.Inf(1), high: math.Inf(-1)}
}

// addSeries takes over a recorded series.
func (c *course) addSeries(s *Series) {
	points := make([]plotter.XY, len(s.Values))
	for i, v := range s.Values {
		points[i] = plotter.XY{X: s.At[i].Seconds(), Y: c.take(v)}
	}
	if s.Source == "sensor" {
		c.sensor = append(c.sensor, points...)
	} else {
		c.plant = append(c.plant, points...)
	}
}

func (c *course) addTelemetry(at time.Duration, v float64) {
	if v = c.take(v); !math.IsNaN(v) {
		c.telemetry = append(c.telemetry, plotter.XY{X: at.Seconds(), Y: v})
	}
}

// take widens the range to v, or turns what cannot be drawn into a gap.
func (c *course) take(v float64) float64 {
	if !(math.Abs(v) < largest) {
		return math.NaN()
	}
	c.low, c.high = math.Min(c.low, v), math.Max(c.high, v)
	return v
}

func (c *course) empty() bool { return c.low > c.high }

// steady says whether the physical truth is known and never changed.
func (c *course) steady() bool {
	return len(c.plant) > 0 && !slices.ContainsFunc(c.plant, func(p plotter.XY) bool { return p.Y != c.plant[0].Y })
}

// between is the course's range in words.
func (c *course) between() string {
	if c.low == c.high {
		return "constant " + minus(quantity(c.low, c.unit))
	}
	low, high := number(c.low), quantity(c.high, c.unit)
	// Two digits of the difference, unless that takes too many.
	decimals := max(0, 1-int(math.Floor(math.Log10(c.high-c.low))))
	if span := math.Max(math.Abs(c.low), math.Abs(c.high)); decimals <= 6 && span < 1e7 {
		low, high = fixed(c.low, decimals), labelledUnit(fixed(c.high, decimals), c.unit)
	}
	return minus(low) + " to " + minus(high)
}

// mostly is the range the course is in for nine tenths of its points.
func (c *course) mostly() (low, high float64) {
	var values []float64
	for _, points := range [][]plotter.XY{c.plant, c.sensor, c.telemetry} {
		for _, p := range points {
			if !math.IsNaN(p.Y) {
				values = append(values, p.Y)
			}
		}
	}
	slices.Sort(values)
	rare := len(values) / 20
	return values[rare], values[len(values)-1-rare]
}

// telemetryNumbers are the numbers at the top of a telemetry body.
func telemetryNumbers(body json.RawMessage) map[string]float64 {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return nil
	}
	numbers := make(map[string]float64, len(fields))
	for name, raw := range fields {
		var v *float64
		if json.Unmarshal(raw, &v) == nil && v != nil {
			numbers[name] = *v
		}
	}
	return numbers
}
