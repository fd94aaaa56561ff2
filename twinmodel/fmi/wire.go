package fmi

import "time"

// Op is what a host is asked to do.
type Op uint8

// The operations, in the order a simulation goes through them.
const (
	Load       Op = iota // library, description: instantiate
	Initialize           // start values are set; leave initialization
	Set                  // variables
	Get                  // variables
	Step                 // from Time, Count times by Length
	Save                 // the state; answers a handle
	Restore              // the state of a handle
)

// Request is one call of a host, gob-encoded on its standard input.
type Request struct {
	Op           Op
	Library      string // Load
	Resources    string // Load: folder of the FMU's resources
	Version      int
	Token, Name  string
	Time, Length time.Duration // since the start
	Count        int
	References   []uint32
	Kinds        []Kind
	Values       []float64
	Handle       int
}

// Response is its answer on standard output.
type Response struct {
	Values []float64
	Handle int
	Steps  int // that were made, also when there is an error
	Error  string
}
