package link

import (
	"errors"
	"fmt"
	"time"
)

// keepAlive sends a PINGREQ when the connection has been silent in either
// direction for its interval, and gives it up when nothing comes back. It
// returns when to look again.
func (w *wire) keepAlive(patience time.Duration) time.Duration {
	w.mu.Lock()
	next, err := w.ping(time.Now(), patience)
	w.mu.Unlock()
	if err != nil {
		w.fail(err)
	}
	return next
}

// ping is called with mu held.
func (w *wire) ping(now time.Time, patience time.Duration) (time.Duration, error) {
	if !w.pinged.IsZero() && w.received.Before(w.pinged) {
		if left := w.pinged.Add(patience).Sub(now); left > 0 {
			return left, nil
		}
		return w.interval, fmt.Errorf("%w within %v after %v of silence", ErrKeepAlive, patience, w.interval)
	}
	w.pinged = time.Time{}
	quiet := w.sent
	if w.received.Before(quiet) {
		quiet = w.received
	}
	if left := quiet.Add(w.interval).Sub(now); left > 0 {
		return left, nil
	}
	w.pinged = now
	if err := w.queue([]byte{packetPingreq << 4, 0}); errors.Is(err, errBacklog) {
		return w.interval, err
	}
	return patience, nil
}
