package reactor

import (
	"fmt"
	"strings"
)

// Reaction is one of the published tanks.
type Reaction int

// The reactions.
const (
	ChyllaHaase Reaction = iota // semibatch polymerisation
	Bequette                    // continuous tank with three steady states
	Seborg                      // continuous tank near ignition
	VanDeVusse                  // A → B → C, 2 A → D with a jacket of its own
	T2                          // batch that runs away without cooling
)

// reactions are the tanks by name.
var reactions = []struct {
	name   string
	params func() Params
}{
	ChyllaHaase: {"Chylla-Haase", chyllaHaase},
	Bequette:    {"Bequette", bequette},
	Seborg:      {"Seborg", seborg},
	VanDeVusse:  {"van de Vusse", vanDeVusse},
	T2:          {"T2", t2},
}

// Reactions are the names of all reactions, in their order.
func Reactions() (names []string) {
	for _, r := range reactions {
		names = append(names, r.name)
	}
	return names
}

func (r Reaction) String() string {
	if r < 0 || int(r) >= len(reactions) {
		return fmt.Sprintf("reaction %d", int(r))
	}
	return reactions[r].name
}

// Params are those of the published tank.
func (r Reaction) Params() (Params, error) {
	if r < 0 || int(r) >= len(reactions) {
		return Params{}, fmt.Errorf("no %v; there are %s", r, strings.Join(Reactions(), ", "))
	}
	return reactions[r].params(), nil
}

// DefaultParams are those of the semibatch polymerisation.
func DefaultParams() Params { return chyllaHaase() }

const (
	hour        = 3600.0
	minute      = 60.0
	calorie     = 4.184    // J
	atmosphere  = 101325.0 // Pa
	gasConstant = 8.314462618
)

// closed is the gas space of a tank without gas: it stays at one atmosphere.
func closed() Headspace {
	return Headspace{Pressure: atmosphere, RuptureAt: 10 * atmosphere, HottestAt: 600}
}
