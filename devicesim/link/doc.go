// Package link is the device's side of the wire: one device's connection to its
// hub over MQTT 3.1.1 or the MQTT 5 preview API, as a device SDK would hold it.
//
// A [Link] dials, authenticates with a shared access signature, subscribes,
// sends telemetry, reads and reports the twin, and hands direct methods, desired
// properties and cloud-to-device messages to a [Handler]. It keeps the
// connection alive, notices when it is half open, and renews its token before it
// expires. It does not reconnect after a loss: that is the device's decision,
// for which [Backoff] computes the waits.
//
// Package link is not an MQTT client (eclipse/paho.golang and at-wat/mqtt-go
// are) and it knows no hub: everything here a stranger's device could do.
//
// Everything runs equally inside a testing/synctest bubble and outside:
// goroutines and timers belong to a connection and end with it.
package link
