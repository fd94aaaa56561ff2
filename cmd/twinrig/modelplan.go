package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"twinrig/reports"
	"twinrig/scenarios"
	"twinrig/twinmodel"
)

// action sets an input at a time since the start.
type action struct {
	after time.Duration
	label string
	value string
}

// planFile is a plan in YAML.
type planFile struct {
	For     string            `yaml:"for"`
	Every   string            `yaml:"every"`
	Seed    *uint64           `yaml:"seed"`
	Options map[string]string `yaml:"options"`
	Set     map[string]string `yaml:"set"`
	At      []struct {
		Time string            `yaml:"time"`
		Set  map[string]string `yaml:"set"`
	} `yaml:"at"`
}

// readPlan takes over what a plan file says, as far as flags do not.
func (o *modelRunOptions) readPlan(path string, given func(flag string) bool) error {
	text, err := os.ReadFile(path)
	var f planFile
	if err == nil {
		err = yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&f)
	}
	if err == nil && f.For != "" && !given("for") {
		o.length = f.For
	}
	if err == nil && f.Every != "" && !given("every") {
		o.every = f.Every
	}
	if err == nil && f.Seed != nil && !given("seed") {
		o.seed = *f.Seed
	}
	for _, name := range slices.Sorted(maps.Keys(f.Options)) {
		o.options = append(o.options, option{name, f.Options[name]})
	}
	o.add(0, f.Set)
	for _, step := range f.At {
		var after time.Duration
		if err == nil {
			after, err = twinmodel.ParseDuration(step.Time)
		}
		o.add(after, step.Set)
	}
	if err != nil {
		return &scenarios.UsageError{Subject: "--plan " + path, Err: err, Hint: "a plan has for, every, seed, options: {name: value}, set: {label: value} and at: [{time: 1 h, set: {label: value}}]"}
	}
	return nil
}

func (o *modelRunOptions) add(after time.Duration, set map[string]string) {
	for _, label := range slices.Sorted(maps.Keys(set)) {
		o.actions = append(o.actions, action{after, label, set[label]})
	}
}

// readFlags takes over --option, --set and --at.
func (o *modelRunOptions) readFlags() error {
	for _, text := range o.option {
		name, value, err := equation("--option", text, "start temperature = 30 °C")
		if err != nil {
			return err
		}
		o.options = append(o.options, option{name, value})
	}
	for _, text := range o.set {
		if err := o.flag("--set", 0, text); err != nil {
			return err
		}
	}
	for _, text := range o.at {
		when, rest, ok := strings.Cut(text, ":")
		after, err := twinmodel.ParseDuration(when)
		if !ok {
			err = errors.New("no time in it")
		}
		if err != nil {
			return &scenarios.UsageError{Subject: "--at " + text, Err: err, Hint: `write for example: --at "1h: cargo door = open"`}
		}
		if err := o.flag("--at", after, rest); err != nil {
			return err
		}
	}
	slices.SortStableFunc(o.actions, func(a, b action) int { return cmp.Compare(a.after, b.after) })
	return nil
}

func (o *modelRunOptions) flag(flag string, after time.Duration, text string) error {
	label, value, err := equation(flag, text, "noon sunshine = 900 W/m²")
	if err == nil {
		o.actions = append(o.actions, action{after, label, value})
	}
	return err
}

// equation parts "name = value".
func equation(flag, text, example string) (name, value string, err error) {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return "", "", &scenarios.UsageError{Subject: flag + " " + text, Err: errors.New("no = in it"), Hint: fmt.Sprintf("write for example: %s %q", flag, example)}
	}
	return strings.TrimSpace(name), strings.TrimSpace(value), nil
}

// apply sets an input of the plant. If that is a fault, it says what happened.
func (a action) apply(p twinmodel.Plant) ([]reports.Event, error) {
	s, err := a.input(p.Spec())
	if err != nil {
		return nil, err
	}
	before, err := p.Value(s.Name)
	if err != nil {
		return nil, rigFault{err}
	}
	v, err := s.Resolve(a.value)
	if err == nil {
		err = p.Set(s.Name, v)
	}
	if err != nil {
		return nil, &scenarios.UsageError{Subject: a.label + " = " + a.value, Err: err, Hint: fmt.Sprintf("it takes %s", extent(s))}
	}
	if !s.Fault {
		return nil, nil
	}
	event := func(active bool, text string) reports.Event {
		return reports.Event{Time: p.Time(), Kind: reports.KindFault, Fault: &reports.Fault{Target: p.Spec().Title, Name: s.Label, Active: active, Text: text}}
	}
	var events []reports.Event
	if before > 0 {
		events = append(events, event(false, ""))
	}
	if v > 0 {
		events = append(events, event(true, twinmodel.Measure{Value: 100 * v, Unit: "%"}.String()))
	}
	return events, nil
}

// input finds what is to be set.
func (a action) input(spec *twinmodel.Spec) (twinmodel.Signal, error) {
	var labels []string
	for _, s := range spec.Signals {
		if s.Direction == twinmodel.Output {
			continue
		}
		if strings.EqualFold(s.Label, a.label) || s.Name == a.label {
			return s, nil
		}
		labels = append(labels, s.Label)
	}
	return twinmodel.Signal{}, &scenarios.UsageError{Subject: a.label + " = " + a.value, Err: fmt.Errorf("a %s has no such input", spec.Title), Hint: "it has: " + strings.Join(labels, ", ")}
}
