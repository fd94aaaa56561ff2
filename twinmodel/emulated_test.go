package twinmodel_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoldenOnARM builds this package's tests for arm64 and runs TestGolden under
// an emulator: the same bits on another machine, and not only the absence of the
// one instruction TestNoFusedMultiplyAdd looks for.
func TestGoldenOnARM(t *testing.T) {
	missing := func(what string) {
		if os.Getenv("CI") == "true" {
			t.Fatal(what)
		}
		t.Skip(what)
	}
	emulator, err := exec.LookPath("qemu-aarch64-static")
	if err != nil {
		if emulator, err = exec.LookPath("qemu-aarch64"); err != nil {
			missing("NOT CHECKED: there is no emulator to run the golden days on arm64 with; Debian: apt-get install qemu-user-static")
		}
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		missing("NOT CHECKED: there is no go command to build the golden days for arm64 with")
	}
	binary := filepath.Join(t.TempDir(), "twinmodel.test")
	build := exec.Command(goTool, "test", "-c", "-vet=off", "-ldflags=-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build for arm64: %v\n%s", err, out)
	}
	out, err := exec.Command(emulator, binary, "-test.run=^TestGolden$", "-test.v").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestGolden") {
		t.Errorf("on arm64: %v\n%s", err, out)
	}
}
