package twinmodel_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fused is an instruction that rounds a product and a sum once. amd64 rounds
// twice, so one of them in twinmodel means different bits on different machines.
var fused = regexp.MustCompile(`\bFN?M(ADD|SUB)[DS]\b`)

// TestNoFusedMultiplyAdd builds the packages for arm64 and reads their machine
// code. A product that feeds a sum must be wrapped in float64().
func TestNoFusedMultiplyAdd(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("NOT CHECKED: there is no go command to build twinmodel for arm64 with, so a fused multiply-add would go unnoticed")
	}
	arm64 := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(goTool, args...)
		cmd.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0", "GOFLAGS=")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr(err))
		}
		return string(out)
	}

	// The check must be able to fail.
	dir := t.TempDir()
	source, object := filepath.Join(dir, "control.go"), filepath.Join(dir, "control.a")
	if err := os.WriteFile(source, []byte("package control\n\nfunc F(x, y, z float64) float64 { return x*y + z }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	arm64("build", "-o", object, source)
	if !fused.MatchString(arm64("tool", "objdump", object)) {
		t.Fatal("x*y + z has no fused multiply-add in the disassembly: the check is blind")
	}

	packages := strings.Fields(arm64("list", "-export", "-f", "{{.ImportPath}}={{.Export}}", "./..."))
	if len(packages) < 7 {
		t.Fatalf("only %d packages found: %v", len(packages), packages)
	}
	for _, p := range packages {
		name, archive, _ := strings.Cut(p, "=")
		function := ""
		for line := range strings.Lines(arm64("tool", "objdump", archive)) {
			if strings.HasPrefix(line, "TEXT ") {
				function = strings.Fields(line)[1]
			} else if fused.MatchString(line) {
				t.Errorf("%s: %s has a fused multiply-add: %s", name, function, strings.Join(strings.Fields(line), " "))
			}
		}
	}
}

func stderr(err error) string {
	if e, ok := err.(*exec.ExitError); ok {
		return string(e.Stderr)
	}
	return ""
}
