package hub

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func (r *rig) queueWith(ack, messageID string) {
	r.Helper()
	m := Message{System: SystemProperties{Ack: ack, MessageID: messageID}}
	_, err := r.hub.Enqueue(r.Context(), "d", m)
	r.check(err)
}

// feedback takes what waits and writes it as "message outcome" lines.
func (r *rig) feedback() string {
	r.Helper()
	n, ok, _, err := r.hub.Feedback().Next(r.Context())
	r.check(err)
	if !ok {
		return ""
	}
	var records []feedbackRecord
	r.check(json.Unmarshal(n.Body, &records))
	r.check(r.hub.Feedback().Complete(r.Context(), n.LockToken))
	var lines []string
	for _, f := range records {
		if f.DeviceID != "d" || f.GenerationID == "" || f.Description != f.Status || f.Enqueued.IsZero() {
			r.Errorf("record %+v", f)
		}
		lines = append(lines, f.MessageID+" "+string(f.Status))
	}
	return strings.Join(lines, "\n")
}

// Each outcome is told to those, and only those, who asked for it.
func TestFeedback(t *testing.T) {
	for _, row := range []struct {
		outcome string
		cause   func(r *rig, c *Connection)
	}{
		{"Success", func(r *rig, c *Connection) { r.check(c.Complete(r.Context(), r.next(c).LockToken)) }},
		{"Rejected", func(r *rig, c *Connection) { r.check(c.Reject(r.Context(), r.next(c).LockToken)) }},
		{"Purged", func(r *rig, c *Connection) { _, err := r.hub.PurgeCommands(r.Context(), "d"); r.check(err) }},
		{"Expired", func(r *rig, c *Connection) { time.Sleep(time.Hour + time.Second) }},
		{"DeliveryCountExceeded", func(r *rig, c *Connection) {
			for l := r.next(c); l.LockToken != ""; l = r.next(c) {
				r.check(c.Abandon(r.Context(), l.LockToken))
			}
		}},
	} {
		for _, ack := range []string{"", "none", "positive", "negative", "full"} {
			inBubble(t, func(r *rig) {
				c, _ := r.device("d")
				r.queueWith(ack, "m")
				row.cause(r, c)
				synctest.Wait()
				want := "m " + row.outcome
				if ack == "" || ack == "none" || ack == "positive" && row.outcome != "Success" || ack == "negative" && row.outcome == "Success" {
					want = ""
				}
				if got := r.feedback(); got != want {
					r.Errorf("%s with ack %q: feedback %q, want %q", row.outcome, ack, got, want)
				}
				r.wantCount(row.outcome, 0)
			})
		}
	}
}

// The expiry of what waited before a restart is noticed as well, and a command under lock
// is left to its device.
func TestExpiryIsWatched(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		r.queueWith("full", "before")
		r.stop()
		r.start()
		time.Sleep(30 * time.Minute)
		c, _ := r.device("d")
		r.queueWith("full", "after")
		time.Sleep(30*time.Minute - time.Second)
		if l := r.next(c); l.System.MessageID != "before" {
			r.Fatalf("took %q", l.System.MessageID)
		}
		time.Sleep(30 * time.Second)
		if got := r.feedback(); got != "" {
			r.Errorf("feedback %q on a locked command", got)
		}
		time.Sleep(time.Minute)
		if got := r.feedback(); got != "before Expired" {
			r.Errorf("feedback %q", got)
		}
		time.Sleep(30 * time.Minute)
		if got := r.feedback(); got != "after Expired" {
			r.Errorf("feedback %q", got)
		}
	})
}

// Records are gathered into batches of 64, or for as long as configured.
func TestFeedbackBatches(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.hub.feedback.delay = 15 * time.Second
		c, _ := r.device("d")
		complete := func(from, to int) {
			for i := from; i < to; i++ {
				r.queueWith("positive", fmt.Sprint(i))
				r.check(c.Complete(r.Context(), r.next(c).LockToken))
			}
		}
		complete(0, 1)
		_, ok, wait, err := r.hub.Feedback().Next(r.Context())
		r.check(err)
		if ok || wait != 15*time.Second {
			r.Errorf("first record after %v: %v", wait, ok)
		}
		time.Sleep(10 * time.Second)
		complete(1, 65)
		if got := strings.Count(r.feedback(), "Success"); got != 64 {
			r.Errorf("%d records, want a full batch", got)
		}
		if got := r.feedback(); got != "" {
			r.Errorf("%q came at once", got)
		}
		time.Sleep(15 * time.Second)
		if got := r.feedback(); got != "64 Success" {
			r.Errorf("%q came in the end", got)
		}
	})
}

