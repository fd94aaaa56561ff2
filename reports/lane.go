package reports

import (
	"fmt"
	"strconv"
	"strings"
)

// lane is one row of the plot of states and events.
type lane struct {
	label    string
	bars     []bar
	numbered bool // the bars' texts count up, so that "2–5" stands for four
	marks    []mark
	ticks    []float64 // moments without a name, in seconds
	key      []swatch  // what the bars' colours mean
}

// swatch is a colour and what it stands for.
type swatch struct {
	ink  ink
	text string
}

// bar is a stretch of a lane.
type bar struct {
	from, to     float64
	text, title  string
	fill, strong ink // of the surface, and of its left edge
}

// mark is a moment of a lane, with a name if there is room for it.
type mark struct {
	at          float64
	text, title string
}

// lanes are the scenario's rows: its steps, the states of its devices, what
// they were told, what went wrong, what they sent. The number left out is given.
func (s *ScenarioRecord) lanes() (shown []lane, left int) {
	var lanes []lane
	if len(s.Of(KindStep)) > 0 {
		lanes = append(lanes, s.stepLane())
	}
	lanes = append(lanes, s.stateLanes()...)
	var commands lane
	for _, o := range s.orders() {
		commands.marks = append(commands.marks, mark{o.at, o.name, o.title})
	}
	if len(commands.marks) > 0 {
		commands.label = "Commands"
		lanes = append(lanes, commands)
	}
	lanes = append(lanes, stretchLanes(s.stretches(KindAlert), inkFailSoft, inkFail)...)
	lanes = append(lanes, stretchLanes(s.stretches(KindFault), inkFaultSoft, inkFault)...)
	lanes = append(lanes, stretchLanes(s.stretches(KindConnection), inkOffline, inkMuted)...)
	lanes = append(lanes, s.telemetryLanes()...)
	shown = lanes[:min(len(lanes), maxLanes)]
	return shown, len(lanes) - len(shown)
}

func (s *ScenarioRecord) stepLane() lane {
	l := lane{label: "Steps", numbered: true}
	for _, e := range s.Of(KindStep) {
		if e.Step.Verdict == NotRun || e.Step.Verdict == NotApplicable {
			continue
		}
		strong, soft := verdictInk(e.Step.Verdict)
		from, to := e.Step.Begin.Sub(s.Begin).Seconds(), e.Time.Sub(s.Begin).Seconds()
		l.bars = append(l.bars, bar{
			from: from, to: max(from, to), fill: soft, strong: strong,
			text:  strconv.Itoa(e.Step.Index + 1),
			title: fmt.Sprintf("step %d, %s", e.Step.Index+1, describe(e)),
		})
	}
	return l
}

// stretchLanes gives each condition a lane of its own.
func stretchLanes(stretches []stretch, fill, strong ink) []lane {
	var lanes []lane
	index := make(map[string]int)
	for _, p := range stretches {
		label := fmt.Sprintf("%s (%s)", capitalized(p.name), p.entity)
		i, ok := index[label]
		if !ok {
			i = len(lanes)
			index[label] = i
			lanes = append(lanes, lane{label: label})
		}
		lanes[i].bars = append(lanes[i].bars, bar{p.from, p.to, p.text, p.title, fill, strong})
	}
	return lanes
}

// telemetryLanes has a tick for every message the hub took in, so that intervals
// and gaps show.
func (s *ScenarioRecord) telemetryLanes() []lane {
	var lanes []lane
	index := make(map[string]int)
	for _, e := range s.Of(KindTelemetry) {
		d := e.Telemetry.Device
		i, ok := index[d]
		if !ok {
			i = len(lanes)
			index[d] = i
			lanes = append(lanes, lane{})
		}
		lanes[i].ticks = append(lanes[i].ticks, telemetryTime(e).Sub(s.Begin).Seconds())
	}
	for d, i := range index {
		n := len(lanes[i].ticks)
		lanes[i].label = fmt.Sprintf("Telemetry from %s, %s", d, plural(n, "message"))
	}
	return lanes
}

// entities is how many entities have signals.
func (s *ScenarioRecord) entities() int {
	seen := make(map[string]bool)
	for _, series := range s.Series {
		seen[series.Entity] = true
	}
	return len(seen)
}

// lanesLabel tells the lanes to those who cannot see them.
func lanesLabel(lanes []lane) string {
	names := make([]string, len(lanes))
	for i, l := range lanes {
		names[i] = l.label
	}
	return "States and events over time: " + strings.Join(names, "; ")
}
