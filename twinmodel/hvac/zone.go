package hvac

// Zone is the room in the terms of ISO 13790.
type Zone struct {
	Opaque       float64 `unit:"W/K" range:"0.1..1e5" doc:"walls, roof and floor to outside"`
	Window       float64 `unit:"W/K" range:"0..1e5" doc:"windows to outside"`
	Ventilation  float64 `unit:"W/K" range:"0..1e5" source:"estimate: 0.7 air changes an hour" doc:"ventilation to outside"`
	MassArea     float64 `unit:"m²" range:"1..1e5" source:"ISO 13790: 2.5 times the floor" doc:"effective area of the mass"`
	TotalArea    float64 `unit:"m²" range:"1..1e5" source:"ISO 13790: 4.5 times the floor" doc:"all surfaces facing the room"`
	MassCapacity float64 `unit:"J/K" range:"1e5..1e10" source:"ISO 13790: medium, 165 kJ/K per m² of floor" doc:"heat capacity of the mass"`
	AirCapacity  float64 `unit:"J/K" range:"1e4..1e8" source:"estimate: five times the air" doc:"heat capacity of air and furniture"`
	SurfaceFilm  float64 `unit:"W/(m²·K)" range:"0.5..20" source:"ISO 13790" doc:"heat transfer coefficient between air and surfaces"`

	toMass, toSurface, throughEm float64 // H_ms, H_is, H_em, W/K
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
