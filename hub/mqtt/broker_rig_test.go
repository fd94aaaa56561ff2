package mqtt

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub/mqtt/broker"
	"twinrig/hub/store"
)

// newBrokerRig returns a rig with a broker in the place of the hub.
func newBrokerRig(t testing.TB, cfg Config) *rig {
	s, err := store.Open(context.Background(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &rig{t: t, cfg: cfg, store: s, through: s, clients: map[string]*testClient{}}
}

// startBroker starts broker and front on what the store has.
func (r *rig) startBroker(cfg broker.Config) {
	r.t.Helper()
	var seed [32]byte
	cfg.Random = rand.NewChaCha8(seed)
	b, err := broker.New(context.Background(), cfg, r.through.Documents())
	if err != nil {
		r.t.Fatal(err)
	}
	r.broker, r.front = b, NewBroker(b, r.cfg)
}

// TestBrokerTranscripts plays the conversations with a broker, in virtual time.
func TestBrokerTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/broker/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &brokerPlay{rig: newBrokerRig(t, Config{MaxKeepAlive: time.Minute, ReceiveMaximum: 3})}
				p.startBroker(p.broker)
				defer p.close()
				datadriven.RunTestAny(t, file, func(t testing.TB, d *datadriven.TestData) string {
					s := step{rig: p.rig, t: t, d: d, fields: fields(d.Input)}
					p.run(&s)
					synctest.Wait()
					return s.outcome()
				})
			})
		})
	}
}

// brokerPlay is one transcript.
type brokerPlay struct {
	*rig
	broker broker.Config
}

func (p *brokerPlay) run(s *step) {
	var err error
	switch s.d.Cmd {
	case "connect":
		s.connectBroker()
		return
	case "stored":
		p.notes = append(p.notes, p.stored()...)
		return
	case "pubrec", "pubrel", "pubcomp":
		s.packetStep()
		return
	case "rules":
		p.broker.Rules, err = broker.ParseRules("rules", []byte(s.d.Input))
	case "passwords":
		p.broker.Passwords, err = broker.ParsePasswords("passwords", []byte(s.d.Input))
	case "limits":
		p.broker.MaxQueued, p.broker.MaxInflight = s.num("queued", 0), s.num("inflight", 0)
		p.broker.MaxSubscriptions, p.broker.MaxRetained = s.num("subscriptions", 0), s.num("retained", 0)
		p.broker.MaxSessions = s.num("sessions", 0)
	case "restart":
	default:
		s.run()
		return
	}
	if err != nil {
		s.d.Fatalf(s.t, "%v", err)
	}
	p.stop()
	p.startBroker(p.broker)
}

// stored lists what the store has of the broker.
func (p *brokerPlay) stored() (lines []string) {
	for doc, err := range p.through.Documents().Scan(context.Background(), "broker") {
		if err != nil {
			return []string{err.Error()}
		}
		lines = append(lines, string(doc.Body))
	}
	slices.Sort(lines)
	return lines
}

// connectBroker sends a CONNECT. A client that names no other identifier has its own name.
func (s *step) connectBroker() {
	c := s.dial(s.arg("c", "a"))
	c.version = byte(s.num("v", 5))
	pk := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connect}}
	pk.Connect = packets.ConnectParams{
		ProtocolName: []byte("MQTT"), ClientIdentifier: s.arg("id", s.arg("c", "a")),
		Clean: s.arg("clean", "1") == "1", Keepalive: uint16(s.num("keepalive", 60)),
	}
	if s.arg("id", "") == "none" {
		pk.Connect.ClientIdentifier = ""
	}
	if user, ok := s.optional("username"); ok {
		pk.Connect.Username, pk.Connect.UsernameFlag = []byte(user), true
		pk.Connect.Password, pk.Connect.PasswordFlag = []byte(s.get("password")), true
	}
	pk.Properties.AuthenticationMethod = s.get("method")
	pk.Properties.ReceiveMaximum = uint16(s.num("receive-maximum", 0))
	pk.Properties.TopicAliasMaximum = uint16(s.num("topic-alias-maximum", 0))
	pk.Properties.MaximumPacketSize = uint32(s.num("maximum-packet-size", 0))
	if n := s.num("session-expiry", -1); n >= 0 {
		pk.Properties.SessionExpiryInterval, pk.Properties.SessionExpiryIntervalFlag = uint32(n), true
	}
	s.willOf(&pk.Connect)
	c.send(s.t, pk)
}

func (s *step) willOf(c *packets.ConnectParams) {
	topic := s.get("will")
	if topic == "" {
		return
	}
	c.WillFlag, c.WillTopic, c.WillPayload = true, topic, []byte(s.get("will-payload"))
	c.WillQos, c.WillRetain = byte(s.num("will-qos", 0)), s.arg("will-retain", "") != ""
	p := &c.WillProperties
	p.WillDelayInterval, p.MessageExpiryInterval = uint32(s.num("will-delay", 0)), uint32(s.num("will-expiry", 0))
	p.ContentType, p.ResponseTopic = s.get("content-type"), s.get("response-topic")
	p.CorrelationData, p.User = []byte(s.get("correlation")), s.user()
	if n := s.num("will-format", -1); n >= 0 {
		p.PayloadFormat, p.PayloadFormatFlag = byte(n), true
	}
}
