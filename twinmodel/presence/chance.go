package presence

import (
	"encoding/binary"
	"math/rand/v2"
)

// chance is a random stream whose state is kept in two modes, so that snapshots
// include it and a step that is thrown away leaves no trace.
type chance struct {
	at     int // of the two modes
	stream rand.PCG
	buffer []byte
}

// load takes the stream's state from the modes.
func (c *chance) load(modes []int64) { c.stream.Seed(uint64(modes[c.at]), uint64(modes[c.at+1])) }

// save puts it back.
func (c *chance) save(modes []int64) { modes[c.at], modes[c.at+1] = words(&c.stream, &c.buffer) }

// words is a stream's state.
func words(s *rand.PCG, buffer *[]byte) (hi, lo int64) {
	*buffer, _ = s.AppendBinary((*buffer)[:0]) // "pcg:" and two words; it cannot fail
	state := (*buffer)[len(*buffer)-16:]
	return int64(binary.BigEndian.Uint64(state)), int64(binary.BigEndian.Uint64(state[8:]))
}

// uniform is a number in (0, 1).
func (c *chance) uniform() float64 { return (float64(c.stream.Uint64()>>11) + 0.5) * 0x1p-53 }
