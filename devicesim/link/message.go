package link

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds that keep a packet below maxPacket. They are wider than any hub's, so
// that a hub's own limits can be tried.
const (
	maxPayload    = maxPacket - maxProperties - 1<<10
	maxProperties = 64 << 10
)

// check refuses what MQTT cannot carry.
func (m Message) check() error {
	if len(m.Body) > maxPayload {
		return fmt.Errorf("body of %d bytes; at most %d can be sent", len(m.Body), maxPayload)
	}
	size := 0
	for _, p := range append(m.system(), m.application()...) {
		for _, s := range []string{p.key, p.value} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				return fmt.Errorf("property %q: not UTF-8 text", p.key)
			}
			size += 3*len(s) + 1 // percent-encoded in the worst case
		}
	}
	if size > maxProperties {
		return fmt.Errorf("properties of up to %d bytes; at most %d can be sent", size, maxProperties)
	}
	return nil
}

// Names of system properties in the property bag of MQTT 3.1.1.
const (
	bagMessageID       = "$.mid"
	bagCorrelationID   = "$.cid"
	bagContentType     = "$.ct"
	bagContentEncoding = "$.ce"
	bagSubject         = "$.sub" // the Plug and Play component
)

// bagSystem are the system properties of a command that are not the device's
// business.
var bagSystem = []string{"$.uid", "$.to", "$.exp", "$.ce", "$.ctime", "$.on", "$.schema", "$.ifid", "$.sub",
	"$.cdid", "$.cmid", "$.diagid", "$.diagctx", "iothub-ack", "iothub-operation"}

func (m Message) system() []property {
	var bag []property
	for _, p := range []property{
		{bagMessageID, m.MessageID},
		{bagContentType, m.ContentType},
		{bagContentEncoding, m.ContentEncoding},
		{bagSubject, m.Component},
	} {
		if p.value != "" {
			bag = append(bag, p)
		}
	}
	return bag
}

// application returns the application properties in key order.
func (m Message) application() []property {
	var bag []property
	for _, k := range slices.Sorted(maps.Keys(m.Properties)) {
		bag = append(bag, property{k, m.Properties[k]})
	}
	return bag
}
