package hub

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// one returns a rig's hub replaced by one with a single partition, and that
// partition's log.
func (r *rig) onePartition() *fakeLog {
	r.Helper()
	r.stop()
	r.store = newFakeStore()
	h, err := New(Config{Partitions: 1, Random: rand.NewChaCha8([32]byte{1})}, r.store)
	r.check(err)
	r.hub = h
	return r.store.logs[0]
}

// send sends a message and returns where its outcome will appear.
func send(c *Connection, body string) <-chan error {
	done := make(chan error, 1)
	c.Telemetry(Message{Body: []byte(body)}, func(err error) { done <- err })
	return done
}

func (r *rig) events(from uint64) (all []Event) {
	r.Helper()
	for e, err := range r.hub.Events(r.Context(), 0, from, false) {
		r.check(err)
		all = append(all, e)
	}
	return all
}

func TestGroupCommit(t *testing.T) {
	inBubble(t, func(r *rig) {
		log := r.onePartition()
		log.gate = make(chan struct{})
		c, _ := r.device("d")
		acknowledged := []<-chan error{send(c, "0")}
		synctest.Wait() // the first append is under way now
		for i := 1; i <= 5; i++ {
			time.Sleep(time.Millisecond)
			acknowledged = append(acknowledged, send(c, fmt.Sprint(i)))
		}
		synctest.Wait()
		select {
		case <-acknowledged[0]:
			r.Error("acknowledged before the append")
		default:
		}
		log.gate <- struct{}{}
		log.gate <- struct{}{}
		for _, done := range acknowledged {
			r.check(<-done)
		}
		if n := len(log.records); n != 2 {
			r.Errorf("6 events made %d records; want the first alone and five together", n)
		}
		start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		for i, e := range r.events(0) {
			if e.Number != uint64(i) || string(e.Body) != fmt.Sprint(i) || !e.Enqueued.Equal(start.Add(time.Duration(i)*time.Millisecond)) {
				r.Errorf("event %d is %d, %s, %v", i, e.Number, e.Body, e.Enqueued)
			}
		}
	})
}

func TestEventTellsWhoSentIt(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.onePartition()
		d := r.create("d")
		info := ConnectInfo{DeviceID: "d", ModelID: "dtmi:truck;1", AuthMethod: `{"type":"sas"}`}
		c, err := r.hub.Connect(r.Context(), info, &recorder{})
		r.check(err)
		r.check(<-send(c, "x"))
		e := r.events(0)[0]
		if e.Device != "d" || e.GenerationID != d.GenerationID || e.ModelID != info.ModelID || e.AuthMethod != info.AuthMethod || e.Source != "Telemetry" {
			r.Errorf("%+v", e)
		}
	})
}

// A record never outgrows what the store takes.
func TestLargeEventsAreSpreadOverRecords(t *testing.T) {
	inBubble(t, func(r *rig) {
		log := r.onePartition()
		c, _ := r.device("d")
		body := strings.Repeat("x", maxTelemetry)
		var acknowledged []<-chan error
		for range 9 {
			acknowledged = append(acknowledged, send(c, body))
		}
		for _, done := range acknowledged {
			r.check(<-done)
		}
		for _, rec := range log.records {
			if len(rec.Body) > MaxRecord {
				r.Errorf("record of %d bytes", len(rec.Body))
			}
		}
		if n := len(r.events(0)); n != 9 {
			r.Errorf("%d events", n)
		}
		r.wantCode("one byte more", <-send(c, body+"x"), 413001)
	})
}

// Two hubs on one log: the one that comes second numbers its events behind the
// other's.
func TestLostRaceIsNumberedAgain(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.onePartition()
		other, err := New(Config{Partitions: 1}, r.store)
		r.check(err)
		defer other.Close(context.Background())
		mine, _ := r.device("mine")
		r.create("theirs")
		theirs, err := other.Connect(r.Context(), ConnectInfo{DeviceID: "theirs"}, &recorder{})
		r.check(err)
		for i := range 10 {
			r.check(<-send([]*Connection{mine, theirs}[i/2%2], fmt.Sprint(i)))
		}
		for i, e := range r.events(0) {
			if e.Number != uint64(i) || string(e.Body) != fmt.Sprint(i) {
				r.Errorf("event %d is %d, %s", i, e.Number, e.Body)
			}
		}
	})
}

