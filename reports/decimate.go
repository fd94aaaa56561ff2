package reports

import (
	"math"

	"gonum.org/v1/plot/plotter"
)

// runs cuts points at gaps.
func runs(points []plotter.XY) [][]plotter.XY {
	var all [][]plotter.XY
	begin := 0
	for i, p := range points {
		if math.IsNaN(p.Y) {
			if i > begin {
				all = append(all, points[begin:i])
			}
			begin = i + 1
		}
	}
	if begin < len(points) {
		all = append(all, points[begin:])
	}
	return all
}

// decimate keeps of each of n equal parts of [0, total] the lowest and the
// highest point, so that no excursion is lost, and the first and last point.
func decimate(points []plotter.XY, total float64, n int) []plotter.XY {
	if len(points) <= 2*n {
		return points
	}
	kept := []plotter.XY{points[0]}
	for begin := 1; begin < len(points)-1; {
		part := math.Floor(points[begin].X / total * float64(n))
		low, high, end := begin, begin, begin
		for ; end < len(points)-1 && math.Floor(points[end].X/total*float64(n)) == part; end++ {
			if points[end].Y < points[low].Y {
				low = end
			}
			if points[end].Y > points[high].Y {
				high = end
			}
		}
		if end == begin { // X is not a number to sort by
			end++
		}
		kept = append(kept, points[min(low, high)])
		if low != high {
			kept = append(kept, points[max(low, high)])
		}
		begin = end
	}
	return append(kept, points[len(points)-1])
}

// straightened leaves out points that lie on a straight line between others to
// within the tolerance in Y. It is the swinging door of process historians: the
// steepest and the flattest line through all points since the last one kept
// close like a door, and when they have crossed the point before is kept.
func straightened(points []plotter.XY, tolerance float64) []plotter.XY {
	if len(points) < 3 {
		return points
	}
	kept := []plotter.XY{points[0]}
	from := points[0]
	least, most := math.Inf(-1), math.Inf(1)
	for i, p := range points[1:] {
		dx := p.X - from.X
		if dx > 0 {
			slope := (p.Y - from.Y) / dx
			if slope >= least && slope <= most {
				least = math.Max(least, slope-tolerance/dx)
				most = math.Min(most, slope+tolerance/dx)
				continue
			}
		}
		from = points[i]
		kept = append(kept, from)
		least, most = math.Inf(-1), math.Inf(1)
		if dx := p.X - from.X; dx > 0 {
			slope := (p.Y - from.Y) / dx
			least, most = slope-tolerance/dx, slope+tolerance/dx
		}
	}
	return append(kept, points[len(points)-1])
}
