// Package devicefile reads devices that are described in YAML: the DTDL model
// they announce, a shipped plant or a recording, which signal goes to which
// element, through what sensor and how often, alert rules, properties and
// commands. The result is a devicesim.Kind like those written in Go.
//
// A device file chooses and binds; it does not compute. What needs a control law
// of its own is a controller in Go.
package devicefile
