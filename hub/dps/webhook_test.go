package dps

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// hook answers in place of a web server.
type hook func(*http.Request) (status int, body string)

func (h hook) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := h(r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

const customGroup = `{"allocationPolicy":"custom","customAllocationDefinition":{"webhookUrl":"https://hook.example/api?code=hunter2","apiVersion":"2019-03-31"},` +
	`"initialTwin":{"tags":{"site":"enrollment"}},` + symmetric + `}`

func TestWebhook(t *testing.T) {
	inBubble(t, func(r *rig) {
		var asked []map[string]any
		r.dps.webhook.Transport = hook(func(q *http.Request) (int, string) {
			var question map[string]any
			if err := json.NewDecoder(q.Body).Decode(&question); err != nil {
				t.Error(err)
			}
			asked = append(asked, question)
			return 200, `{"iotHubHostName":"B.example","initialTwin":{"tags":{"site":"hook"},"properties":{"desired":{"y":1}}},"payload":{"hello":["device"]}}`
		})
		r.enroll("/enrollmentGroups/plant", customGroup)
		d := r.device("Press-1", DeriveKey(keyA, "Press-1"))
		d.body = `{"registrationId":"Press-1","payload":{"model":"x"}}`
		a := d.register()
		if a.Status != assigned || a.State.Hub != "b.example" || string(a.State.Payload) != `{"hello":["device"]}` {
			t.Fatalf("answered %+v", a)
		}
		if got := r.twin("b.example", "Press-1"); got != `{"site":"hook"} {"y":1} {}` {
			t.Errorf("twin is %s", got)
		}
		d.register()
		first, second := asked[0], asked[1]
		if g := first["enrollmentGroup"].(map[string]any); g["enrollmentGroupId"] != "plant" || strings.Contains(mustJSON(t, g), keyA) {
			t.Errorf("told of the group: %v", g)
		}
		want := map[string]any{"registrationId": "Press-1", "symmetricKey": map[string]any{}, "payload": map[string]any{"model": "x"}}
		if diff := cmp.Diff(want, first["deviceRuntimeContext"]); diff != "" {
			t.Errorf("told of the device (-want +got):\n%s", diff)
		}
		want["currentIotHubHostName"], want["currentDeviceId"] = "b.example", "Press-1"
		if diff := cmp.Diff(want, second["deviceRuntimeContext"]); diff != "" {
			t.Errorf("told the second time (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]any{"a.example", "b.example"}, first["linkedHubs"]); diff != "" {
			t.Errorf("told of hubs (-want +got):\n%s", diff)
		}
	})
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWebhookFails(t *testing.T) {
	for _, row := range []struct {
		sentence string
		hook     hook
		why      string
	}{
		{"status", func(*http.Request) (int, string) { return 403, "{}" }, "status 403"},
		{"redirect", func(*http.Request) (int, string) { return 307, "" }, "status 307"},
		{"no JSON", func(*http.Request) (int, string) { return 200, "ok" }, "not the JSON"},
		{"no hub", func(*http.Request) (int, string) { return 200, "{}" }, "not one of linkedHubs"},
		{"another hub", func(*http.Request) (int, string) { return 200, `{"iotHubHostName":"c.example"}` }, "not one of linkedHubs"},
		{"a twin that cannot be", func(*http.Request) (int, string) {
			return 200, `{"iotHubHostName":"a.example","initialTwin":{"tags":{"a b":1}}}`
		}, "initialTwin"},
		{"too much", func(*http.Request) (int, string) { return 200, strings.Repeat(" ", maxWebhookAnswer+1) }, "larger than"},
		{"silence", func(q *http.Request) (int, string) {
			<-q.Context().Done()
			return 0, ""
		}, "deadline exceeded"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				r.dps.webhook.Transport = row.hook
				r.enroll("/enrollmentGroups/plant", customGroup)
				begun := time.Now()
				a := r.device("p-1", DeriveKey(keyA, "p-1")).register()
				if a.http != 200 || a.Status != failed || a.State.ErrorCode != 400207 || !strings.Contains(a.State.ErrorMessage, row.why) {
					t.Errorf("answered %+v", a)
				}
				if strings.Contains(a.State.ErrorMessage, "hunter2") {
					t.Errorf("the address of the webhook is told: %s", a.State.ErrorMessage)
				}
				if took := time.Since(begun); took > 7*time.Second {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

// Close does not wait for a webhook, and what it breaks off is taken up again.
func TestCloseDuringWebhook(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.dps.webhook.Transport = hook(func(q *http.Request) (int, string) {
			<-q.Context().Done()
			return 0, ""
		})
		r.enroll("/enrollmentGroups/plant", customGroup)
		d := r.device("p-1", DeriveKey(keyA, "p-1"))
		begun, a := time.Now(), d.begin()
		r.dps.Close()
		if took := time.Since(begun); took != 0 {
			t.Errorf("Close took %v", took)
		}
		r.start()
		r.dps.webhook.Transport = hook(func(*http.Request) (int, string) { return 200, `{"iotHubHostName":"a.example"}` })
		d.poll(a.Operation)
		time.Sleep(time.Second)
		if a := d.poll(a.Operation); a.Status != assigned {
			t.Errorf("answered %+v", a)
		}
	})
}
