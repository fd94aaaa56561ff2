package hub

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// lockedReader makes a seeded source usable from several goroutines.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return io.ReadFull(l.r, p)
}

// number returns a random number of 63 bits.
func number(random io.Reader) (uint64, error) {
	var b [8]byte
	_, err := io.ReadFull(random, b[:])
	return binary.BigEndian.Uint64(b[:]) >> 1, err
}

// guid returns a random version 4 UUID.
func guid(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}
