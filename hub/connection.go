package hub

import (
	"context"
	"crypto/x509"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Connection is a connected device's way into the hub. Its methods may be called
// from any goroutine; those that can fail return ErrClosed after Close.
type Connection struct {
	hub     *Hub
	id      string
	session Session
	since   time.Time
	origin  origin
	active  atomic.Int64 // time of the last activity, Unix nanoseconds

	mu     sync.Mutex
	closed bool
	anchor Anchor
	gone   chan struct{}              // closed with the connection
	calls  map[string]chan<- response // method calls under way, by request id
	box    *mailbox
	kept   []byte
}

// Connect makes session the device's live session. An older one of the same device is
// closed with CloseTakenOver first. The caller has authenticated the device.
func (h *Hub) Connect(ctx context.Context, info ConnectInfo, session Session) (*Connection, error) {
	if err := h.Spend(OpConnect, 1); err != nil {
		return nil, err
	}
	if err := h.misbehaviour.check(info.DeviceID, true); err != nil {
		return nil, err
	}
	defer h.locks.lock(info.DeviceID)()
	doc, err := h.view(ctx, info.DeviceID)
	if err != nil {
		return nil, err
	}
	if err := h.checkEnabled(ctx, doc); err != nil {
		return nil, err
	}
	if !info.Anchor.holds(doc.Device.Authentication) { // changed since it was authenticated
		return nil, credentialsGone(info.DeviceID)
	}
	if doc.Twin.ModelID != info.ModelID {
		doc, err = h.update(ctx, info.DeviceID, func(doc *document) error {
			doc.Twin.ModelID = info.ModelID
			doc.Twin.Version++
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	c := h.newConnection(doc, info, session)
	old, err := h.sessions.put(c)
	if err != nil {
		c.Close()
		return nil, err
	}
	if old != nil {
		old.end(CloseTakenOver)
	}
	return c, c.checkAuthority(ctx)
}

// checkAuthority closes a connection whose CA certificate was deleted before those who
// delete could see it.
func (c *Connection) checkAuthority(ctx context.Context) error {
	a := c.anchored()
	if a.kind != AuthCA {
		return nil
	}
	verified, err := c.hub.VerifiedAuthorities(ctx)
	if err == nil && !slices.ContainsFunc(verified, func(ca *x509.Certificate) bool { return AuthorityAnchor(ca) == a }) {
		err = credentialsGone(c.id)
	}
	if err != nil {
		c.Close()
	}
	return err
}

func credentialsGone(id string) *Error {
	return unauthorizedAccess.errorf("Credentials of %s were changed.", describe(id))
}

// Renew makes the connection rest on another credential of the device.
func (c *Connection) Renew(ctx context.Context, a Anchor) error {
	defer c.hub.locks.lock(c.id)()
	doc, err := c.hub.view(ctx, c.id)
	if err != nil {
		return err
	}
	if !a.holds(doc.Device.Authentication) {
		return credentialsGone(c.id)
	}
	c.mu.Lock()
	c.anchor = a
	c.mu.Unlock()
	return c.checkAuthority(ctx)
}

func (c *Connection) anchored() Anchor {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.anchor
}

// checkEnabled refuses a disabled device and the modules of one.
func (h *Hub) checkEnabled(ctx context.Context, doc *document) (err error) {
	if device := deviceOf(doc.Device.ID); device != doc.Device.ID {
		if doc, err = h.view(ctx, device); err != nil {
			return err
		}
	}
	if doc.Device.Status == StatusDisabled {
		return unauthorizedAccess.errorf("Device %s is disabled.", doc.Device.ID)
	}
	return nil
}

func (h *Hub) newConnection(doc *document, info ConnectInfo, session Session) *Connection {
	c := &Connection{
		hub: h, id: info.DeviceID, session: session, since: now(),
		origin: newOrigin(doc, info),
		gone:   make(chan struct{}),
		calls:  map[string]chan<- response{},
		box:    h.mailboxes.open(h, info.DeviceID),
		kept:   doc.Kept,
		anchor: info.Anchor,
	}
	c.active.Store(c.since.UnixNano())
	return c
}

// DeviceID returns the id of the connected device.
func (c *Connection) DeviceID() string { return c.id }

// GenerationID tells the device from an earlier one of the same id.
func (c *Connection) GenerationID() string { return c.origin.generation }

// Close detaches the device: its locks are released and method calls that wait for
// it fail. It may be called twice.
func (c *Connection) Close() {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.closed = true
	close(c.gone)
	c.mu.Unlock()
	c.box.releaseAll(c)
	c.hub.mailboxes.close(c.box)
	c.hub.sessions.remove(c)
}

// end closes the connection from the hub's side.
func (c *Connection) end(reason CloseReason) {
	c.Close()
	c.session.Close(reason)
}

// use notes activity of the device.
func (c *Connection) use() error {
	select {
	case <-c.gone:
		return ErrClosed
	default:
	}
	c.active.Store(time.Now().UnixNano())
	return nil
}

func (c *Connection) activity() time.Time {
	return time.Unix(0, c.active.Load()).UTC().Truncate(100 * time.Nanosecond)
}
