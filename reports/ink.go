package reports

import (
	"math"
	"strconv"
)

// ink is a colour by its part in a plot. The page's style sheet gives it a
// value, one for light and one for dark surroundings.
type ink uint8

const (
	inkText ink = iota
	inkMuted
	inkGrid
	inkAxis
	inkPass
	inkFail
	inkWarn
	inkPassSoft
	inkFailSoft
	inkWarnSoft
	inkBand    // where a requirement wants the signal
	inkLimit   // the edge of that
	inkOffline // a device without connection
	inkFault   // a fault put in
	inkFaultSoft
	inkCommand
	inkNeutral                          // a state that is off
	inkSeries                           // the first of seriesInks
	inkActive  = inkSeries + seriesInks // the first of activeInks
)

// seriesInks is how many signals can be told apart by colour in one plot.
const seriesInks = 8

// activeInks is how many states other than off can be told apart by colour.
const activeInks = 4

// stateInk is the colour of a state: the first is off.
func stateInk(v float64) ink {
	if v == 0 {
		return inkNeutral
	}
	return inkActive + ink(math.Mod(math.Max(0, math.Abs(v)-1), activeInks))
}

func seriesInk(i int) ink { return inkSeries + ink(i%seriesInks) }

// RGBA makes ink a color.Color, which gonum asks for. The canvas never uses it.
func (ink) RGBA() (r, g, b, a uint32) { return 0, 0, 0, 0xffff }

// pale makes an ink of another half transparent.
const pale ink = 1 << 7

// class is the ink's name in the style sheet.
func (k ink) class() string {
	name := "k" + strconv.Itoa(int(k&^pale))
	if k&pale != 0 {
		name += " pale"
	}
	return name
}

// verdictInk is the colour of a verdict, and the soft one for surfaces.
func verdictInk(v Verdict) (strong, soft ink) {
	switch v {
	case Pass:
		return inkPass, inkPassSoft
	case Fail:
		return inkFail, inkFailSoft
	case PassWithDeviation, Inconclusive:
		return inkWarn, inkWarnSoft
	}
	return inkMuted, inkNeutral
}
