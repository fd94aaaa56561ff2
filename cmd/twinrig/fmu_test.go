package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"twinrig/twinmodel/fmi/fmitest"
)

// An FMU is shown and run like a model that ships.
func TestModelOfAnFMU(t *testing.T) {
	path := fmitest.Lag(t, 2, os.Getenv("CI") == "true")
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "twinrig", args...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("twinrig %s: %v\n%s", strings.Join(args, " "), err, &stderr)
		}
		return string(out)
	}
	if text := run("model", "show", path); !strings.Contains(text, "First-order lag") || !strings.Contains(text, "what the lag follows") {
		t.Errorf("model show prints\n%s", text)
	}
	rows := strings.Split(strings.TrimSpace(run("model", "run", path, "--for", "20s", "--every", "10s", "--set", "u = 10 °C")), "\n")
	// x = 10·(1 − exp(−t/10)) at t = 20 s
	if last := rows[len(rows)-1]; !strings.Contains(last, "8.646647") {
		t.Errorf("the last row is %q of\n%s", last, strings.Join(rows, "\n"))
	}
	rows = strings.Split(strings.TrimSpace(run("model", "run", path, "--for", "20s", "--every", "20s", "--option", "tau = 20 s", "--set", "u = 10 °C")), "\n")
	// x = 10·(1 − exp(−t/20)) at t = 20 s
	if last := rows[len(rows)-1]; !strings.Contains(last, "6.3212056") {
		t.Errorf("with another tau the last row is %q of\n%s", last, strings.Join(rows, "\n"))
	}
}
