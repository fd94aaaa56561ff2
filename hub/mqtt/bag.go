package mqtt

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"twinrig/hub"
)

// dotNetTime is the round-trip format that .NET clients parse exactly.
const dotNetTime = "2006-01-02T15:04:05.0000000Z"

// parseBag reads the property bag at the end of a telemetry topic.
func parseBag(bag string) (hub.SystemProperties, []hub.Property, error) {
	var system hub.SystemProperties
	var application []hub.Property
	if bag == "" {
		return system, nil, nil
	}
	for pair := range strings.SplitSeq(bag, "&") {
		if pair == "" {
			continue
		}
		rawKey, rawValue, _ := strings.Cut(pair, "=")
		key, err := unescape(rawKey)
		if err != nil {
			return system, nil, err
		}
		value, err := unescape(rawValue)
		if err != nil {
			return system, nil, fmt.Errorf("value of %q: %w", key, err)
		}
		known, err := setSystem(&system, key, value)
		if err != nil {
			return system, nil, err
		}
		if !known {
			application = append(application, hub.Property{Key: key, Value: value})
		}
	}
	return system, application, nil
}

func unescape(text string) (string, error) {
	text, err := url.PathUnescape(text)
	if err == nil && !utf8.ValidString(text) {
		err = errors.New("not valid UTF-8")
	}
	return text, err
}

// setSystem stores a property that is a system property. Others, even ones that begin
// with "$.", are the application's.
func setSystem(s *hub.SystemProperties, key, value string) (known bool, err error) {
	switch key {
	case "$.mid":
		s.MessageID = value
	case "$.cid":
		s.CorrelationID = value
	case "$.uid":
		s.UserID = value
	case "$.to":
		s.To = value
	case "$.ct":
		s.ContentType = value
	case "$.ce":
		s.ContentEncoding = value
	case "$.ctime":
		s.CreationTime = value
	case "$.on":
		s.OutputName = value
	case "$.schema":
		s.Schema = value
	case "$.ifid":
		s.InterfaceID = value
	case "$.sub":
		s.Subject = value
	case "$.exp":
		if s.Expiry, err = time.Parse(time.RFC3339, value); err != nil {
			return true, fmt.Errorf("$.exp %q is not an ISO 8601 time", value)
		}
		s.Expiry = s.Expiry.UTC()
	default:
		return false, nil
	}
	return true, nil
}

// commandBag writes the bag of a cloud-to-device topic in the one shape that all
// clients parse: system properties first and $.to first of them, every pair with a
// value, %20 for a space.
func commandBag(m hub.Message) string {
	var b strings.Builder
	add := func(key, value string) {
		if value == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		escape(&b, key)
		b.WriteByte('=')
		escape(&b, value)
	}
	s := m.System
	add("$.to", s.To)
	add("$.mid", s.MessageID)
	add("$.cid", s.CorrelationID)
	add("$.uid", s.UserID)
	add("$.ct", s.ContentType)
	add("$.ce", s.ContentEncoding)
	if !s.Expiry.IsZero() {
		add("$.exp", s.Expiry.UTC().Format(dotNetTime))
	}
	add("$.ctime", s.CreationTime)
	add("iothub-ack", s.Ack)
	for _, p := range m.Properties {
		add(p.Key, p.Value)
	}
	return b.String()
}

// escape percent-encodes everything but letters, digits and -._~
func escape(b *strings.Builder, text string) {
	const hex = "0123456789ABCDEF"
	for i := range len(text) {
		c := text[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
}
