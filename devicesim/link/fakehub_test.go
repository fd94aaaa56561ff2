package link_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"twinrig/devicesim/link"
)

// packet is an MQTT packet of either version.
type packet struct {
	kind           string
	id             uint16
	qos            byte
	codes          []byte
	topic, payload string
	filters        []string
	fields         []string // of CONNECT, as "name=value"
	keepAlive      uint16   // of CONNACK
	contentType    string
	correlation    string
	user           [][2]string
}

func (p packet) String() string {
	b := []string{p.kind}
	add := func(format string, args ...any) { b = append(b, fmt.Sprintf(format, args...)) }
	if p.id != 0 {
		add("id=%d", p.id)
	}
	if p.kind == "PUBLISH" {
		add("qos=%d topic=%s", p.qos, p.topic)
	}
	for _, c := range p.codes {
		add("code=%d", c)
	}
	b = append(b, append(p.filters, p.fields...)...)
	if p.contentType != "" {
		add("content-type=%s", p.contentType)
	}
	if p.correlation != "" {
		add("correlation=%s", p.correlation)
	}
	for _, u := range p.user {
		add("[%s=%s]", u[0], u[1])
	}
	if p.payload != "" {
		add("payload=%s", p.payload)
	}
	return strings.Join(b, " ")
}

// codec reads what devices send and writes what hubs send.
type codec interface {
	read(r io.Reader) (packet, error)
	write(w io.Writer, p packet) error
	// answer is what an ordinary hub answers, if anything.
	answer(f *fakeHub, p packet) (packet, bool)
}

// fakeHub is the far end of a device's connections. It answers like an ordinary
// hub, unless told otherwise, and writes down what passes.
type fakeHub struct {
	codec codec

	mu       sync.Mutex
	lines    []string
	conn     net.Conn // the present one
	conns    int
	mute     []string // kinds of packets that get no answer
	refuse   byte     // code of the next CONNACKs
	canned   *packet  // what the next PUBLISH gets instead of the ordinary answer
	version  int      // of reported properties
	received func(packet)

	unreachable     error
	serverKeepAlive uint16 // of CONNACK, in MQTT 5
	subscribed      byte   // code for every filter, unless 0
}

func (f *fakeHub) dial(context.Context) (net.Conn, error) {
	time.Sleep(time.Microsecond) // what the last connection had to say has been said
	near, far := net.Pipe()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.unreachable != nil {
		return nil, f.unreachable
	}
	f.conn = far
	f.conns++
	go f.serve(far)
	return near, nil
}

func (f *fakeHub) serve(conn net.Conn) {
	defer conn.Close()
	for {
		p, err := f.codec.read(conn)
		if err != nil {
			f.log(hungUp)
			return
		}
		f.log("device: %s", p)
		if !f.handle(conn, p) {
			return
		}
	}
}

// handle answers a packet and says whether to go on.
func (f *fakeHub) handle(conn net.Conn, p packet) bool {
	f.mu.Lock()
	muted, refuse, hook := slices.Contains(f.mute, p.kind), f.refuse, f.received
	canned := f.canned
	if p.kind == "PUBLISH" {
		f.canned = nil
	}
	f.mu.Unlock()
	if hook != nil {
		hook(p)
	}
	if p.kind == "CONNECT" && refuse != 0 && !muted {
		f.send(conn, packet{kind: "CONNACK", codes: []byte{refuse}})
		return false
	}
	if p.kind == "PUBLISH" && canned != nil {
		canned.id = p.id
		f.send(conn, *canned)
		return true
	}
	if a, ok := f.codec.answer(f, p); ok && !muted {
		f.send(conn, a)
	}
	return p.kind != "DISCONNECT"
}

func (f *fakeHub) send(conn net.Conn, p packet) {
	f.log("hub: %s", p)
	var b bytes.Buffer // one write, for others may write, too
	if err := f.codec.write(&b, p); err != nil {
		f.log("hub could not encode: %v", err)
	}
	_, _ = conn.Write(b.Bytes()) // the device may hang up half-way
}

// suback grants what is asked for, unless told otherwise.
func (f *fakeHub) suback(p packet) packet {
	a := packet{kind: "SUBACK", id: p.id}
	for _, filter := range p.filters {
		code := filter[len(filter)-1] - '0'
		if f.subscribed != 0 {
			code = f.subscribed
		}
		a.codes = append(a.codes, code)
	}
	return a
}

// push sends something of the hub's own accord.
func (f *fakeHub) push(p packet) {
	f.mu.Lock()
	conn := f.conn
	f.mu.Unlock()
	f.send(conn, p)
}

// raw sends bytes that need not be MQTT.
func (f *fakeHub) raw(b []byte) {
	f.mu.Lock()
	conn := f.conn
	f.mu.Unlock()
	_, _ = conn.Write(b) // the device may hang up half-way
}

func (f *fakeHub) hangUp() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conn != nil {
		f.conn.Close()
	}
}

func (f *fakeHub) silence(kinds ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mute = kinds
}

func (f *fakeHub) log(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lines = append(f.lines, fmt.Sprintf(format, args...))
}

const hungUp = "device closed the connection"

// take returns what was written down since the last time. That a connection
// ended comes last: what else happens in that instant has no order with it.
func (f *fakeHub) take() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	l := f.lines
	f.lines = nil
	slices.SortStableFunc(l, func(a, b string) int {
		return cmp.Compare(strings.Count(a, hungUp), strings.Count(b, hungUp))
	})
	return l
}

// count is how many lines begin with prefix.
func (f *fakeHub) count(prefix string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, l := range f.lines {
		if strings.HasPrefix(l, prefix) {
			n++
		}
	}
	return n
}

func (f *fakeHub) connections() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.conns
}

// protocols are both versions, for tests of what they share.
var protocols = []struct {
	name  string
	link  func(link.Config) link.Link
	codec codec
}{
	{"MQTT 3.1.1", link.NewMQTT311, codec311{}},
	{"MQTT 5", link.NewMQTT5, codec5{}},
}

func newConfig(f *fakeHub) link.Config {
	return link.Config{
		HostName: "hub.example",
		DeviceID: "truck-1",
		Key:      "c2VjcmV0IG9mIHRoZSB0cnVjaw==",
		Dial:     f.dial,
	}
}

// recorder is a Handler that writes down what it is told.
type recorder struct {
	hub     *fakeHub
	method  func(name string, payload []byte) (int, []byte)
	command func(link.Command)
	lost    func(error)
}

func (r *recorder) Method(name string, payload []byte) (int, []byte) {
	r.hub.log("handler: method %s %s", name, payload)
	if r.method != nil {
		return r.method(name, payload)
	}
	return 200, payload
}

func (r *recorder) Desired(patch map[string]any) { r.hub.log("handler: desired %v", patch) }

func (r *recorder) Command(c link.Command) {
	r.hub.log("handler: command %q mid=%q cid=%q ct=%q %v", c.Body, c.MessageID, c.CorrelationID, c.ContentType, c.Properties)
	if r.command != nil {
		r.command(c)
	}
}

func (r *recorder) Lost(err error) {
	r.hub.log("handler: lost: %v", err)
	if r.lost != nil {
		r.lost(err)
	}
}

// device connects a link of the given version to a fake hub.
func device(t *testing.T, i int, adjust func(*link.Config)) (*fakeHub, *recorder, link.Link) {
	t.Helper()
	f := &fakeHub{codec: protocols[i].codec, version: 1}
	cfg := newConfig(f)
	if adjust != nil {
		adjust(&cfg)
	}
	return f, &recorder{hub: f}, protocols[i].link(cfg)
}
