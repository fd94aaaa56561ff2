package twinmodel_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGoldenOnARM builds this package's tests for arm64 and runs the golden days,
// with hours of five minutes, under an emulator and here: the same bits on another
// machine, and not only the absence of the one instruction TestNoFusedMultiplyAdd
// looks for.
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
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	here, there := goldenHashes(t, self), goldenHashes(t, emulator, binary)
	if diff := cmp.Diff(here, there); diff != "" || len(here) != len(goldenDays()) {
		t.Errorf("%d golden days here, want %d; on arm64 (+) they differ:\n%s", len(here), len(goldenDays()), diff)
	}
}

var goldenLine = regexp.MustCompile(`[^:\s][^:]*: 0x[0-9a-f]+`)

// goldenHashes runs TestGolden of a test binary and returns what it logs.
func goldenHashes(t *testing.T, command ...string) (hashes []string) {
	t.Helper()
	args := append(command[1:], "-test.run=^TestGolden$", "-test.v", "-golden.hour=5")
	out, err := exec.Command(command[0], args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command[0], err, out)
	}
	return goldenLine.FindAllString(string(out), -1)
}
