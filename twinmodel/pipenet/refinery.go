package pipenet

import (
	_ "embed"
	"fmt"
	"strings"
	"time"
)

//go:embed refinery.inp
var refineryFile string

// Refinery is the built-in network, of our own design: crude oil is unloaded from
// a ship into two tanks, and charge pumps drive it through two trains of heat
// exchangers to a preflash column. A line to another unit and one back to the
// tanks leave the pumps' header.
func Refinery() (*Network, error) {
	n, err := Read(strings.NewReader(refineryFile))
	if err != nil {
		return nil, fmt.Errorf("refinery: %w", err)
	}
	return n, nil
}

// NewRefinery makes a plant of the built-in network.
func NewRefinery(start time.Time, p Params) (*Plant, error) {
	n, err := Refinery()
	if err != nil {
		return nil, err
	}
	k, err := New(start, n, p)
	if err != nil {
		return nil, err
	}
	k.spec.Title = "refinery pipe network"
	k.spec.Sources = append(k.spec.Sources, "Network and exchangers: own design")
	return k, nil
}
