package link

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// maxBacklog bounds what waits to be written: every message in flight at its
// largest and as much again. Beyond it the hub is not reading and the connection
// is given up.
const maxBacklog = 2 * maxInFlight * (256 << 10)

var errBacklog = errors.New("too much waits to be written; the hub does not read")

// wire is a net.Conn as the MQTT libraries need it.
//   - Write never blocks. The libraries write with a mutex held, and in a
//     testing/synctest bubble a goroutine that waits for a mutex stops the clock.
//   - One packet is one write of the connection under it, whatever pieces the
//     library writes it in.
//   - PUBACKs of the libraries are withheld. They acknowledge when their callback
//     returns, on the goroutine that also reads answers; the link acknowledges
//     when the device has handled the command.
//   - Reads pass the gate of frames.
//   - It knows when the connection was last alive, for both directions.
type wire struct {
	net.Conn
	ctx  context.Context // ends with the connection or its parent; its cause says why
	end  context.CancelCauseFunc
	in   frames
	wait time.Duration // bound of one write

	interval time.Duration // of keep-alive; set before use
	reason   string        // the hub's words in CONNACK, if it had any

	mu             sync.Mutex
	work           sync.Cond // out, closing or ended changed
	packet         []byte    // being put together by a library
	out            []byte    // whole packets, waiting to be written
	sent, received time.Time
	pinged         time.Time     // when the unanswered PINGREQ was sent
	closing, ended bool          // closing still writes what is waiting
	flushed        chan struct{} // closed when the writing goroutine has ended
}

func newWire(ctx context.Context, conn net.Conn, v version, wait time.Duration) *wire {
	now := time.Now()
	w := &wire{
		Conn: conn, wait: wait, sent: now, received: now,
		in:      frames{in: bufio.NewReaderSize(conn, 1<<10), version: v},
		flushed: make(chan struct{}),
	}
	w.ctx, w.end = context.WithCancelCause(ctx)
	w.work.L = &w.mu
	go w.flush()
	return w
}

// Read implements net.Conn.
func (w *wire) Read(p []byte) (int, error) {
	if w.in.left == 0 {
		if err := w.in.next(); err != nil {
			return 0, w.readFailed(err)
		}
		w.mu.Lock()
		w.received = time.Now()
		w.mu.Unlock()
	}
	n, err := w.in.read(p)
	if err != nil {
		return n, w.readFailed(err)
	}
	return n, nil
}

func (w *wire) readFailed(err error) error {
	if err == io.EOF {
		err = errors.New("the hub closed the connection")
	}
	w.mu.Lock()
	ours := w.closing
	w.mu.Unlock()
	if !ours {
		w.fail(err)
	}
	return err
}

// Write implements net.Conn. Errors of the connection surface later, in Read.
func (w *wire) Write(p []byte) (int, error) {
	err := w.assemble(p)
	if err != nil {
		w.giveUp(err)
		return 0, err
	}
	return len(p), nil
}

func (w *wire) assemble(p []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.packet = append(w.packet, p...)
	for {
		n, ok := packetLength(w.packet)
		if !ok || len(w.packet) < n {
			return nil
		}
		if w.packet[0]>>4 != packetPuback {
			if err := w.queue(w.packet[:n]); err != nil {
				return err
			}
		}
		w.packet = w.packet[:copy(w.packet, w.packet[n:])]
	}
}

// puback acknowledges a QoS 1 PUBLISH; the same bytes mean success in both
// versions. On a lost connection it does nothing: the hub will deliver again.
func (w *wire) puback(id uint16) {
	w.mu.Lock()
	err := w.queue([]byte{packetPuback << 4, 2, byte(id >> 8), byte(id)})
	w.mu.Unlock()
	w.giveUp(err)
}

// queue is called with mu held.
func (w *wire) queue(packet []byte) error {
	if w.closing || w.ended {
		return net.ErrClosed
	}
	if len(w.out)+len(packet) > maxBacklog {
		return errBacklog
	}
	w.out = append(w.out, packet...)
	w.sent = time.Now()
	w.work.Signal()
	return nil
}

// giveUp ends a connection whose peer does not read.
func (w *wire) giveUp(err error) {
	if errors.Is(err, errBacklog) {
		w.fail(err)
	}
}

// flush is the writing goroutine.
func (w *wire) flush() {
	defer close(w.flushed)
	var spare []byte
	for {
		b, ok := w.take(spare)
		if !ok {
			return
		}
		_ = w.Conn.SetWriteDeadline(time.Now().Add(w.wait)) // a conn without deadlines has none to miss
		if _, err := w.Conn.Write(b); err != nil {
			w.fail(fmt.Errorf("write: %w", err))
			return
		}
		spare = b[:0]
		if cap(spare) > maxPacket { // one flood must not stay for life
			spare = nil
		}
	}
}

// take waits for packets and exchanges them for the empty buffer.
func (w *wire) take(spare []byte) ([]byte, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.out) == 0 && !w.closing && !w.ended {
		w.work.Wait()
	}
	if len(w.out) == 0 || w.ended {
		return nil, false
	}
	b := w.out
	w.out = spare
	return b, true
}

// fail ends the connection at once. The first cause is kept.
func (w *wire) fail(cause error) {
	w.mu.Lock()
	w.ended = true
	w.out = nil
	w.work.Broadcast()
	w.end(cause) // whoever hears of it finds the connection ended
	w.mu.Unlock()
	_ = w.Conn.Close() // not under mu: TLS may take its time
}

// Close implements net.Conn: what was written still goes out, within the bound
// of a write. It says nothing about why; that is for whoever calls fail.
func (w *wire) Close() error {
	w.mu.Lock()
	w.closing = true
	w.work.Broadcast()
	w.mu.Unlock()
	<-w.flushed
	return w.Conn.Close()
}