func TestFailedAppendIsReported(t *testing.T) {
	inBubble(t, func(r *rig) {
		log := r.onePartition()
		c, _ := r.device("d")
		log.fail = errors.New("disk is full")
		if err := <-send(c, "lost"); err == nil || !strings.Contains(err.Error(), "append to partition 0: disk is full") {
			r.Errorf("error %v", err)
		}
		log.fail = nil
		r.check(<-send(c, "kept"))
		if all := r.events(0); len(all) != 1 || string(all[0].Body) != "kept" || all[0].Number != 0 {
			r.Errorf("events %+v", all)
		}
	})
}

// A full queue holds its producers back and loses nothing.
func TestFullQueueHoldsProducersBack(t *testing.T) {
	inBubble(t, func(r *rig) {
		log := r.onePartition()
		log.gate = make(chan struct{})
		c, _ := r.device("d")
		var returned, done atomic.Int32
		const producers, each = 10, maxQueuedBytes / maxTelemetry / 4
		body := make([]byte, maxTelemetry)
		for range producers {
			go func() {
				for range each {
					c.Telemetry(Message{Body: body}, func(error) { done.Add(1) })
					returned.Add(1)
				}
			}()
		}
		synctest.Wait()
		if n := int(returned.Load()); n < maxQueuedBytes/maxTelemetry || n >= producers*each {
			r.Errorf("%d of %d calls returned while nothing could be appended", n, producers*each)
		}
		close(log.gate)
		synctest.Wait()
		if int(done.Load()) != producers*each {
			r.Errorf("%d of %d events were done", done.Load(), producers*each)
		}
	})
}

func TestCloseWaitsForEventsTakenOver(t *testing.T) {
	inBubble(t, func(r *rig) {
		log := r.onePartition()
		log.gate = make(chan struct{})
		c, s := r.device("d")
		first, second := send(c, "1"), send(c, "2")
		go func() {
			time.Sleep(time.Second)
			close(log.gate)
		}()
		r.check(r.hub.Close(r.Context()))
		r.check(<-first)
		r.check(<-second)
		if s.String() != fmt.Sprint("close ", CloseShutdown) {
			r.Errorf("session heard %q", s)
		}
		if err := <-send(c, "3"); !errors.Is(err, ErrClosed) {
			r.Errorf("telemetry after close: %v", err)
		}
	})
}

func TestCloseGivesUpWithItsContext(t *testing.T) {
	inBubble(t, func(r *rig) {
		log := r.onePartition()
		log.gate = make(chan struct{})
		c, _ := r.device("d")
		done := send(c, "1")
		synctest.Wait()
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		if err := r.hub.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			r.Errorf("close: %v", err)
		}
		if err := <-done; err == nil {
			r.Error("an event that was not appended was acknowledged")
		}
	})
}

func TestTelemetryOnClosedConnectionIsRefused(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.onePartition()
		c, _ := r.device("d")
		c.Close()
		if err := <-send(c, "x"); !errors.Is(err, ErrClosed) {
			r.Errorf("error %v", err)
		}
		if n := len(r.events(0)); n != 0 {
			r.Errorf("%d events", n)
		}
	})
}

