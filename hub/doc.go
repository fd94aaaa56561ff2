// Package hub is the core of a reference IoT hub: device registry, twins, direct
// methods, cloud-to-device messages and the event stream, with the rules, limits and
// error codes of Azure IoT Hub.
//
// It is not a server. It knows no protocol, no socket and no credential: front
// ends (the sub-packages mqtt, rest, …) translate between the wire and this package, and
// each connected device is a Session to it. Nor is it a database: what has to last goes
// through the Store interface, which sub-package store implements on NATS
// JetStream.
//
// What the hub acknowledges has been stored: Telemetry calls done after the append,
// and every other call that changes something returns after the write.
package hub
