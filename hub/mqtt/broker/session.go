package broker

import (
	"errors"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Link is the connection of a client. Its methods do not block.
type Link interface {
	// Send queues a packet. It returns ErrTooLarge for one that the client does not take,
	// and nil for one that is lost with the connection.
	Send(pk *packets.Packet) error
	// Room says whether there is room in the queue. When it was full and has been
	// written, somebody calls Member.Resume.
	Room() bool
	// Close ends the connection with a reason code.
	Close(code byte, text string)
}

// ErrTooLarge is a Link's answer to a packet that is larger than its client takes.
var ErrTooLarge = errors.New("packet is larger than the client takes")

// session is what the broker knows of a client, connected or away.
type session struct {
	broker *Broker
	client string
	born   uint64 // orders sessions, so that nothing hangs on the order of maps
	doc    *document

	mu       sync.Mutex
	user     string // whose rules hold; "" = none
	link     Link   // nil while the client is away
	started  bool   // CONNACK is on its way: packets may follow
	gone     bool   // replaced or ended
	expiry   time.Duration
	left     time.Time   // when the client went away
	timer    *time.Timer // to the session's end
	will     *Will
	willAt   time.Time // of a client that is away
	willTime *time.Timer
	filters  map[string]*subscription
	received map[uint16]*record // QoS 2 from the client, until PUBREL; nil = nothing stored
	maximum  int                // of received

	size    int         // of the window
	queue   []*delivery // waits for the client, or for room
	flight  []*delivery // sent and not acknowledged, oldest first
	byID    map[uint16]*delivery
	last    uint16
	held    int         // bytes in queue and flight
	dropped int         // messages since there was no room
	settled []*delivery // whose records are to be settled once mu is free
}

// Never is a session expiry that does not come.
const Never time.Duration = -1

func (s *session) persistent() bool { return s.expiry != 0 }

// unlock frees mu and does what had to wait for it.
func (s *session) unlock() {
	settled := s.settled
	s.settled = nil
	s.mu.Unlock()
	for _, d := range settled {
		s.settle(d)
	}
}

// settle forgets the stored form of a message for this client.
func (s *session) settle(d *delivery) {
	if d.record == nil {
		return
	}
	if err := d.record.settle(s.client, d.id); err != nil {
		// At worst the client gets it once more, after a restart.
		s.broker.cfg.Log.Warn("acknowledgement not stored", "client", s.client, "error", err)
	}
}

// admit makes room for a message and gives it a packet identifier. If the session outlives
// its connection, it is entered into the message's record, which is to be stored. False
// means that the message is dropped for this client.
func (s *session) admit(d *delivery, r *record, bound int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone || d.qos == 0 && s.link == nil {
		return false
	}
	if max(len(s.queue), len(s.byID)-len(s.flight)) >= bound || s.held > 0 && s.held+d.message.size() > s.broker.cfg.MaxQueuedBytes {
		s.noteDropped()
		return false
	}
	s.held += d.message.size()
	if d.qos > 0 {
		d.id = s.freeID()
		s.byID[d.id] = d
		if s.persistent() {
			d.record = r
			r.waits(s.client, d)
		}
	}
	return true
}

// noteDropped tells of the first message that had no room, but not of each.
func (s *session) noteDropped() {
	if s.dropped++; s.dropped == 1 {
		s.broker.cfg.Log.Warn("messages are dropped: too many wait for the client", "client", s.client)
	}
}

// noteRoom follows the end of a queue.
func (s *session) noteRoom() {
	if s.dropped > 0 {
		s.broker.cfg.Log.Warn("messages were dropped", "client", s.client, "number", s.dropped)
		s.dropped = 0
	}
}

// freeID returns a packet identifier that is not in use. There are more than twice as many
// as may be.
func (s *session) freeID() uint16 {
	for {
		s.last++
		if s.last != 0 && s.byID[s.last] == nil {
			return s.last
		}
	}
}

// push puts an admitted message into the queue.
func (s *session) push(d *delivery) {
	s.mu.Lock()
	defer s.unlock()
	if s.gone {
		s.settled = append(s.settled, d)
		return
	}
	s.queue = append(s.queue, d)
	s.pump()
}

// pump sends what may be sent. mu is held.
func (s *session) pump() {
	for len(s.queue) > 0 && s.started && s.link.Room() {
		d := s.queue[0]
		if d.qos > 0 && len(s.flight) >= s.size {
			return
		}
		s.queue[0] = nil
		s.queue = s.queue[1:]
		s.send(d)
	}
	if len(s.queue) == 0 {
		s.noteRoom()
	}
}

// send sends a message. One that has expired, or is too large for the client, counts as
// delivered; but a delivery of QoS 2 that has begun is brought to its end, or else the client
// would take the next with this packet identifier for a repetition. mu is held.
func (s *session) send(d *delivery) {
	if d.message.expired() && (d.qos < 2 || !d.sent) {
		s.drop(d)
		return
	}
	pk := d.packet()
	if errors.Is(s.link.Send(&pk), ErrTooLarge) {
		s.drop(d)
		return
	}
	if d.qos == 0 {
		s.held -= d.message.size()
		return
	}
	d.sent = true
	s.flight = append(s.flight, d)
}

// drop gives a message up. mu is held.
func (s *session) drop(d *delivery) {
	s.held -= d.message.size()
	if d.qos > 0 {
		delete(s.byID, d.id)
		s.settled = append(s.settled, d)
	}
}

// restart prepares for a new connection: what was sent and not acknowledged goes out again,
// in the same order and with the same packet identifiers. mu is held.
func (s *session) restart() {
	var released, again []*delivery
	for _, d := range s.flight {
		if d.released {
			released = append(released, d)
		} else {
			again = append(again, d)
		}
	}
	for _, d := range s.queue {
		if d.qos == 0 {
			s.held -= d.message.size()
			continue
		}
		again = append(again, d)
	}
	s.flight, s.queue = released, again
}
