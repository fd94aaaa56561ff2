package link

import "context"

// maxInFlight is the Receive Maximum of IoT hubs, and of this side.
const maxInFlight = 16

// client is one live MQTT connection, in one of the protocol versions. publish
// waits for the hub; the others return when the packet is on its way.
type client interface {
	publish(ctx context.Context, m Message) error
	get(id string) error                                // the twin; the answer comes to receiver.answer
	patch(id string, body []byte) error                 // reported properties, likewise
	respond(call string, status int, body []byte) error // to a method call
	// renew has the hub accept a fresh token on this connection.
	// errors.ErrUnsupported: only a new connection can carry one.
	renew(ctx context.Context) error
	// close says goodbye if it can and ends the library's goroutines.
	close()
}

// open performs CONNECT and SUBSCRIBE on w. When it fails it leaves no goroutine
// of a library behind.
type open func(ctx context.Context, cfg Config, w *wire, r receiver) (client, error)

// receiver takes what the hub sent, decoded, on the goroutine that reads: it
// must not block.
type receiver interface {
	answer(id string, a answer)
	method(via client, call, name string, payload []byte)
	desired(patch []byte, version int64)
	command(c Command, packetID uint16)
	violation(err error)
}

// answer is the hub's answer to a twin request.
type answer struct {
	err     error // *StatusError
	version int64
	body    []byte
}
