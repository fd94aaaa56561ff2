package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"twinrig/devicesim/link"
	"twinrig/hub/client"
)

// load keeps a hub busy until the hub dies: devices send and report, a service
// writes desired properties, creates devices and queues commands, all as fast as
// they are acknowledged.
type load struct {
	t       *testing.T
	ledger  *ledger
	service *client.Client
	round   int
	dying   atomic.Bool // from now on errors are expected
	workers sync.WaitGroup
}

// senders is how many messages of one device are under way at a time.
const senders = 4

// startLoad connects the devices and sets everything off.
func startLoad(t *testing.T, h *hub, l *ledger, round int, devices map[string]string) *load {
	t.Helper()
	w := &load{t: t, ledger: l, service: h.client(), round: round}
	for id, connection := range devices {
		d := w.connect(h, id, connection)
		for s := range senders {
			w.work(func(n int) error { return d.send(fmt.Sprintf("%d-%d-%d", round, s, n)) })
		}
		w.work(func(int) error { return d.report() })
		w.work(func(int) error { return w.patchDesired(id) })
		w.work(func(n int) error { return w.command(id, fmt.Sprintf("%s-%d-%d", id, round, n)) })
	}
	w.work(w.createDevice)
	return w
}

// work repeats a step until it fails, which it must not do before the hub dies.
func (w *load) work(step func(n int) error) {
	w.workers.Go(func() {
		for n := 0; ; n++ {
			if err := step(n); err != nil {
				if !w.dying.Load() {
					w.t.Errorf("while the hub was alive: %v", err)
				}
				return
			}
		}
	})
}

func (w *load) patchDesired(id string) error {
	var n int
	w.ledger.note(func() { w.ledger.desired[id].tried++; n = w.ledger.desired[id].tried })
	twin, err := w.service.PatchTwin(w.t.Context(), id, fmt.Appendf(nil, `{"properties":{"desired":{"n":%d}}}`, n), "")
	if err != nil {
		return err
	}
	got, err := readCounter(twin.Properties.Desired)
	w.ledger.note(func() { err = errors.Join(err, w.ledger.desired[id].step(n, got.version)) })
	return err
}

// createDevice registers a device that never connects, and queues a command for it.
func (w *load) createDevice(n int) error {
	id := fmt.Sprintf("parked-%d-%d", w.round, n)
	d, err := w.service.CreateDevice(w.t.Context(), client.Device{ID: id})
	if err != nil {
		return err
	}
	w.ledger.note(func() { w.ledger.devices[id] = d })
	if _, err := w.service.SendCommand(w.t.Context(), id, client.Command{Body: []byte("for " + id), MessageID: id}); err != nil {
		return err
	}
	w.ledger.note(func() { w.ledger.queued[id]++ })
	return nil
}

// command sends a message to a device that takes it at once. A full queue is the
// device's way of saying that it cannot keep up.
func (w *load) command(device, id string) error {
	_, err := w.service.SendCommand(w.t.Context(), device, client.Command{Body: []byte("x"), MessageID: id})
	var refusal *client.Error
	if errors.As(err, &refusal) && refusal.Name == "DeviceMaximumQueueDepthExceeded" {
		return nil
	}
	if err == nil {
		w.ledger.note(func() { w.ledger.commands[id] = true })
	}
	return err
}

// busyDevice is a device of the load.
type busyDevice struct {
	w    *load
	id   string
	link link.Link

	mu      sync.Mutex
	desired int64 // newest version heard of in this session
}

func (w *load) connect(h *hub, id, connection string) *busyDevice {
	w.t.Helper()
	cfg, err := link.ParseConnectionString(connection)
	if err != nil {
		w.t.Fatal(err)
	}
	cfg.Dial = h.dialer()
	d := &busyDevice{w: w, id: id, link: link.NewMQTT5(cfg)}
	if id[len(id)-1]%2 == 1 {
		d.link = link.NewMQTT311(cfg)
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if err := d.link.Connect(ctx, d); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = d.link.Close(context.Background()) })
	return d
}

func (d *busyDevice) send(id string) error {
	key, l := d.id+"/"+id, d.w.ledger
	l.note(func() { l.sent[key] = true })
	err := d.link.Send(d.w.t.Context(), link.Message{Body: []byte(`{"v":1}`), MessageID: id})
	if err == nil {
		l.note(func() { l.acked[key] = true })
	}
	return err
}

func (d *busyDevice) report() error {
	var n int
	l := d.w.ledger
	l.note(func() { l.reported[d.id].tried++; n = l.reported[d.id].tried })
	version, err := d.link.Report(d.w.t.Context(), map[string]any{"n": n})
	if err == nil {
		l.note(func() { err = l.reported[d.id].step(n, version) })
	}
	return err
}

// Desired implements link.Handler.
func (d *busyDevice) Desired(patch map[string]any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	version, _ := patch["$version"].(float64)
	if int64(version) <= d.desired {
		d.w.t.Errorf("%s heard of desired version %v after %d", d.id, patch["$version"], d.desired)
	}
	d.desired = int64(version)
}

// Command implements link.Handler.
func (d *busyDevice) Command(c link.Command) {
	d.w.ledger.note(func() { d.w.ledger.received[c.MessageID] = true })
}

// Method implements link.Handler.
func (d *busyDevice) Method(string, []byte) (int, []byte) { return 404, nil }

// Lost implements link.Handler.
func (d *busyDevice) Lost(error) {}

// step notes an acknowledged patch: every one counts the version up by one.
func (c *counter) step(n int, version int64) error {
	if version != c.version+int64(n-c.acked) {
		return fmt.Errorf("patch %d got version %d, patch %d had %d", n, version, c.acked, c.version)
	}
	c.acked, c.version = n, version
	return nil
}

// readCounter reads the counter out of a section of a twin.
func readCounter(section json.RawMessage) (c struct {
	n       int
	version int64
}, err error) {
	var fields struct {
		N       int
		Version int64 `json:"$version"`
	}
	err = json.Unmarshal(section, &fields)
	c.n, c.version = fields.N, fields.Version
	return c, err
}