// A notice is given out again when it is abandoned or its lock runs out; it survives a
// restart, and neither too many deliveries nor an hour.
func TestNoticesAreLocked(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		r.queueWith("full", "m")
		r.check(c.Complete(r.Context(), r.next(c).LockToken))
		take := func(why string, count int) string {
			r.Helper()
			n, ok, _, err := r.hub.Feedback().Next(r.Context())
			r.check(err)
			if ok != (count > 0) || n.DeliveryCount != count {
				r.Errorf("%s: %v, delivery %d, want %d", why, ok, n.DeliveryCount, count)
			}
			return n.LockToken
		}
		token := take("first", 1)
		grown := r.hub.Feedback().Growth()
		take("locked", 0)
		r.check(r.hub.Feedback().Abandon(token))
		<-grown
		r.wantCode("abandoned twice", r.hub.Feedback().Abandon(token), 412002)
		token = take("abandoned", 2)
		time.Sleep(time.Minute)
		r.wantCode("a lock that has run out", r.hub.Feedback().Complete(r.Context(), token), 412002)
		take("after its lock", 3)
		r.stop()
		r.start()
		for n := range feedbackDrops {
			r.check(r.hub.Feedback().Abandon(take("after a restart", n+1)))
		}
		take("too often", 0)
		if len(r.store.notices["feedback"]) != 0 {
			r.Error("what is given up stays in the store")
		}

		c, _ = r.device("d")
		r.queueWith("full", "m")
		r.check(c.Complete(r.Context(), r.next(c).LockToken))
		time.Sleep(time.Hour)
		take("an hour old", 0)
		r.queueWith("full", "m")
		r.check(c.Complete(r.Context(), r.next(c).LockToken))
		r.check(r.hub.DeleteDevice(r.Context(), "d", ""))
		take("of a device that is gone", 0)
	})
}

// A device without a connection receives too, and shares the queue with one.
func TestReceiveWithoutConnection(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		r.queue("d", "1", "2", "3", "4")
		receive := func(hold time.Duration) LockedCommand {
			r.Helper()
			l, _, err := r.hub.ReceiveCommand(r.Context(), "d", hold)
			r.check(err)
			return l
		}
		first, second, third := receive(0), receive(10*time.Second), receive(0)
		if string(first.Body)+string(second.Body)+string(third.Body) != "123" {
			r.Errorf("received %s, %s, %s", first.Body, second.Body, third.Body)
		}
		c, session := r.device("d")
		if l := r.next(c); string(l.Body) != "4" {
			r.Errorf("the connection got %q", l.Body)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if session.String() != "commands waiting" {
			r.Errorf("session heard %q", session)
		}
		r.wantCode("a lock that has run out", r.hub.CompleteCommand(r.Context(), "d", second.LockToken), 412002)
		if l := r.next(c); string(l.Body) != "2" || l.DeliveryCount != 2 {
			r.Errorf("the connection got %q", l.Body)
		}
		r.check(r.hub.CompleteCommand(r.Context(), "d", first.LockToken))
		r.check(r.hub.AbandonCommand(r.Context(), "d", third.LockToken))
		if session.String() != "commands waiting\ncommands waiting" {
			r.Errorf("session heard %q", session)
		}
		third = receive(0)
		r.check(r.hub.RejectCommand(r.Context(), "d", third.LockToken))
		r.wantCount("two are under the connection's locks", 2)
		c.Close()
		if l := receive(0); string(l.Body) != "2" {
			r.Errorf("received %q", l.Body)
		}
		_, _, err := r.hub.ReceiveCommand(r.Context(), "d", time.Second)
		r.wantCode("too short a lock", err, 400004)
		_, _, err = r.hub.ReceiveCommand(r.Context(), "x", 0)
		r.wantCode("unknown device", err, 404001)
		r.wantCode("no such lock", r.hub.CompleteCommand(r.Context(), "d", "x"), 412002)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if n := len(r.hub.mailboxes.byID); n != 0 {
			r.Errorf("%d mailboxes are left", n)
		}
	})
}
