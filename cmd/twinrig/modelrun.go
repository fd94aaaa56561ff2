package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"twinrig/reports"
	"twinrig/scenarios"
	"twinrig/twinmodel"
)

// maxSamples bounds a table.
const maxSamples = 10_000_000

// modelRunOptions are the flags of `twinrig model run`.
type modelRunOptions struct {
	length, every, plan, plot string
	set, at, option           []string
	seed                      uint64
	actions                   []action
	options                   []option
}

func modelRunCommand() *cobra.Command {
	var o modelRunOptions
	cmd := &cobra.Command{
		Use:   "run model|file.fmu|file.inp",
		Short: "Run a model alone and print its signals as CSV",
		Long: `Run the physics of a model for a simulated time, with no device, no hub and no
controller: actuators stay as they are set. The CSV on standard output has a row
for each sample; a device file can replay it.

Inputs and faults are named by their labels, as in scenarios. An FMU (co-simulation,
FMI 2.0 or 3.0) runs like a model; it is native code and may do what any program may.
So does a pipe network in EPANET's .inp format, with its pumps, controls and patterns.`,
		Example: `  twinrig model run reefer --for 24h --every 5min
  twinrig model run reefer --for 24h --every 5min --set "noon sunshine = 900 W/m²" --at "1h: cargo door = open" --at "2h: cargo door = closed"
  twinrig model run esp --set "drive = running" --at "3h: scale = 40 %" --plot well.html

  twinrig model run hvac --option "start temperature = 30 °C" --set "operating mode = off" --for 2d --plot room.svg
  twinrig model run presence --seed 7 --for 24h
  twinrig model run reefer --plan day.yaml

The second is the same as the last, with this in day.yaml:
  for: 24 h
  every: 5 min
  set: {noon sunshine: 900 W/m²}
  at:
    - {time: 1 h, set: {cargo door: open}}
    - {time: 2 h, set: {cargo door: closed}}`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.plan != "" {
				if err := o.readPlan(o.plan, cmd.Flags().Changed); err != nil {
					return err
				}
			}
			return o.run(cmd.Context(), args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.length, "for", "6h", "simulated time")
	f.StringVar(&o.every, "every", "1min", "time between rows")
	f.StringArrayVar(&o.set, "set", nil, `set an input or fault at the start: "label = value"`)
	f.StringArrayVar(&o.at, "at", nil, `set one later: "1h: label = value"`)
	f.StringArrayVar(&o.option, "option", nil, `make it with an option that model show lists, or an FMU with a start value: "name = value"`)
	f.Uint64Var(&o.seed, "seed", 1, "seed of what is random in the model")
	f.StringVar(&o.plan, "plan", "", "YAML file of inputs and times")
	f.StringVar(&o.plot, "plot", "", "also draw the signals: a file that ends in .svg or .html")
	return cmd
}

func (o *modelRunOptions) run(ctx context.Context, name string, stdout, stderr io.Writer) error {
	if err := o.readFlags(); err != nil {
		return err
	}
	length, err := modelDuration("--for", o.length)
	if err != nil {
		return err
	}
	every, err := modelDuration("--every", o.every)
	if err != nil {
		return err
	}
	if n := len(o.actions); n > 0 && o.actions[n-1].after > length {
		return &scenarios.UsageError{Subject: "--at " + o.actions[n-1].after.String(), Err: fmt.Errorf("comes after the end, which is at %s", length), Hint: "lengthen --for, or set it earlier"}
	}
	if length/every > maxSamples {
		return &scenarios.UsageError{Subject: "--every " + o.every, Err: fmt.Errorf("more than %d rows", maxSamples), Hint: "sample less often"}
	}
	if ext := filepath.Ext(o.plot); o.plot != "" && ext != ".svg" && ext != ".html" {
		return &scenarios.UsageError{Subject: "--plot " + o.plot, Err: errors.New("unknown kind of file"), Hint: "give a name that ends in .svg or .html"}
	}
	k, plant, err := findModel(name, choices{o.seed, o.options})
	if err != nil {
		return err
	}
	table := newModelTable(stdout, plant, o.plot != "")
	bar := newModelBar(stderr, length)
	faults, err := o.play(ctx, plant, table, length, every, bar)
	bar.close()
	if err = errors.Join(err, table.out.Flush(), twinmodel.Close(plant)); err != nil {
		return err
	}
	return o.draw(reports.Chart{Title: sentence(k.Title), Command: o.command(name), Begin: modelStart, Length: length, Series: table.drawn(), Faults: faults})
}

func modelDuration(flag, text string) (time.Duration, error) {
	d, err := twinmodel.ParseDuration(text)
	if err == nil && d < time.Millisecond {
		err = errors.New("too short")
	}
	if err != nil {
		return 0, &scenarios.UsageError{Subject: flag + " " + text, Err: err, Hint: "write for example: " + flag + map[string]string{"--for": " 6h", "--every": " 1min"}[flag]}
	}
	return d, nil
}

// play steps the plant from row to row, stopping on the way for what is to be
// set. It returns the faults that came and went.
func (o *modelRunOptions) play(ctx context.Context, p twinmodel.Plant, table *modelTable, length, every time.Duration, bar *modelBar) (faults []reports.Event, err error) {
	actions := o.actions
	for at := time.Duration(0); at <= length; at += every {
		if ctx.Err() != nil {
			return nil, exit{exitInterrupted}
		}
		for len(actions) > 0 && actions[0].after <= at {
			if err := p.Advance(modelStart.Add(actions[0].after)); err != nil {
				return nil, rigFault{err}
			}
			happened, err := actions[0].apply(p)
			if err != nil {
				return nil, err
			}
			faults, actions = append(faults, happened...), actions[1:]
		}
		if err := p.Advance(modelStart.Add(at)); err != nil {
			return nil, rigFault{err}
		}
		if err := table.row(at, p); err != nil {
			return nil, err
		}
		bar.reach(at)
	}
	return faults, nil
}
