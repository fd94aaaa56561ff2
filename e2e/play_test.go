package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// play is a Node.js script that is running. It prints JSON lines, and waits for
// cues where the test has something to do first.
type play struct {
	t      *testing.T
	cmd    *exec.Cmd
	cues   io.WriteCloser
	lines  chan []byte
	stderr bytes.Buffer
}

// startPlay starts a script with Azure's packages against a hub. The hub's
// certificate is all that the packages are told beyond their public API.
func startPlay(t *testing.T, h *hub, script string, settings any) *play {
	t.Helper()
	node := requireNode(t, "azure-iot-device", "azure-iot-device-http", "azure-iot-device-mqtt", "azure-iothub")
	return startScript(t, node, filepath.Join("azure", script), settings, "NODE_EXTRA_CA_CERTS="+h.caFile)
}

// startScript starts any script; settings are its argument, in JSON.
func startScript(t *testing.T, node, path string, settings any, env ...string) *play {
	t.Helper()
	text, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	p := &play{t: t, cmd: exec.CommandContext(t.Context(), node, path, string(text)), lines: make(chan []byte, 100)}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = &p.stderr
	p.start()
	return p
}

func (p *play) start() {
	p.t.Helper()
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if p.cues, err = p.cmd.StdinPipe(); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		s := bufio.NewScanner(stdout)
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			p.lines <- bytes.Clone(s.Bytes())
		}
	}()
}

// next returns the next line.
func (p *play) next() []byte {
	p.t.Helper()
	select {
	case line, ok := <-p.lines:
		if !ok {
			_ = p.cmd.Wait()
			p.t.Fatalf("the script ended early: %s\n%s", p.cmd.ProcessState, p.stderr.String())
		}
		return line
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		p.t.Fatalf("the script has said nothing for %v\n%s", patience, p.stderr.String())
	}
	return nil
}

// says checks that the next line is this JSON.
func (p *play) says(want string) {
	p.t.Helper()
	line := p.next()
	if diff := cmp.Diff(decode(p.t, []byte(want)), decode(p.t, line)); diff != "" {
		p.t.Fatalf("the script said\n  %s\nand not\n  %s\n(-want +got):\n%s", line, want, diff)
	}
}

// reads decodes the next line into v.
func (p *play) reads(v any) {
	p.t.Helper()
	line := p.next()
	if err := json.Unmarshal(line, v); err != nil {
		p.t.Fatalf("the script said %s: %v", line, err)
	}
}

// cue lets the script go on.
func (p *play) cue() {
	p.t.Helper()
	if _, err := fmt.Fprintln(p.cues); err != nil {
		p.t.Fatalf("cue: %v\n%s", err, p.stderr.String())
	}
}

// ends checks that the script has nothing more to say and ends by itself.
func (p *play) ends() {
	p.t.Helper()
	select {
	case line, more := <-p.lines:
		if more {
			p.t.Fatalf("the script went on with %s", line)
		}
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		p.t.Fatalf("the script does not end\n%s", p.stderr.String())
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("the script failed: %v\n%s", err, p.stderr.String())
	}
}

func decode(t *testing.T, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}