func TestEventsBeginWhereAsked(t *testing.T) {
	inBubble(t, func(r *rig) {
		log := r.onePartition()
		c, _ := r.device("d")
		const total = 100
		for n := 0; n < total; { // records of 1, 2, 3, … events
			log.gate = make(chan struct{})
			var acknowledged []<-chan error
			for range min(len(log.records)+1, total-n) {
				acknowledged = append(acknowledged, send(c, fmt.Sprint(n)))
				n++
			}
			close(log.gate)
			for _, done := range acknowledged {
				r.check(<-done)
			}
		}
		check := func(from, first uint64) {
			r.Helper()
			all := r.events(from)
			if len(all) != int(total-first) || len(all) > 0 && (all[0].Number != first || string(all[0].Body) != fmt.Sprint(first)) {
				r.Errorf("from %d: %d events, want those from %d on", from, len(all), first)
			}
		}
		for from := range uint64(total + 1) {
			check(from, from)
		}
		check(total+5, total)
		log.dropOldest(3)
		oldest, next, err := r.hub.PartitionInfo(r.Context(), 0)
		r.check(err)
		if oldest == 0 || next != total {
			r.Errorf("partition holds %d to %d", oldest, next)
		}
		check(0, oldest)
		check(oldest+1, oldest+1)
	})
}

func TestNumbersGoOnAfterRestart(t *testing.T) {
	inBubble(t, func(r *rig) {
		log := r.onePartition()
		c, _ := r.device("d")
		for range 3 {
			r.check(<-send(c, "old"))
		}
		log.dropOldest(2)
		r.stop()
		h, err := New(Config{Partitions: 1}, r.store)
		r.check(err)
		r.hub = h
		if oldest, next, err := h.PartitionInfo(r.Context(), 0); oldest != 2 || next != 3 || err != nil {
			r.Errorf("partition holds %d to %d, %v; want 2 to 3", oldest, next, err)
		}
		c, _ = r.device("d")
		r.check(<-send(c, "new"))
		if all := r.events(3); len(all) != 1 || string(all[0].Body) != "new" {
			r.Errorf("events %+v", all)
		}
	})
}

func TestEventsFollow(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.onePartition()
		c, _ := r.device("d")
		ctx, cancel := context.WithCancel(r.Context())
		var got []string
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for e, err := range r.hub.Events(ctx, 0, 1, true) {
				if err != nil {
					r.Error(err)
				}
				got = append(got, string(e.Body))
			}
		}()
		for i := range 5 {
			time.Sleep(time.Minute)
			r.check(<-send(c, fmt.Sprint(i)))
		}
		synctest.Wait()
		cancel()
		<-ended
		if !slices.Equal(got, []string{"1", "2", "3", "4"}) {
			r.Errorf("followed %v", got)
		}
		for range r.hub.Events(r.Context(), 0, 0, true) {
			break // a reader may leave in the middle
		}
		go func() { // and one that waits ends with the hub
			for _, err := range r.hub.Events(r.Context(), 0, 5, true) {
				r.Error("event behind the last", err)
			}
		}()
		synctest.Wait()
	})
}

func TestUnknownPartition(t *testing.T) {
	inBubble(t, func(r *rig) {
		for _, p := range []int{-1, 4} {
			_, _, err := r.hub.PartitionInfo(r.Context(), p)
			r.wantCode("info", err, 503003)
			for _, err := range r.hub.Events(r.Context(), p, 0, false) {
				r.wantCode("events", err, 503003)
			}
		}
	})
}

func TestPartitionsMayNotChange(t *testing.T) {
	inBubble(t, func(r *rig) {
		_, err := New(Config{HostName: "h", Partitions: 5}, r.store)
		if err == nil || !strings.Contains(err.Error(), "written with 4 partitions, 5 are configured; use the former or another data directory") {
			r.Errorf("error %v", err)
		}
	})
}

// Reference: FNV-1a, 64 bits, halves folded. Another placement would tear the streams of
// existing devices apart.
func TestPlacementIsStable(t *testing.T) {
	h := &Hub{cfg: Config{Partitions: 4}}
	got := map[int]int{}
	for i := range 1000 {
		got[h.partition(fmt.Sprintf("device-%d", i))]++
	}
	for p := range 4 {
		if got[p] < 200 || got[p] > 300 {
			t.Errorf("partition %d holds %d of 1000 devices", p, got[p])
		}
	}
	if hash("truck-1") != 0xe685cd53 {
		t.Errorf("hash is %#x", hash("truck-1"))
	}
}
