package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"

	"twinrig/hub/store"
	"twinrig/reports"
)

// A supervisor and its workers talk in JSON lines: the supervisor writes one
// task a line, the worker answers each with a message, followed by as many bytes
// of run record as it says.
type (
	task struct {
		Pickle   Pickle
		Settings Settings
	}
	message struct {
		ID      string
		Verdict reports.Verdict
		Usage   string
		Bytes   int
	}
)

// ServeWorker runs the scenarios a supervisor sends through in and answers on
// out, until in ends. It never returns: virtual time lives in testing's
// machinery, which ends the process.
func ServeWorker(in io.Reader, out io.Writer) {
	store.Register()
	os.Args = os.Args[:1] // testing parses the command line and must find nothing there
	flag.CommandLine = flag.NewFlagSet("worker", flag.ContinueOnError)
	testing.Init()
	everything := func(_, _ string) (bool, error) { return true, nil }
	serve := func(t *testing.T) {
		if err := serveTasks(t, in, out); err != nil {
			fmt.Fprintln(os.Stderr, "worker:", err)
			t.Fail()
		}
	}
	testing.Main(everything, []testing.InternalTest{{Name: "worker", F: serve}}, nil, nil)
}

func serveTasks(t *testing.T, in io.Reader, out io.Writer) error {
	tasks := json.NewDecoder(in)
	for {
		var next task
		if err := tasks.Decode(&next); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		result := Run(t, next.Pickle, next.Settings)
		var record bytes.Buffer
		if err := reports.WriteEvents(&record, result.Events); err != nil {
			return err
		}
		head, err := json.Marshal(message{result.ID, result.Verdict, result.Usage, record.Len()})
		if err != nil {
			return err
		}
		if _, err := out.Write(append(append(head, '\n'), record.Bytes()...)); err != nil {
			return err
		}
	}
}
