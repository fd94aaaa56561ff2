package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"twinrig/hub"
	"twinrig/hub/store"
)

// victimDir names the environment variable that turns a copy of the test binary into
// the victim of TestSIGKILLLosesNothingAcknowledged.
const victimDir = "TWINRIG_TEST_VICTIM_DIR"

const (
	victims   = 8     // concurrent devices of each kind of load
	killAfter = 4_000 // acknowledgements
)

// victim puts load on a hub and says on standard output what was acknowledged, one line
// each, until it is killed.
func victim(dir string) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	h, err := hub.New(hub.Config{HostName: "victim"}, s)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for i := range victims {
		go sendTelemetry(ctx, h, fmt.Sprintf("sender-%d", i))
		go reportTwin(ctx, h, fmt.Sprintf("reporter-%d", i))
		go fillQueue(ctx, h, fmt.Sprintf("listener-%d", i))
		go comeAndGo(ctx, h, fmt.Sprintf("visitor-%d", i))
	}
	select {}
}

func acknowledged(what ...any) { fmt.Fprintln(os.Stdout, what...) }

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func attach(ctx context.Context, h *hub.Hub, id string) *hub.Connection {
	_, err := h.CreateDevice(ctx, hub.Device{ID: id})
	if refusal := new(hub.Error); !errors.As(err, &refusal) || refusal.Code != 409001 { // left from the last life
		must(err)
	}
	c, err := h.Connect(ctx, hub.ConnectInfo{DeviceID: id}, silentSession{})
	must(err)
	return c
}

func sendTelemetry(ctx context.Context, h *hub.Hub, id string) {
	c := attach(ctx, h, id)
	life := os.Getpid()
	for n := 1; ; n++ {
		done := make(chan error, 1)
		c.Telemetry(hub.Message{Body: fmt.Appendf(nil, "%s %d %d", id, life, n)}, func(err error) { done <- err })
		must(<-done)
		acknowledged("event", id, life, n)
	}
}

func reportTwin(ctx context.Context, h *hub.Hub, id string) {
	c := attach(ctx, h, id)
	for {
		version, err := c.PatchReported(ctx, []byte(`{"n":1}`), nil)
		must(err)
		acknowledged("reported", id, version)
	}
}

// fillQueue keeps up to 20 commands waiting and completes every other one.
func fillQueue(ctx context.Context, h *hub.Hub, id string) {
	c := attach(ctx, h, id)
	_, err := h.PurgeCommands(ctx, id)
	must(err)
	acknowledged("purged", id)
	for n := 0; ; n++ {
		m, err := h.Enqueue(ctx, id, hub.Message{Body: []byte("command")})
		must(err)
		acknowledged("queued", id, m.Sequence)
		if n < 20 {
			continue
		}
		locked, ok, err := c.NextCommand(ctx)
		must(err)
		if ok {
			must(c.Complete(ctx, locked.LockToken))
			acknowledged("completed", id, locked.Sequence)
		}
	}
}

func comeAndGo(ctx context.Context, h *hub.Hub, id string) {
	attach(ctx, h, id).Close()
	d, err := h.Device(ctx, id)
	must(err)
	acknowledged("created", id, d.GenerationID)
	for {
		must(h.DeleteDevice(ctx, id, "*"))
		acknowledged("deleted", id)
		d, err := h.CreateDevice(ctx, hub.Device{ID: id})
		must(err)
		acknowledged("created", id, d.GenerationID)
	}
}

type silentSession struct{}

func (silentSession) Method(hub.MethodRequest) error { return hub.ErrNotSubscribed }
func (silentSession) Desired(int64, []byte)          {}
func (silentSession) CommandsWaiting()               {}
func (silentSession) Close(hub.CloseReason)          {}

// promises is what the victim has acknowledged in all its lives.
type promises struct {
	events   map[string]bool
	reported map[string]int64
	waiting  map[string]map[uint64]bool // commands acknowledged and not completed
	visitors map[string]visitor
	count    int
}

// visitor is a device that is created and deleted all the time.
type visitor struct {
	generation string
	deleted    bool
}

