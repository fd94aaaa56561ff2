package mqtt

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
	"twinrig/hub/auth"
	"twinrig/hub/mqtt/broker"
	"twinrig/hub/store"
)

func TestMain(m *testing.M) {
	store.Register()
	os.Exit(m.Run())
}

const (
	testHost = "hub.example"
	policy   = "device"
)

var testKey = base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))

// rig is a hub with a Front, and clients that write down what they receive.
type rig struct {
	t       testing.TB
	cfg     Config
	store   *store.Store
	through hub.Store
	hub     *hub.Hub       // nil behind a broker
	broker  *broker.Broker // nil behind a hub
	front   *Front
	clients map[string]*testClient
	notes   []string // outcomes of calls that run in the background
	mu      sync.Mutex
	seen    []uint64 // events printed, by partition
	serving sync.WaitGroup
}

func newRig(t testing.TB, cfg Config) *rig {
	s, err := store.Open(context.Background(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return newRigOn(t, cfg, s, s)
}

// newRigOn lets the hub see s through another Store.
func newRigOn(t testing.TB, cfg Config, s *store.Store, through hub.Store) *rig {
	r := &rig{t: t, cfg: cfg, store: s, through: through, clients: map[string]*testClient{}, seen: make([]uint64, 2)}
	r.start()
	return r
}

// start starts hub and front on what the store has.
func (r *rig) start() {
	r.t.Helper()
	var seed [32]byte
	h, err := hub.New(hub.Config{
		HostName: testHost, Partitions: 2, Random: rand.NewChaCha8(seed),
		Policies: []hub.Policy{{Name: policy, PrimaryKey: testKey, SecondaryKey: testKey, Rights: hub.DeviceConnect}},
	}, r.through)
	if err != nil {
		r.t.Fatal(err)
	}
	r.hub, r.front = h, New(h, auth.New(h), r.cfg)
}

func (r *rig) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := r.front.Close(ctx); err != nil {
		r.t.Error(err)
	}
	r.serving.Wait() // clients write down the end that the front has made
	for _, c := range r.clients {
		_ = c.conn.Close()
	}
	if r.broker != nil {
		r.broker.Close()
		return
	}
	if err := r.hub.Close(ctx); err != nil {
		r.t.Error(err)
	}
}

func (r *rig) close() {
	r.stop()
	if err := r.store.Close(); err != nil {
		r.t.Error(err)
	}
}

// inBubble runs test on a rig in virtual time.
func inBubble(t *testing.T, cfg Config, test func(*testing.T, *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, cfg)
		defer r.close()
		test(t, r)
	})
}

func (r *rig) device(id string) {
	r.t.Helper()
	key := testKey
	_, err := r.hub.CreateDevice(context.Background(), hub.Device{ID: id, Authentication: hub.Authentication{
		Type: hub.AuthSAS, SymmetricKey: hub.SymmetricKey{Primary: &key, Secondary: &key}}})
	if err != nil {
		r.t.Fatal(err)
	}
}

// testClient is the other end of a connection.
type testClient struct {
	conn    net.Conn
	version byte
	mu      sync.Mutex
	got     []string
	packets []packets.Packet
}

// dial connects a client called name; one of the same name before it is forgotten.
func (r *rig) dial(name string) *testClient {
	near, far := net.Pipe()
	r.serving.Go(func() { r.front.ServeConn(far) })
	c := &testClient{conn: near, version: 4}
	if old := r.clients[name]; old != nil {
		_ = old.conn.Close()
	}
	r.clients[name] = c
	r.serving.Go(c.listen)
	return c
}

func (c *testClient) listen() {
	in := bufio.NewReader(c.conn)
	for {
		pk, err := c.next(in)
		c.mu.Lock()
		if err != nil {
			if err != io.ErrClosedPipe {
				c.got = append(c.got, "closed")
			}
			c.mu.Unlock()
			return
		}
		c.got = append(c.got, describe(&pk))
		c.packets = append(c.packets, pk)
		c.mu.Unlock()
	}
}

func (c *testClient) next(in *bufio.Reader) (pk packets.Packet, err error) {
	head, err := in.ReadByte()
	if err != nil {
		return pk, err
	}
	length, _, err := packets.DecodeLength(in)
	if err != nil {
		return pk, err
	}
	body := make([]byte, length)
	if _, err = io.ReadFull(in, body); err != nil {
		return pk, err
	}
	pk.ProtocolVersion = c.version
	pk.FixedHeader = packets.FixedHeader{Type: head >> 4, Qos: head >> 1 & 3, Dup: head&8 != 0, Retain: head&1 != 0, Remaining: length}
	decode := map[byte]func([]byte) error{
		packets.Connack: pk.ConnackDecode, packets.Publish: pk.PublishDecode, packets.Puback: pk.PubackDecode,
		packets.Pubrec: pk.PubackDecode, packets.Pubrel: pk.PubackDecode, packets.Pubcomp: pk.PubackDecode,
		packets.Suback: pk.SubackDecode, packets.Unsuback: pk.UnsubackDecode, packets.Pingresp: pk.PingrespDecode,
		packets.Disconnect: pk.DisconnectDecode, packets.Auth: pk.AuthDecode,
	}[head>>4]
	if decode == nil {
		return pk, fmt.Errorf("packet of type %d from a server", head>>4)
	}
	return pk, decode(body)
}

