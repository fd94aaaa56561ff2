package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/paho"
	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// old311 connects Eclipse's client for MQTT 3.1.1.
func old311(t *testing.T, b *broker, id string, clean bool) mqtt.Client {
	t.Helper()
	o := mqtt.NewClientOptions().AddBroker(b.plain).SetClientID(id).SetCleanSession(clean).SetAutoReconnect(false).SetProtocolVersion(4)
	c := mqtt.NewClient(o)
	wait(t, c.Connect())
	return c
}

func wait(t *testing.T, token mqtt.Token) {
	t.Helper()
	if !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatalf("MQTT 3.1.1 client: %v", token.Error())
	}
}

// new5 connects Eclipse's client for MQTT 5; the session outlives the connection.
func new5(t *testing.T, b *broker, id string, received func(*paho.Publish)) (*paho.Client, *paho.Connack) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", b.port()))
	if err != nil {
		t.Fatal(err)
	}
	c := paho.NewClient(paho.ClientConfig{ClientID: id, Conn: conn, OnPublishReceived: []func(paho.PublishReceived) (bool, error){
		func(p paho.PublishReceived) (bool, error) { received(p.Packet); return true, nil },
	}})
	ack, err := c.Connect(ctx, &paho.Connect{ClientID: id, KeepAlive: 60, Properties: &paho.ConnectProperties{
		SessionExpiryInterval: paho.Uint32(600), ReceiveMaximum: paho.Uint16(16),
	}})
	if err != nil {
		t.Fatalf("MQTT 5 client: %v", err)
	}
	return c, ack
}

// The two versions talk to each other; a session waits for its client.
func TestBrokerWithPahoGo(t *testing.T) {
	b := startBroker(t)
	got := make(chan *paho.Publish, 10)
	five, _ := new5(t, b, "five", func(p *paho.Publish) { got <- p })
	if _, err := five.Subscribe(t.Context(), &paho.Subscribe{Subscriptions: []paho.SubscribeOptions{{Topic: "go/+", QoS: 2}},
		Properties: &paho.SubscribeProperties{SubscriptionIdentifier: new(9)}}); err != nil {
		t.Fatal(err)
	}
	old := old311(t, b, "old", true)
	defer old.Disconnect(100)
	back := make(chan string, 10)
	wait(t, old.Subscribe("back", 1, func(_ mqtt.Client, m mqtt.Message) { back <- string(m.Payload()) }))
	for qos := range byte(3) {
		wait(t, old.Publish(fmt.Sprintf("go/%d", qos), qos, false, "from 3.1.1"))
		p := receive(t, got)
		if p.QoS != qos || string(p.Payload) != "from 3.1.1" || *p.Properties.SubscriptionIdentifier != 9 {
			t.Errorf("QoS %d: got %v", qos, p)
		}
	}
	if _, err := five.Publish(t.Context(), &paho.Publish{Topic: "back", QoS: 2, Payload: []byte("from 5")}); err != nil {
		t.Fatal(err)
	}
	if text := receive(t, back); text != "from 5" {
		t.Errorf("got %q", text)
	}
	if err := five.Disconnect(&paho.Disconnect{}); err != nil {
		t.Fatal(err)
	}
	wait(t, old.Publish("go/kept", 2, false, "while away"))
	five, ack := new5(t, b, "five", func(p *paho.Publish) { got <- p })
	if p := receive(t, got); !ack.SessionPresent || string(p.Payload) != "while away" {
		t.Errorf("session %v, got %v", ack.SessionPresent, p)
	}
	_ = five.Disconnect(&paho.Disconnect{})
}

func receive[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
	return v
}