func (p *promises) add(line string) {
	p.count++
	f := strings.Fields(line)
	switch f[0] {
	case "event":
		p.events[strings.Join(f[1:], " ")] = true
	case "reported":
		p.reported[f[1]], _ = strconv.ParseInt(f[2], 10, 64)
	case "purged":
		p.waiting[f[1]] = map[uint64]bool{}
	case "queued", "completed":
		n, _ := strconv.ParseUint(f[2], 10, 64)
		p.waiting[f[1]][n] = f[0] == "queued"
	case "created":
		p.visitors[f[1]] = visitor{generation: f[2]}
	case "deleted":
		p.visitors[f[1]] = visitor{p.visitors[f[1]].generation, true}
	}
}

// Law: whatever was acknowledged before SIGKILL is there after a restart, and what was
// acknowledged as removed does not come back. Three lives on one directory, so that
// recovered data are recovered again.
func TestSIGKILLLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	p := promises{events: map[string]bool{}, reported: map[string]int64{}, waiting: map[string]map[uint64]bool{}, visitors: map[string]visitor{}}
	for life := range 3 {
		runVictim(t, dir, &p)
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		h, err := hub.New(hub.Config{HostName: "survivor"}, s)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("life %d: %d acknowledgements so far", life+1, p.count)
		checkEvents(t, h, p.events)
		checkDevices(t, h, &p)
		checkQueues(t, s, p.waiting)
		if err := errors.Join(h.Close(context.Background()), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// runVictim kills a victim in the middle of its load.
func runVictim(t *testing.T, dir string, p *promises) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for n := 0; ; n++ {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break // an unfinished line was not said
		}
		if err != nil {
			t.Fatal(err)
		}
		p.add(line)
		if n == killAfter {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("victim was not killed but ended by itself: %v", err)
	}
}

func checkEvents(t *testing.T, h *hub.Hub, acknowledged map[string]bool) {
	t.Helper()
	stored := map[string]bool{}
	for p := range h.Partitions() {
		next := uint64(0)
		for e, err := range h.Events(t.Context(), p, 0, false) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Number != next {
				t.Fatalf("partition %d: event %d follows %d", p, e.Number, next)
			}
			next++
			if stored[string(e.Body)] {
				t.Errorf("event %q is there twice", e.Body)
			}
			stored[string(e.Body)] = true
		}
	}
	for body := range acknowledged {
		if !stored[body] {
			t.Errorf("event %q was acknowledged and is lost", body)
		}
	}
	if len(acknowledged) == 0 {
		t.Error("no event was acknowledged; the test tests nothing")
	}
}

func checkDevices(t *testing.T, h *hub.Hub, p *promises) {
	t.Helper()
	for id, version := range p.reported {
		twin, err := h.Twin(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		var stored int64
		_, after, _ := strings.Cut(string(twin.Properties.Reported), `"$version":`)
		fmt.Sscan(after, &stored)
		if stored < version {
			t.Errorf("%s: reported version %d was acknowledged, %d is stored", id, version, stored)
		}
	}
	for id, v := range p.visitors {
		// The next step may have been made and not been said.
		d, err := h.Device(t.Context(), id)
		switch {
		case v.deleted && err == nil && d.GenerationID == v.generation:
			t.Errorf("%s was deleted and is back", id)
		case !v.deleted && err == nil && d.GenerationID != v.generation:
			t.Errorf("%s was created with generation %s and has %s", id, v.generation, d.GenerationID)
		}
	}
}

func checkQueues(t *testing.T, s *store.Store, promised map[string]map[uint64]bool) {
	t.Helper()
	for id, commands := range promised {
		stored := map[uint64]bool{}
		for r, err := range s.Queue().List(t.Context(), id, 0) {
			if err != nil {
				t.Fatal(err)
			}
			stored[r.Sequence] = true
		}
		lost := 0
		for sequence, waits := range commands {
			if waits && !stored[sequence] {
				lost++
			}
			if !waits && stored[sequence] {
				t.Errorf("%s: command %d was completed and is back", id, sequence)
			}
		}
		// The last completion may have been made and not been said.
		if lost > 1 {
			t.Errorf("%s: %d acknowledged commands are lost", id, lost)
		}
	}
}
