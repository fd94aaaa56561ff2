package mqtt

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub/mqtt/broker"
)

// action is one packet of a client that does whatever it likes.
type action func(id uint16, arg byte) packets.Packet

func header(kind byte) packets.FixedHeader { return packets.FixedHeader{Type: kind} }

var wildTopics = []string{"a", "a/b", "$x", "b//", "shared"}
var wildFilters = []string{"#", "+/b", "a/#", "$x", "$share/g/shared", "b/+/+"}

// actions are what a well-spoken client may send, in any order.
var actions = []action{
	func(id uint16, arg byte) packets.Packet {
		pk := packets.Packet{FixedHeader: header(packets.Publish), TopicName: wildTopics[int(arg)%len(wildTopics)], PacketID: id, Payload: []byte{arg}}
		pk.FixedHeader.Qos, pk.FixedHeader.Retain = arg%3, arg&0x40 != 0
		pk.Properties.MessageExpiryInterval = uint32(arg & 3)
		return pk
	},
	func(id uint16, arg byte) packets.Packet {
		f := packets.Subscription{Filter: wildFilters[int(arg)%len(wildFilters)], Qos: arg % 3, RetainHandling: arg >> 4 % 3, RetainAsPublished: arg&0x40 != 0}
		return packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: id, Filters: packets.Subscriptions{f}}
	},
	func(id uint16, arg byte) packets.Packet {
		f := packets.Subscription{Filter: wildFilters[int(arg)%len(wildFilters)]}
		return packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Unsubscribe, Qos: 1}, PacketID: id, Filters: packets.Subscriptions{f}}
	},
	func(id uint16, arg byte) packets.Packet {
		pk := packets.Packet{FixedHeader: header(ackKinds[arg%4]), PacketID: id}
		if pk.FixedHeader.Type == packets.Pubrel {
			pk.FixedHeader.Qos = 1 // its reserved flags
		}
		return pk
	},
	func(_ uint16, arg byte) packets.Packet {
		return packets.Packet{FixedHeader: header(packets.Disconnect), ReasonCode: arg & 4}
	},
	func(uint16, byte) packets.Packet { return packets.Packet{FixedHeader: header(packets.Pingreq)} },
}

var ackKinds = [4]byte{packets.Puback, packets.Pubrec, packets.Pubrel, packets.Pubcomp}

// wildConnect is the CONNECT of a client that shares few names with others like it.
func wildConnect(arg byte) (pk packets.Packet, version byte) {
	pk.FixedHeader = header(packets.Connect)
	pk.Connect = packets.ConnectParams{ProtocolName: []byte("MQTT"), ClientIdentifier: fmt.Sprintf("wild-%d", arg&1), Clean: arg&2 != 0, Keepalive: 60}
	if arg&4 != 0 {
		pk.Connect.WillFlag, pk.Connect.WillTopic, pk.Connect.WillPayload = true, "a/b", []byte("will")
		pk.Connect.WillQos, pk.Connect.WillProperties.WillDelayInterval = arg>>3%3, uint32(arg>>5)
	}
	pk.Properties.SessionExpiryInterval, pk.Properties.SessionExpiryIntervalFlag = uint32(arg>>4&7), true
	pk.Properties.ReceiveMaximum = uint16(arg >> 6)
	return pk, 4 + arg>>7
}

// rampage plays a script of three bytes a step with two clients of two names: which client
// and what, packet identifier, argument.
func rampage(t testing.TB, r *rig, script []byte) {
	var wild [2]*testClient
	for i := 0; i+2 < len(script); i += 3 {
		what, id, arg := script[i], uint16(script[i+1]%8+1), script[i+2]
		n := what & 1
		if what >>= 1; wild[n] == nil || int(what)%(len(actions)+2) == len(actions) {
			pk, version := wildConnect(arg)
			wild[n] = r.dial(fmt.Sprintf("wild-%d", n))
			wild[n].version = version
			wild[n].send(t, pk)
		} else if k := int(what) % (len(actions) + 2); k < len(actions) {
			wild[n].send(t, actions[k](id, arg))
		} else {
			time.Sleep(time.Duration(arg) * 10 * time.Millisecond)
		}
	}
	synctest.Wait()
}

// bystanders checks that two clients that have nothing to do with it go on as if nothing
// had happened.
func bystanders(t testing.TB, r *rig, round byte) {
	in, out := r.clients["in"], r.clients["out"]
	in.send(t, packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 1}, PacketID: 1, TopicName: "quiet/x", Payload: []byte{round}})
	synctest.Wait()
	out.mu.Lock()
	defer out.mu.Unlock()
	if n := len(out.packets); n != 1 || out.packets[0].FixedHeader.Type != packets.Publish || !bytes.Equal(out.packets[0].Payload, []byte{round}) {
		t.Fatalf("the bystander got %q", out.got)
	}
	id := out.packets[0].PacketID
	out.got, out.packets = nil, nil
	out.send(t, packets.Packet{FixedHeader: header(packets.Puback), PacketID: id})
}

func rampageInBubble(t *testing.T, log *errorLog, script []byte) {
	synctest.Test(t, func(t *testing.T) {
		r := newBrokerRig(t, Config{WriteTimeout: time.Second, Log: slog.New(log)})
		r.startBroker(broker.Config{MaxQueued: 5, MaxInflight: 3, MaxRetained: 3, MaxSubscriptions: 3})
		defer r.close()
		for _, name := range []string{"in", "out"} {
			c := r.dial(name)
			c.version = 5
			c.send(t, packets.Packet{FixedHeader: header(packets.Connect), Connect: packets.ConnectParams{ProtocolName: []byte("MQTT"), ClientIdentifier: name, Clean: true}})
		}
		r.clients["out"].send(t, packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 1, Filters: packets.Subscriptions{{Filter: "quiet/#", Qos: 1}}})
		synctest.Wait()
		r.clients["out"].take()
		bystanders(t, r, 1)
		rampage(t, r, script)
		bystanders(t, r, 2)
		time.Sleep(10 * time.Minute) // clocks of sessions and wills
		bystanders(t, r, 3)
		if e := log.take(); e != nil {
			t.Fatal(e)
		}
	})
}

// TestBrokerRampage plays random conversations: none crashes the broker or disturbs others.
func TestBrokerRampage(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	log := &errorLog{}
	for range 40 {
		script := make([]byte, 3*(20+random.IntN(100)))
		for i := range script {
			script[i] = byte(random.Uint32())
		}
		rampageInBubble(t, log, script)
	}
}

// FuzzBroker lets the fuzzer find the conversation.
func FuzzBroker(f *testing.F) {
	f.Add([]byte{0, 0, 0x12, 2, 1, 2, 4, 1, 1, 6, 1, 1, 12, 0, 0})
	f.Add([]byte{0, 0, 0x90, 2, 1, 2, 4, 1, 0, 12, 0, 0x90, 1, 0, 0x91, 3, 1, 2, 8, 0, 4})
	log := &errorLog{}
	f.Fuzz(func(t *testing.T, script []byte) { rampageInBubble(t, log, script[:min(len(script), 600)]) })
}
