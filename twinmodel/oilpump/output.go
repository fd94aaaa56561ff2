package oilpump

import (
	"fmt"
	"math"
)

// Value implements twinmodel.Plant.
func (w *Well) Value(signal string) (float64, error) {
	for i := range spec.Signals {
		if spec.Signals[i].Name != signal {
			continue
		}
		if i < inputs {
			return w.u[i], nil
		}
		return w.output(i - inputs), nil
	}
	return 0, fmt.Errorf("read oilpump: it has no signal %q", signal)
}

func (w *Well) output(i int) float64 {
	switch i {
	case outPosition:
		return max(0, w.rods[0])
	case outLoad:
		return w.load / 1e3
	case outPlungerPosition:
		return w.plunger
	case outPlungerLoad:
		return w.pumpLoad / 1e3
	case outSpeed:
		return w.crank.rate * 60
	case outTorque:
		return w.crank.torque / 1e3
	case outCurrent:
		return math.Sqrt(w.motor.square)
	case outPower:
		return w.motor.power / 1e3
	case outWinding:
		return w.motor.winding
	case outFillage, outProduction, outPeakLoad, outMinimumLoad, outPlungerStroke, outRodPower, outPeakTorque:
		return w.strokeOutput(i)
	}
	return w.wellOutput(i)
}

// strokeOutput is a signal of the last stroke.
func (w *Well) strokeOutput(i int) float64 {
	s := &w.last
	switch i {
	case outFillage:
		return 100 * s.fillage
	case outPeakLoad:
		return s.peak / 1e3
	case outMinimumLoad:
		return s.low / 1e3
	case outPlungerStroke:
		return s.highest - s.lowest
	case outPeakTorque:
		return s.torque / 1e3
	}
	if s.steps == 0 {
		return 0
	}
	period := float64(s.steps) * w.m.step
	if i == outRodPower {
		return s.work / period / 1e3
	}
	if w.crank.rate == 0 {
		return 0
	}
	return s.lifted / period / cubicMetrePerDay
}

func (w *Well) wellOutput(i int) float64 {
	switch i {
	case outLevel:
		return max(0, w.column.level)
	case outIntakePressure:
		return w.ends.intake / 1e5
	case outTubingPressure:
		pressure, _ := w.m.wellhead(w.column.tubing)
		return pressure / 1e5
	case outFlow:
		return w.flows.line / w.m.beatTime / cubicMetrePerDay
	case outInflow:
		return w.flows.inflow / w.m.beatTime / cubicMetrePerDay
	}
	return 100 * w.share
}
