package broker

import (
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Message is an application message. Nobody changes one after it was published.
type Message struct {
	Topic         string                 `json:"topic"`
	Payload       []byte                 `json:"payload,omitempty"`
	QoS           byte                   `json:"qos,omitempty"`
	Retain        bool                   `json:"retain,omitempty"`
	Format        *byte                  `json:"format,omitempty"`
	ContentType   string                 `json:"contentType,omitempty"`
	ResponseTopic string                 `json:"responseTopic,omitempty"`
	Correlation   []byte                 `json:"correlation,omitempty"`
	User          []packets.UserProperty `json:"user,omitempty"`
	Expires       time.Time              `json:"expires,omitzero"`
}

func message(topic string, payload []byte, p *packets.Properties) *Message {
	m := &Message{
		Topic: topic, Payload: payload, ContentType: p.ContentType, ResponseTopic: p.ResponseTopic,
		Correlation: p.CorrelationData, User: p.User,
	}
	if p.PayloadFormatFlag {
		format := p.PayloadFormat
		m.Format = &format
	}
	return m
}

// expireAfter starts the life of a message; 0 = it does not end.
func (m *Message) expireAfter(seconds uint32) {
	if seconds > 0 {
		m.Expires = time.Now().Add(time.Duration(seconds) * time.Second)
	}
}

// size is what a message counts against bounds.
func (m *Message) size() int { return len(m.Topic) + len(m.Payload) }

func (m *Message) expired() bool {
	return !m.Expires.IsZero() && !time.Now().Before(m.Expires)
}

// packet returns the PUBLISH that brings m to a client.
func (m *Message) packet() packets.Packet {
	pk := packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish},
		TopicName:   m.Topic, Payload: m.Payload,
		Properties: packets.Properties{
			ContentType: m.ContentType, ResponseTopic: m.ResponseTopic, CorrelationData: m.Correlation, User: m.User,
		},
	}
	if m.Format != nil {
		pk.Properties.PayloadFormat, pk.Properties.PayloadFormatFlag = *m.Format, true
	}
	if !m.Expires.IsZero() { // what is left of it, a begun second counting as one
		left := (time.Until(m.Expires) + time.Second - 1) / time.Second
		pk.Properties.MessageExpiryInterval = uint32(max(left, 1))
	}
	return pk
}

// tooDeep says whether a topic or filter has more levels than the broker keeps.
func tooDeep(topic string) bool { return strings.Count(topic, "/") >= maxLevels }
