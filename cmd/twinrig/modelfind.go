package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/catalog"
	"twinrig/scenarios"
	"twinrig/twinmodel"
	"twinrig/twinmodel/fmi"
)

// modelStart is when a model that runs alone begins.
var modelStart = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

// choices are what a plant is made with.
type choices struct {
	seed    uint64
	options []option
}

// option is one of the choices, as it was written.
type option struct{ name, value string }

func (o option) wrong(err error, hint string) error {
	return &scenarios.UsageError{Subject: o.name + " = " + o.value, Err: err, Hint: hint}
}

// findModel makes a plant by its name, or of an FMU or a pipe network by its file. End it with
// twinmodel.Close.
func findModel(name string, c choices) (*devicesim.Kind, twinmodel.Plant, error) {
	switch {
	case strings.HasSuffix(name, ".fmu"):
		return openFMU(name, c.options)
	case strings.HasSuffix(name, ".inp"):
		return openNetwork(name, c.options)
	}
	var known []string
	for _, k := range catalog.Kinds() {
		if k.Name != name {
			known = append(known, k.Name)
			continue
		}
		chosen, err := chooseOptions(k, c.options)
		if err != nil {
			return nil, nil, err
		}
		plant, _, err := k.Build(devicesim.Instance{ID: k.Example, Start: modelStart, Seed: c.seed, Chosen: chosen})
		if err != nil {
			return nil, nil, &scenarios.UsageError{Subject: name, Err: err, Hint: "change the options"}
		}
		return k, plant, nil
	}
	return nil, nil, &scenarios.UsageError{Subject: name, Err: fmt.Errorf("no such model"), Hint: "there are: " + strings.Join(known, ", ") + ", or give an .fmu or .inp file"}
}

// chooseOptions reads options of a device that ships.
func chooseOptions(k *devicesim.Kind, options []option) (map[string]float64, error) {
	chosen := map[string]float64{}
	for _, o := range options {
		known, err := o.of(k)
		if err != nil {
			return nil, err
		}
		v, err := known.Signal().Resolve(o.value)
		if err != nil {
			return nil, o.wrong(err, "twinrig model show "+k.Name+" lists the options and their units")
		}
		chosen[known.Name] = v
	}
	return chosen, nil
}

// of finds what the option is of a kind.
func (o option) of(k *devicesim.Kind) (devicesim.Option, error) {
	var names []string
	for _, known := range k.Options {
		if strings.EqualFold(known.Name, o.name) {
			return known, nil
		}
		names = append(names, known.Name)
	}
	return devicesim.Option{}, o.wrong(fmt.Errorf("a %s has no such option", k.Title), "it has: "+strings.Join(names, ", "))
}

// openFMU imports an FMU; its process is this program as FMU host. Options are
// start values of its variables.
func openFMU(path string, options []option) (*devicesim.Kind, twinmodel.Plant, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	start := map[string]float64{}
	description, err := fmi.Describe(path)
	for _, o := range options {
		if err != nil {
			break
		}
		v, e := description.Variable(o.name)
		if e == nil {
			start[o.name], e = v.Resolve(o.value)
		}
		if e != nil {
			return nil, nil, o.wrong(e, "give a number, or a quantity in the variable's unit")
		}
	}
	var plant *fmi.Plant
	if err == nil {
		plant, err = fmi.Open(path, fmi.Options{Start: modelStart, Values: start, Locals: true, Host: func() *exec.Cmd { return exec.Command(self, "fmu-host") }})
	}
	if err != nil {
		return nil, nil, &scenarios.UsageError{Subject: path, Err: err, Hint: "give a co-simulation FMU of FMI 2.0 or 3.0 with a library for this machine"}
	}
	return &devicesim.Kind{Name: path, Title: plant.Spec().Title}, plant, nil
}
