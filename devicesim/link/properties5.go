package link

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/eclipse/paho.golang/paho"
)

// User properties of the preview API. Application properties are told apart by
// their first letter.
const (
	propMessageID       = "message-id"
	propCorrelationID   = "correlation-id"
	propContentEncoding = "content-encoding"
	propVersion         = "version"
	propStatus          = "status"
	propReason          = "reason"
	applicationPrefix   = "@"
)

func telemetryProperties(m Message) *paho.PublishProperties {
	p := &paho.PublishProperties{ContentType: m.ContentType}
	for _, s := range []property{
		{propMessageID, m.MessageID},
		{propContentEncoding, m.ContentEncoding},
		{applicationPrefix + bagSubject, m.Component},
	} {
		if s.value != "" {
			p.User.Add(s.key, s.value)
		}
	}
	for _, a := range m.application() {
		p.User.Add(applicationPrefix+a.key, a.value)
	}
	return p
}

// pubackError is a refused telemetry message.
func pubackError(ack *paho.PublishResponse) error {
	e := &StatusError{Reason: reasonOf(ack.Properties.ReasonString, ack.Properties.User)}
	if e.Status = ack.Properties.User.Get(propStatus); e.Status == "" {
		e.Status = statusOf(ack.ReasonCode)
	}
	return e
}

// statusOf is the status that a reason code stands for when the hub gives none.
func statusOf(code byte) string {
	switch code {
	case 135:
		return "0101" // not authorized
	case 151:
		return "0501" // throttled
	}
	return "0100" // bad request
}

// reasonOf is what the hub says in words, where it may stand in two places.
func reasonOf(text string, user paho.UserProperties) string {
	if text != "" {
		return text
	}
	return user.Get(propReason)
}

func answer5(p *paho.Publish, version int64) answer {
	a := answer{version: version, body: p.Payload}
	if s := p.Properties.User.Get(propStatus); s != "" && !strings.HasPrefix(s, "00") { // 00xx is success
		a.err = &StatusError{Status: s, Reason: reasonOf("", p.Properties.User)}
	}
	return a
}

// userVersion reads the property "version", which may be missing.
func userVersion(user paho.UserProperties) (int64, error) {
	v := user.Get(propVersion)
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: version %q is no number", ErrProtocol, v)
	}
	return n, nil
}

func command5(p *paho.Publish) Command {
	c := Command{
		Body:          p.Payload,
		Properties:    map[string]string{},
		MessageID:     p.Properties.User.Get(propMessageID),
		CorrelationID: p.Properties.User.Get(propCorrelationID),
		ContentType:   p.Properties.ContentType,
	}
	for _, u := range p.Properties.User {
		if name, ok := strings.CutPrefix(u.Key, applicationPrefix); ok {
			c.Properties[name] = u.Value
		}
	}
	return c
}
