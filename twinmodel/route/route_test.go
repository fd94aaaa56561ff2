package route

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Law: great-circle distance on the mean sphere. Reference: a quarter meridian is
// a quarter of the circumference; one minute of latitude is 1853.25 m; tolerance
// 1e-12 relative.
func TestDistances(t *testing.T) {
	cases := []struct {
		a, b Point
		want float64
		why  string
	}{
		{Point{0, 0}, Point{90, 0}, EarthRadius * math.Pi / 2, "from the equator to the pole"},
		{Point{0, 179}, Point{0, -179}, EarthRadius * 2 * math.Pi / 180, "across the date line"},
		{Point{51, 12}, Point{51 + 1.0/60, 12}, EarthRadius * math.Pi / 10800, "a minute of latitude"},
		{Point{60, 10}, Point{60, 10}, 0, "nowhere"},
	}
	for _, c := range cases {
		if got := Distance(c.a, c.b); math.Abs(got-c.want) > 1e-12*EarthRadius {
			t.Errorf("%s: %g m, want %g", c.why, got, c.want)
		}
	}
}

func square(t testing.TB) *Route {
	r, err := New([]Point{{51.30, 12.30}, {51.30, 12.30}, {51.34, 12.38}, {51.36, 12.36}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Law: the position after a distance d lies d along the polyline: the pieces up
// to it add up to d, to 1 mm.
func TestPositionLiesAlongTheLine(t *testing.T) {
	r := square(t)
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.Float64Range(0, r.Length()).Draw(t, "distance")
		p := r.At(d)
		sum := 0.0
		for i := 1; i < len(r.points); i++ {
			if r.along[i] >= d {
				sum = r.along[i-1] + Distance(r.points[i-1], p)
				break
			}
		}
		if math.Abs(sum-d) > 1e-3 {
			t.Fatalf("after %g m the way back is %g m", d, sum)
		}
	})
}

// Law: the integral of speed over time is the distance (physics.md 4.2.4: ±0.1 %;
// here exact to 1e-9), also across stops and up to the arrival.
func TestSpeedIntegratesToDistance(t *testing.T) {
	r := square(t)
	j, err := NewJourney(r, []Leg{{60, 10}, {30, 0}, {120, 20}, {3600, 15}})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i := 0; ; i++ {
		s, ok := j.Segment(i)
		if !ok {
			break
		}
		sum += s.Speed * (s.End - s.Begin)
		if d := j.Distance(s.End); math.Abs(d-sum) > 1e-9*sum {
			t.Errorf("after %g s the vehicle has come %g m, its speed integrates to %g", s.End, d, sum)
		}
	}
	if math.Abs(sum-r.Length()) > 1e-9*r.Length() {
		t.Errorf("the journey ends after %g m of %g", sum, r.Length())
	}
	if p := r.At(sum + 1); p != r.points[len(r.points)-1] {
		t.Errorf("behind its end the vehicle is at %v", p)
	}
}

func TestImpossibleRoutes(t *testing.T) {
	for _, points := range [][]Point{nil, {{0, 0}}, {{1, 1}, {1, 1}}, {{0, 0}, {91, 0}}, {{0, 0}, {math.NaN(), 0}}} {
		if _, err := New(points); err == nil {
			t.Errorf("a route of %v was made", points)
		}
	}
	for _, legs := range [][]Leg{nil, {{0, 1}}, {{1, -1}}, {{1, math.NaN()}}} {
		if _, err := NewJourney(square(t), legs); err == nil {
			t.Errorf("a journey of %v was made", legs)
		}
	}
}
