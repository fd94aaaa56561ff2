package client_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinrig/hub/client"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

const twoEvents = `{"partition":1,"number":7,"enqueued":"2000-01-01T00:00:01Z","device":"d","generationId":"63","authMethod":"{}","source":"Telemetry","systemProperties":{"messageId":"m"},"properties":{"a":"b"},"body":{"t":21.5}}
{"partition":1,"number":8,"enqueued":"2000-01-01T00:00:02Z","device":"d","source":"Telemetry","bodyBase64":"AP8="}
`

func TestEvents(t *testing.T) {
	c, seen := answering(t, 200, nil, twoEvents)
	var got []client.Event
	for e, err := range c.Events(t.Context(), 1, client.At(7), false) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	at := time.Date(2000, 1, 1, 0, 0, 1, 0, time.UTC)
	want := []client.Event{
		{Partition: 1, Number: 7, Enqueued: at, Device: "d", GenerationID: "63", AuthMethod: "{}", Source: "Telemetry",
			System: client.SystemProperties{MessageID: "m"}, Properties: map[string]string{"a": "b"}, Body: []byte(`{"t":21.5}`)},
		{Partition: 1, Number: 8, Enqueued: at.Add(time.Second), Device: "d", Source: "Telemetry", Body: []byte{0, 255}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantRequest(t, *seen, "GET /$twinrig/events?api-version=2021-04-12&follow=false&from=7&partition=1\n")
	for range c.Events(t.Context(), 1, client.Earliest, false) {
		break // ends the stream without a second yield, which would panic
	}
}

func TestEventsEndWithTheirError(t *testing.T) {
	for _, c := range []struct {
		why, body string
		status    int
		events    int
		want      string
	}{
		{"refused", `{"Message":"ErrorCode:PartitionNotFound;no"}`, 503, 0, "PartitionNotFound"},
		{"the hub says why it ended the stream", twoEvents + `{"error":"store is gone"}`, 200, 2, "store is gone"},
		{"torn line", twoEvents + `{"partition":1,`, 200, 2, "decode event"},
		{"body no base64", `{"bodyBase64":"!"}`, 200, 0, "body"},
		{"endless line", strings.Repeat(" ", 5<<20), 200, 0, "too long"},
	} {
		cl, _ := answering(t, c.status, nil, c.body)
		events, last := 0, error(nil)
		for _, err := range cl.Events(t.Context(), 1, client.Latest, false) {
			if err == nil {
				events++
			}
			last = err
		}
		if events != c.events || last == nil || !strings.Contains(last.Error(), c.want) {
			t.Errorf("%s: %d events, then %v; want %d and an error saying %q", c.why, events, last, c.events, c.want)
		}
	}
}

// An open stream has no timeout of its own and ends with its context.
func TestFollowEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := client.New(connectionString, client.Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			pr, pw := io.Pipe()
			go func() {
				_, _ = io.WriteString(pw, twoEvents)
				<-r.Context().Done()
				pw.CloseWithError(r.Context().Err())
			}()
			return &http.Response{StatusCode: 200, Body: pr}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
		defer cancel()
		events, last, start := 0, error(nil), time.Now()
		for _, err := range c.Events(ctx, 1, client.Earliest, true) {
			if last = err; err == nil {
				events++
			}
		}
		if events != 2 || !errors.Is(last, context.DeadlineExceeded) || time.Since(start) != 24*time.Hour {
			t.Errorf("%d events in %v, then %v", events, time.Since(start), last)
		}
	})
}

func FuzzEventLine(f *testing.F) {
	f.Add([]byte(twoEvents))
	f.Add([]byte(`{"error":"x"}`))
	f.Fuzz(func(t *testing.T, stream []byte) {
		c, err := client.New(connectionString, client.Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(string(stream)))}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range c.Events(t.Context(), 0, client.Earliest, false) {
			if n++; err != nil {
				break
			}
		}
		if lines := strings.Count(string(stream), "\n") + 1; n > lines {
			t.Errorf("%d events out of %d lines", n, lines)
		}
	})
}
