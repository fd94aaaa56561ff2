package main

import (
	"errors"
	"os"

	"twinrig/devicesim"
	"twinrig/scenarios"
	"twinrig/twinmodel"
	"twinrig/twinmodel/pipenet"
)

// openNetwork makes a plant of a network in EPANET's format.
func openNetwork(path string, options []option) (*devicesim.Kind, twinmodel.Plant, error) {
	if len(options) > 0 {
		return nil, nil, options[0].wrong(errors.New("a network has no options"), "change the file, or set an input")
	}
	wrong := func(err error) error {
		return &scenarios.UsageError{Subject: path, Err: err, Hint: "give a network in EPANET's .inp format; [JUNCTIONS], [RESERVOIRS] or [TANKS], and [PIPES] at least"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, wrong(err)
	}
	defer func() { _ = f.Close() }()
	n, err := pipenet.Read(f)
	if err != nil {
		return nil, nil, wrong(err)
	}
	plant, err := pipenet.New(modelStart, n, pipenet.FileParams(n))
	if err != nil {
		return nil, nil, wrong(err)
	}
	return &devicesim.Kind{Name: path, Title: plant.Spec().Title}, plant, nil
}
