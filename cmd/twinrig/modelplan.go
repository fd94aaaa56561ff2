package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

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
	For   string            `yaml:"for"`
	Every string            `yaml:"every"`
	Set   map[string]string `yaml:"set"`
	At    []struct {
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
	o.add(0, f.Set)
	for _, step := range f.At {
		var after time.Duration
		if err == nil {
			after, err = twinmodel.ParseDuration(step.Time)
		}
		o.add(after, step.Set)
	}
	if err != nil {
		return &scenarios.UsageError{Subject: "--plan " + path, Err: err, Hint: "a plan has for, every, set: {label: value} and at: [{time: 1 h, set: {label: value}}]"}
	}
	return nil
}

func (o *modelRunOptions) add(after time.Duration, set map[string]string) {
	var labels []string
	for label := range set {
		labels = append(labels, label)
	}
	slices.Sort(labels)
	for _, label := range labels {
		o.actions = append(o.actions, action{after, label, set[label]})
	}
}

// readFlags takes over --set and --at.
func (o *modelRunOptions) readFlags() error {
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
	slices.SortStableFunc(o.actions, func(a, b action) int { return int(min(1, max(-1, a.after-b.after))) })
	return nil
}

func (o *modelRunOptions) flag(name string, after time.Duration, text string) error {
	label, value, ok := strings.Cut(text, "=")
	if !ok {
		return &scenarios.UsageError{Subject: name + " " + text, Err: errors.New("no = in it"), Hint: `write for example: --set "noon sunshine = 900 W/m²"`}
	}
	o.actions = append(o.actions, action{after, strings.TrimSpace(label), strings.TrimSpace(value)})
	return nil
}

// apply sets an input of the plant.
func (a action) apply(p twinmodel.Plant) error {
	var labels []string
	for _, s := range p.Spec().Signals {
		if s.Direction == twinmodel.Output {
			continue
		}
		labels = append(labels, s.Label)
		if !strings.EqualFold(s.Label, a.label) && s.Name != a.label {
			continue
		}
		v, err := s.Resolve(a.value)
		if err == nil {
			err = p.Set(s.Name, v)
		}
		if err != nil {
			return &scenarios.UsageError{Subject: a.label + " = " + a.value, Err: err, Hint: fmt.Sprintf("it takes %s", extent(s))}
		}
		return nil
	}
	return &scenarios.UsageError{Subject: a.label + " = " + a.value, Err: fmt.Errorf("a %s has no such input", p.Spec().Title), Hint: "it has: " + strings.Join(labels, ", ")}
}
