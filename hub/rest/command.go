package rest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"twinrig/hub"
)

// maxCommandBody is above the hub's limit, which counts properties as well.
const maxCommandBody = 64<<10 + 1

const appPrefix = "Iothub-App-" // as package net/http writes header names

// queueCommand queues a cloud-to-device message: our own call.
func queueCommand(x *exchange) error { return x.queue("") }

// queueInput queues a message for an input of a module: our own call too, as in Azure
// only an edge hub has one.
func queueInput(x *exchange) error { return x.queue(x.last()) }

func (x *exchange) queue(input string) error {
	m, err := messageHeader(x.r.Header)
	if err != nil {
		return err
	}
	m.System.InputName = input
	if m.Body, err = x.body(maxCommandBody); err != nil {
		return err
	}
	c, err := x.handler.hub.Enqueue(x.r.Context(), x.identity(), m)
	if err != nil {
		return err
	}
	return x.reply(http.StatusCreated, "", struct {
		Sequence  uint64    `json:"sequence"`
		MessageID string    `json:"messageId"`
		DeviceID  string    `json:"deviceId"`
		Enqueued  time.Time `json:"enqueued"`
		Expiry    time.Time `json:"expiry"`
	}{c.Sequence, c.System.MessageID, x.params[0], c.Enqueued, c.System.Expiry})
}

// messageHeader reads the properties of a message from headers.
func messageHeader(h http.Header) (m hub.Message, err error) {
	m.System = hub.SystemProperties{
		MessageID: h.Get("iothub-messageid"), CorrelationID: h.Get("iothub-correlationid"), UserID: h.Get("iothub-userid"),
		ContentType:     first(h.Get("iothub-contenttype"), h.Get("Content-Type")),
		ContentEncoding: first(h.Get("iothub-contentencoding"), h.Get("Content-Encoding")),
		Ack:             h.Get("iothub-ack"), To: h.Get("iothub-to"),
		InterfaceID: h.Get("iothub-interface-id"), Subject: h.Get("dt-subject"), CreationTime: h.Get("iothub-creation-time-utc"),
		OutputName: h.Get("iothub-outputname"), Schema: h.Get("iothub-message-schema"),
	}
	if text := h.Get("iothub-expiry"); text != "" {
		if m.System.Expiry, err = time.Parse(time.RFC3339, text); err != nil {
			return m, refuse(400004, "ArgumentInvalid", "iothub-expiry %q is not a time such as 2026-11-23T03:40:34Z.", text)
		}
	}
	if m.Properties, err = parseBag(h.Get("iothub-properties")); err != nil {
		return m, err
	}
	m.Properties = append(m.Properties, appHeaders(h)...)
	return m, nil
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// appHeaders reads iothub-app-{name} headers, in the order of their names for want
// of another.
func appHeaders(h http.Header) (properties []hub.Property) {
	for key, values := range h {
		if name, ok := strings.CutPrefix(key, appPrefix); ok && name != "" {
			properties = append(properties, hub.Property{Key: strings.ToLower(name), Value: values[0]})
		}
	}
	slices.SortFunc(properties, func(a, b hub.Property) int { return strings.Compare(a.Key, b.Key) })
	return properties
}

// parseBag reads percent-encoded name=value pairs parted by "&".
func parseBag(text string) (properties []hub.Property, err error) {
	if text == "" {
		return nil, nil
	}
	for pair := range strings.SplitSeq(text, "&") {
		key, value, _ := strings.Cut(pair, "=")
		p := hub.Property{}
		if p.Key, err = url.PathUnescape(key); err == nil {
			p.Value, err = url.PathUnescape(value)
		}
		if err != nil || p.Key == "" {
			return nil, refuse(400004, "ArgumentInvalid", "iothub-properties holds %q, which is no percent-encoded name=value.", pair)
		}
		properties = append(properties, p)
	}
	return properties, nil
}

// writeCommandHeader is the inverse of messageHeader, with what a device needs to settle.
func writeCommandHeader(h http.Header, k hub.LockedCommand) {
	s := k.System
	for _, field := range []struct{ key, value string }{
		{"ETag", `"` + k.LockToken + `"`}, {"iothub-messageid", s.MessageID}, {"iothub-correlationid", s.CorrelationID},
		{"iothub-userid", s.UserID}, {"iothub-to", s.To}, {"iothub-ack", s.Ack}, {"iothub-inputname", s.InputName},
		{"ContentType", s.ContentType}, {"ContentEncoding", s.ContentEncoding},
		{"iothub-sequencenumber", strconv.FormatUint(k.Sequence, 10)}, {"iothub-enqueuedtime", k.Enqueued.Format(time.RFC3339Nano)},
		{"iothub-deliverycount", strconv.Itoa(k.DeliveryCount)}, {"iothub-expiry", s.Expiry.Format(time.RFC3339Nano)},
	} {
		if field.value != "" {
			h.Set(field.key, headerText(field.value))
		}
	}
	for _, p := range k.Properties {
		h[http.CanonicalHeaderKey(appPrefix+headerName(p.Key))] = []string{headerText(p.Value)}
	}
}

// headerName percent-encodes what the name of a header cannot have.
func headerName(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>@,;:\\\"/[]?={}%", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// headerText leaves out what cannot be in a header.
func headerText(v string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, v)
}

func purgeCommands(x *exchange) error {
	n, err := x.handler.hub.PurgeCommands(x.r.Context(), x.identity())
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, "", struct {
		DeviceID string  `json:"deviceId"`
		ModuleID *string `json:"moduleId"`
		Purged   int     `json:"totalMessagesPurged"`
	}{x.params[0], nil, n})
}
