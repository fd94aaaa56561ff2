package pipenet

import _ "embed"

// DTDL is the interface of the device that the refinery is built into, in the
// Digital Twins Definition Language version 2. Temperature, pressure and flow of
// every pipe are telemetry of their own, by the names of the plant's signals:
// version 2 gives units to telemetry and not to the fields of objects, and a
// component for each pipe would send each its own message.
//
//go:embed dtdl.json
var DTDL string
