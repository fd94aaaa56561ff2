package mqtt

import (
	"errors"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// window holds the QoS 1 publishes that the client has not acknowledged. mochi's own
// table of these deadlocks and leaks quota, so it is not used.
type window struct {
	size     int
	inflight map[uint16]delivery
	waiting  []packets.Packet  // for room; commands never wait here, they stay in the hub
	resend   map[uint64]uint16 // packet ids under which commands went out in an earlier connection of the session
	last     uint16            // packet id used last
}

// delivery is one unacknowledged publish. A token means that it is a command.
type delivery struct {
	token    string
	sequence uint64
}

func (w *window) full() bool { return len(w.inflight) >= w.size }

// id returns a free packet id. The window is far smaller than the range.
func (w *window) id() uint16 {
	for {
		w.last++
		if w.last != 0 && !w.uses(w.last) {
			return w.last
		}
	}
}

func (w *window) uses(id uint16) bool {
	if _, ok := w.inflight[id]; ok {
		return true
	}
	for _, reserved := range w.resend {
		if reserved == id {
			return true
		}
	}
	return false
}

// holds returns the packet id under which a command is in flight.
func (w *window) holds(sequence uint64) (uint16, bool) {
	for id, d := range w.inflight {
		if d.token != "" && d.sequence == sequence {
			return id, true
		}
	}
	return 0, false
}

// commandID returns the packet id for a command and whether it is a repetition. Commands
// come oldest first, so those before it will not be repeated any more.
func (w *window) commandID(sequence uint64) (id uint16, again bool) {
	id, again = w.resend[sequence]
	for s := range w.resend {
		if s <= sequence {
			delete(w.resend, s)
		}
	}
	if again {
		return id, true
	}
	return w.id(), false
}

// unacknowledged returns the packet ids of commands by sequence number, for a session
// that outlives its connection.
func (w *window) unacknowledged() map[uint64]uint16 {
	all := map[uint64]uint16{}
	for s, id := range w.resend {
		all[s] = id
	}
	for id, d := range w.inflight {
		if d.token != "" {
			all[d.sequence] = id
		}
	}
	return all
}

// deliverLocked sends a publish that is not a command, at the QoS of s or its own if that
// is lower. With QoS 1 it may have to wait for room.
func (c *conn) deliverLocked(pk *packets.Packet, s *subscription) error {
	pk.FixedHeader.Qos = min(pk.FixedHeader.Qos, s.qos)
	if pk.FixedHeader.Qos == 0 {
		return c.sendLocked(pk)
	}
	w := &c.window
	if !w.full() {
		return c.sendTrackedLocked(pk, w.id(), delivery{})
	}
	if len(w.waiting) >= maxWaiting {
		c.shutLocked(nil, errSlow)
		return errSlow
	}
	w.waiting = append(w.waiting, *pk)
	return nil
}

// respond sends the answer to a request, to the subscription given or else to the
// client's own, if it has one. As the standard wants it, an answer larger than the
// client takes is dropped.
func (c *conn) respond(pk *packets.Packet, s *subscription) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s == nil {
		s = c.subscription(channelResponses, "")
	}
	if s == nil {
		return nil
	}
	err := c.deliverLocked(pk, s)
	if errors.Is(err, errTooLarge) {
		c.front.cfg.Log.Debug("MQTT answer not sent", "device", c.device, "error", err)
		return nil
	}
	return err
}

// sendTrackedLocked sends a QoS 1 publish and notes it as in flight.
func (c *conn) sendTrackedLocked(pk *packets.Packet, id uint16, d delivery) error {
	pk.PacketID = id
	c.window.inflight[id] = d
	err := c.sendLocked(pk)
	if err != nil {
		delete(c.window.inflight, id)
	}
	return err
}

// acknowledged handles the client's PUBACK.
func (c *conn) acknowledged(pk *packets.Packet) error {
	d, ok := c.release(pk.PacketID)
	if !ok || d.token == "" {
		return nil
	}
	ctx, cancel := c.hubContext()
	defer cancel()
	err := c.settleCommand(ctx, d.token, pk)
	var refused *hub.Error
	if err != nil && !errors.As(err, &refused) && !errors.Is(err, hub.ErrClosed) {
		return asFault(err)
	}
	return nil // a lock that ran out is no concern of the client
}

// release takes a publish out of the window and lets others in.
func (c *conn) release(id uint16) (delivery, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &c.window
	d, ok := w.inflight[id]
	if !ok {
		return d, false
	}
	delete(w.inflight, id)
	for len(w.waiting) > 0 && !w.full() && !c.ending {
		next := w.waiting[0]
		w.waiting = append(w.waiting[:0], w.waiting[1:]...)
		_ = c.sendTrackedLocked(&next, w.id(), delivery{})
	}
	c.fetchLocked(false)
	return d, true
}
