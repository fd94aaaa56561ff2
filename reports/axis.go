package reports

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// niceStep is the smallest of 1, 2 and 5 times a power of ten that divides span
// into at most n parts.
func niceStep(span float64, n int) float64 {
	raw := span / float64(n)
	magnitude := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*magnitude >= raw*(1-1e-9) {
			return m * magnitude
		}
	}
	return 10 * magnitude
}

// multiples are the multiples of step within [lo, hi].
func multiples(lo, hi, step float64) []float64 {
	const most = 50 // a step too small for its numbers' precision must not run away
	var values []float64
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+1e-9*step && len(values) < most; i++ {
		values = append(values, i*step+0) // +0: no negative zero
	}
	return values
}

// valueTicks labels a value axis with about n round numbers.
func valueTicks(n int) plot.TickerFunc {
	return func(lo, hi float64) []plot.Tick {
		step := niceStep(hi-lo, n)
		place := int(math.Floor(math.Log10(step) + 1e-9)) // of the last digit that differs
		largest := max(math.Abs(lo), math.Abs(hi))
		var ticks []plot.Tick
		for _, v := range multiples(lo, hi, step) {
			label := strconv.FormatFloat(v, 'f', max(0, -place), 64)
			switch scientific := largest >= 1e6 || largest < 1e-3; {
			case scientific && v == 0:
				label = "0"
			case scientific:
				digits := int(math.Floor(math.Log10(math.Abs(v))+1e-9)) - place
				label = strconv.FormatFloat(v, 'e', max(0, digits), 64)
			}
			ticks = append(ticks, plot.Tick{Value: v, Label: minus(label)})
		}
		return ticks
	}
}

// timeSteps are the steps of clocks and calendars, in seconds.
var timeSteps = []float64{
	1, 2, 5, 10, 15, 30, 60, 2 * 60, 5 * 60, 10 * 60, 15 * 60, 30 * 60,
	hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 5 * day, 7 * day,
}

const (
	hour = 3600.0
	day  = 24 * hour
)

// timeTicks labels a time axis in seconds with at most n+1 times, each with its
// unit: "90 s", "20 min", "6 h", "1:30 h", "2 d".
func timeTicks(n int) plot.TickerFunc {
	return func(lo, hi float64) []plot.Tick {
		step := timeStep(hi-lo, n)
		var ticks []plot.Tick
		for _, t := range multiples(lo, hi, step) {
			ticks = append(ticks, plot.Tick{Value: t, Label: timeLabel(t, step, hi)})
		}
		return ticks
	}
}

func timeStep(span float64, n int) float64 {
	if span >= 1 {
		for _, s := range timeSteps {
			if span/s < float64(n)+0.5 {
				return s
			}
		}
		return day * niceStep(span/day, n)
	}
	return niceStep(span, n)
}

func timeLabel(t, step, hi float64) string {
	whole := int64(math.Round(t))
	switch {
	case t == 0:
		return "0"
	case step >= day:
		return strconv.FormatFloat(t/day, 'f', -1, 64) + " d"
	case step >= hour:
		return strconv.FormatFloat(t/hour, 'f', -1, 64) + " h"
	case step >= 60 && hi > 2*hour:
		return fmt.Sprintf("%d:%02d h", whole/3600, whole/60%60)
	case step >= 60:
		return strconv.FormatInt(whole/60, 10) + " min"
	case step >= 1 && hi > 120:
		return fmt.Sprintf("%d:%02d min", whole/60, whole%60)
	}
	return strconv.FormatFloat(t, 'g', 6, 64) + " s"
}

// minus is a number with a minus sign instead of a hyphen.
func minus(s string) string {
	if s != "" && s[0] == '-' {
		return "−" + s[1:]
	}
	return s
}
