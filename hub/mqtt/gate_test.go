package mqtt

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Well-formed CONNECTs of both versions, client id "a".
const (
	hello4Hex = "100d 0004 4d515454 04 02 003c 0001 61"
	hello5Hex = "100e 0004 4d515454 05 02 003c 00 0001 61"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pass sends bytes through a gate and returns how many packets came out and what ended it.
func pass(b []byte) (n int, err error) {
	g := newGate(bytes.NewReader(b))
	for {
		if _, err = g.next(); err != nil {
			return n, err
		}
		n++
	}
}

// Reason codes are those of the MQTT 5 standard, sections 2 and 3: 0x81 for what cannot be
// parsed, 0x82 for what parses and is not allowed, and the special ones.
func TestGate(t *testing.T) {
	for _, c := range []struct {
		why  string
		v    int // version of the CONNECT before; 0 = none
		hex  string
		want byte // 0 = passes
	}{
		{"CONNECT 3.1.1", 0, hello4Hex, 0},
		{"CONNECT 5", 0, hello5Hex, 0},
		{"first packet is no CONNECT", 0, "c000", 0x82},
		{"second CONNECT", 4, hello4Hex, 0x82},
		{"CONNECT with flags", 0, "110d 0004 4d515454 04 02 003c 0001 61", 0x81},
		{"wrong protocol name", 0, "100d 0004 4d515455 04 02 003c 0001 61", 0x81},
		{"MQIsdp", 0, "100f 0006 4d5149736470 03 02 003c 0001 61", 0x84},
		{"level 6", 0, "100d 0004 4d515454 06 02 003c 0001 61", 0x84},
		{"bridge bit in the level", 0, "100d 0004 4d515454 84 02 003c 0001 61", 0x84},
		{"reserved connect flag", 0, "100d 0004 4d515454 04 03 003c 0001 61", 0x81},
		{"will QoS without will", 0, "100d 0004 4d515454 04 0a 003c 0001 61", 0x81},
		{"will retain without will", 0, "100d 0004 4d515454 04 22 003c 0001 61", 0x81},
		{"will QoS 3", 0, "1013 0004 4d515454 04 1e 003c 0001 61 0001 62 0001 63", 0x81},
		{"zero-length will payload is legal", 0, "1012 0004 4d515454 04 06 003c 0001 61 0001 62 0000", 0},
		{"will topic with a wildcard", 0, "1013 0004 4d515454 04 06 003c 0001 61 0001 23 0001 63", 0x90},
		{"password without user name in 3.1.1", 0, "1010 0004 4d515454 04 42 003c 0001 61 0001 70", 0x81},
		{"password without user name in 5", 0, "1011 0004 4d515454 05 42 003c 00 0001 61 0001 70", 0},
		{"user name flag without user name", 0, "100d 0004 4d515454 04 82 003c 0001 61", 0x81},
		{"user name with NUL", 0, "1010 0004 4d515454 04 82 003c 0001 61 0001 00", 0x81},
		{"user name with a surrogate", 0, "1012 0004 4d515454 04 82 003c 0001 61 0003 eda080", 0x81},
		{"trailing bytes in CONNECT", 0, "100e 0004 4d515454 04 02 003c 0001 61 00", 0x81},
		{"client id cut off", 0, "100d 0004 4d515454 04 02 003c 0002 61", 0x81},
		{"receive maximum 0", 0, "1011 0004 4d515454 05 02 003c 03 210000 0001 61", 0x82},
		{"receive maximum twice", 0, "1014 0004 4d515454 05 02 003c 06 210001 210001 0001 61", 0x82},
		{"maximum packet size 0", 0, "1013 0004 4d515454 05 02 003c 05 2700000000 0001 61", 0x82},
		{"request problem information 2", 0, "1010 0004 4d515454 05 02 003c 02 1702 0001 61", 0x82},
		{"authentication data without method", 0, "1012 0004 4d515454 05 02 003c 04 16000161 0001 61", 0x82},
		{"server keep alive in CONNECT", 0, "1011 0004 4d515454 05 02 003c 03 130001 0001 61", 0x81},
		{"unknown property", 0, "1010 0004 4d515454 05 02 003c 02 7f01 0001 61", 0x81},
		{"properties longer than the packet", 0, "100e 0004 4d515454 05 02 003c 40 0001 61", 0x81},
		{"property cut off by the end of its section", 0, "1010 0004 4d515454 05 02 003c 02 2100 0001 61", 0x81},
		{"user property twice is legal", 0, "101c 0004 4d515454 05 02 003c 0e 26000161000162 26000161000162 0001 61", 0},
		{"property length with a superfluous byte", 0, "100f 0004 4d515454 05 02 003c 8000 0001 61", 0x81},

		{"remaining length of 5 bytes", 4, "c080808080 00", 0x81},
		{"remaining length with a superfluous byte", 4, "c08000", 0x81},
		{"type 0", 4, "0000", 0x81},
		{"CONNACK from a client", 5, "20020000", 0x82},
		{"SUBACK from a client", 5, "9003000100", 0x82},
		{"PINGRESP from a client", 4, "d000", 0x82},
		{"AUTH in 3.1.1", 4, "f000", 0x81},
		{"PINGREQ", 4, "c000", 0},
		{"PINGREQ with flags", 4, "c100", 0x81},
		{"PINGREQ with a body", 4, "c00100", 0x81},

		{"PUBLISH", 4, "3004 0001 61 78", 0},
		{"PUBLISH with QoS 3", 4, "3606 0001 61 0001 78", 0x81},
		{"PUBLISH with DUP and QoS 0", 4, "3804 0001 61 78", 0x81},
		{"PUBLISH without packet id", 4, "3203 0001 61", 0x81},
		{"PUBLISH with packet id 0", 4, "3205 0001 61 0000", 0x82},
		{"PUBLISH with a wildcard", 4, "3003 0001 2b", 0x90},
		{"PUBLISH with an empty topic", 4, "3002 0000", 0x82},
		{"PUBLISH with a topic that is not UTF-8", 4, "3003 0001 ff", 0x81},
		{"PUBLISH with NUL in the topic", 4, "3003 0001 00", 0x81},
		{"PUBLISH 5 with an alias and no topic", 5, "3006 0000 03 230001", 0},
		{"PUBLISH 5 without alias and topic", 5, "3003 0000 00", 0x82},
		{"topic alias 0", 5, "3007 0001 61 03 230000", 0x94},
		{"subscription identifier from a client", 5, "3006 0001 61 02 0b01", 0x82},
		{"payload format 2", 5, "3006 0001 61 02 0102", 0x82},
		{"response topic with a wildcard", 5, "3008 0001 61 04 08000123", 0x82},
		{"content type twice", 5, "300c 0001 61 08 03000178 03000178", 0x82},
		{"session expiry in PUBLISH", 5, "3009 0001 61 05 1100000001", 0x81},

		{"PUBACK", 4, "40020001", 0},
		{"PUBACK with packet id 0", 4, "40020000", 0x82},
		{"PUBACK 3.1.1 with a reason", 4, "4003000100", 0x81},
		{"PUBACK 5 with a reason", 5, "4003000183", 0},
		{"PUBACK 5 with an unknown reason", 5, "4003000185", 0x82},
		{"PUBACK 5 with a reason string twice", 5, "400c0001 83 08 1f000178 1f000178", 0x82},
		{"PUBREL without its flags", 4, "60020001", 0x81},
		{"PUBREL with an unknown reason", 5, "6203000183", 0x82},
		{"PUBCOMP cut off", 4, "700100", 0x81},

		{"SUBSCRIBE", 4, "8206 0001 0001 61 01", 0},
		{"SUBSCRIBE without its flags", 4, "8006 0001 0001 61 01", 0x81},
		{"SUBSCRIBE with packet id 0", 4, "8206 0000 0001 61 01", 0x82},
		{"SUBSCRIBE without filters", 4, "8202 0001", 0x82},
		{"SUBSCRIBE with QoS 3", 4, "8206 0001 0001 61 03", 0x81},
		{"SUBSCRIBE 3.1.1 with MQTT 5 options", 4, "8206 0001 0001 61 04", 0x81},
		{"SUBSCRIBE with an empty filter", 4, "8205 0001 0000 01", 0x81},
		{"SUBSCRIBE with a misplaced #", 4, "8208 0001 0003 61232f 01", 0x81},
		{"SUBSCRIBE with a misplaced +", 4, "8207 0001 0002 612b 01", 0x81},
		{"SUBSCRIBE 5", 5, "8207 0001 00 0001 61 01", 0},
		{"SUBSCRIBE 5 without options: mochi panics", 5, "8206 0001 00 0001 61", 0x81},
		{"retain handling 3", 5, "8207 0001 00 0001 61 31", 0x82},
		{"reserved option bits", 5, "8207 0001 00 0001 61 41", 0x81},
		{"subscription identifier 0", 5, "8209 0001 02 0b00 0001 61 01", 0x82},
		{"no local on a shared subscription", 5, "8210 0001 00 000a 2473686172652f672f61 05", 0x82},
		{"shared subscription without filter", 5, "820e 0001 00 0008 2473686172652f67 01", 0x81},
		{"shared subscription with an empty filter", 5, "820f 0001 00 0009 2473686172652f672f 01", 0x81},
		{"shared subscription with an empty name", 5, "820f 0001 00 0009 2473686172652f2f61 01", 0x81},

		{"UNSUBSCRIBE", 4, "a205 0001 0001 61", 0},
		{"UNSUBSCRIBE without filters", 4, "a202 0001", 0x82},
		{"UNSUBSCRIBE with an empty filter", 5, "a205 0001 00 0000", 0x81},
		{"UNSUBSCRIBE cut off", 4, "a205 0001 0002 61", 0x81},

		{"DISCONNECT", 4, "e000", 0},
		{"DISCONNECT 3.1.1 with a body", 4, "e00100", 0x81},
		{"DISCONNECT 5 with a lone reason", 5, "e00104", 0},
		{"DISCONNECT 5 with a server's reason", 5, "e0018d", 0x82},
		{"DISCONNECT 5 with a server reference", 5, "e006 00 04 1c000161", 0x81},
		{"AUTH", 5, "f006 19 04 15000161", 0},
		{"AUTH without method", 5, "f002 1900", 0x82},
		{"AUTH with success", 5, "f006 00 04 15000161", 0x82},
		{"AUTH without anything", 5, "f000", 0x81},
	} {
		t.Run(c.why, func(t *testing.T) {
			before := map[int]string{0: "", 4: hello4Hex, 5: hello5Hex}[c.v]
			n, err := pass(unhex(t, before+c.hex))
			want := map[bool]int{true: 1, false: 0}[c.v > 0]
			if c.want == 0 {
				if n != want+1 || err != io.EOF {
					t.Errorf("%d packets passed, then %v", n, err)
				}
				return
			}
			var f *fault
			if n != want || !errors.As(err, &f) || f.code != c.want {
				t.Errorf("%d packets passed, then %v; want reason 0x%02x", n, err, c.want)
			}
		})
	}
}

// A stranger who claims a large packet gets no memory for it.
func TestGateBoundsMemory(t *testing.T) {
	claim := []byte{0x10, 0xff, 0xff, 0xff, 0x7f}
	_, err := pass(claim)
	var f *fault
	if !errors.As(err, &f) || f.code != codePacketTooLarge {
		t.Errorf("claim of 256 MiB: %v", err)
	}
	stream := append([]byte{0x10, 0x80, 0x80, 0x04}, make([]byte, 100)...) // 64 KiB claimed, 100 bytes sent
	allocated := testing.AllocsPerRun(10, func() { _, err = pass(stream) })
	if err != io.ErrUnexpectedEOF || allocated > 20 {
		t.Errorf("end inside a packet: %v, %v allocations", err, allocated)
	}
	g := newGate(bytes.NewReader(stream[4:]))
	if body, _ := g.body(1 << 20); cap(body) > 0 {
		t.Errorf("%d bytes for a body that did not come", cap(body))
	}
}

func TestGateReadsLargeBodies(t *testing.T) {
	payload := bytes.Repeat([]byte("0123456789abcdef"), 4096)
	g := newGate(bytes.NewReader(payload))
	body, err := g.body(len(payload))
	if err != nil || !bytes.Equal(body, payload) {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

// FuzzGate checks what the rest of the package relies on: whatever passes the gate is
// within bounds, and mochi decodes it without an error or a panic.
func FuzzGate(f *testing.F) {
	for _, seed := range []string{
		hello4Hex + "3206 0001 61 0001 78 8206 0002 0001 61 01 a205 0003 0001 61 40020001 c000 e000",
		hello5Hex + "3009 0000 05 230001 0101 78 8207 0001 00 0001 61 01 f006 19 04 15000161 e00104",
		hello5Hex + "8206 0001 00 0001 61", hello5Hex + "4003000183", "10ffffff7f",
	} {
		f.Add(unhex(f, seed))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		g := newGate(bytes.NewReader(stream))
		for {
			fr, err := g.next()
			if err != nil {
				return
			}
			if len(fr.body) > g.limit {
				t.Fatalf("body of %d bytes", len(fr.body))
			}
			var pk packets.Packet
			if err := fr.decode(g.version, &pk); err != nil {
				t.Fatalf("passed the gate and does not decode: %v\n%x", err, fr.body)
			}
		}
	})
}
