package e2e

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"twinrig/hub/client"
)

// kills is how often hubs are killed; `make crash KILLS=200` does it more often.
var kills = flag.Int("kills", 3, "how often TestKilledHubKeepsWhatItAcknowledged kills a hub")

// killsPerHub keeps the streams that are read again after each kill short.
const killsPerHub = 10

// A hub that is killed at any moment has lost nothing of what it acknowledged.
// The moments differ from run to run of the test only as the machine does: the
// seed is fixed.
func TestKilledHubKeepsWhatItAcknowledged(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for killed := 0; killed < *kills && !t.Failed(); killed += killsPerHub {
		t.Run(fmt.Sprintf("from %d", killed+1), func(t *testing.T) {
			killRepeatedly(t, random, min(killsPerHub, *kills-killed))
		})
	}
}

func killRepeatedly(t *testing.T, random *rand.Rand, times int) {
	h, l := startHub(t), newLedger()
	devices := map[string]string{}
	for i := range 6 {
		id := fmt.Sprintf("busy-%d", i)
		devices[id] = h.device(id)
		l.reported[id], l.desired[id] = &counter{version: 1}, &counter{version: 1}
	}
	places := map[string]place{}
	for round := range times {
		begin := l.progress()
		w := startLoad(t, h, l, round, devices)
		before := awaitProgress(t, l, begin)
		time.Sleep(time.Duration(random.Int64N(int64(800 * time.Millisecond)))) // the moment is what is tested
		w.dying.Store(true)
		h.kill()
		w.workers.Wait()
		t.Logf("round %d: acknowledged %v, %v when it was under way", round, l.progress(), before)
		h.start()
		places = checkEvents(t, h, l, places)
		checkTwins(t, h, l)
		checkDevices(t, h, l)
		if t.Failed() {
			return
		}
	}
	checkCommands(t, h, l, devices)
	for round := range times {
		checkWaiting(t, h, l, fmt.Sprintf("parked-%d-0", round))
	}
}

// awaitProgress waits until some of every kind of work has been acknowledged.
func awaitProgress(t *testing.T, l *ledger, begin map[string]int) map[string]int {
	t.Helper()
	const some = 20
	deadline := time.Now().Add(patience)
	for {
		now, enough := l.progress(), true
		for kind := range now {
			enough = enough && now[kind] >= begin[kind]+some
		}
		if enough {
			return now
		}
		if time.Now().After(deadline) || t.Failed() {
			t.Fatalf("the load does not get going: %v", now)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// place is where an event stands, for ever.
type place struct {
	partition int
	number    uint64
}

// checkEvents reads the whole stream: every acknowledged message is in it, once,
// nothing that was not sent is, numbers have no gap, and what was read before the
// kill stands where it stood.
func checkEvents(t *testing.T, h *hub, l *ledger, before map[string]place) map[string]place {
	t.Helper()
	partitions, err := h.client().Partitions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	places, next, newest := map[string]place{}, map[int]uint64{}, map[string]int{}
	for _, p := range partitions {
		next[p.ID] = p.First
	}
	for e := range h.allEvents() {
		key := e.Device + "/" + e.System.MessageID
		if _, twice := places[key]; twice || !l.sent[key] {
			t.Fatalf("%s is in the stream (again: %v, sent: %v)", key, twice, l.sent[key])
		}
		if e.Number != next[e.Partition] {
			t.Fatalf("partition %d goes from number %d to %d", e.Partition, next[e.Partition]-1, e.Number)
		}
		next[e.Partition]++
		places[key] = place{e.Partition, e.Number}
		var round, sender, n int
		if _, err := fmt.Sscanf(e.System.MessageID, "%d-%d-%d", &round, &sender, &n); err != nil {
			t.Fatal(err)
		}
		lane := key[:strings.LastIndexByte(key, '-')]
		if last, ok := newest[lane]; ok && n <= last {
			t.Errorf("message %d of %s comes after %d", n, lane, last)
		}
		newest[lane] = n
	}
	for _, p := range partitions {
		if next[p.ID] != p.Next {
			t.Errorf("partition %d ends before number %d; the hub says %d", p.ID, next[p.ID], p.Next)
		}
	}
	for key := range l.acked {
		if _, ok := places[key]; !ok {
			t.Errorf("%s was acknowledged and is lost", key)
		}
	}
	for key, was := range before {
		if places[key] != was {
			t.Errorf("%s stood at %v and stands at %v now", key, was, places[key])
		}
	}
	return places
}

// checkTwins compares twins with the last acknowledged patches. One patch may
// have been written and not acknowledged.
func checkTwins(t *testing.T, h *hub, l *ledger) {
	t.Helper()
	service := h.client()
	for id := range l.reported {
		twin, err := service.Twin(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for what, c := range map[string]*counter{"reported": l.reported[id], "desired": l.desired[id]} {
			section := twin.Properties.Desired
			if what == "reported" {
				section = twin.Properties.Reported
			}
			got, err := readCounter(section)
			if err != nil {
				t.Fatal(err)
			}
			if got.n < c.acked || got.n > c.tried || got.version != c.version+int64(got.n-c.acked) {
				t.Errorf("%s properties of %s: value %d with version %d; acknowledged was %d with %d, tried %d", what, id, got.n, got.version, c.acked, c.version, c.tried)
			}
			// The next round counts on from here.
			c.tried, c.acked, c.version = got.n, got.n, got.version
		}
	}
}

// checkDevices compares the registry and the queues of devices that stay away.
func checkDevices(t *testing.T, h *hub, l *ledger) {
	t.Helper()
	service := h.client()
	for id, want := range l.devices {
		got, err := service.Device(t.Context(), id)
		if err != nil {
			t.Errorf("%s was acknowledged: %v", id, err)
			continue
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(client.Device{}, "CommandCount")); diff != "" {
			t.Errorf("%s (-acknowledged +now):\n%s", id, diff)
		}
		if got.CommandCount != 1 && (l.queued[id] == 1 || got.CommandCount != 0) { // the last one may or may not have made it
			t.Errorf("%d commands wait for %s, %d were acknowledged", got.CommandCount, id, l.queued[id])
		}
	}
}

// checkCommands connects the devices again and waits until they have received
// every command that was acknowledged to the service.
func checkCommands(t *testing.T, h *hub, l *ledger, devices map[string]string) {
	t.Helper()
	w := &load{t: t, ledger: l, service: h.client()}
	for id, connection := range devices {
		w.connect(h, id, connection)
	}
	missing := func() (ids []string) {
		l.note(func() {
			for id := range l.commands {
				if !l.received[id] {
					ids = append(ids, id)
				}
			}
		})
		return ids
	}
	for deadline := time.Now().Add(patience); len(missing()) > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("commands were acknowledged and never arrived: %v", missing())
		}
	}
}

// checkWaiting connects a device that was away all the time, which finds its
// command.
func checkWaiting(t *testing.T, h *hub, l *ledger, id string) {
	t.Helper()
	d := l.devices[id]
	connection := fmt.Sprintf("HostName=%s;DeviceId=%s;SharedAccessKey=%s", h.address, id, d.Authentication.SymmetricKey.Primary)
	l.note(func() { l.commands[id] = true })
	checkCommands(t, h, l, map[string]string{id: connection})
}
