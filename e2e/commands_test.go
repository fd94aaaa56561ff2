package e2e

import (
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"twinrig/hub/client"
)

// heard is a cloud-to-device message as commands.js prints it.
type heard struct {
	What, Body, To, MessageID, CorrelationID, UserID, ContentType, ContentEncoding string
	Properties                                                                     [][2]string
	Expires                                                                        time.Time
}

// A service queues cloud-to-device messages by our own call, before and while a
// device on Azure's SDK is online.
func TestAzureCommands(t *testing.T) {
	h := startHub(t)
	connection, service := h.device("valve-1"), h.client()
	commands := []client.Command{
		{
			Body: []byte("close slowly"), MessageID: "m-1", CorrelationID: "c-1", UserID: "operator", ContentType: "text/plain", ContentEncoding: "utf-8",
			Expiry: time.Now().Add(20 * time.Minute), Properties: map[string]string{"speed": "2 %/s", "ventil/ä&b": "=+%20"},
		},
		{Body: []byte{0, 255, 10}, MessageID: "m-2"},
		{Body: []byte("while online"), MessageID: "m-3", Properties: map[string]string{"last": "one"}},
	}
	receipts := make([]client.QueuedCommand, len(commands))
	send := func(i int) {
		t.Helper()
		var err error
		if receipts[i], err = service.SendCommand(t.Context(), "valve-1", commands[i]); err != nil {
			t.Fatal(err)
		}
	}
	send(0)
	send(1)
	wantWaiting(t, service, "valve-1", 2)

	p := startPlay(t, h, "commands.js", map[string]string{"device": connection, "count": fmt.Sprint(len(commands))})
	for i, c := range commands {
		if i == 2 {
			send(i)
		}
		var got heard
		p.reads(&got)
		want := heard{
			What: "message", Body: base64.StdEncoding.EncodeToString(c.Body), To: "/devices/valve-1/messages/deviceBound",
			MessageID: c.MessageID, CorrelationID: c.CorrelationID, UserID: c.UserID, ContentType: c.ContentType, ContentEncoding: c.ContentEncoding,
			Properties: pairs(c.Properties), Expires: receipts[i].Expiry.Truncate(100 * time.Nanosecond), // 7 digits on the wire
		}
		byKey := cmpopts.SortSlices(func(a, b [2]string) bool { return a[0] < b[0] })
		if diff := cmp.Diff(want, got, byKey, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("message %d (-want +got):\n%s", i, diff)
		}
		p.says(`{"what":"completed","result":"MessageCompleted"}`)
	}
	p.ends()
	wantWaiting(t, service, "valve-1", 0)
}

func pairs(properties map[string]string) (out [][2]string) {
	for key, value := range properties {
		out = append(out, [2]string{key, value})
	}
	return out
}

// wantWaiting compares how many messages wait for a device.
func wantWaiting(t *testing.T, service *client.Client, id string, want int) {
	t.Helper()
	d, err := service.Device(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if d.CommandCount != want {
		t.Errorf("%d messages wait for %s, want %d", d.CommandCount, id, want)
	}
}

// The queue of a device that never comes has an end.
func TestCommandQueueIsBounded(t *testing.T) {
	h := startHub(t)
	h.device("valve-2")
	service := h.client()
	for i := range 50 {
		if _, err := service.SendCommand(t.Context(), "valve-2", client.Command{Body: fmt.Append(nil, i)}); err != nil {
			t.Fatal(err)
		}
	}
	var refusal *client.Error
	_, err := service.SendCommand(t.Context(), "valve-2", client.Command{})
	if !errors.As(err, &refusal) || refusal.Name != "DeviceMaximumQueueDepthExceeded" || refusal.Status != 403 {
		t.Errorf("message 51: %v", err)
	}
	wantWaiting(t, service, "valve-2", 50)
}
