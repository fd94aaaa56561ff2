package route

import (
	"encoding/xml"
	"math"
	"os"
	"testing"
)

// Law: the length of a driven polyline. Reference: the per-leg distances that
// GraphHopper wrote into a real urban drive of 9.6 km (data/route, Apache-2.0),
// whose route points are only the turns, so the straight lines are shorter by up
// to 10 %.
func TestUrbanDrive(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/route/urban-drive.gpx")
	if err != nil {
		t.Skip("the recorded drive is not here; it ships with the workplace and not with the project: ", err)
	}
	var gpx struct {
		Route []struct {
			Lat      float64 `xml:"lat,attr"`
			Lon      float64 `xml:"lon,attr"`
			Distance float64 `xml:"extensions>distance"`
		} `xml:"rte>rtept"`
	}
	if err := xml.Unmarshal(text, &gpx); err != nil {
		t.Fatal(err)
	}
	var points []Point
	want := 0.0
	for _, p := range gpx.Route {
		points = append(points, Point{p.Lat, p.Lon})
		want += p.Distance
	}
	r, err := New(points)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Length(); got > want*1.001 || got < want*0.9 {
		t.Errorf("the drive is %.0f m long, the recording says %.0f m along its roads", got, want)
	}
	if math.IsNaN(r.At(want / 2).Latitude) {
		t.Error("no position half way")
	}
}
