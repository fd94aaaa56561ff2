package hub

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// take locks commands until the queue yields no more, and returns their bodies.
func (r *rig) take(c *Connection) (bodies []string, locked []LockedCommand) {
	r.Helper()
	for l := r.next(c); l.LockToken != ""; l = r.next(c) {
		bodies = append(bodies, string(l.Body))
		locked = append(locked, l)
	}
	return bodies, locked
}

func (r *rig) wantQueue(why string, c *Connection, want ...string) []LockedCommand {
	r.Helper()
	bodies, locked := r.take(c)
	if !slices.Equal(bodies, want) {
		r.Errorf("%s: took %v, want %v", why, bodies, want)
	}
	return locked
}

func (r *rig) wantCount(why string, want int) {
	r.Helper()
	d, err := r.hub.Device(r.Context(), "d")
	r.check(err)
	if d.CommandCount != want {
		r.Errorf("%s: %d commands, want %d", why, d.CommandCount, want)
	}
}

func TestCommandsAreTakenInOrder(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, session := r.device("d")
		r.queue("d", "1", "2", "3")
		if session.String() != "commands waiting\ncommands waiting\ncommands waiting" {
			r.Errorf("session heard %q", session)
		}
		locked := r.wantQueue("all", c, "1", "2", "3")
		r.wantCount("locked ones count", 3)
		if s := []uint64{locked[0].Sequence, locked[1].Sequence, locked[2].Sequence}; !slices.IsSorted(s) {
			r.Errorf("sequence numbers %v", s)
		}
		r.check(c.Complete(r.Context(), locked[1].LockToken))
		r.check(c.Reject(r.Context(), locked[2].LockToken))
		r.check(c.Abandon(r.Context(), locked[0].LockToken))
		r.wantCount("one is left", 1)
		r.queue("d", "4")
		again := r.wantQueue("the abandoned one comes first", c, "1", "4")
		if again[0].DeliveryCount != 2 || again[1].DeliveryCount != 1 {
			r.Errorf("delivery counts %d, %d", again[0].DeliveryCount, again[1].DeliveryCount)
		}
		for _, l := range locked {
			r.wantCode("a lock is settled once", c.Complete(r.Context(), l.LockToken), 412002)
		}
		r.wantCode("a lock never given", c.Abandon(r.Context(), "nonsense"), 412002)
	})
}

func TestCommandIsCompleted(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		sent, err := r.hub.Enqueue(r.Context(), "d", Message{Body: []byte("x"), Properties: []Property{{"a", "b"}}})
		r.check(err)
		s := r.next(c).System
		if s != sent.System || s.To != "/devices/d/messages/deviceBound" || len(s.MessageID) != 36 || !s.Expiry.Equal(time.Now().Add(time.Hour)) {
			r.Errorf("system properties %+v, sent %+v", s, sent.System)
		}
	})
}

func TestEnqueueRefuses(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		for _, row := range []struct {
			why, id string
			m       Message
			want    int
		}{
			{"a device that is not there", "x", Message{}, 404001},
			{"64 KiB are fine", "d", Message{Body: make([]byte, 64<<10)}, 0},
			{"properties count", "d", Message{Body: make([]byte, 64<<10), Properties: []Property{{"a", ""}}}, 413001},
			{"a negative acknowledgement", "d", Message{System: SystemProperties{Ack: "negative"}}, 0},
			{"an unknown acknowledgement", "d", Message{System: SystemProperties{Ack: "yes"}}, 400004},
			{"48 hours to live", "d", Message{System: SystemProperties{Expiry: time.Now().Add(48 * time.Hour)}}, 0},
			{"more than 48 hours", "d", Message{System: SystemProperties{Expiry: time.Now().Add(48*time.Hour + 1)}}, 400004},
		} {
			_, err := r.hub.Enqueue(r.Context(), row.id, row.m)
			r.wantCode(row.why, err, row.want)
		}
	})
}

func TestQueueHoldsFifty(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		for i := range 50 {
			r.queue("d", fmt.Sprint(i))
			time.Sleep(time.Minute)
		}
		_, err := r.hub.Enqueue(r.Context(), "d", Message{})
		r.wantCode("51st", err, 403004)
		r.wantCount("full", 50)
		time.Sleep(15 * time.Minute) // 0 to 5 have expired after an hour
		r.wantCount("expired ones do not count", 44)
		r.queue("d", "room was made")
		r.wantCount("one more", 45)
		if l := r.next(c); string(l.Body) != "6" {
			r.Errorf("next is %s", l.Body)
		}
	})
}

func TestCommandsExpire(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		_, err := r.hub.Enqueue(r.Context(), "d", Message{Body: []byte("short"), System: SystemProperties{Expiry: time.Now().Add(10 * time.Second)}})
		r.check(err)
		r.queue("d", "long")
		time.Sleep(10*time.Second - 1)
		r.wantCount("the instant before", 2)
		time.Sleep(time.Nanosecond)
		r.wantCount("in the instant", 1)
		locked := r.wantQueue("only what lives is delivered", c, "long")
		time.Sleep(30 * time.Second)
		r.check(c.Abandon(r.Context(), locked[0].LockToken))
		time.Sleep(time.Hour)
		r.wantQueue("an hour later", c)
		if n := len(r.store.commands["d"]); n != 0 {
			r.Errorf("%d expired commands are still stored", n)
		}
	})
}

