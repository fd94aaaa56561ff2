package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"twinrig/hub/client"
	"twinrig/scenarios/requirement"
)

// rule is a piece of back end: it watches a number in a device's telemetry and
// calls a direct method when the number has been in a band for long enough. It
// calls once each time, until the number leaves the band.
type rule struct {
	name, device string
	field        string
	band         requirement.Band
	hold         time.Duration
	method       string
	payload      json.RawMessage

	events chan client.Event
	since  time.Time // when the condition began; zero while it does not hold
	fired  bool
}

// rules are the rules a scenario runs.
type rules struct {
	mu  sync.Mutex
	all []*rule
}

// offer hands an event to every rule. A rule that is behind holds the reader
// back; none is skipped.
func (rs *rules) offer(ctx context.Context, ev client.Event) {
	rs.mu.Lock()
	all := rs.all
	rs.mu.Unlock()
	for _, r := range all {
		select {
		case r.events <- ev:
		case <-ctx.Done():
		}
	}
}

func (w *World) runsRule(name, id string, t *godog.Table) error {
	d, err := w.device(id)
	if err != nil {
		return err
	}
	rows, err := pairs(t)
	if err != nil {
		return err
	}
	r, err := newRule(name, d, &options{rows: rows})
	if err != nil {
		return err
	}
	w.rules.mu.Lock()
	w.rules.all = append(w.rules.all, r)
	w.rules.mu.Unlock()
	w.workers.Go(func() { w.obey(r) })
	return nil
}

const ruleHint = `write | when | fluid level below 100 m |, | for | 10 minutes |, | call | setSpeed |, | with | {"frequency": 45} |`

func newRule(name string, d *asset, o *options) (*rule, error) {
	r := &rule{name: name, device: d.ID(), events: make(chan client.Event, 64)}
	when, ok := o.take("when")
	if !ok {
		return nil, usage(errors.New("the rule has no condition"), ruleHint)
	}
	if err := r.condition(when, d); err != nil {
		return nil, err
	}
	if err := o.duration("for", &r.hold); err != nil {
		return nil, err
	}
	if r.method, ok = o.take("call"); !ok {
		return nil, usage(errors.New("the rule calls nothing"), ruleHint)
	}
	if with, ok := o.take("with"); ok {
		var err error
		if r.payload, err = jsonText(with); err != nil {
			return nil, err
		}
	}
	if len(o.rows) > 0 {
		return nil, usage(fmt.Errorf("a rule has no %q", o.rows[0][0]), ruleHint)
	}
	return r, nil
}

// condition reads "fluid level below 100 m".
func (r *rule) condition(text string, d *asset) error {
	for _, side := range []string{"below", "above"} {
		label, bound, ok := strings.Cut(text, " "+side+" ")
		if !ok {
			continue
		}
		sig, err := signal(d.spec, label)
		if err != nil {
			return err
		}
		o := observed{signal: sig}
		r.field = sig.Name
		r.band, err = o.band(side, bound)
		return err
	}
	return usage(fmt.Errorf("%q is not a condition", text), ruleHint)
}

// obey runs a rule until the scenario ends.
func (w *World) obey(r *rule) {
	for {
		select {
		case <-w.ctx.Done():
			return
		case ev := <-r.events:
			if ev.Device == r.device && r.due(ev) {
				w.fire(r)
			}
		}
	}
}

// due reports whether the rule must act on an event.
func (r *rule) due(ev client.Event) bool {
	v, ok := numbers(ev.Body)[r.field]
	if !ok {
		return false
	}
	if r.band.Margin(v) < 0 {
		r.since, r.fired = time.Time{}, false
		return false
	}
	if r.since.IsZero() {
		r.since = ev.Enqueued
	}
	return !r.fired && ev.Enqueued.Sub(r.since) >= r.hold
}

// fire calls the method. A call that fails is made again at the next event.
func (w *World) fire(r *rule) {
	result, err := w.rig.service.Invoke(w.ctx, r.device, client.MethodCall{Name: r.method, Payload: r.payload})
	if w.ctx.Err() != nil {
		return
	}
	r.fired = err == nil
	w.chronicle.invoked("rule/"+r.name, r.name, r.device, r.method, r.payload, result, err)
}
