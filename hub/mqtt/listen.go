package mqtt

import (
	"errors"
	"fmt"
	"net"
	"time"
)

// Longest pause after an Accept that failed for want of something that may come back.
const maxAcceptPause = time.Second

// Serve accepts connections on l until Close, and then returns nil. Errors that pass,
// such as too many open files, make it pause. It closes l.
func (f *Front) Serve(l net.Listener) error {
	if !f.enter(func() { f.listeners[l] = struct{}{} }) {
		return l.Close()
	}
	defer f.leave(func() { delete(f.listeners, l) })
	defer l.Close()
	var pause time.Duration
	for {
		nc, err := l.Accept()
		switch {
		case err == nil:
			pause = 0
			go f.ServeConn(nc)
		case f.isClosed():
			return nil
		case !temporary(err):
			return fmt.Errorf("accept on %s: %w", l.Addr(), err)
		default:
			pause = min(max(2*pause, 5*time.Millisecond), maxAcceptPause)
			f.cfg.Log.Warn("accept failed", "address", l.Addr(), "error", err, "pause", pause)
			f.rest(pause)
		}
	}
}

// rest sleeps, but not beyond Close.
func (f *Front) rest(pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-f.closed:
	}
}

func temporary(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary()
}
