package link_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"twinrig/devicesim/link"
)

// TestTranscripts pins whole conversations, packet by packet. Run with
// -rewrite to accept changed ones.
func TestTranscripts(t *testing.T) {
	for i, p := range protocols {
		datadriven.Walk(t, "testdata/"+[]string{"mqtt311", "mqtt5"}[i], func(t *testing.T, path string) {
			t.Logf("%s: %s", p.name, path)
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, i)
				defer s.link.Close(t.Context())
				datadriven.RunTest(t, path, s.run)
			})
		})
	}
}

// stage runs one transcript.
type stage struct {
	hub     *fakeHub
	handler *recorder
	link    link.Link
}

func newStage(t *testing.T, protocol int) *stage {
	s := &stage{}
	s.hub, s.handler, s.link = device(t, protocol, func(c *link.Config) {
		c.ModelID = "dtmi:example:Truck;1"
		c.KeepAlive = 20 * time.Minute
	})
	return s
}

func (s *stage) run(t *testing.T, d *datadriven.TestData) string {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	result := s.command(ctx, d)
	synctest.Wait()
	lines := s.hub.take()
	for i, l := range lines { // the library begins packet ids of SUBSCRIBE and SUBACK anywhere
		lines[i] = subscribeID.ReplaceAllString(l, "$1 id=*")
	}
	if result != "" {
		lines = append(lines, result)
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

var subscribeID = regexp.MustCompile(`(SUBSCRIBE|SUBACK) id=\d+`)

func (s *stage) command(ctx context.Context, d *datadriven.TestData) string {
	switch d.Cmd {
	case "connect":
		return outcome(s.link.Connect(ctx, s.handler))
	case "close":
		return outcome(s.link.Close(ctx))
	case "send":
		return outcome(s.link.Send(ctx, parseMessage(d.Input)))
	case "twin":
		desired, reported, err := s.link.Twin(ctx)
		return fmt.Sprintf("desired %v, reported %v, %s", desired, reported, outcome(err))
	case "report":
		var patch map[string]any
		if err := json.Unmarshal([]byte(d.Input), &patch); err != nil {
			return err.Error()
		}
		version, err := s.link.Report(ctx, patch)
		return fmt.Sprintf("version %d, %s", version, outcome(err))
	case "hub":
		return s.hubSends(d)
	case "answer": // the next PUBLISH gets this one
		first, rest, _ := strings.Cut(d.Input, "\n")
		p := parsePacket(strings.Fields(first), strings.TrimSuffix(rest, "\n"))
		s.hub.mu.Lock()
		s.hub.canned = &p
		s.hub.mu.Unlock()
	case "mute":
		s.hub.silence(strings.Fields(d.Input)...)
	case "refuse":
		code, _ := strconv.ParseUint(strings.TrimSpace(d.Input), 10, 8)
		s.hub.refuse = byte(code)
	case "sleep":
		wait, err := time.ParseDuration(strings.TrimSpace(d.Input))
		if err != nil {
			return err.Error()
		}
		time.Sleep(wait)
	default:
		return "unknown command " + d.Cmd
	}
	return ""
}

// hubSends is "hub", followed by one packet or by "hang up" or "raw" and bytes.
func (s *stage) hubSends(d *datadriven.TestData) string {
	first, rest, _ := strings.Cut(d.Input, "\n")
	switch words := strings.Fields(first); words[0] {
	case "hang":
		s.hub.hangUp()
	case "raw":
		b, err := hex.DecodeString(strings.Join(words[1:], ""))
		if err != nil {
			return err.Error()
		}
		s.hub.raw(b)
	default:
		s.hub.push(parsePacket(words, strings.TrimSuffix(rest, "\n")))
	}
	return ""
}

// parsePacket reads "PUBLISH qos=1 id=9 topic=… [key=value] …", the payload below.
func parsePacket(words []string, payload string) packet {
	p := packet{kind: words[0], payload: payload}
	for _, w := range words[1:] {
		k, v, _ := strings.Cut(strings.Trim(w, "[]"), "=")
		n, _ := strconv.ParseUint(v, 10, 16)
		switch {
		case strings.HasPrefix(w, "["):
			p.user = append(p.user, [2]string{k, v})
		case k == "qos":
			p.qos = byte(n)
		case k == "id":
			p.id = uint16(n)
		case k == "topic":
			p.topic = v
		case k == "code":
			p.codes = append(p.codes, byte(n))
		case k == "correlation":
			p.correlation = v
		case k == "content-type":
			p.contentType = v
		}
	}
	return p
}

// parseMessage reads "name=value" lines, then the body.
func parseMessage(s string) link.Message {
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	m := link.Message{Body: []byte(lines[len(lines)-1]), Properties: map[string]string{}}
	for _, l := range slices.Delete(lines, len(lines)-1, len(lines)) {
		k, v, _ := strings.Cut(l, "=")
		switch k {
		case "content-type":
			m.ContentType = v
		case "content-encoding":
			m.ContentEncoding = v
		case "message-id":
			m.MessageID = v
		case "component":
			m.Component = v
		default:
			m.Properties[k] = v
		}
	}
	return m
}

func outcome(err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	return "ok"
}
