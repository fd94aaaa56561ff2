package devicesim

import (
	"sync"

	"twinrig/devicesim/link"
)

// parcel is one thing on its way to the hub: a telemetry message or a reported
// patch.
type parcel struct {
	message *link.Message
	report  map[string]any
}

// outbox keeps what could not be sent yet, in order. It is the device's RAM: at
// most limit parcels, the oldest telemetry is dropped first (reported
// properties are kept, they are state and not history), and power-off empties it.
type outbox struct {
	mu      sync.Mutex
	parcels []parcel
	limit   int
	ready   chan struct{} // holds a token while parcels may wait
}

func newOutbox(limit int) *outbox {
	return &outbox{limit: limit, ready: make(chan struct{}, 1)}
}

// put adds a parcel and reports whether another had to go for it.
func (o *outbox) put(p parcel) (dropped bool) {
	o.mu.Lock()
	if len(o.parcels) >= o.limit {
		o.drop()
		dropped = true
	}
	o.parcels = append(o.parcels, p)
	o.mu.Unlock()
	select {
	case o.ready <- struct{}{}:
	default:
	}
	return dropped
}

func (o *outbox) drop() {
	victim := 0
	for i, p := range o.parcels {
		if p.message != nil {
			victim = i
			break
		}
	}
	o.parcels = append(o.parcels[:victim], o.parcels[victim+1:]...)
}

// take removes the oldest parcel.
func (o *outbox) take() (parcel, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.parcels) == 0 {
		return parcel{}, false
	}
	p := o.parcels[0]
	o.parcels = o.parcels[1:]
	return p, true
}

// putBack returns a parcel that was taken but not acknowledged.
func (o *outbox) putBack(p parcel) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.parcels = append([]parcel{p}, o.parcels...)
}
