package client

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Command is a cloud-to-device message. Empty fields are not sent.
type Command struct {
	Body            []byte
	MessageID       string // the hub makes one when empty
	CorrelationID   string
	UserID          string
	ContentType     string
	ContentEncoding string
	Expiry          time.Time // the hub's default when zero
	Ack             string    // "none", "positive", "negative" or "full"
	InputName       string    // of a module; messages to devices have none
	Properties      map[string]string
}

// QueuedCommand is the hub's receipt.
type QueuedCommand struct {
	Sequence  uint64    `json:"sequence"`
	MessageID string    `json:"messageId"`
	Enqueued  time.Time `json:"enqueued"`
	Expiry    time.Time `json:"expiry"`
}

// SendCommand queues a message for a device, or for an input of a module; the device may
// be offline.
func (c *Client) SendCommand(ctx context.Context, id string, m Command) (out QueuedCommand, err error) {
	path := append([]string{"$twinrig"}, identityPath("devices", id)...)
	if m.InputName != "" {
		path = append(path, "inputs", m.InputName)
	}
	err = c.do(ctx, call{method: http.MethodPost, path: append(path, "messages"), header: m.header(), body: m.Body}, &out)
	return out, err
}

// PurgeCommands drops what waits for the device and says how many that were.
func (c *Client) PurgeCommands(ctx context.Context, id string) (int, error) {
	var out struct {
		Purged int `json:"totalMessagesPurged"`
	}
	err := c.do(ctx, call{method: http.MethodDelete, path: []string{"devices", id, "commands"}}, &out)
	return out.Purged, err
}

func (m Command) header() http.Header {
	h := http.Header{}
	for _, field := range []struct{ key, value string }{
		{"iothub-messageid", m.MessageID},
		{"iothub-correlationid", m.CorrelationID},
		{"iothub-userid", m.UserID},
		{"iothub-contenttype", m.ContentType},
		{"iothub-contentencoding", m.ContentEncoding},
		{"iothub-ack", m.Ack},
		{"iothub-properties", m.bag()},
	} {
		if field.value != "" {
			h.Set(field.key, field.value)
		}
	}
	if !m.Expiry.IsZero() {
		h.Set("iothub-expiry", m.Expiry.UTC().Format(time.RFC3339Nano))
	}
	return h
}

// bag encodes the properties in one header: names of headers would lose their
// case and could not carry every character.
func (m Command) bag() string {
	var pairs []string
	for key, value := range m.Properties {
		pairs = append(pairs, escape(key)+"="+escape(value))
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
