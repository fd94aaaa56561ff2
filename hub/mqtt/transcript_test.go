package mqtt

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// TestTranscripts plays the conversations in testdata, in virtual time. Run it with
// -rewrite to write down what happens now.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			inBubble(t, Config{Provisioner: desk{}}, func(t *testing.T, r *rig) {
				datadriven.RunTestAny(t, file, func(t testing.TB, d *datadriven.TestData) string {
					s := step{rig: r, t: t, d: d, fields: fields(d.Input)}
					s.run()
					synctest.Wait()
					return s.outcome()
				})
			})
		})
	}
}

// step is one directive of a transcript.
type step struct {
	*rig
	t      testing.TB
	d      *datadriven.TestData
	fields []field
}

// field is an input line "name: value".
type field struct{ name, value string }

func fields(input string) (all []field) {
	for line := range strings.SplitSeq(input, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			all = append(all, field{name, value})
		} else if line != "" {
			all = append(all, field{strings.TrimSuffix(line, ":"), ""})
		}
	}
	return all
}

func (s *step) get(name string) string {
	for _, f := range s.fields {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

func (s *step) user() (all []packets.UserProperty) {
	for _, f := range s.fields {
		if f.name == "user" {
			k, v, _ := strings.Cut(f.value, "=")
			all = append(all, packets.UserProperty{Key: k, Val: v})
		}
	}
	return all
}

func (s *step) arg(name, fallback string) string {
	for _, a := range s.d.CmdArgs {
		if a.Key == name {
			if len(a.Vals) == 0 {
				return "yes"
			}
			return a.Vals[0]
		}
	}
	return fallback
}

func (s *step) num(name string, fallback int) int {
	n, err := strconv.ParseInt(s.arg(name, strconv.Itoa(fallback)), 0, 64)
	if err != nil {
		s.d.Fatalf(s.t, "%s: %v", name, err)
	}
	return int(n)
}

func (s *step) client() *testClient {
	c := s.clients[s.arg("c", "a")]
	if c == nil {
		s.d.Fatalf(s.t, "no client %q", s.arg("c", "a"))
	}
	return c
}

func (s *step) run() {
	ctx := context.Background()
	switch id := s.arg("device", "dev-1"); s.d.Cmd {
	case "device":
		s.device(id)
	case "dial":
		s.dial(s.arg("c", "a"))
	case "connect":
		s.connectStep(id)
	case "publish", "subscribe", "unsubscribe", "puback", "ping", "disconnect", "auth", "raw":
		s.packetStep()
	case "hangup":
		_ = s.client().conn.Close()
	case "enqueue":
		s.enqueueStep(ctx, id)
	case "invoke":
		s.invokeStep(ctx, id)
	case "patch-twin":
		_, err := s.hub.PatchTwin(ctx, id, []byte(s.d.Input), "")
		s.note("patch-twin", err)
	case "disable":
		s.note("disable", s.change(ctx, id, func(d *hub.Device) { d.Status = hub.StatusDisabled }))
	case "enable":
		s.note("enable", s.change(ctx, id, func(d *hub.Device) { d.Status = hub.StatusEnabled }))
	case "roll":
		s.note("roll", s.change(ctx, id, func(d *hub.Device) {
			key := base64.StdEncoding.EncodeToString([]byte("another key of 32 characters ..."))
			d.Authentication.SymmetricKey.Secondary = &key
			if s.arg("key", "") == "both" {
				d.Authentication.SymmetricKey.Primary = &key
			}
		}))
	case "delete":
		s.note("delete", s.hub.DeleteDevice(ctx, id, ""))
	case "restart":
		s.stop()
		s.start()
	case "shutdown":
		s.note("shutdown", s.front.Close(ctx))
	case "sleep":
		d, err := time.ParseDuration(s.arg("for", ""))
		if err != nil {
			s.d.Fatalf(s.t, "%v", err)
		}
		time.Sleep(d)
	case "events", "queue":
	default:
		s.d.Fatalf(s.t, "unknown directive %s", s.d.Cmd)
	}
}

func (s *step) change(ctx context.Context, id string, edit func(*hub.Device)) error {
	d, err := s.hub.Device(ctx, id)
	if err != nil {
		return err
	}
	edit(&d)
	_, err = s.hub.UpdateDevice(ctx, d, "")
	return err
}

func (s *step) enqueueStep(ctx context.Context, id string) {
	m := hub.Message{Body: []byte(s.get("payload"))}
	m.System.MessageID, m.System.CorrelationID = s.get("message-id"), s.get("correlation-id")
	m.System.ContentType, m.System.ContentEncoding = s.get("content-type"), s.get("content-encoding")
	m.System.Ack, m.System.To, m.System.InputName = s.get("ack"), s.get("to"), s.get("input")
	for _, u := range s.user() {
		m.Properties = append(m.Properties, hub.Property{Key: u.Key, Value: u.Val})
	}
	for range s.num("times", 1) {
		_, err := s.hub.Enqueue(ctx, id, m)
		s.note("enqueue", err)
	}
}

func (s *step) invokeStep(ctx context.Context, id string) {
	call := hub.MethodCall{Name: s.arg("name", "reboot"), ResponseTimeout: 10 * time.Second}
	if p := s.get("payload"); p != "" {
		call.Payload = []byte(p)
	}
	var err error
	if call.ConnectTimeout, err = time.ParseDuration(s.arg("connect-timeout", "0s")); err != nil {
		s.d.Fatalf(s.t, "%v", err)
	}
	s.serving.Go(func() {
		result, err := s.hub.Invoke(ctx, id, call)
		if err != nil {
			s.note("invoke "+call.Name, err)
			return
		}
		s.note(fmt.Sprintf("invoke %s: %d %s", call.Name, result.Status, result.Payload), errQuiet)
	})
}

var errQuiet = errors.New("")

// note writes down how an operation of the service side ended; success without a
// result is not worth a line.
func (s *step) note(what string, err error) {
	s.rig.mu.Lock()
	defer s.rig.mu.Unlock()
	switch {
	case err == nil:
	case err == errQuiet:
		s.notes = append(s.notes, what)
	default:
		s.notes = append(s.notes, what+": "+err.Error())
	}
}

// outcome returns what clients and service have seen since the step began.
func (s *step) outcome() string {
	var lines []string
	names := make([]string, 0, len(s.clients))
	for name := range s.clients {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, line := range s.clients[name].take() {
			lines = append(lines, name+" < "+line)
		}
	}
	s.rig.mu.Lock()
	lines = append(lines, s.notes...)
	s.notes = nil
	s.rig.mu.Unlock()
	switch s.d.Cmd {
	case "events":
		lines = append(lines, s.events()...)
	case "queue":
		d, err := s.hub.Device(context.Background(), s.arg("device", "dev-1"))
		lines = append(lines, fmt.Sprintf("%d commands wait, %s, error %v", d.CommandCount, d.ConnectionState, err))
	}
	if len(lines) == 0 {
		return "(nothing)"
	}
	return strings.Join(lines, "\n")
}
