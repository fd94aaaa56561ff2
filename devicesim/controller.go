package devicesim

import (
	"encoding/json"
	"time"

	"twinrig/devicesim/link"
)

// A Controller is the device's own software: what its firmware does when it
// wakes. It sees the world only through Cycle and acts on it only through
// Actions, so the same law can be checked against firmware running on a board.
type Controller interface {
	Decide(Cycle) Actions
}

// Cycle is what the controller knows when it wakes: at the time it asked for,
// after power-on, or because a message came.
type Cycle struct {
	Time     time.Time
	Boot     bool // first cycle since power-on: settings are the firmware's defaults
	Tick     bool // the time asked for has come
	Online   bool // the hub is connected
	Readings Readings
	Call     *Call          // a direct method that wants its answer in this cycle
	Desired  map[string]any // desired properties: all of them after connecting, then each change; "$version" inside
	Command  *link.Command  // a cloud-to-device message
}

// Readings are the instruments' values by signal name, in the signal's unit.
type Readings map[string]float64

// Call is a direct method call.
type Call struct {
	Name    string
	Payload json.RawMessage
}

// Actions is what the controller wants done.
type Actions struct {
	Actuate   []Setting
	Telemetry []link.Message
	Report    map[string]any // reported properties, a merge patch
	Answer    *Answer        // required when the cycle had a Call
	Wake      time.Time      // when to tick next; zero leaves it as it is
}

// Setting is a value for one of the plant's actuators.
type Setting struct {
	Signal string
	Value  float64
}

// Answer is the reply to a direct method.
type Answer struct {
	Status  int
	Payload any
}
