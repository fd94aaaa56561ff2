package memnet

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// maxBuffer bounds what is written and not yet read in one direction; a writer
// waits beyond it.
const maxBuffer = 1 << 20

// keepBuffer is the largest empty buffer that an idle direction keeps.
const keepBuffer = 16 << 10

// pipe is one direction of a connection.
type pipe struct {
	latency time.Duration

	mu      sync.Mutex
	buf     []byte        // written, not yet read
	start   int           // of what is unread in buf
	chunks  []chunk       // when which part of it arrives
	changed chan struct{} // nil, or closed at the next change: somebody waits

	readDeadline, writeDeadline time.Time
	finished                    time.Time // when the writer closed
	abandoned                   time.Time // when the reader closed
	broken                      bool
}

// chunk is data that arrives at one instant.
type chunk struct {
	at  time.Time
	end int // in buf
}

func newPipe(latency time.Duration) *pipe { return &pipe{latency: latency} }

func (p *pipe) read(b []byte) (int, error) {
	for {
		p.mu.Lock()
		n, wake, err := p.tryRead(b, time.Now())
		if n > 0 || err != nil || len(b) == 0 {
			p.mu.Unlock()
			return n, err
		}
		p.waitUntil(wake)
	}
}

// tryRead reads what has arrived. Without any it says when that could change by
// itself.
func (p *pipe) tryRead(b []byte, now time.Time) (n int, wake time.Time, err error) {
	switch {
	case !p.abandoned.IsZero():
		return 0, wake, net.ErrClosed
	case p.broken:
		return 0, wake, syscall.ECONNRESET
	case passed(p.readDeadline, now):
		return 0, wake, os.ErrDeadlineExceeded
	}
	if len(p.chunks) > 0 {
		if at := p.chunks[0].at; at.After(now) {
			return 0, earlier(at, p.readDeadline), nil
		}
		return p.take(b, now), wake, nil
	}
	if !p.finished.IsZero() {
		at := p.finished.Add(p.latency)
		if !at.After(now) {
			return 0, wake, io.EOF
		}
		return 0, earlier(at, p.readDeadline), nil
	}
	return 0, p.readDeadline, nil
}

// take moves what has arrived to b.
func (p *pipe) take(b []byte, now time.Time) (n int) {
	arrived := p.start
	for _, c := range p.chunks {
		if c.at.After(now) {
			break
		}
		arrived = c.end
	}
	n = copy(b, p.buf[p.start:arrived])
	p.start += n
	for len(p.chunks) > 0 && p.chunks[0].end <= p.start {
		p.chunks = p.chunks[1:]
	}
	if p.start == len(p.buf) {
		p.empty()
	}
	if n > 0 {
		p.notify()
	}
	return n
}

func (p *pipe) empty() {
	p.start, p.chunks = 0, p.chunks[:0]
	if p.buf = p.buf[:0]; cap(p.buf) > keepBuffer {
		p.buf = nil
	}
}

func (p *pipe) write(b []byte) (written int, err error) {
	for {
		p.mu.Lock()
		n, wake, err := p.tryWrite(b[written:], time.Now())
		written += n
		if err != nil || written == len(b) {
			p.mu.Unlock()
			return written, err
		}
		if n > 0 {
			p.mu.Unlock()
			continue
		}
		p.waitUntil(wake)
	}
}

func (p *pipe) tryWrite(b []byte, now time.Time) (n int, wake time.Time, err error) {
	gone := p.abandoned
	if !gone.IsZero() {
		gone = gone.Add(p.latency) // when the writer hears of it
	}
	switch {
	case !p.finished.IsZero():
		return 0, wake, net.ErrClosed
	case p.broken:
		return 0, wake, syscall.ECONNRESET
	case passed(gone, now):
		return 0, wake, syscall.EPIPE
	case passed(p.writeDeadline, now):
		return 0, wake, os.ErrDeadlineExceeded
	}
	if n = min(len(b), maxBuffer-(len(p.buf)-p.start)); n == 0 {
		return 0, earlier(gone, p.writeDeadline), nil
	}
	p.put(b[:n], now.Add(p.latency))
	return n, wake, nil
}

func (p *pipe) put(b []byte, at time.Time) {
	if len(p.buf)+len(b) > cap(p.buf) && p.start > len(p.buf)/2 { // worth the copying
		p.compact()
	}
	p.buf = append(p.buf, b...)
	if last := len(p.chunks) - 1; last >= 0 && p.chunks[last].at.Equal(at) {
		p.chunks[last].end = len(p.buf)
	} else {
		p.chunks = append(p.chunks, chunk{at, len(p.buf)})
	}
	p.notify()
}

// compact moves what is unread to the front of the buffer.
func (p *pipe) compact() {
	p.buf = p.buf[:copy(p.buf, p.buf[p.start:])]
	for i := range p.chunks {
		p.chunks[i].end -= p.start
	}
	p.start = 0
}

// waitUntil waits for a change or for an instant, if it is not zero. It is
// called with mu held and returns without.
func (p *pipe) waitUntil(wake time.Time) {
	if p.changed == nil {
		p.changed = make(chan struct{})
	}
	changed := p.changed
	p.mu.Unlock()
	if wake.IsZero() {
		<-changed
		return
	}
	t := time.NewTimer(time.Until(wake))
	defer t.Stop()
	select {
	case <-changed:
	case <-t.C:
	}
}

// notify wakes everybody who waits. It is called with mu held.
func (p *pipe) notify() {
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

func (p *pipe) closeWrite() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.finished.IsZero() {
		p.finished = time.Now()
	}
	p.notify()
}

func (p *pipe) closeRead() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.abandoned.IsZero() {
		p.abandoned = time.Now()
	}
	p.notify()
}

func (p *pipe) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = true
	p.buf, p.chunks, p.start = nil, nil, 0
	p.notify()
}

func (p *pipe) setReadDeadline(t time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.abandoned.IsZero() {
		return net.ErrClosed
	}
	p.readDeadline = t
	p.notify()
	return nil
}

func (p *pipe) setWriteDeadline(t time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.finished.IsZero() {
		return net.ErrClosed
	}
	p.writeDeadline = t
	p.notify()
	return nil
}

// passed says whether an instant that may be zero, for never, has come.
func passed(t, now time.Time) bool { return !t.IsZero() && !t.After(now) }

// earlier is the first of two instants that may be zero, for never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