// take returns what has come since the last call.
func (c *testClient) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	got := c.got
	c.got, c.packets = nil, nil
	return got
}

func (c *testClient) write(t testing.TB, b []byte) {
	t.Helper()
	_ = c.conn.SetWriteDeadline(time.Now().Add(time.Second))
	if _, err := c.conn.Write(b); err != nil && err != io.ErrClosedPipe {
		t.Logf("write: %v", err)
	}
}

func (c *testClient) send(t testing.TB, pk packets.Packet) {
	t.Helper()
	c.write(t, encodeClient(t, pk, c.version))
}

// encodeClient encodes a packet that clients send.
func encodeClient(t testing.TB, pk packets.Packet, version byte) []byte {
	t.Helper()
	pk.ProtocolVersion = version
	pk.Mods.AllowResponseInfo = true
	var b bytes.Buffer
	err := map[byte]func(*bytes.Buffer) error{
		packets.Connect: pk.ConnectEncode, packets.Publish: pk.PublishEncode, packets.Puback: pk.PubackEncode,
		packets.Pubrec: pk.PubrecEncode, packets.Pubrel: pk.PubrelEncode, packets.Pubcomp: pk.PubcompEncode,
		packets.Subscribe: pk.SubscribeEncode, packets.Unsubscribe: pk.UnsubscribeEncode, packets.Pingreq: pk.PingreqEncode,
		packets.Disconnect: pk.DisconnectEncode, packets.Auth: pk.AuthEncode,
	}[pk.FixedHeader.Type](&b)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// token returns a device's SAS token.
func token(t testing.TB, device string, life time.Duration) string {
	t.Helper()
	text, err := auth.Sign(testHost+"/"+topicBase(device), "", testKey, time.Now().Add(life))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// connectPacket is a CONNECT of MQTT 3.1.1 that is accepted.
func connectPacket(t testing.TB, device string) packets.Packet {
	return packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connect}, Connect: packets.ConnectParams{
		ProtocolName: []byte("MQTT"), ClientIdentifier: device, Keepalive: 60, Clean: true,
		UsernameFlag: true, Username: []byte(testHost + "/" + device + "/?api-version=2021-04-12"),
		PasswordFlag: true, Password: []byte(token(t, device, time.Hour)),
	}}
}

// connectPacket5 is a CONNECT of MQTT 5 that is accepted.
func connectPacket5(device string, life time.Duration) packets.Packet {
	pk := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connect}, Connect: packets.ConnectParams{
		ProtocolName: []byte("MQTT"), ClientIdentifier: device, Keepalive: 60, Clean: true,
	}}
	pk.Properties = signedProperties(device, life)
	pk.Properties.User = append(pk.Properties.User,
		packets.UserProperty{Key: "api-version", Val: "2020-10-01-preview"}, packets.UserProperty{Key: "host", Val: testHost})
	return pk
}

func signedProperties(device string, life time.Duration) packets.Properties {
	expiry := strconv.FormatInt(time.Now().Add(life).UnixMilli(), 10)
	key, _ := base64.StdEncoding.DecodeString(testKey)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(testHost + "\n" + device + "\n\n\n" + expiry + "\n"))
	return packets.Properties{AuthenticationMethod: "SAS", AuthenticationData: mac.Sum(nil),
		User: []packets.UserProperty{{Key: "sas-expiry", Val: expiry}}}
}

// connect brings up a client and expects it to be let in.
func (r *rig) connect(name string, version byte, device string, change func(*packets.Packet)) *testClient {
	r.t.Helper()
	c := r.dial(name)
	c.version = version
	pk := connectPacket(r.t, device)
	if version == 5 {
		pk = connectPacket5(device, time.Hour)
	}
	if change != nil {
		change(&pk)
	}
	c.send(r.t, pk)
	synctest.Wait()
	if got := c.take(); len(got) == 0 || !strings.HasPrefix(got[0], "CONNACK") || !strings.Contains(got[0], "code=0x00") {
		r.t.Fatalf("connect %s: %v", device, got)
	}
	return c
}

// events returns what was stored since the last call.
func (r *rig) events() (lines []string) {
	r.t.Helper()
	for p := range r.seen {
		for e, err := range r.hub.Events(context.Background(), p, r.seen[p], false) {
			if err != nil {
				r.t.Fatal(err)
			}
			r.seen[p] = e.Number + 1
			if e.Source == hub.SourceTelemetry {
				lines = append(lines, describeEvent(e))
			}
		}
	}
	slices.Sort(lines)
	return lines
}
