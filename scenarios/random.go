package scenarios

import (
	"encoding/binary"
	"math/rand/v2"
)

// randomBytes reads from a seeded generator. The hub serialises its reads.
type randomBytes struct{ r *rand.Rand }

// Read implements io.Reader.
func (b *randomBytes) Read(p []byte) (int, error) {
	var word [8]byte
	for i := 0; i < len(p); i += 8 {
		binary.LittleEndian.PutUint64(word[:], b.r.Uint64())
		copy(p[i:], word[:])
	}
	return len(p), nil
}
