package scenarios

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"twinrig/devicesim/devicefile"
	"twinrig/hub/client"
	"twinrig/reports"
)

// World is what a scenario lives in: a hub, devices around their plants, a
// service that watches and commands, and the chronicle of it all. Steps are its
// methods.
type World struct {
	clock     Clock
	seed      uint64
	files     devicefile.Options // for devices described in files
	rig       *rig
	chronicle *chronicle
	begin     time.Time

	devices map[string]*asset
	order   []string // device ids as they came, so that they end in a repeatable order
	marks   map[string]time.Time
	call    *callResult
	step    int    // index of the running step
	text    string // its text

	ctx     context.Context // ends with the scenario
	cancel  context.CancelFunc
	workers sync.WaitGroup
	rules   rules
}

// newWorld starts the hub and the service that reads from it.
func newWorld(clock Clock, seed uint64, recorder *reports.Recorder) (*World, error) {
	ctx, cancel := context.WithCancel(context.Background())
	w := &World{
		clock: clock, seed: seed, chronicle: newChronicle(recorder), begin: time.Now(),
		devices: map[string]*asset{}, marks: map[string]time.Time{}, ctx: ctx, cancel: cancel,
	}
	var err error
	if w.rig, err = newRig(ctx, clock, seed); err != nil {
		cancel()
		return nil, &rigError{err}
	}
	for p := range w.rig.server.Hub().Partitions() {
		w.workers.Go(func() {
			// Each reader connects at an instant of its own: together they would
			// get their connections in an order that Go does not repeat.
			time.Sleep(time.Duration(p) * stagger)
			w.watch(p)
		})
	}
	time.Sleep(time.Duration(w.rig.server.Hub().Partitions()) * stagger)
	return w, nil
}

// stagger is longer than it takes to open a connection in virtual time.
const stagger = 100 * time.Microsecond

// watch reads one partition of the hub's telemetry as a back end would.
func (w *World) watch(partition int) {
	entity := fmt.Sprintf("hub/%d", partition)
	for ev, err := range w.rig.service.Events(w.ctx, partition, client.Earliest, true) {
		if err != nil {
			if w.ctx.Err() == nil {
				w.log(entity, "reading telemetry stopped: "+err.Error())
			}
			return
		}
		w.chronicle.telemetry(entity, ev)
		w.rules.offer(w.ctx, ev)
	}
}

func (w *World) log(entity, text string) {
	w.chronicle.add(reports.Event{Time: time.Now(), Entity: entity, Kind: reports.KindLog, Log: &reports.Log{Text: text}})
}

// close ends everything the scenario started, in an order in which nothing is
// cut off that another part still reports.
func (w *World) close() error {
	for _, id := range w.order {
		w.devices[id].Close()
	}
	w.cancel()
	w.workers.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := w.rig.close(ctx); err != nil {
		return &rigError{err}
	}
	return nil
}

// device finds a device a step names.
func (w *World) device(id string) (*asset, error) {
	d, ok := w.devices[id]
	if !ok {
		return nil, usage(fmt.Errorf("no device %q in this scenario", id), `introduce it first: Given a refrigeration truck %q`, id)
	}
	if err := d.Err(); err != nil {
		return nil, &rigError{err}
	}
	return d, nil
}

// await waits until cond holds, looking again whenever something is recorded.
// It reports false when the time is over.
func (w *World) await(within time.Duration, cond func() bool) bool {
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for {
		change := w.chronicle.change()
		if cond() {
			return true
		}
		select {
		case <-change:
		case <-deadline.C:
			return cond()
		}
	}
}

// rigError is trouble with the rig itself: the verdict is inconclusive.
type rigError struct{ err error }

func (e *rigError) Error() string { return "the rig failed: " + e.err.Error() }

func (e *rigError) Unwrap() error { return e.err }

// stepUsage is a mistake in the text of a step.
type stepUsage struct {
	err  error
	hint string
}

func (e *stepUsage) Error() string { return e.err.Error() }

func usage(err error, hint string, args ...any) error {
	return &stepUsage{err, fmt.Sprintf(hint, args...)}
}

// broken is a requirement that was not met.
type broken struct{ text string }

func (e *broken) Error() string { return e.text }

func unmet(format string, args ...any) error { return &broken{fmt.Sprintf(format, args...)} }

func isUsage(err error) bool { return errors.As(err, new(*stepUsage)) }
