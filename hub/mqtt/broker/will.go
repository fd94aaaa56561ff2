package broker

import (
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Will is the message that a client leaves for the case that it does not take its leave.
type Will struct {
	Message *Message      `json:"message"`
	Life    uint32        `json:"life,omitempty"` // seconds, from when it is published; 0 = without end
	Delay   time.Duration `json:"delay,omitempty"`
}

func willOf(c *packets.ConnectParams) *Will {
	if !c.WillFlag {
		return nil
	}
	p := &c.WillProperties
	m := message(c.WillTopic, c.WillPayload, p)
	m.QoS, m.Retain = c.WillQos, c.WillRetain
	return &Will{Message: m, Life: p.MessageExpiryInterval, Delay: time.Duration(p.WillDelayInterval) * time.Second}
}

// publishWill publishes a will that was not called off.
func (b *Broker) publishWill(w *Will) {
	if w == nil {
		return
	}
	m := *w.Message
	m.expireAfter(w.Life)
	if _, err := b.publish(nil, &m, 0); err != nil {
		b.cfg.Log.Warn("will not published", "topic", m.Topic, "error", err)
	}
}

// postpone lets a will wait for its time and returns the one that is due at once. A session
// that ends sooner takes its will with it. mu is held.
func (s *session) postpone() (due *Will) {
	w := s.will
	if w == nil {
		return nil
	}
	delay := w.Delay
	if s.expiry != Never {
		delay = min(delay, s.expiry)
	}
	if delay == 0 {
		s.will = nil
		return w
	}
	s.willAt = s.left.Add(delay)
	s.armWill()
	return nil
}

// armWill starts the clock of a will whose client is away. mu is held.
func (s *session) armWill() {
	s.willTime = s.broker.after(time.Until(s.willAt), s.willDue)
}

// willDue publishes the will of a client that has not come back.
func (s *session) willDue() {
	s.mu.Lock()
	w := s.will
	if s.link != nil || s.gone || w == nil || time.Now().Before(s.willAt) {
		s.mu.Unlock()
		return
	}
	s.will = nil
	s.mu.Unlock()
	s.broker.publishWill(w)
	if err := s.save(); err != nil {
		s.broker.cfg.Log.Warn("session not stored", "client", s.client, "error", err)
	}
}
