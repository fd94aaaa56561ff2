package oilpump

import _ "embed"

// DTDL is the interface of the device that this plant is built into, in the
// Digital Twins Definition Language version 2.
//
//go:embed dtdl.json
var DTDL string
