package mqtt

import (
	"bytes"
	"testing"

	"github.com/mochi-mqtt/server/v2/packets"
)

// FuzzConnect reads what a stranger may send first: it passes the gate and is understood,
// or is refused, and what is understood names an identity.
func FuzzConnect(f *testing.F) {
	device := connectPacket(f, "dev-1")
	device.Connect.WillFlag, device.Connect.WillTopic, device.Connect.WillPayload = true, "devices/dev-1/messages/events/a=b", []byte("gone")
	f.Add(encodeClient(f, device, 4))
	preview := connectPacket5("dev-1/mod", 0)
	preview.Connect.WillFlag, preview.Connect.WillTopic = true, topicTelemetry
	preview.Connect.WillProperties.User = []packets.UserProperty{{Key: "@a", Val: "b"}}
	f.Add(encodeClient(f, preview, 5))
	f.Add(unhex(f, hello4Hex))
	f.Add(unhex(f, "100c 0006 4d5149736470 03 02 003c"))
	f.Fuzz(func(t *testing.T, first []byte) {
		g := newGate(bytes.NewReader(first))
		fr, err := g.next()
		if err != nil {
			return
		}
		var pk packets.Packet
		if err := fr.decode(g.version, &pk); err != nil {
			t.Fatalf("passed the gate and does not decode: %v", err)
		}
		c := &conn{front: &Front{cfg: Config{}.withDefaults()}, version: g.version}
		if checkClientID(pk.Connect.ClientIdentifier) != nil {
			return
		}
		c.device = pk.Connect.ClientIdentifier
		h, bad := c.hello(&pk)
		if bad != nil {
			return
		}
		if pk.Connect.WillFlag != (h.will != nil) {
			t.Error("a will was lost or made up")
		}
		if signed := h.credential.Signed; signed != nil && signed.ClientID != c.device {
			t.Errorf("signed for %q and not for %q", signed.ClientID, c.device)
		}
	})
}

// FuzzProperties holds the gate's reading of properties against mochi's: what the gate lets
// through, mochi reads to the end.
func FuzzProperties(f *testing.F) {
	f.Add(byte(packets.Connect), unhex(f, "0c 2100102100 1515000161 16000162"))
	f.Add(byte(packets.Publish), unhex(f, "13 0101 0200000005 080001 72 09000163 230001"))
	f.Add(byte(packets.Auth), unhex(f, "0b 1500015316000178 1f000161"))
	f.Add(byte(packets.Subscribe), unhex(f, "07 0b01 2600016100"))
	f.Fuzz(func(t *testing.T, kind byte, text []byte) {
		kind &= 0x0f
		c := cursor{rest: text}
		c.properties(kind)
		if c.fault != nil {
			return
		}
		if kind == will {
			kind = packets.WillProperties
		}
		var p packets.Properties
		n, err := p.Decode(kind, bytes.NewBuffer(text))
		if err != nil {
			t.Fatalf("mochi: %v", err)
		}
		if rest := len(c.rest); len(text)-rest < n {
			t.Errorf("mochi read %d bytes, the gate %d", n, len(text)-rest)
		}
	})
}
