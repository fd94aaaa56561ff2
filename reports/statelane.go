package reports

import (
	"fmt"
	"math"
	"slices"
)

// stateLanes has a lane for every signal that is a state. What a sensor reads is
// shown only where it tells another story than the truth.
func (s *ScenarioRecord) stateLanes() []lane {
	var lanes []lane
	truth := make(map[[2]string]lane)
	for _, series := range s.Series {
		if len(series.States) == 0 {
			continue
		}
		id := [2]string{series.Entity, series.Name}
		l := s.stateLane(series)
		if series.Source != "sensor" {
			truth[id] = l
		} else if plant, ok := truth[id]; ok && slices.EqualFunc(plant.bars, l.bars, func(a, b bar) bool { return a.text == b.text }) {
			continue
		}
		lanes = append(lanes, l)
	}
	return lanes
}

// stateLane shows a state signal as stretches of equal value.
func (s *ScenarioRecord) stateLane(series *Series) lane {
	l := lane{label: s.stateLabel(series)}
	end := s.Duration().Seconds()
	for i := 0; i < len(series.Values); {
		v, from := series.Values[i], series.At[i].Seconds()
		for i < len(series.Values) && same(series.Values[i], v) {
			i++
		}
		to := end
		if i < len(series.Values) {
			to = series.At[i].Seconds()
		}
		if math.IsNaN(v) {
			continue
		}
		b := bar{from: from, to: to, text: stateName(series.States, v), fill: stateInk(v), strong: stateInk(v)}
		b.title = fmt.Sprintf("%s %s, from %s for %s", series.Label, b.text, s.elapsed(from), duration(seconds(to-from)))
		l.bars = append(l.bars, b)
		if sw := (swatch{b.fill, b.text}); !slices.Contains(l.key, sw) {
			l.key = append(l.key, sw)
		}
	}
	if len(l.key) < 2 { // the bar says it
		l.key = nil
	}
	return l
}

func (s *ScenarioRecord) stateLabel(series *Series) string {
	label := capitalized(series.Label)
	if s.entities() > 1 {
		label = series.Entity + ": " + series.Label
	}
	if series.Source == "sensor" {
		label += " (sensor)"
	}
	return label
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func stateName(states []string, v float64) string {
	if v >= 0 && v < float64(len(states)) && v == math.Trunc(v) {
		return states[int(v)]
	}
	return number(v)
}
