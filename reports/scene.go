package reports

import (
	"cmp"
	"fmt"
	"math"
	"time"
)

// scene is what all plots of one scenario share: the time axis and what
// happened on it.
type scene struct {
	total  float64 // seconds, > 0
	spans  []span  // drawn behind the signals
	guides []guide
}

// span is a stretch of time.
type span struct {
	from, to float64
	ink      ink
	strip    bool // along the upper edge only
	title    string
}

// guide is a moment, drawn as a line across a plot.
type guide struct {
	at     float64
	ink    ink
	dashed bool
	title  string
}

func newScene(s *ScenarioRecord) *scene {
	sc := &scene{total: s.Duration().Seconds()}
	if sc.total <= 0 {
		sc.total = 1
	}
	for _, p := range s.stretches(KindConnection) {
		sc.spans = append(sc.spans, span{p.from, p.to, inkOffline, false, p.title})
	}
	for _, p := range s.stretches(KindFault) {
		sc.spans = append(sc.spans, span{p.from, p.to, inkFault, true, p.title})
	}
	for _, c := range s.orders() {
		sc.guides = append(sc.guides, guide{c.at, inkCommand, true, c.title})
	}
	for _, p := range s.stretches(KindAlert) {
		sc.guides = append(sc.guides, guide{p.from, inkFail, false, p.title})
	}
	return sc
}

// stretch is the time a condition held: a device off line, an alert or a fault
// active.
type stretch struct {
	entity, name string
	text, title  string
	from, to     float64 // seconds since Begin
}

// stretches pairs the events of a kind that begin and end a condition. One that
// never ends lasts as long as the scenario.
func (s *ScenarioRecord) stretches(k Kind) []stretch {
	var all []stretch
	open := make(map[[2]string]int)
	end := s.Duration().Seconds()
	for _, e := range s.Of(k) {
		p, on := condition(e)
		key := [2]string{p.entity, p.name}
		i, held := open[key]
		switch at := e.Time.Sub(s.Begin).Seconds(); {
		case on && !held:
			open[key] = len(all)
			p.from, p.to = at, end
			all = append(all, p)
		case !on && held:
			all[i].to = at
			delete(open, key)
		}
	}
	for i := range all {
		p := &all[i]
		p.title = labelled(fmt.Sprintf("%s: %s, from %s for %s", p.entity, p.name, s.elapsed(p.from), duration(seconds(p.to-p.from))), p.text)
	}
	return all
}

// condition is the condition an event is about, and whether it holds from now
// on. Being off line is the condition of connections.
func condition(e Event) (p stretch, on bool) {
	switch e.Kind {
	case KindAlert:
		return stretch{entity: e.Alert.Device, name: "alert " + e.Alert.Name, text: e.Alert.Text}, e.Alert.Active
	case KindFault:
		return stretch{entity: e.Fault.Target, name: "fault " + e.Fault.Name, text: e.Fault.Text}, e.Fault.Active
	}
	return stretch{entity: e.Connection.Device, name: "offline", text: e.Connection.Reason}, !e.Connection.Online
}

// order is something the service side asked of a device.
type order struct {
	at                  float64
	device, name, title string
}

// orders are the commands and the changes of desired properties.
func (s *ScenarioRecord) orders() []order {
	var orders []order
	for _, e := range s.Events {
		o := order{at: e.Time.Sub(s.Begin).Seconds()}
		switch {
		case e.Kind == KindCommand:
			o.device, o.name = e.Command.Device, cmp.Or(e.Command.Name, e.Command.Type)
		case e.Kind == KindTwin && e.Twin.Section == "desired":
			o.device, o.name = e.Twin.Device, "desired"
		default:
			continue
		}
		o.title = s.elapsed(o.at) + " " + o.device + ": " + describe(e)
		orders = append(orders, o)
	}
	return orders
}

// telemetryTime is when the hub took a message in: the service may read it
// later.
func telemetryTime(e Event) time.Time {
	if e.Telemetry.Enqueued.IsZero() {
		return e.Time
	}
	return e.Telemetry.Enqueued
}

func (s *ScenarioRecord) elapsed(at float64) string {
	return elapsed(seconds(at), s.Duration())
}

// seconds is a duration given in seconds, at most the longest there is.
func seconds(v float64) time.Duration {
	ns := v * float64(time.Second)
	if math.Abs(ns) >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(ns)
}
