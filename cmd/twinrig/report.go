package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"twinrig/reports"
	"twinrig/scenarios"
)

func reportCommand() *cobra.Command {
	var output, junit string
	cmd := &cobra.Command{
		Use:   "report [run.jsonl]",
		Short: "Render a run record as HTML and JUnit",
		Long: `Render a run record, read from a file or from standard input, as one HTML page
that needs nothing else, and as JUnit XML.`,
		Example: `  twinrig report report/run.jsonl --output report.html
  twinrig run --record - | twinrig report --output report.html --junit junit.xml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			rec, err := readRecord(cmd.InOrStdin(), args)
			if err != nil {
				return err
			}
			if err := writeFile(output, func(w io.Writer) error { return reports.WriteHTML(w, rec, reports.HTMLOptions{}) }); err != nil {
				return err
			}
			if junit != "" {
				if err := writeFile(junit, func(w io.Writer) error { return reports.WriteJUnit(w, rec) }); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "Report: %s\n", output)
			return err
		},
	}
	cmd.Flags().StringVar(&output, "output", "report.html", "HTML file to write")
	cmd.Flags().StringVar(&junit, "junit", "", "JUnit file to write; none when empty")
	return cmd
}

func readRecord(stdin io.Reader, args []string) (*reports.Record, error) {
	source, name := stdin, "standard input"
	if len(args) == 1 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return nil, &scenarios.UsageError{Subject: args[0], Err: errors.New("no such run record"), Hint: "give the run.jsonl of a report directory"}
		}
		defer f.Close()
		source, name = f, args[0]
	}
	rec, err := reports.ReadRecord(source)
	if err != nil {
		return nil, &scenarios.UsageError{Subject: name, Err: err, Hint: "give a run record that `twinrig run` wrote"}
	}
	return rec, nil
}

// writeReports fills a report directory and returns the HTML report's path.
func writeReports(dir string, rec *reports.Record, m reports.Meta) (string, error) {
	page := filepath.Join(dir, "report.html")
	files := []struct {
		path  string
		write func(io.Writer) error
	}{
		{filepath.Join(dir, "run.meta.json"), func(w io.Writer) error { return reports.WriteMeta(w, m) }},
		{filepath.Join(dir, "junit.xml"), func(w io.Writer) error { return reports.WriteJUnit(w, rec) }},
		{page, func(w io.Writer) error { return reports.WriteHTML(w, rec, reports.HTMLOptions{Meta: &m}) }},
	}
	for _, f := range files {
		if err := writeFile(f.path, f.write); err != nil {
			return "", err
		}
	}
	return page, nil
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return &scenarios.UsageError{Subject: path, Err: err, Hint: "give a file you may write to"}
	}
	return errors.Join(write(f), f.Close())
}

// meta is what a run leaves for run.meta.json.
func meta(begin time.Time, workers int, o scenarios.Outcome) reports.Meta {
	host, _ := os.Hostname() // unknown is fine
	wall := map[string]float64{}
	for id, d := range o.Wall {
		wall[id] = d.Seconds()
	}
	return reports.Meta{
		Host: host, OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), GoVersion: runtime.Version(),
		Args: os.Args, Started: begin.UTC(), Ended: time.Now().UTC(), Workers: workers, ScenarioWall: wall,
	}
}
