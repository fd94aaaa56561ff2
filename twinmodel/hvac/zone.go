package hvac

// Zone is the room in the terms of ISO 13790: conductances in W/K.
type Zone struct {
	Opaque, Window, Ventilation  float64 // to outside
	MassArea, TotalArea          float64 // effective mass area and area of all surfaces facing the room, m²
	MassCapacity, AirCapacity    float64 // J/K
	SurfaceFilm                  float64 // between air and surfaces, W/(m²·K); 3.45 in the standard
	toMass, toSurface, throughEm float64 // H_ms, H_is, H_em
}

// massFilm is the heat transfer coefficient between mass and surfaces, W/(m²·K).
const massFilm = 9.1

func (z *Zone) prepare() {
	z.toMass = massFilm * z.MassArea
	z.toSurface = z.SurfaceFilm * z.TotalArea
	z.throughEm = 1 / (1/z.Opaque - 1/z.toMass)
}

// gains are the heat flows into air, surface and mass nodes, W.
type gains struct{ air, surface, mass float64 }

// distribute is the standard's split of internal and solar gains.
func (z *Zone) distribute(internal, solar float64) gains {
	radiant := float64(0.5*internal) + solar
	m := z.MassArea / z.TotalArea
	return gains{float64(0.5 * internal), float64((1 - m - z.Window/float64(massFilm*z.TotalArea)) * radiant), float64(m * radiant)}
}

// surface is the temperature of the surface node, which has no capacity.
func (z *Zone) surface(air, mass, outside, heat float64) float64 {
	sum := float64(z.Window*outside) + float64(z.toSurface*air) + float64(z.toMass*mass) + heat
	return sum / (z.Window + z.toSurface + z.toMass)
}
