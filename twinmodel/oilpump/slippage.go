package oilpump

import "twinrig/twinmodel/detmath"

// Clearance is the annular gap between plunger and barrel.
type Clearance struct {
	Diameter  float64 `unit:"m" range:"0.01..0.2" doc:"diameter of the plunger"`
	Gap       float64 `unit:"m" range:"1e-6..2e-3" doc:"difference of the diameters of barrel and plunger"`
	Length    float64 `unit:"m" range:"0.1..20" doc:"length of the plunger"`
	Viscosity float64 `unit:"Pa·s" range:"1e-4..10" doc:"viscosity of the liquid"`
}

const (
	inch         = 0.0254
	psi          = 6894.757293168
	centipoise   = 1e-3
	barrelPerDay = 0.158987294928 / 86400 // m³/s
)

// flow by the trade's formula with its coefficient, which is for bbl/d of inches,
// psi and cP.
func (c *Clearance) flow(coefficient, drop float64) float64 {
	gap := detmath.Pow(c.Gap/inch, 1.52)
	return coefficient * (c.Diameter / inch) * (drop / psi) * gap / (c.Length / inch * c.Viscosity / centipoise) * barrelPerDay
}

// Static is the slippage in m³/s past a plunger at rest under a pressure
// difference in Pa, by the ARCO-HF formula.
func (c *Clearance) Static(drop float64) float64 { return c.flow(870, drop) }

// Patterson is the mean slippage in m³/s at a pumping speed in strokes per minute
// with a difference of pressure on each upstroke.
func (c *Clearance) Patterson(speed, drop float64) float64 {
	return c.flow(453*(float64(0.14*speed)+1), drop)
}
