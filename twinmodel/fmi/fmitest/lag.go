// Package fmitest makes FMUs for tests: a first-order lag, compiled on the spot
// for this machine. It is for tests only.
package fmitest

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

//go:embed lag
var sources embed.FS

// Description is the lag's modelDescription.xml for a version of the standard, 2
// or 3.
func Description(t testing.TB, version int) []byte {
	t.Helper()
	text, err := sources.ReadFile(fmt.Sprintf("lag/lag%d.xml", version))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Lag compiles and packs the lag. Without a compiler it fails or skips the test,
// as mustHave says: continuous integration has to have one.
func Lag(t testing.TB, version int, mustHave bool) string {
	t.Helper()
	if runtime.GOARCH != "amd64" {
		t.Skip("the test FMU is packed for amd64 only")
	}
	compiler, err := exec.LookPath("gcc")
	if err != nil {
		const text = "gcc is missing, so no FMU can be compiled; run: sudo apt-get install gcc"
		if mustHave {
			t.Fatal(text)
		}
		t.Skip(text)
	}
	dir := t.TempDir()
	code, err := sources.ReadFile("lag/lag.c")
	if err != nil {
		t.Fatal(err)
	}
	source, library := filepath.Join(dir, "lag.c"), filepath.Join(dir, "lag.so")
	if err := os.WriteFile(source, code, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", fmt.Sprintf("-DFMI=%d", version),
		"-o", library, source, "-lm").CombinedOutput()
	if err != nil {
		t.Fatalf("compile the test FMU: %v\n%s", err, out)
	}
	binary, err := os.ReadFile(library)
	if err != nil {
		t.Fatal(err)
	}
	folder := map[int]string{2: runtime.GOOS + "64", 3: "x86_64-" + runtime.GOOS}[version]
	return Pack(t, map[string][]byte{"modelDescription.xml": Description(t, version), "binaries/" + folder + "/lag.so": binary})
}

// Pack makes an FMU of files, by name.
func Pack(t testing.TB, files map[string][]byte) string {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "lag.fmu")
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
