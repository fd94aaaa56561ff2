package validation_test

import (
	"math"
	"testing"

	"twinrig/twinmodel/validation"
)

func TestRow(t *testing.T) {
	row := func(reference, ours, relative, absolute float64) validation.Row {
		return validation.Row{ID: "X-1", What: "speed", Source: "closed form", Reference: reference, Ours: ours, Unit: "m/s", Relative: relative, Absolute: absolute}
	}
	for _, c := range []struct {
		row   validation.Row
		holds bool
		text  string
	}{
		{row(2, 2.01, 0.01, 0), true, "| X-1 | speed | closed form | 2 m/s | 2.01 m/s | +0.5 % | 1 % |"},
		{row(2, 1.97, 0.01, 0), false, "| X-1 | speed | closed form | 2 m/s | 1.97 m/s | -1.5 % | 1 % |"},
		{row(0, -0.002, 0, 0.01), true, "| X-1 | speed | closed form | 0 m/s | -0.002 m/s | -0.002 m/s | 0.01 m/s |"},
		{row(-2, -2-4e-16, 0.01, 0), true, "| X-1 | speed | closed form | -2 m/s | -2 m/s | none | 1 % |"},
		{row(2, math.NaN(), 0.01, 0), false, "| X-1 | speed | closed form | 2 m/s | NaN m/s | +NaN % | 1 % |"},
		{row(0, -4e-16, 0, 1e-9), true, "| X-1 | speed | closed form | 0 m/s | 0 | less than 1e-12 m/s | 1e-09 m/s |"},
		{row(1, 1.3, 0.01, 0.5), true, "| X-1 | speed | closed form | 1 m/s | 1.3 m/s | +0.3 m/s | 0.5 m/s |"},
	} {
		if got := c.row.Holds(); got != c.holds {
			t.Errorf("%+v holds: %v", c.row, got)
		}
		if got := c.row.Markdown(); got != c.text {
			t.Errorf("got  %s\nwant %s", got, c.text)
		}
	}
	unitless := row(1, 1.5, 1, 0)
	unitless.Unit, unitless.What = "1", "a|b\nc"
	if got, want := unitless.Markdown(), "| X-1 | a¦b c | closed form | 1 | 1.5 | +50 % | 1e+02 % |"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
