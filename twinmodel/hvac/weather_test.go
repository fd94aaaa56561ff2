package hvac

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// hour is one hour of a typical meteorological year.
type hour struct {
	begins, ends          float64 // temperature at its ends, °C
	global, beam, diffuse float64 // mean irradiance, W/m²
}

// denver reads the year that BESTEST uses. A row has the temperature at its time
// and the irradiance of the hour before.
func denver(t *testing.T) (hours []hour) {
	t.Helper()
	text, err := os.ReadFile("../../../shared/data/weather/denver-tmy3.mos")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("NOT CHECKED: no weather of Denver, so the zone is held to no BESTEST case: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	last := math.NaN()
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) < 30 || line[0] == '#' {
			continue
		}
		var v [11]float64
		for i := range v {
			if v[i], err = strconv.ParseFloat(f[i], 64); err != nil {
				t.Fatal(err)
			}
		}
		if !math.IsNaN(last) {
			hours = append(hours, hour{last, v[1], v[8], v[9], v[10]})
		}
		last = v[1]
	}
	if len(hours) != 8759 {
		t.Fatalf("%d hours of weather, want 8759", len(hours))
	}
	return hours
}

// direction points south, west and up.
type direction [3]float64

func (d direction) dot(e direction) float64 { return d[0]*e[0] + d[1]*e[1] + d[2]*e[2] }

const altitude = 1650 // of Denver, m

// sun is where the sun stands over Denver, at seconds of the year in standard time.
func sun(at float64) direction {
	const lat, lon, zone = 39.83 * math.Pi / 180, -104.65, -7.0
	day := math.Floor(at/86400) + 1
	b := 2 * math.Pi * (day - 81) / 364
	equation := 9.87*math.Sin(2*b) - 7.53*math.Cos(b) - 1.5*math.Sin(b) // min
	declination := 23.45 * math.Pi / 180 * math.Sin(2*math.Pi*(284+day)/365)
	solar := math.Mod(at, 86400)/3600 + equation/60 + (lon-15*zone)/15
	angle := (solar - 12) * math.Pi / 12
	sd, cd := math.Sincos(declination)
	sl, cl := math.Sincos(lat)
	return direction{cd*math.Cos(angle)*sl - sd*cl, cd * math.Sin(angle), cd*math.Cos(angle)*cl + sd*sl}
}

// perez are the brightness coefficients of Perez et al. (1990), by the sky's clearness.
var perez = [8][7]float64{
	{1.065, -0.008, 0.588, -0.062, -0.060, 0.072, -0.022}, {1.23, 0.130, 0.683, -0.151, -0.019, 0.066, -0.029},
	{1.5, 0.330, 0.487, -0.221, 0.055, -0.064, -0.026}, {1.95, 0.568, 0.187, -0.295, 0.109, -0.152, -0.014},
	{2.8, 0.873, -0.392, -0.362, 0.226, -0.462, 0.001}, {4.5, 1.132, -1.237, -0.412, 0.288, -0.823, 0.056},
	{6.2, 1.060, -1.600, -0.359, 0.264, -1.127, 0.131}, {math.Inf(1), 0.678, -0.327, -0.250, 0.156, -1.377, 0.251},
}

// tilted is the beam, with its angle of incidence, and the diffuse irradiance on
// a surface with a normal, ground of reflectance 0.2 included.
func (h hour) tilted(s, normal direction) (beam, incidence, diffuse float64) {
	cosine, up := math.Max(0, s.dot(normal)), s[2]
	ground := 0.2 * h.global * (1 - normal[2]) / 2
	if h.diffuse <= 0 || up <= 0.01 {
		return 0, math.Acos(cosine), h.diffuse*(1+normal[2])/2 + ground
	}
	z := math.Acos(up)
	k3 := 1.041 * z * z * z
	clearness := ((h.diffuse+h.beam)/h.diffuse + k3) / (1 + k3)
	airMass := math.Exp(-0.0001184*altitude) / (up + 0.15*math.Pow(93.9-z*180/math.Pi, -1.253))
	brightness := h.diffuse * airMass / 1367
	k := 0
	for clearness > perez[k][0] {
		k++
	}
	c := perez[k]
	circumsolar := math.Max(0, c[1]+c[2]*brightness+c[3]*z)
	horizon := c[4] + c[5]*brightness + c[6]*z
	sky := h.diffuse * ((1-circumsolar)*(1+normal[2])/2 + circumsolar*cosine/math.Max(math.Cos(85*math.Pi/180), up) +
		horizon*math.Sqrt(1-normal[2]*normal[2]))
	return h.beam * cosine, math.Acos(cosine), math.Max(0, sky) + ground
}
