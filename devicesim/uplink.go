package devicesim

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"twinrig/devicesim/link"
)

// Dialer opens the device's transport connection.
type Dialer func(ctx context.Context) (net.Conn, error)

// notice is something the uplink tells the device's loop.
type notice struct {
	online  *bool
	reason  error
	cycle   Cycle
	answers chan Answer // of a direct method
}

// uplink keeps one device connected from power-on to power-off: it connects,
// fetches the twin, empties the outbox and starts over when the link is lost.
type uplink struct {
	connect func(Dialer) link.Link
	dial    Dialer
	backoff link.Backoff
	outbox  *outbox
	notices chan<- notice
	refused func(error) // the hub refused a parcel for good

	ctx    context.Context // power
	cancel context.CancelFunc
	done   chan struct{}

	mu   sync.Mutex
	conn net.Conn
	down chan struct{} // closed when the present link is lost
	why  error
}

func (u *uplink) run() {
	defer close(u.done)
	u.backoff.Reset()
	for u.ctx.Err() == nil {
		lk := u.connect(u.dialTracked)
		u.online(false, u.session(lk))
		_ = lk.Close(u.ctx)
		sleep(u.ctx, u.backoff.Next())
	}
}

// session is one connection from dial to loss.
func (u *uplink) session(lk link.Link) error {
	u.mu.Lock()
	u.down, u.why = make(chan struct{}), nil
	down := u.down
	u.mu.Unlock()
	if err := lk.Connect(u.ctx, u); err != nil {
		return err
	}
	desired, _, err := lk.Twin(u.ctx)
	if err != nil {
		return err
	}
	u.backoff.Reset()
	u.online(true, nil)
	u.tell(notice{cycle: Cycle{Desired: desired}})
	return u.empty(lk, down)
}

// empty sends the outbox until the link is lost or the power goes.
func (u *uplink) empty(lk link.Link, down <-chan struct{}) error {
	for {
		p, ok := u.outbox.take()
		if !ok {
			select {
			case <-u.outbox.ready:
				continue
			case <-down:
				return u.reason()
			case <-u.ctx.Done():
				return u.ctx.Err()
			}
		}
		if err := u.send(lk, p); err != nil {
			var refusal *link.StatusError
			if errors.As(err, &refusal) && !refusal.Temporary() {
				u.refused(err)
				continue
			}
			u.outbox.putBack(p)
			return err
		}
	}
}

func (u *uplink) send(lk link.Link, p parcel) error {
	if p.message != nil {
		return lk.Send(u.ctx, *p.message)
	}
	_, err := lk.Report(u.ctx, p.report)
	return err
}

// powerOff drops the connection without a word, as when the supply fails, and
// waits for everything to end.
func (u *uplink) powerOff() {
	u.cancel()
	u.mu.Lock()
	if u.conn != nil {
		_ = u.conn.Close()
	}
	u.mu.Unlock()
	<-u.done
}

func (u *uplink) dialTracked(ctx context.Context) (net.Conn, error) {
	conn, err := u.dial(ctx)
	if err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.conn = conn
	return conn, nil
}

func (u *uplink) reason() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.why
}

func (u *uplink) online(yes bool, reason error) {
	u.tell(notice{online: &yes, reason: reason})
}

func (u *uplink) tell(n notice) {
	select {
	case u.notices <- n:
	case <-u.ctx.Done():
	}
}

// Method implements link.Handler.
func (u *uplink) Method(name string, payload []byte) (int, []byte) {
	answers := make(chan Answer, 1)
	u.tell(notice{cycle: Cycle{Call: &Call{Name: name, Payload: payload}}, answers: answers})
	select {
	case a := <-answers:
		return a.Status, marshal(a.Payload)
	case <-u.ctx.Done():
		return 503, nil
	}
}

// Desired implements link.Handler.
func (u *uplink) Desired(patch map[string]any) { u.tell(notice{cycle: Cycle{Desired: patch}}) }

// Command implements link.Handler.
func (u *uplink) Command(c link.Command) { u.tell(notice{cycle: Cycle{Command: &c}}) }

// Lost implements link.Handler.
func (u *uplink) Lost(err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.why = err
	close(u.down)
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func newBackoff(seed uint64) link.Backoff {
	return link.Backoff{Min: time.Second, Max: time.Minute, Rand: rand.New(rand.NewPCG(seed, 0x6261636b6f6666))}
}
