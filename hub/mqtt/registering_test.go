package mqtt

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// desk is a provisioning service that says what it was asked.
type desk struct{}

func (desk) AuthenticateRegistrant(_ context.Context, r hub.Registrant) (time.Time, error) {
	if r.Scope != "0neTEST" || !strings.HasPrefix(r.Credential.Token, "good") {
		return time.Time{}, &hub.Error{Code: 401002, Message: "Unauthorized"}
	}
	return time.Now().Add(time.Hour), nil
}

func (desk) Register(_ context.Context, r hub.Registrant, body []byte) hub.ProvisioningReply {
	return hub.ProvisioningReply{Status: 202, RetryAfter: time.Second, Body: fmt.Appendf(nil,
		`{"operationId":"4.x","status":"assigning","heard":"%s %s %v %q"}`, r.ID, r.APIVersion, r.Force, body)}
}

func (desk) Operation(_ context.Context, r hub.Registrant, operation string) hub.ProvisioningReply {
	if operation != "4.x" {
		return hub.ProvisioningReply{Status: 404, Body: []byte(`{"errorCode":404203}`)}
	}
	return hub.ProvisioningReply{Status: 200, Body: []byte(`{"operationId":"4.x","status":"assigned"}`)}
}

func TestParseRegistrant(t *testing.T) {
	for _, row := range []struct {
		sentence, text string
		want           hub.Registrant
		ok             bool
	}{
		{"Node and Python", "0ne1/registrations/reg-1/api-version=2019-03-31&ClientVersion=azure-iot-device%2F1.9", hub.Registrant{Scope: "0ne1", ID: "reg-1", APIVersion: "2019-03-31"}, true},
		{"embedded", "0ne1/registrations/reg-1/api-version=2019-03-31", hub.Registrant{Scope: "0ne1", ID: "reg-1", APIVersion: "2019-03-31"}, true},
		{"an agent that does not encode", "0ne1/registrations/reg-1/api-version=2019-03-31&ClientVersion=a/b c", hub.Registrant{Scope: "0ne1", ID: "reg-1", APIVersion: "2019-03-31"}, true},
		{"a device", "hub.example/dev-1/?api-version=2021-04-12", hub.Registrant{}, false},
		{"a module of a device of that name", "hub.example/registrations/mod/?api-version=2021-04-12", hub.Registrant{}, false},
		{"Go", "hub.example/registrations/api-version=2020-09-30", hub.Registrant{}, false},
		{"nothing", "", hub.Registrant{}, false},
	} {
		got, ok := parseRegistrant(row.text)
		if diff := cmp.Diff(row.want, got); ok != row.ok || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", row.sentence, ok, diff)
		}
	}
}

// FuzzRegistering sends whatever it likes after the CONNECT of a device that asks for its
// hub: the connection has none behind it, which no packet may stumble over.
func FuzzRegistering(f *testing.F) {
	log := &errorLog{}
	r := newRig(f, Config{WriteTimeout: time.Second, Log: slog.New(log), Provisioner: desk{}})
	f.Cleanup(r.close)
	for _, pk := range []packets.Packet{
		publish311(1, topicRegister+"/?$rid=1", "{}"), publish311(0, topicRegistration+"/?$rid=1&operationId=4.x", ""),
		publish311(1, events1+"a=b", "x"), publish311(0, "$iothub/twin/GET/?$rid=1", ""),
		{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 1, Filters: packets.Subscriptions{{Filter: "$dps/registrations/res/#", Qos: 1}}},
		{FixedHeader: packets.FixedHeader{Type: packets.Unsubscribe, Qos: 1}, PacketID: 1, Filters: packets.Subscriptions{{Filter: "$dps/registrations/res/#"}}},
		{FixedHeader: packets.FixedHeader{Type: packets.Disconnect}},
	} {
		f.Add(encodeClient(f, pk, 4))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		pk := connectPacket(t, "reg-1")
		pk.Connect.Username, pk.Connect.Password = []byte("0neTEST/registrations/reg-1/api-version=2019-03-31"), []byte("good")
		near, far := net.Pipe()
		ended := make(chan struct{})
		go func() { r.front.ServeConn(far); close(ended) }()
		go func() { _, _ = io.Copy(io.Discard, near) }()
		if _, err := near.Write(encodeClient(t, pk, 4)); err != nil {
			t.Fatalf("CONNECT: %v", err)
		}
		_, _ = near.Write(stream) // the front may hang up in the middle of it
		_ = near.Close()
		<-ended
		if e := log.take(); e != nil {
			t.Fatal(e)
		}
	})
}
