package route

import (
	"fmt"
	"math"
	"sort"

	"twinrig/twinmodel/detmath"
)

// EarthRadius is the mean radius R1 of the GRS 80 ellipsoid, m (Moritz 2000).
const EarthRadius = 6371008.7714

// Point is a position in degrees of WGS-84.
type Point struct{ Latitude, Longitude float64 }

// Route is a polyline.
type Route struct {
	points []Point
	along  []float64 // m from the start to each point
}

// New makes a route of at least two points. Two of a kind in a row are one.
func New(points []Point) (*Route, error) {
	r := &Route{}
	for i, p := range points {
		if !(math.Abs(p.Latitude) <= 90) || !(math.Abs(p.Longitude) <= 180) {
			return nil, fmt.Errorf("route: point %d (%g, %g) is not on the globe", i, p.Latitude, p.Longitude)
		}
		length := 0.0
		if n := len(r.points); n > 0 {
			leg := Distance(r.points[n-1], p)
			if leg == 0 {
				continue
			}
			length = r.along[n-1] + leg
		}
		r.points, r.along = append(r.points, p), append(r.along, length)
	}
	if len(r.points) < 2 {
		return nil, fmt.Errorf("route: %d different points, at least two are needed", len(r.points))
	}
	return r, nil
}

// Length is the length of the polyline in m.
func (r *Route) Length() float64 { return r.along[len(r.along)-1] }

// At is the position after a distance in m; before the start and behind the end
// it is there.
func (r *Route) At(distance float64) Point {
	last := len(r.points) - 1
	switch {
	case !(distance > 0):
		return r.points[0]
	case distance >= r.along[last]:
		return r.points[last]
	}
	i := sort.SearchFloat64s(r.along, distance)
	return between(r.points[i-1], r.points[i], (distance-r.along[i-1])/(r.along[i]-r.along[i-1]))
}

// Distance is the length of the great circle between two points in m.
func Distance(a, b Point) float64 { return EarthRadius * angle(vector(a), vector(b)) }

// between is the point at a share of the great circle from a to b.
func between(a, b Point, share float64) Point {
	u, v := vector(a), vector(b)
	w := angle(u, v)
	s := detmath.Sin(w)
	p, q := detmath.Sin((1-share)*w)/s, detmath.Sin(share*w)/s
	var m [3]float64
	for i := range m {
		m[i] = float64(p*u[i]) + float64(q*v[i])
	}
	return Point{
		Latitude:  detmath.Atan2(m[2], math.Sqrt(float64(m[0]*m[0])+float64(m[1]*m[1]))) * 180 / math.Pi,
		Longitude: detmath.Atan2(m[1], m[0]) * 180 / math.Pi,
	}
}

// vector points from the earth's centre to p.
func vector(p Point) [3]float64 {
	lat, lon := p.Latitude*math.Pi/180, p.Longitude*math.Pi/180
	c := detmath.Cos(lat)
	return [3]float64{float64(c * detmath.Cos(lon)), float64(c * detmath.Sin(lon)), detmath.Sin(lat)}
}

// angle between two unit vectors, well conditioned for small ones too.
func angle(u, v [3]float64) float64 {
	chord := 0.0
	for i := range u {
		d := u[i] - v[i]
		chord += float64(d * d)
	}
	return 2 * detmath.Asin(math.Min(1, math.Sqrt(chord)/2))
}
