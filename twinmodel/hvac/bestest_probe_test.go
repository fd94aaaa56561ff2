package hvac

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// hour is one row of a TMY3 file: irradiance is of the hour that ends here, W/m².
type hour struct{ temperature, global, beam, diffuse float64 }

func denver(t *testing.T) (hours []hour) {
	text, err := os.ReadFile("../../../shared/data/weather/denver-tmy3.mos")
	if err != nil {
		t.Skip("NOT CHECKED: no weather of Denver: ", err)
	}
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
		hours = append(hours, hour{v[1], v[8], v[9], v[10]})
	}
	return hours
}

// sun is cosine of the zenith angle and direction (south, west, up).
func sun(at float64) (s, w, up float64) {
	const lat, lon, zone = 39.83 * math.Pi / 180, -104.65, -7.0
	day := math.Floor(at/86400) + 1
	b := 2 * math.Pi * (day - 81) / 364
	eot := 9.87*math.Sin(2*b) - 7.53*math.Cos(b) - 1.5*math.Sin(b)
	dec := 23.45 * math.Pi / 180 * math.Sin(2*math.Pi*(284+day)/365)
	solar := math.Mod(at, 86400)/3600 + eot/60 + (lon-15*zone)/15
	o := (solar - 12) * math.Pi / 12
	return math.Cos(dec)*math.Cos(o)*math.Sin(lat) - math.Sin(dec)*math.Cos(lat), math.Cos(dec) * math.Sin(o),
		math.Cos(dec)*math.Cos(o)*math.Cos(lat) + math.Sin(dec)*math.Sin(lat)
}

var perez = [8][7]float64{
	{1.065, -0.008, 0.588, -0.062, -0.060, 0.072, -0.022}, {1.23, 0.130, 0.683, -0.151, -0.019, 0.066, -0.029},
	{1.5, 0.330, 0.487, -0.221, 0.055, -0.064, -0.026}, {1.95, 0.568, 0.187, -0.295, 0.109, -0.152, -0.014},
	{2.8, 0.873, -0.392, -0.362, 0.226, -0.462, 0.001}, {4.5, 1.132, -1.237, -0.412, 0.288, -0.823, 0.056},
	{6.2, 1.060, -1.600, -0.359, 0.264, -1.127, 0.131}, {math.Inf(1), 0.678, -0.327, -0.250, 0.156, -1.377, 0.251},
}

// tilted is beam with its cosine of incidence, and diffuse, on a surface whose normal is (s, w, up).
func tilted(h hour, at, ns, nw, nu float64) (beam, cosine, diffuse float64) {
	s, w, up := sun(at)
	cosine = math.Max(0, s*ns+w*nw+up*nu)
	ground := 0.2 * h.global * (1 - nu) / 2
	if h.diffuse <= 0 || up <= 0.01 {
		return 0, cosine, h.diffuse*(1+nu)/2 + ground
	}
	z := math.Acos(up)
	eps := ((h.diffuse+h.beam)/h.diffuse + 1.041*z*z*z) / (1 + 1.041*z*z*z)
	delta := h.diffuse / up / 1367
	k := 0
	for eps > perez[k][0] {
		k++
	}
	c := perez[k]
	f1 := math.Max(0, c[1]+c[2]*delta+c[3]*z)
	f2 := c[4] + c[5]*delta + c[6]*z
	sky := h.diffuse * ((1-f1)*(1+nu)/2 + f1*cosine/math.Max(0.087, up) + f2*math.Sqrt(1-nu*nu))
	return h.beam * cosine, cosine, math.Max(0, sky) + ground
}

func TestBESTESTProbe(t *testing.T) {
	hours := denver(t)
	for _, c := range []struct{ cm, fms float64 }{{42167, 2.95}, {307750, 2.43}} {
		z := Zone{Opaque: 33.7 + 15.84 + 1.82, Window: 37.2, Ventilation: 0.414 * 129.6 / 3600 * 1.2 * 1006, MassArea: c.fms * 48, TotalArea: 4.5 * 48, MassCapacity: c.cm * 48, SurfaceFilm: 2.1}
		z.prepare()
		tm, heat, cool := 20.0, 0.0, 0.0
		for _, h := range hours[1:] {
			at := float64(0)
			_ = at
			_ = h
		}
		for i, h := range hours[1:] {
			at := (float64(i) + 0.5) * 3600
			te := (h.temperature + hours[i].temperature) / 2
			b, cs, d := tilted(h, at, 1, 0, 0)
			th := math.Acos(cs)
			mod := func(a float64) float64 { return math.Max(0, 1-0.189*a+0.644*a*a-0.596*a*a*a) }
			sol := 12*0.769*(b*mod(th)+d*mod(math.Pi/3)) - 12*3.1*0.04*4.5*11*0.5
			for _, w := range [][6]float64{{1, 0, 0, 9.6, 0.53, .5}, {-1, 0, 0, 21.6, .53, .5}, {0, 1, 0, 16.2, .53, .5}, {0, -1, 0, 16.2, .53, .5}, {0, 0, 1, 48, .33, 1}} {
				b, _, d := tilted(h, at, w[0], w[1], w[2])
				sol += w[3] * w[4] * 0.04 * (0.6*(b+d) - w[5]*4.5*11)
			}
			g := z.distribute(200, sol)
			S := z.Window + z.toSurface + z.toMass
			free := func(phi float64) float64 {
				c0 := z.Window*te + z.toMass*tm + g.surface
				return (z.Ventilation*te + g.air + phi + z.toSurface*c0/S) / (z.Ventilation + z.toSurface - z.toSurface*z.toSurface/S)
			}
			a, phi := free(0), 0.0
			gain := free(1) - a
			if a < 20 {
				phi = (20 - a) / gain
				heat += phi
			} else if a > 27 {
				phi = (27 - a) / gain
				cool -= phi
			}
			a += gain * phi
			// exact step of the mass, the air held
			k := z.throughEm + z.toMass - z.toMass*z.toMass/S
			q := z.throughEm*te + g.mass + z.toMass*(z.Window*te+z.toSurface*a+g.surface)/S
			tm = q/k + (tm-q/k)*math.Exp(-k*3600/z.MassCapacity)
		}
		t.Logf("C %g: heating %.3f MWh, cooling %.3f MWh", c.cm, heat/1e6, cool/1e6)
	}
}
