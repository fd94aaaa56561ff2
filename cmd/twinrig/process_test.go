package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is twinrig, started as a shell starts it: in a process group of its own.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	lines  *bufio.Scanner
	said   []string
	stderr bytes.Buffer
}

// begin starts twinrig. TestMain has put it on the path.
func begin(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.CommandContext(t.Context(), "twinrig", args...)}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.cmd.Stderr = &p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(stdout)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// A process that hangs ends here, and what waits for it fails.
	watchdog := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
	t.Cleanup(func() { watchdog.Stop() })
	return p
}

// until reads lines up to one that has this beginning.
func (p *process) until(prefix string) {
	p.t.Helper()
	for p.lines.Scan() {
		p.said = append(p.said, p.lines.Text())
		if strings.HasPrefix(p.lines.Text(), prefix) {
			return
		}
	}
	_ = p.cmd.Wait()
	p.t.Fatalf("twinrig ended (%v) before it said %q:\n%s\n%s", p.cmd.ProcessState, prefix, strings.Join(p.said, "\n"), p.stderr.String())
}

// value finds what stands behind a label in what was said.
func (p *process) value(label string) string {
	p.t.Helper()
	for _, line := range p.said {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), label); ok {
			return strings.TrimSpace(rest)
		}
	}
	p.t.Fatalf("twinrig has not said %q:\n%s", label, strings.Join(p.said, "\n"))
	return ""
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// ctrlC interrupts the whole process group, as a terminal does.
func (p *process) ctrlC() {
	p.t.Helper()
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT); err != nil {
		p.t.Fatal(err)
	}
}

// end waits for the process, and makes sure that it leaves none behind.
func (p *process) end() (code int) {
	p.t.Helper()
	for p.lines.Scan() {
		p.said = append(p.said, p.lines.Text())
	}
	_ = p.cmd.Wait() // the code says it
	if err := syscall.Kill(-p.cmd.Process.Pid, 0); err != syscall.ESRCH {
		p.t.Errorf("processes are left behind (%v)", err)
	}
	return p.cmd.ProcessState.ExitCode()
}
