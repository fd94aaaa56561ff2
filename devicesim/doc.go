// Package devicesim is the simulated device: a controller (the device's own
// software) and a link to the hub, around a plant with its instruments.
//
//	plant ──truth──▶ instruments ──readings──▶ controller ──▶ outbox ──▶ link ──▶ hub
//	  ▲                                          │   ▲                            │
//	  └────────────── actuator settings ─────────┘   └── calls, twin, commands ◀──┘
//
// A device knows its hub only by the wire: it dials, authenticates and speaks
// MQTT like a stranger's device would, and nothing here imports the hub. The
// physics knows nothing of devices either: switching one off leaves the plant
// running with its last actuator settings.
//
// Each sub-package of the same name as a plant holds the controller of that
// kind of device. A controller is a pure function of what it was told, so the
// package is free of clocks except in [Device], which owns the only goroutines.
package devicesim
