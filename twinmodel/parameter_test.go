package twinmodel_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinrig/twinmodel"
)

type rod struct {
	Length   float64 `unit:"m" range:"1..5000" doc:"length"`
	Diameter float64 `unit:"mm" source:"API 11B" doc:"diameter"`
}

type wall struct {
	U float64 `unit:"W/(m²·K)" range:"0..10" source:"ISO 6946" doc:"thermal transmittance"`
}

type constants struct {
	Rods   []rod         `source:"RP 11L"`
	Wall   wall          `source:"ignored, it has its own"`
	Curve  [3]float64    `unit:"1" range:"-1..1" source:"fit" doc:"coefficients"`
	Floors int           `unit:"1" range:"2.." source:"estimate" doc:"number of floors"`
	Dwell  time.Duration `unit:"s" range:"..60" source:"estimate" doc:"time the door stays open"`
	Name   string        `source:"estimate" doc:"what it is called"`
	hidden float64
}

func some() constants {
	return constants{Rods: []rod{{1500, 22}, {3, 19}}, Wall: wall{0.5}, Curve: [3]float64{1, 0, -1}, Floors: 12, Dwell: 4 * time.Second, Name: "x", hidden: 7}
}

func TestParameters(t *testing.T) {
	got, err := twinmodel.Parameters(some())
	if err != nil {
		t.Fatal(err)
	}
	inf := math.Inf(1)
	want := []twinmodel.Parameter{
		{Name: "Rods[0].Length", Unit: "m", Min: 1, Max: 5000, Source: "RP 11L", Doc: "length", Value: 1500.0},
		{Name: "Rods[0].Diameter", Unit: "mm", Min: -inf, Max: inf, Source: "API 11B", Doc: "diameter", Value: 22.0},
		{Name: "Rods[1].Length", Unit: "m", Min: 1, Max: 5000, Source: "RP 11L", Doc: "length", Value: 3.0},
		{Name: "Rods[1].Diameter", Unit: "mm", Min: -inf, Max: inf, Source: "API 11B", Doc: "diameter", Value: 19.0},
		{Name: "Wall.U", Unit: "W/(m²·K)", Min: 0, Max: 10, Source: "ISO 6946", Doc: "thermal transmittance", Value: 0.5},
		{Name: "Curve", Unit: "1", Min: -1, Max: 1, Source: "fit", Doc: "coefficients", Value: [3]float64{1, 0, -1}},
		{Name: "Floors", Unit: "1", Min: 2, Max: inf, Source: "estimate", Doc: "number of floors", Value: 12},
		{Name: "Dwell", Unit: "s", Min: -inf, Max: 60, Source: "estimate", Doc: "time the door stays open", Value: 4 * time.Second},
		{Name: "Name", Min: -inf, Max: inf, Source: "estimate", Doc: "what it is called", Value: "x"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What a field does not say is found, with its name.
func TestParametersIncomplete(t *testing.T) {
	_, err := twinmodel.Parameters(struct {
		A float64 `source:"estimate" doc:"x"`
		B float64 `unit:"m" doc:"x"`
		C float64 `unit:"m" source:"estimate"`
		D float64 `unit:"m" source:"estimate" doc:"x" range:"2..1"`
		E string  `unit:"m" source:"estimate" doc:"x"`
		F float64 `unit:"m" source:"estimate" doc:"x" range:"1"`
	}{})
	const want = `parameter A: no unit; write unit:"1" if it has no dimension
parameter B: no source; say where the default comes from, such as source:"estimate"
parameter C: no doc
parameter D: range "2..1"; write for example 0.1..2
parameter E: a unit, but it is not a number
parameter F: range "1"; write for example 0.1..2`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestCheckParameters(t *testing.T) {
	if err := twinmodel.CheckParameters(some()); err != nil {
		t.Error(err)
	}
	for want, spoil := range map[string]func(*constants){
		"Rods[1].Length: 0.5 m is outside 1 to 5000":       func(c *constants) { c.Rods[1].Length = 0.5 },
		"Rods[0].Diameter: NaN mm is outside -Inf to +Inf": func(c *constants) { c.Rods[0].Diameter = math.NaN() },
		"Wall.U: +Inf W/(m²·K) is outside 0 to 10":         func(c *constants) { c.Wall.U = math.Inf(1) },
		"Curve: -2 is outside -1 to 1":                     func(c *constants) { c.Curve[2] = -2 },
		"Floors: 1 is outside 2 to +Inf":                   func(c *constants) { c.Floors = 1 },
		"Dwell: 90 s is outside -Inf to 60":                func(c *constants) { c.Dwell = 90 * time.Second },
	} {
		c := some()
		spoil(&c)
		if err := twinmodel.CheckParameters(&c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	// Infinite values have no place in a plant, whatever the range says.
	c := some()
	c.Rods[0].Diameter = math.Inf(1)
	if err := twinmodel.CheckParameters(&c); err == nil {
		t.Error("an infinite diameter is a parameter")
	}
}
