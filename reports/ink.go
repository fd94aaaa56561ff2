package reports

import "strconv"

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
	inkActive  = inkSeries + seriesInks // a state that is on
)

// seriesInks is how many signals can be told apart by colour in one plot.
const seriesInks = 8

func seriesInk(i int) ink { return inkSeries + ink(i%seriesInks) }

// RGBA makes ink a color.Color, which gonum asks for. The canvas never uses it.
func (ink) RGBA() (r, g, b, a uint32) { return 0, 0, 0, 0xffff }

// class is the ink's name in the style sheet.
func (k ink) class() string { return "k" + strconv.Itoa(int(k)) }

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