func TestLocksRunOut(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, session := r.device("d")
		r.queue("d", "1", "2")
		first := r.next(c)
		time.Sleep(20 * time.Second)
		second := r.next(c)
		session.heard = nil
		time.Sleep(40*time.Second - 1)
		r.wantQueue("just before", c)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		again := r.wantQueue("the first lock has run out", c, "1")
		if again[0].LockToken == first.LockToken || again[0].DeliveryCount != 2 {
			r.Errorf("%+v", again[0])
		}
		if session.String() != "commands waiting" {
			r.Errorf("session heard %q", session)
		}
		r.wantCode("too late", c.Complete(r.Context(), first.LockToken), 412002)
		r.check(c.Complete(r.Context(), second.LockToken))
		r.check(c.Complete(r.Context(), again[0].LockToken))
		time.Sleep(time.Hour)
		if session.String() != "commands waiting" {
			r.Errorf("a settled lock ran out: session heard %q", session)
		}
	})
}

func TestDisconnectReleasesLocks(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		r.queue("d", "1", "2")
		old := r.wantQueue("first connection", c, "1", "2")
		r.check(c.Complete(r.Context(), old[0].LockToken))
		next, _ := r.device("d")
		locked := r.wantQueue("second connection", next, "2")
		if locked[0].DeliveryCount != 2 {
			r.Errorf("delivery count %d", locked[0].DeliveryCount)
		}
		if err := c.Complete(r.Context(), old[1].LockToken); err != ErrClosed {
			r.Errorf("settled on the old connection: %v", err)
		}
		if _, _, err := c.NextCommand(r.Context()); err != ErrClosed {
			r.Errorf("taken on the old connection: %v", err)
		}
		time.Sleep(2 * time.Minute)
		r.wantQueue("no lock outlives its time", next, "2")
	})
}

// The tenth delivery is the last; connections and hubs coming and going do not start the
// count anew.
func TestDeliveriesAreCountedDurably(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		r.queue("d", "poison", "good")
		for n := 1; n <= 10; n++ {
			if n%3 == 0 {
				r.stop()
				r.start()
			}
			c, _ := r.device("d")
			l := r.next(c)
			if string(l.Body) != "poison" || l.DeliveryCount != n {
				r.Fatalf("delivery %d: %s, count %d", n, l.Body, l.DeliveryCount)
			}
			if n%2 == 0 {
				r.check(c.Abandon(r.Context(), l.LockToken))
			}
		}
		c, _ := r.device("d")
		r.wantQueue("after ten deliveries", c, "good")
		r.wantCount("the other is gone", 1)
	})
}

func TestDeliveryCountsAreForgottenWithTheirCommands(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		for range 30 {
			r.queue("d", "x")
			r.check(c.Complete(r.Context(), r.next(c).LockToken))
		}
		d, err := r.hub.loadDeliveries(r.Context(), "d")
		r.check(err)
		if len(d.counts) > 1 {
			r.Errorf("counts of completed commands are kept: %v", d.counts)
		}
		r.check(r.hub.DeleteDevice(r.Context(), "d", ""))
		if len(r.store.documents) != 1 { // the hub's own
			r.Errorf("deleting left %v", r.store.documents)
		}
	})
}

func TestPurge(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		r.queue("d", "1", "2", "3")
		l := r.next(c)
		n, err := r.hub.PurgeCommands(r.Context(), "d")
		if n != 3 || err != nil {
			r.Errorf("purged %d, %v", n, err)
		}
		r.wantQueue("after the purge", c)
		r.wantCode("completing what was purged", c.Complete(r.Context(), l.LockToken), 0)
		r.queue("d", "4")
		r.wantQueue("a new one", c, "4")
		_, err = r.hub.PurgeCommands(r.Context(), "x")
		r.wantCode("unknown device", err, 404001)
	})
}

func TestCommandsSurviveRestart(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		m := Message{Body: []byte{0, 1, 0xff}, Properties: []Property{{"k", "v"}, {"k", ""}}}
		m.System.CorrelationID, m.System.Ack = "c", "full"
		sent, err := r.hub.Enqueue(r.Context(), "d", m)
		r.check(err)
		r.stop()
		r.start()
		c, _ := r.device("d")
		l := r.next(c)
		if !bytes.Equal(l.Body, m.Body) || !slices.Equal(l.Properties, m.Properties) || l.System != sent.System || l.Sequence != sent.Sequence || !l.Enqueued.Equal(sent.Enqueued) {
			r.Errorf("%+v, sent %+v", l, sent)
		}
	})
}

func TestNextCommandTakesTurns(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		for i := range 40 {
			r.queue("d", fmt.Sprint(i))
		}
		tokens := make(chan string, 100)
		for range 4 {
			go func() {
				for {
					l, ok, err := c.NextCommand(r.Context())
					if err != nil {
						r.Error(err)
					}
					if !ok {
						tokens <- ""
						return
					}
					tokens <- string(l.Body)
				}
			}()
		}
		seen := map[string]bool{}
		for ended := 0; ended < 4; {
			body := <-tokens
			if body == "" {
				ended++
			} else if seen[body] {
				r.Errorf("command %s was given out twice", body)
			} else {
				seen[body] = true
			}
		}
		if len(seen) != 40 {
			r.Errorf("%d of 40 commands were given out", len(seen))
		}
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		c.box.turn <- struct{}{}
		if _, _, err := c.NextCommand(ctx); err == nil {
			r.Error("waiting for a turn ignores the context")
		}
		<-c.box.turn
	})
}

// A command that is abandoned while the next one is being looked for is not passed
// over: the search began behind it.
func TestCommandAbandonedDuringASearch(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		r.queue("d", "1", "2")
		first := r.next(c)
		r.store.beforePut = func(Document) { // the delivery of "2" is about to be counted
			r.store.beforePut = nil
			r.check(c.Abandon(r.Context(), first.LockToken))
		}
		if second := r.next(c); string(second.Body) != "2" {
			r.Fatalf("took %q, want the one that was searched for", second.Body)
		}
		r.wantQueue("the abandoned one is found", c, "1")
	})
}
