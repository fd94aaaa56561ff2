package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"twinrig/reports"
	"twinrig/scenarios"
)

// runOptions are the flags of `twinrig run`.
type runOptions struct {
	report   string
	record   string
	tags     string
	models   []string
	clock    string
	seed     uint64
	parallel int
	limit    time.Duration
}

func runCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [feature file, directory or file:line]...",
		Short: "Run Gherkin scenarios against an embedded hub",
		Long: `Run Gherkin scenarios. Each gets a hub and devices of its own. In virtual time,
the default, a day takes milliseconds; the same seed gives the same record, byte
for byte.

The report directory receives run.jsonl (everything that happened), report.html,
junit.xml and run.meta.json.

Exit code: 0 all passed, 1 something failed, 2 a mistake in the command line or a
feature, 3 inconclusive (the rig was not good enough to tell), 130 interrupted.`,
		Example: `  twinrig run
  twinrig run --tags "@cold-chain and not @negative-control" --seed 7
  twinrig run --time real features/connectivity.feature
  twinrig run --record - | twinrig report --output report.html`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				paths = []string{"features"}
			}
			return o.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), paths)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.report, "report", "report", "directory to write the reports to")
	f.StringVar(&o.record, "record", "", "where to write the run record; - for standard output (default: run.jsonl in the report directory)")
	f.StringVar(&o.tags, "tags", "", `run only scenarios that match a tag expression, e.g. "@smoke and not @slow"`)
	f.StringArrayVar(&o.models, "models", nil, "folder of DTDL models, laid out as a device model repository, for device files; may be given again")
	f.StringVar(&o.clock, "time", string(scenarios.Virtual), "virtual or real")
	f.Uint64Var(&o.seed, "seed", 1, "seed of every random number in the run")
	f.IntVar(&o.parallel, "parallel", runtime.NumCPU(), "scenarios to run at the same time")
	f.DurationVar(&o.limit, "limit", 10*time.Minute, "wall time one scenario may take in virtual time; 0 for no limit")
	return cmd
}

func (o *runOptions) run(ctx context.Context, stdout, stderr io.Writer, paths []string) error {
	if err := o.check(); err != nil {
		return err
	}
	pickles, err := scenarios.LoadFeatures(paths, o.tags)
	if err != nil {
		return err
	}
	if err := scenarios.CheckSteps(pickles); err != nil {
		return err
	}
	talk := stdout
	if o.record == "-" {
		talk = stderr // standard output carries the record
	}
	results, err := o.openRecord(stdout)
	if err != nil {
		return err
	}
	begin := time.Now()
	outcome, record, err := o.supervise(ctx, talk, pickles, o.selection(paths))
	if err == nil {
		_, err = results.Write(record)
	}
	if err = errors.Join(err, results.Close()); err != nil {
		return rigFault{err}
	}
	if err := o.render(talk, record, meta(begin, o.parallel, outcome)); err != nil {
		return rigFault{err}
	}
	return verdictExit(ctx, outcome)
}

func (o *runOptions) check() error {
	switch c := scenarios.Clock(o.clock); {
	case c != scenarios.Virtual && c != scenarios.Real:
		return &scenarios.UsageError{Subject: "--time " + o.clock, Err: fmt.Errorf("no such clock"), Hint: "write --time virtual or --time real"}
	case o.parallel < 1:
		return &scenarios.UsageError{Subject: fmt.Sprintf("--parallel %d", o.parallel), Err: fmt.Errorf("at least one scenario must run"), Hint: "write --parallel 1 or more"}
	case c == scenarios.Real:
		o.limit = 0
	}
	return nil
}

// selection is the arguments that choose the same scenarios again.
func (o *runOptions) selection(paths []string) []string {
	var args []string
	if o.tags != "" {
		args = append(args, "--tags", o.tags)
	}
	for _, dir := range o.models {
		args = append(args, "--models", dir)
	}
	return append(args, paths...)
}

// supervise runs the scenarios and returns the record as bytes.
func (o *runOptions) supervise(ctx context.Context, talk io.Writer, pickles []scenarios.Pickle, selection []string) (scenarios.Outcome, []byte, error) {
	self, err := os.Executable()
	if err != nil {
		return scenarios.Outcome{}, nil, err
	}
	progress := newProgress(talk, len(pickles))
	s := scenarios.Supervisor{
		Settings: scenarios.Settings{Clock: scenarios.Clock(o.clock), Seed: o.seed, Models: o.models, FMUHost: []string{self, "fmu-host"}},
		Version:  version(),
		Select:   selection,
		Parallel: o.parallel,
		Limit:    o.limit,
		Worker:   func() *exec.Cmd { return exec.Command(self, "worker") },
		Started:  progress.started,
		Finished: progress.finished,
	}
	var record bytes.Buffer
	outcome, err := s.Run(ctx, pickles, &record)
	progress.close()
	return outcome, record.Bytes(), err
}

// openRecord makes the report directory and opens what the run record goes to.
// That comes before the scenarios: who has waited for them wants their results.
func (o *runOptions) openRecord(stdout io.Writer) (io.WriteCloser, error) {
	if err := os.MkdirAll(o.report, 0o777); err != nil {
		return nil, &scenarios.UsageError{Subject: "--report " + o.report, Err: err, Hint: "give a directory you may write to"}
	}
	switch o.record {
	case "-":
		return keptOpen{stdout}, nil
	case "":
		o.record = filepath.Join(o.report, "run.jsonl")
	}
	f, err := os.Create(o.record)
	if err != nil {
		return nil, &scenarios.UsageError{Subject: "--record " + o.record, Err: err, Hint: "give a file you may write to"}
	}
	return f, nil
}

// keptOpen is a stream that is somebody else's to close.
type keptOpen struct{ io.Writer }

// Close implements io.Closer.
func (keptOpen) Close() error { return nil }

// render makes the reports from the record, prints the summary and ends with
// the report's path.
func (o *runOptions) render(talk io.Writer, record []byte, m reports.Meta) error {
	rec, err := reports.ReadRecord(bytes.NewReader(record))
	if err != nil {
		return err
	}
	path, err := writeReports(o.report, rec, m)
	if err != nil {
		return err
	}
	if err := reports.WriteSummary(talk, rec); err != nil {
		return err
	}
	_, err = fmt.Fprintf(talk, "\nReport: %s\n", path)
	return err
}

func verdictExit(ctx context.Context, o scenarios.Outcome) error {
	switch {
	case ctx.Err() != nil:
		return exit{exitInterrupted}
	case o.Usage:
		return exit{exitUsage}
	case o.Verdict == reports.Fail:
		return exit{exitFailed}
	case o.Verdict == reports.Inconclusive, o.Verdict == reports.NotRun:
		return exit{exitInconclusive}
	}
	return nil
}
