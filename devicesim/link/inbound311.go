package link

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/at-wat/mqtt-go"
)

// serve is called by the library on its reading goroutine.
func (c *client311) serve(m *mqtt.Message) {
	if err := c.dispatch(m); err != nil {
		c.to.violation(fmt.Errorf("topic %q: %w", m.Topic, err))
	}
}

func (c *client311) dispatch(m *mqtt.Message) error {
	if rest, ok := strings.CutPrefix(m.Topic, topicCommand(c.device)); ok {
		cmd, err := decodeCommand(rest, m.Payload)
		if err == nil {
			c.to.command(cmd, m.ID)
		}
		return err
	}
	if m.QoS != mqtt.QoS0 {
		c.wire.puback(m.ID)
	}
	if rest, ok := strings.CutPrefix(m.Topic, topicMethod); ok {
		return c.method(rest, m.Payload)
	}
	if rest, ok := strings.CutPrefix(m.Topic, topicDesired); ok {
		version, err := queryVersion(strings.TrimPrefix(rest, "?"))
		if err == nil {
			c.to.desired(m.Payload, version)
		}
		return err
	}
	if rest, ok := strings.CutPrefix(m.Topic, topicTwinAnswer); ok {
		return c.answer(rest, m.Payload)
	}
	return fmt.Errorf("%w: not subscribed", ErrProtocol)
}

func (c *client311) method(rest string, payload []byte) error {
	name, query, err := splitRequest(rest)
	if err != nil {
		return err
	}
	id, err := requestID(query)
	if err != nil {
		return err
	}
	c.to.method(c, id, name, payload)
	return nil
}

func (c *client311) answer(rest string, body []byte) error {
	status, query, err := splitRequest(rest)
	if err != nil {
		return err
	}
	id, err := requestID(query)
	if err != nil {
		return err
	}
	a := answer{body: body}
	if a.version, err = queryVersion(query); err != nil {
		return err
	}
	code, err := strconv.Atoi(status)
	if err != nil || len(status) != 3 {
		return fmt.Errorf("%w: status %q has not three digits", ErrProtocol, status)
	}
	if code >= 300 {
		a.err = &StatusError{Status: status, Reason: errorMessage(body)}
	}
	c.to.answer(id, a)
	return nil
}

// errorMessage is the text of an error body, if it has the usual form.
func errorMessage(body []byte) string {
	var e struct{ Message string }
	_ = json.Unmarshal(body, &e) // the status says enough
	return e.Message
}
