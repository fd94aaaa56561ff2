// Package catalog lists the kinds of device there are. It is the one place that
// knows them all; adding a kind is adding a line.
package catalog

import (
	"twinrig/devicesim"
	"twinrig/devicesim/elevator"
	"twinrig/devicesim/esp"
	"twinrig/devicesim/hvac"
	"twinrig/devicesim/oilpump"
	"twinrig/devicesim/pipenet"
	"twinrig/devicesim/presence"
	"twinrig/devicesim/reactor"
	"twinrig/devicesim/reefer"
)

// Kinds are all kinds of device, in the order people should see them.
func Kinds() []*devicesim.Kind {
	return []*devicesim.Kind{&reefer.Kind, &oilpump.Kind, &esp.Kind, &reactor.Kind, &hvac.Kind, &presence.Kind, &elevator.Kind, &pipenet.Kind}
}
