package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func readDeploy(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkCommand wants a command and flags that exist.
func checkCommand(t *testing.T, where string, args []string) {
	t.Helper()
	cmd, rest, err := rootCommand().Find(args)
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err == nil {
		err = cmd.ValidateArgs(cmd.Flags().Args())
	}
	if err != nil {
		t.Errorf("%s: %v", where, err)
	}
}

// The commands in comments, to be typed, are real as well.
func checkComments(t *testing.T, name, text string) {
	t.Helper()
	typed := regexp.MustCompile(`(?m)^#.*?twinrig (hub [^>\n]*)`).FindAllStringSubmatch(text, -1)
	if len(typed) == 0 {
		t.Errorf("%s shows no command", name)
	}
	for _, m := range typed {
		checkCommand(t, name+": "+m[1], shellWords(m[1]))
	}
}

// instruction returns the last JSON list of a Dockerfile's instruction.
func instruction(t *testing.T, text, name string) (words []string) {
	t.Helper()
	m := regexp.MustCompile(`(?m)^` + name + `\b[^\[\n]*(\[.*\])$`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("the Dockerfile has no %s", name)
	}
	if err := json.Unmarshal([]byte(m[1]), &words); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return words
}

// What the image runs, the program has: its commands and flags, not as root, with the
// directory it may write to.
func TestDockerfile(t *testing.T) {
	text := readDeploy(t, "Dockerfile")
	entry, cmd := instruction(t, text, "ENTRYPOINT"), instruction(t, text, "CMD")
	health := instruction(t, text, "HEALTHCHECK")
	for _, words := range [][]string{entry, health} {
		if words[0] != "/twinrig" {
			t.Errorf("%q does not begin with the program", words)
		}
	}
	checkCommand(t, "ENTRYPOINT and CMD", append(entry[1:], cmd...))
	checkCommand(t, "HEALTHCHECK", health[1:])
	checkComments(t, "Dockerfile", text)
	for _, want := range []string{
		"COPY --from=build /out/twinrig /twinrig\n", "\nUSER 10001:10001\n", "--chown=10001:10001 /out/data /data\n", "\nVOLUME /data\n",
		"go build -trimpath -ldflags=\"-s -w\" -o /out/twinrig ./cmd/twinrig\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the Dockerfile has not %q", want)
		}
	}
	if got := strings.Join(cmd, " "); !strings.Contains(got, "--data /data") || !strings.Contains(got, "--quiet") {
		t.Errorf("the image runs %s: data belong into the volume and keys not into its log", got)
	}
	gomod, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(gomod))[1]
	if !strings.Contains(text, "FROM golang:"+version+" AS build\n") {
		t.Errorf("the image is not built with Go %s", version)
	}
}

// The commands of the image work together: a hub as it runs there is found healthy.
func TestDockerHealth(t *testing.T) {
	text := readDeploy(t, "Dockerfile")
	args := append(instruction(t, text, "ENTRYPOINT")[1:], instruction(t, text, "CMD")...)
	// What a container has for itself, a test has not: the ports and the volume.
	args = append(args, "--listen", "127.0.0.1", "--mqtt-port", "0", "--https-port", "0", "--admin-port", "0", "--data", t.TempDir())
	p := begin(t, args...)
	p.until("Keys are in the data directory")
	admin := strings.TrimSuffix(p.value("Metrics"), "/metrics")
	health := instruction(t, text, "HEALTHCHECK")[1:]
	ask := func(port string) (int, string) {
		h := begin(t, append(health, "--admin-port", port)...)
		code := h.end()
		return code, strings.Join(h.said, "\n")
	}
	if code, said := ask(admin[strings.LastIndex(admin, ":")+1:]); code != 0 || said != "ready" {
		t.Errorf("health of a running hub: exit code %d, %q", code, said)
	}
	if code, said := ask("1"); code != exitFailed || !strings.Contains(said, "refused") {
		t.Errorf("health without a hub: exit code %d, %q", code, said)
	}
	if all := strings.Join(p.said, "\n"); strings.Contains(all, "SharedAccessKey") {
		t.Errorf("a hub that is to be quiet prints keys:\n%s", all)
	}
	p.signal(os.Interrupt)
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// The unit is one that systemd takes, its command one that the program takes.
func TestSystemdUnit(t *testing.T) {
	text := readDeploy(t, "twinrig-hub.service")
	m := regexp.MustCompile(`(?m)^ExecStart=(\S+) (.*)$`).FindStringSubmatch(text)
	if m == nil {
		t.Fatal("there is no ExecStart")
	}
	checkCommand(t, "ExecStart", strings.Fields(m[2]))
	checkComments(t, "unit", text)
	if !strings.Contains(m[2], "--quiet") {
		t.Error("keys would get into the journal")
	}
	systemd, err := exec.LookPath("systemd-analyze")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("systemd-analyze is not installed. Run: sudo apt-get install systemd")
		}
		t.Skip("systemd-analyze is not installed. Run: sudo apt-get install systemd")
	}
	program, err := exec.LookPath("twinrig")
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "twinrig-hub.service")
	if err := os.WriteFile(unit, []byte(strings.Replace(text, m[1], program, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), systemd, "verify", "--man=no", unit).CombinedOutput()
	if err != nil || strings.Contains(string(out), filepath.Base(unit)) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// What docs/hub.md says to type can be typed.
func TestHubDoc(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "hub.md"))
	if err != nil {
		t.Fatal(err)
	}
	typed := regexp.MustCompile(`(?m)^twinrig (.*)$`).FindAllStringSubmatch(string(text), -1)
	if len(typed) < 8 {
		t.Errorf("found %d commands; is the search broken?", len(typed))
	}
	for _, m := range typed {
		command, _, _ := strings.Cut(m[1], "   ")
		command, _, _ = strings.Cut(command, " >")
		checkCommand(t, command, shellWords(command))
	}
}
