package mqtt

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// telemetry5 makes a message of an MQTT 5 publish or will.
func telemetry5(p *packets.Properties, payload []byte) (hub.Message, error) {
	m := hub.Message{Body: payload}
	m.System.ContentType = p.ContentType
	fields := map[string]*string{
		"content-encoding": &m.System.ContentEncoding, "message-id": &m.System.MessageID,
		"user-id": &m.System.UserID, "correlation-id": &m.System.CorrelationID, "creation-time": &m.System.CreationTime,
	}
	for _, u := range p.User {
		if name, ok := strings.CutPrefix(u.Key, "@"); ok {
			m.Properties = append(m.Properties, hub.Property{Key: name, Value: u.Val})
			continue
		}
		field, ok := fields[u.Key]
		if !ok {
			return m, statusFault(statusBadRequest, "user property "+strconv.Quote(u.Key)+" is not known or given twice")
		}
		*field = u.Val
		delete(fields, u.Key)
	}
	if m.System.CreationTime == "" {
		return m, nil
	}
	ms, err := strconv.ParseInt(m.System.CreationTime, 10, 64)
	if err != nil {
		return m, statusFault(statusBadRequest, "creation-time is not a number of milliseconds since 1970")
	}
	m.System.CreationTime = time.UnixMilli(ms).UTC().Format(dotNetTime)
	return m, nil
}

// settleCommand does what a PUBACK says with a command: complete it or, in MQTT 5 only,
// give it back or throw it away.
func (c *conn) settleCommand(ctx context.Context, token string, ack *packets.Packet) error {
	if ack.ReasonCode < codeUnspecified {
		return c.link.Complete(ctx, token)
	}
	for _, u := range ack.Properties.User {
		if u.Key == "status" && u.Val == statusBadRequest {
			return c.link.Reject(ctx, token)
		}
	}
	err := c.link.Abandon(ctx, token)
	c.CommandsWaiting() // the hub does not say so itself
	return err
}
