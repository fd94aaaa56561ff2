// Package reports holds the run record and everything rendered from it.
//
// The record is one stream of typed events in JSON lines ([Event], [WriteEvents],
// [ReadRecord]): which scenarios ran, what the devices' physics did, what went
// over the wire, what each step and requirement came to. A [Recorder] collects
// the events of one scenario; the same scenario with the same seed gives the
// same bytes. What may differ between two such runs (wall times, host, command
// line) is kept apart in [Meta].
//
// Three views are rendered from a record and from nothing else: [WriteHTML] for
// people, [WriteJUnit] for CI servers, [WriteSummary] for terminals.
//
// The package judges nothing: verdicts and margins come with the events. It
// knows no devices, hubs or models, only what was recorded about them.
package reports
