package reefer

import (
	"math"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/fluid"
)

const (
	stefanBoltzmann = 5.670374419e-8 // W/(m²·K⁴)
	skyDepression   = 11.0           // K the sky is colder than the air, ISO 13790 intermediate climate
	atpWind         = 2.0            // m/s of air along the body while K is measured
)

// meanArea is the geometric mean of inner and outer surface, as ATP takes it.
func (p *Params) meanArea() float64 {
	d := float64(2 * p.WallThickness)
	box := func(l, w, h float64) float64 { return 2 * (float64(l*w) + float64(l*h) + float64(w*h)) }
	return math.Sqrt(box(p.Length, p.Width, p.Height) * box(p.Length+d, p.Width+d, p.Height+d))
}

// outerFilmConductance is the heat transfer coefficient from the skin to air
// moving at v m/s, in W/(m²·K) (the McAdams form).
func (p *Params) outerFilmConductance(v float64) float64 {
	if v <= 5 {
		return 5.8 + float64(4*v)
	}
	return 7.1 * detmath.Pow(v, 0.78)
}

// skinFilm is outerFilmConductance at v m/s, which changes rarely.
func (r *reefer) skinFilm(v float64) float64 {
	if v != r.filmSpeed || r.film == 0 {
		r.filmSpeed, r.film = v, r.p.outerFilmConductance(v)
	}
	return r.film
}

// wallConductance is that of the wall between its faces, from K and the films.
func (p *Params) wallConductance() float64 {
	return 1 / (1/p.K - 1/p.InsideFilm - 1/p.outerFilmConductance(atpWind))
}

// body holds what the heat balances need, computed once from the parameters.
type body struct {
	airCapacity, airMass          float64 // J/K, kg of dry air
	linerCapacity, skinCapacity   float64
	surfaceCapacity, coreCapacity float64
	inside, wall                  float64 // W/K
	area                          float64
	cargoFilm, cargoConduction    float64 // W/K with the fan running; W/K inside the cargo
	sunlit, radiating             float64 // m² times absorptance, W/K⁴
}

func newBody(p *Params) body {
	area := p.meanArea()
	mass := p.AirVolume / fluid.SpecificVolume(p.CargoTemperature, 0, fluid.AtmosphericPressure)
	cargo := p.CargoMass * p.CargoHeat
	// Both conductances belong to 20 t on pallets; smaller loads have less surface.
	scale := detmath.Pow(p.CargoMass/20000, 2.0/3)
	return body{
		airMass:         mass,
		airCapacity:     mass * fluid.DryAirHeatCapacity * p.AirCapacityFactor,
		linerCapacity:   p.LinerCapacity,
		skinCapacity:    p.SkinCapacity,
		surfaceCapacity: cargo * p.CargoSurfaceShare,
		coreCapacity:    cargo * (1 - p.CargoSurfaceShare),
		inside:          p.InsideFilm * area,
		wall:            p.wallConductance() * area,
		area:            area,
		cargoFilm:       900 * scale,
		cargoConduction: 900 * scale,
		sunlit:          p.SunlitArea * p.Absorptance,
		radiating:       p.RoofArea * p.Emittance * stefanBoltzmann,
	}
}

// skyLoss is the net radiation in W from a skin at t to the sky.
func (b *body) skyLoss(t, ambient float64) float64 {
	a, s := t+fluid.ZeroCelsius, ambient-skyDepression+fluid.ZeroCelsius
	a, s = a*a, s*s
	return b.radiating * (float64(a*a) - float64(s*s))
}