// A broker that is killed at any moment has lost no message of QoS 1 or 2 that it
// acknowledged, nor who waits for it, nor what is retained.
func TestKilledBrokerKeepsWhatItAcknowledged(t *testing.T) {
	b := startBroker(t)
	random := rand.New(rand.NewPCG(7, 8))
	c, _ := new5(t, b, "waits", func(*paho.Publish) {})
	if _, err := c.Subscribe(t.Context(), &paho.Subscribe{Subscriptions: []paho.SubscribeOptions{{Topic: "kill/#", QoS: 2}}}); err != nil {
		t.Fatal(err)
	}
	_ = c.Disconnect(&paho.Disconnect{})
	retained, total := "", 0
	for round := range *kills {
		acknowledged, last := publishUntilKilled(t, b, round, random.IntN(180))
		retained = max(retained, last)
		total += len(acknowledged)
		b.start()
		readWaiting(t, b, acknowledged)
		checkRetained(t, b, retained)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d messages acknowledged", total)
}

// readWaiting expects all that was acknowledged to have waited.
func readWaiting(t *testing.T, b *broker, acknowledged []string) {
	t.Helper()
	got := &ledgerOfTexts{}
	c, ack := new5(t, b, "waits", got.add)
	if !ack.SessionPresent {
		t.Fatal("the session is lost")
	}
	deadline := time.Now().Add(patience)
	for !got.hasAll(acknowledged) && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	got.check(t, acknowledged)
	_ = c.Disconnect(&paho.Disconnect{})
}

// publishUntilKilled publishes one after the other and kills the broker meanwhile, some time
// after so many. It returns what was acknowledged, and the last retained message of these.
func publishUntilKilled(t *testing.T, b *broker, round, after int) (acknowledged []string, retained string) {
	c := old311(t, b, "publishes", true)
	defer c.Disconnect(0)
	killed := make(chan struct{})
	for n := 0; ; n++ {
		if n == after {
			go func() { defer close(killed); b.kill() }()
		}
		qos, text := byte(1+n%2), fmt.Sprintf("%04d-%06d-%d", round, n, 1+n%2)
		token := c.Publish(fmt.Sprintf("kill/%d", qos), qos, false, text)
		if !delivered(token) {
			break
		}
		acknowledged = append(acknowledged, text)
		if n%10 == 0 {
			if !delivered(c.Publish("kept", 1, true, text)) {
				break
			}
			retained = text
		}
	}
	<-killed
	return acknowledged, retained
}

// delivered waits for an acknowledgement, or for the end of the connection.
func delivered(token mqtt.Token) bool {
	return token.WaitTimeout(2*time.Second) && token.Error() == nil
}

// checkRetained expects the last retained message that was acknowledged, or one after it.
func checkRetained(t *testing.T, b *broker, want string) {
	t.Helper()
	c := old311(t, b, "reads", true)
	defer c.Disconnect(100)
	got := make(chan string, 1)
	wait(t, c.Subscribe("kept", 1, func(_ mqtt.Client, m mqtt.Message) { got <- string(m.Payload()) }))
	if text := receive(t, got); text < want {
		t.Errorf("retained %q, although %q was acknowledged", text, want)
	}
}

// ledgerOfTexts counts what has arrived.
type ledgerOfTexts struct {
	mu  sync.Mutex
	got []string
}

func (l *ledgerOfTexts) add(p *paho.Publish) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.got = append(l.got, string(p.Payload))
}

func (l *ledgerOfTexts) hasAll(want []string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	have := map[string]bool{}
	for _, text := range l.got {
		have[text] = true
	}
	return !slices.ContainsFunc(want, func(text string) bool { return !have[text] })
}

// check expects all that was acknowledged, messages of QoS 2 once, and each QoS of a round
// in order.
func (l *ledgerOfTexts) check(t *testing.T, want []string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := map[string]int{}
	last := map[string]string{}
	for _, text := range l.got {
		qos := text[len(text)-1:]
		if seen[text]++; seen[text] == 1 && text < last[qos] {
			t.Errorf("%s came after %s", text, last[qos])
		}
		last[qos] = max(last[qos], text)
	}
	for _, text := range want {
		if n := seen[text]; n == 0 || n > 1 && strings.HasSuffix(text, "2") {
			t.Errorf("%s came %d times", text, n)
		}
	}
}
