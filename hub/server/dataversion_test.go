package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"twinrig/hub/server"
)

// A data directory says which layout it has; one from before the first version is taken
// over, and one of a newer program is left alone.
func TestDataVersion(t *testing.T) {
	cfg := server.Config{DataDir: filepath.Join(t.TempDir(), "data"), Partitions: 1}
	version := filepath.Join(cfg.DataDir, "version")
	wantVersion := func(why string) {
		t.Helper()
		if text, err := os.ReadFile(version); err != nil || string(text) != "1\n" {
			t.Errorf("%s: version %q, %v", why, text, err)
		}
	}
	stop(t, startOnSockets(t, cfg))
	wantVersion("a new directory")
	if err := os.Remove(version); err != nil {
		t.Fatal(err)
	}
	stop(t, startOnSockets(t, cfg))
	wantVersion("a directory from before versions")

	before := listing(t, cfg.DataDir)
	for text, want := range map[string]string{
		"2\n":   "has version 2, of a newer twinrig; this one knows up to 1: run the newer program, or choose another directory",
		"one\n": `version is damaged: it holds "one\n"`,
		"":      "version is damaged",
	} {
		if err := os.WriteFile(version, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		free := server.Listen{Address: "127.0.0.1:0"}
		s, err := server.Start(t.Context(), server.Config{DataDir: cfg.DataDir, Partitions: 1, MQTT: free, HTTP: free})
		if err == nil {
			stop(t, s)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("version %q: %v, want %q", text, err, want)
		}
	}
	if after := listing(t, cfg.DataDir); after != before {
		t.Errorf("a refused start changed the directory from\n%s\nto\n%s", before, after)
	}
}

// listing names all files of a directory with their sizes and times, except the version.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == "version" {
			return err
		}
		info, err := e.Info()
		b.WriteString(path + " " + info.ModTime().String() + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// While a hub runs, its data directory tells programs on the machine how to reach it.
func TestFindRunning(t *testing.T) {
	cfg := server.Config{DataDir: t.TempDir(), Partitions: 1}
	if _, err := server.FindRunning(cfg.DataDir); err == nil || !strings.Contains(err.Error(), "no hub runs on data directory") {
		t.Errorf("before the start: %v", err)
	}
	s := startOnSockets(t, cfg)
	got, err := server.FindRunning(cfg.DataDir)
	want := server.Running{Address: address(s.Endpoints().HTTP), ConnectionString: s.ServiceConnectionString(), CAFile: s.CAFile(),
		DeviceHost: "localhost:" + s.Endpoints().MQTT[strings.LastIndex(s.Endpoints().MQTT, ":")+1:]}
	if err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if info, err := os.Stat(filepath.Join(cfg.DataDir, "running.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("it holds a key, and has mode %v, %v", info.Mode(), err)
	}
	stop(t, s)
	if _, err := server.FindRunning(cfg.DataDir); err == nil {
		t.Error("it is still said to run after its end")
	}
}
