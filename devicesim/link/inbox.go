package link

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Statuses the link itself answers method calls with.
const (
	statusFailed = 500 // the response cannot be sent
	statusBusy   = 429 // too many calls wait
)

var errBehind = errors.New("the device does not keep up with what the hub sends")

// inbox turns what came in on one connection into callbacks.
type inbox struct {
	s *session
	w *wire
}

func (in inbox) answer(id string, a answer) {
	in.s.mu.Lock()
	defer in.s.mu.Unlock()
	if c, ok := in.s.pending[id]; ok { // else it came too late
		delete(in.s.pending, id)
		c <- a
	}
}

func (in inbox) method(via client, call, name string, payload []byte) {
	ok := in.s.link.methods.post(func() {
		if in.s.ctx.Err() == nil {
			status, body := in.s.h.Method(name, payload)
			respond(via, call, status, body)
		}
	})
	if !ok {
		respond(via, call, statusBusy, nil)
	}
}

// respond answers on the connection the call came on. There is nobody to tell
// when that is lost.
func respond(via client, call string, status int, body []byte) {
	if len(body) > maxPayload {
		status, body = statusFailed, nil
	}
	_ = via.respond(call, status, body)
}

func (in inbox) desired(patch []byte, version int64) {
	var properties map[string]any
	if err := json.Unmarshal(patch, &properties); err != nil || properties == nil {
		in.violation(fmt.Errorf("%w: desired properties are no JSON object", ErrProtocol))
		return
	}
	if _, ok := properties["$version"]; !ok {
		properties["$version"] = float64(version) // what it would be, decoded from the body
	}
	in.post(&in.s.link.desired, func() { in.s.h.Desired(properties) })
}

func (in inbox) command(c Command, packetID uint16) {
	in.post(&in.s.link.commands, func() {
		in.s.h.Command(c)
		if packetID != 0 {
			in.w.puback(packetID)
		}
	})
}

// post gives up the connection rather than lose what it brought: on the next one
// the hub repeats commands, and the device fetches its twin.
func (in inbox) post(l *lane, job func()) {
	ok := l.post(func() {
		if in.s.ctx.Err() == nil {
			job()
		}
	})
	if !ok {
		in.w.fail(errBehind)
	}
}

func (in inbox) violation(err error) { in.w.fail(err) }
