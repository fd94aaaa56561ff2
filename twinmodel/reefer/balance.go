package reefer

import (
	"math"

	"twinrig/twinmodel/fluid"
	"twinrig/twinmodel/ode"
)

const (
	sublimationHeat = fluid.VaporisationHeat + fluid.FusionHeat
	meltConductance = 800.0 // coil to its frost, W/K
	thinFrost       = 0.2   // kg below which frost no longer covers its surface
	worstBlockage   = 0.6   // of the air path by frost
)

// effectiveness of the coil as a heat exchanger.
func (r *reefer) effectiveness(frost float64) float64 {
	share := math.Min(1, math.Max(0, frost)/r.p.FrostCapacity)
	return r.p.CoilConductance / (r.p.Airflow * fluid.DryAirHeatCapacity) * (1 - float64(worstBlockage*share))
}

// fluxes are the flows of heat in W and water in kg/s between the parts, at one
// instant.
type fluxes struct {
	wallOutside, sun, sky              float64
	linerToAir, skinToLiner            float64
	cargoToAir, coreToCargo, airToCoil float64
	exchange                           float64 // air through the door, kg/s
	fan, defrost, internal             float64
	respiration, transpiration         float64
	deposit, frozen, melt, rime        float64 // water; frozen is the part of deposit that stays
}

// Derivatives implements ode.Hybrid.
func (r *reefer) Derivatives(t float64, x []float64, d *ode.Discrete, dx []float64) {
	w := r.weatherAt(t)
	var f fluxes
	unit := d.Modes[modeUnit]
	r.walls(x, w, math.Max(r.speed(d), r.u[inWind]/3.6), &f)
	r.insideAir(x, w, unit, &f)
	r.water(x, unit, &f)
	r.balance(x, w, &f, dx)
	r.drive(w, x, d, dx)

	q := 0.0
	if unit == unitCool {
		q = r.capacity(x[xCoil], w.temperature)
	}
	dx[xCapacity] = (q - x[xCapacity]) / r.p.CapacityLag
}

// walls: conduction with films inside and out, sun and sky on the skin.
func (r *reefer) walls(x []float64, w weather, airspeed float64, f *fluxes) {
	b := &r.body
	ageing := 1 + float64(0.75*r.u[inInsulationAgeing])
	f.linerToAir = b.inside * (x[xLiner] - x[xAir])
	f.skinToLiner = b.wall * ageing * (x[xSkin] - x[xLiner])
	f.wallOutside = r.skinFilm(airspeed) * b.area * (w.temperature - x[xSkin])
	f.sun = float64(b.sunlit * w.irradiance)
	f.sky = b.skyLoss(x[xSkin], w.temperature)
}

// insideAir: what the air exchanges with coil, cargo and outside.
func (r *reefer) insideAir(x []float64, w weather, unit int64, f *fluxes) {
	b := &r.body
	flow := r.airflow(unit)
	f.airToCoil = flow * r.effectiveness(x[xFrost]) * r.p.Airflow * fluid.DryAirHeatCapacity * (x[xAir] - x[xCoil])
	f.cargoToAir = r.cargoFilm(flow) * (x[xCargo] - x[xAir])
	f.coreToCargo = b.cargoConduction * (x[xCore] - x[xCargo])
	f.exchange = r.infiltration(x[xAir], x[xHumidity], w.temperature, w.humidityRatio)
	f.internal = r.u[inInternalHeat]
	f.respiration = r.p.Respiration * r.p.CargoMass
	f.transpiration = r.p.Transpiration * r.p.CargoMass
	switch unit {
	case unitCool, unitStart:
		f.fan = r.p.FanPower
	case unitDefrost:
		f.defrost = r.p.DefrostHeat * (1 - r.u[inDefrostFailure])
	}
}

// cargoFilm is the conductance from air to cargo in W/K: a third of it is left
// when the fan stands.
func (r *reefer) cargoFilm(flow float64) float64 {
	return r.body.cargoFilm * (0.3 + float64(0.7*flow))
}

// water: vapour settles on what is colder than its dew point, with heat and mass
// transfer alike (Lewis number 1). On the coil it freezes below 0 °C and drains
// above, with a transition of 1 K; rime on the cargo goes back to dry air.
func (r *reefer) water(x []float64, unit int64, f *fluxes) {
	flow := r.airflow(unit)
	p := fluid.AtmosphericPressure
	coil := flow * r.effectiveness(x[xFrost]) * r.p.Airflow
	f.deposit = math.Max(0, coil*(x[xHumidity]-fluid.HumidityRatio(x[xCoil], 1, p)))
	f.frozen = f.deposit * math.Min(1, math.Max(0, 0.5-x[xCoil]))
	if x[xCoil] > 0 && x[xFrost] > 0 {
		f.melt = meltConductance * x[xCoil] / fluid.FusionHeat * x[xFrost] / (x[xFrost] + thinFrost)
	}
	f.rime = r.cargoFilm(flow) / fluid.DryAirHeatCapacity * (x[xHumidity] - fluid.HumidityRatio(x[xCargo], 1, p))
	if f.rime < 0 {
		rime := math.Max(0, x[xRime])
		f.rime *= rime / (rime + thinFrost)
	}
}

// balance sums the fluxes part by part. The ledgers' integrals stand beside the
// balances they must agree with.
func (r *reefer) balance(x []float64, w weather, f *fluxes, dx []float64) {
	b := &r.body
	sensible := float64(f.exchange * fluid.DryAirHeatCapacity * (w.temperature - x[xAir]))
	vapour := float64(f.exchange * (w.humidityRatio - x[xHumidity]))
	dx[xAir] = (f.linerToAir + f.cargoToAir + sensible + f.fan + f.internal - f.airToCoil) / b.airCapacity
	dx[xLiner] = (f.skinToLiner - f.linerToAir) / b.linerCapacity
	dx[xSkin] = (f.wallOutside + f.sun - f.sky - f.skinToLiner) / b.skinCapacity
	// Transpired water takes its heat of vaporisation from the cargo.
	dx[xCargo] = (f.coreToCargo - f.cargoToAir + float64(f.rime*sublimationHeat) -
		float64(f.transpiration*fluid.VaporisationHeat)) / b.surfaceCapacity
	dx[xCore] = (f.respiration - f.coreToCargo) / b.coreCapacity
	dx[xCoil] = (f.airToCoil + f.defrost - x[xCapacity] + float64(f.deposit*fluid.VaporisationHeat) +
		float64((f.frozen-f.melt)*fluid.FusionHeat)) / r.p.CoilCapacity

	dx[xHumidity] = (vapour + f.transpiration - f.deposit - f.rime) / b.airMass
	dx[xFrost] = f.frozen - f.melt
	dx[xRime] = f.rime

	dx[xHeatIn], dx[xHeatOut] = f.sun+f.fan+f.internal+f.defrost+f.respiration, x[xCapacity]
	dx[xWaterIn], dx[xWaterOut] = f.transpiration, f.deposit-f.frozen+f.melt
	across(f.wallOutside-f.sky, &dx[xHeatIn], &dx[xHeatOut])
	across(sensible+float64(vapour*fluid.VaporisationHeat), &dx[xHeatIn], &dx[xHeatOut])
	across(vapour, &dx[xWaterIn], &dx[xWaterOut])
}

// across books a flux over the boundary on the side its sign asks for.
func across(flux float64, in, out *float64) {
	if flux > 0 {
		*in += float64(flux)
	} else {
		*out -= float64(flux)
	}
}
