package pipenet

import "twinrig/devicesim"

// zone is a part of the network whose boundary is metered: what flows in and does
// not come out leaks.
type zone struct {
	name    string
	in, out []string // flow signals
	lost    float64  // L/s, smoothed
}

func zones() []zone {
	return []zone{
		{name: "unloading line", in: []string{"l101Flow"}, out: []string{"l103Flow", "l104Flow"}},
		{name: "pump suction", in: []string{"l111Flow", "l112Flow"}, out: []string{"l113Flow"}},
		{name: "pumps and preheat trains", in: []string{"l113Flow"}, out: []string{"l152Flow", "l182Flow", "l191Flow"}},
	}
}

// smoothing is the share a new balance has in the smoothed one: meters are noisy,
// and while flows change they do not change together.
const smoothing = 0.1

func (z *zone) balance(r devicesim.Readings) {
	now := 0.0
	for _, s := range z.in {
		now += r[s]
	}
	for _, s := range z.out {
		now -= r[s]
	}
	z.lost += smoothing * (now - z.lost)
}
