package devicefile

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/binding"
	"twinrig/twinmodel"
	"twinrig/twinmodel/dtdl"
)

// law is what the firmware of a device from a file does; controllers are booted
// from it.
type law struct {
	every    time.Duration
	values   []value
	settings []setting
	alerts   []rule
	orders   []order
}

// value is one telemetry value.
type value struct {
	element  binding.Element
	channel  *binding.Channel
	constant any     // instead of channel
	chance   *chance // instead of both
	every    time.Duration
	ownPace  bool // every is its own, not the device's
}

// setting is a property: a fixed one, one that the service may ask for, the
// telemetry interval, or one that moves an actuator.
type setting struct {
	element  binding.Element
	channel  *binding.Channel
	interval bool
	min, max float64
	initial  any
}

// rule is an alert's condition.
type rule struct {
	name       string
	signal     twinmodel.Signal
	side       int // 1 above the limit, -1 below, 0 equal to it
	limit      float64
	hysteresis float64
	delay      time.Duration
}

// order is a command.
type order struct {
	method   string
	request  *dtdl.Payload
	set      []devicesim.Setting
	property int // index of the setting that takes the payload, or -1
	answer   json.RawMessage
}

func (l *law) setting(path string) int {
	return slices.IndexFunc(l.settings, func(s setting) bool { return s.element.String() == path })
}

// reporting is the law with the telemetry interval that was chosen, if one was:
// it becomes the value of the property that holds the interval.
func (l law) reporting(in devicesim.Instance) (law, error) {
	seconds, ok := in.Chosen["reports every"]
	if !ok {
		return l, nil
	}
	in.ChooseDuration("reports every", &l.every)
	l.settings = slices.Clone(l.settings)
	for i := range l.settings {
		s := &l.settings[i]
		if !s.interval {
			continue
		}
		value, err := s.channel.Encode(seconds)
		if err == nil {
			s.initial, err = plain(value)
		}
		if err == nil {
			err = s.legal(s.initial)
		}
		if err != nil {
			return l, fmt.Errorf("reports every: %w", err)
		}
	}
	return l, nil
}

// legal says what is wrong with a value for a setting.
func (s *setting) legal(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := s.element.Schema.Check(text); err != nil {
		return err
	}
	if number, ok := v.(float64); ok && (number < s.min || number > s.max) {
		return fmt.Errorf("%g is outside %g to %g", number, s.min, s.max)
	}
	if s.channel != nil {
		_, err = s.channel.Decode(v)
	}
	return err
}

// holds reports whether the condition holds; an alert that is active ends only
// beyond the hysteresis.
func (r *rule) holds(v float64, active bool) bool {
	slack := 0.0
	if active {
		slack = r.hysteresis
	}
	switch r.side {
	case 1:
		return v > r.limit-slack
	case -1:
		return v < r.limit+slack
	}
	return v == r.limit
}
