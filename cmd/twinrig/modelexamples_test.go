package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// The examples in the help of twinrig model run as they stand, in an empty folder
// that has the plan the help shows, and leave the plots they name.
func TestModelHelpExamplesRun(t *testing.T) {
	dir := t.TempDir()
	_, plan, ok := strings.Cut(modelRunCommand().Example, "day.yaml:\n")
	if !ok {
		t.Fatal("the help of model run shows no plan")
	}
	if err := os.WriteFile(filepath.Join(dir, "day.yaml"), []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
	var runs [][]byte
	for _, c := range append([]*cobra.Command{modelCommand()}, modelCommand().Commands()...) {
		for line := range strings.Lines(c.Example) {
			args, ok := strings.CutPrefix(strings.TrimSpace(line), "twinrig ")
			if !ok {
				continue
			}
			words := shellWords(args)
			cmd := exec.CommandContext(t.Context(), "twinrig", words...)
			cmd.Dir = dir
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil || len(out) == 0 {
				t.Errorf("%s: %v\n%s", line, err, &stderr)
			}
			if plot := words[len(words)-1]; words[len(words)-2] == "--plot" {
				if info, err := os.Stat(filepath.Join(dir, plot)); err != nil || info.Size() < 1000 {
					t.Errorf("%s: the plot: %v", line, err)
				}
			}
			if c.Name() == "run" {
				runs = append(runs, out)
			}
		}
	}
	if n := len(runs); n < 4 || !bytes.Equal(runs[1], runs[n-1]) || bytes.Equal(runs[0], runs[1]) {
		t.Errorf("of %d examples the last, a plan, is not the same as the second", n)
	}
}
