package reports

import (
	"math"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 24 * time.Hour: "24 h", 48 * time.Hour: "48 h", 50 * time.Hour: "2 d 2 h", 90 * time.Minute: "1 h 30 min",
		time.Hour - time.Second: "59 min 59 s", 2*time.Hour - time.Second: "2 h", 1500 * time.Millisecond: "1.5 s",
		350 * time.Millisecond: "350 ms", 40 * time.Nanosecond: "40 ns", -90 * time.Second: "-1 min 30 s", 72*time.Hour + 18*time.Second: "3 d",
	} {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %q, want %q", d, got, want)
		}
	}
	for _, d := range []time.Duration{math.MinInt64, math.MaxInt64} {
		if duration(d) == "" {
			t.Error("no text for an extreme duration")
		}
	}
}

func TestElapsed(t *testing.T) {
	for _, c := range []struct {
		at, total time.Duration
		want      string
	}{
		{0, time.Hour, "0:00:00"}, {26*time.Hour + 59*time.Second + 600*time.Millisecond, 30 * time.Hour, "26:01:00"},
		{1500 * time.Millisecond, time.Minute, "0:01.500"}, {-time.Second, time.Hour, "-0:00:01"},
	} {
		if got := elapsed(c.at, c.total); got != c.want {
			t.Errorf("elapsed(%v of %v) = %q, want %q", c.at, c.total, got, c.want)
		}
	}
}

func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		v          float64
		unit, want string
	}{
		{-18.2, "°C", "-18.2 °C"}, {0.333333, "1", "0.3333"}, {150, "s", "2 min 30 s"}, {12.5, "%", "12.5 %"},
		{123456, "Pa", "123500 Pa"}, {1e9, "Pa", "1.000e+09 Pa"}, {-0.00001, "m", "-1.000e-05 m"}, {0, "m", "0 m"},
		{math.NaN(), "m", "unknown m"}, {1e300, "s", "1.000e+300 s"},
	} {
		if got := quantity(c.v, c.unit); got != c.want {
			t.Errorf("quantity(%g, %q) = %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}

func TestMarginText(t *testing.T) {
	for want, m := range map[string]*float64{"kept by 1.23 °C": ptr(1.2345), "broken by 0.129 °C": ptr(-0.1288), "kept by 0 °C": ptr(0), "": nil} {
		if got := marginText(&Requirement{Margin: m, Unit: "°C"}); got != want {
			t.Errorf("margin %q, want %q", got, want)
		}
	}
}

// A terminal's escape sequences and text direction overrides do not get through.
func TestPrintable(t *testing.T) {
	if got, want := printable("a\tü\n\x1b[2J\u202eb"), "a    ü\n\ufffd[2J\ufffdb"; got != want {
		t.Errorf("printable = %q, want %q", got, want)
	}
}

func TestAligned(t *testing.T) {
	for in, want := range map[string]string{
		"| cargo temperature | -20 °C |\n| reports every | 5 minutes |": "| cargo temperature | -20 °C    |\n| reports every     | 5 minutes |",
		"| a |\n| b | c |":        "| a |\n| b | c |",
		"| a \\| b |":             "| a \\| b |",
		"{\"a\": 1}\n| not all |": "{\"a\": 1}\n| not all |",
		"":                        "", "|": "|", "||": "|  |",
	} {
		if got := aligned(in); got != want {
			t.Errorf("aligned(%q) = %q, want %q", in, got, want)
		}
	}
}
