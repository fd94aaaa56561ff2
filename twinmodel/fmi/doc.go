// Package fmi imports co-simulation FMUs of FMI 2.0 and 3.0 as plants.
//
// An FMU is native code. It runs in a process of its own, so that one that
// crashes takes its scenario down and nothing else: [Open] unpacks the FMU, reads
// its modelDescription.xml and starts the host with the command it is given;
// package fmi/host is what that process runs, and the only one that loads code.
// Nothing confines an FMU beyond that: import those you would run as programs.
//
// Variables become signals under their own names, or those of [Options.Bindings]
// under the names, units and ranges they are given: inputs and tunable parameters
// are inputs, outputs and (on request) local variables are outputs. Real, Integer and Boolean variables (Float64, Float32,
// Int32 and Boolean in FMI 3) are supported, scalars only.
//
// Not supported: model exchange, scheduled execution, clocks, arrays, binary and
// string variables. This is the one part of twinmodel that does input and output.
package fmi
