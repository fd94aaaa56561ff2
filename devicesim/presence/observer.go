package presence

import "math"

// observer tells how many people breathe in a room from its CO2: a Luenberger
// observer of the balance of a well-mixed zone. It believes that only the leaks
// and the fan bring fresh air; a window makes it count too few.
type observer struct {
	Volume  float64 // m³
	Leak    float64 // air changes an hour
	FanFlow float64 // m³/h at full setting
	Outdoor float64 // ppm

	carbon, people float64
	begun          bool
}

const (
	breath  = 18.7e-3 // m³/h of CO2 a person at a desk breathes out
	settles = 0.06    // h; both poles of the observer lie at its inverse
	crowd   = 50      // more people than any such room holds
)

// follow takes a reading after hours with the fan at a setting in per cent.
func (o *observer) follow(hours, reading, fan float64) {
	if !o.begun {
		o.carbon, o.begun = reading, true
		return
	}
	each := 1e6 * breath / o.Volume
	fresh := o.Leak + fan/100*o.FanFlow/o.Volume
	miss := reading - o.carbon
	o.carbon += hours * (fresh*(o.Outdoor-o.carbon) + each*o.people + (2/settles-fresh)*miss)
	o.people = math.Min(crowd, math.Max(0, o.people+hours*miss/(settles*settles*each)))
}
