package fmi

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
)

// process is a running host.
type process struct {
	cmd       *exec.Cmd
	in        io.WriteCloser
	requests  *gob.Encoder
	responses *gob.Decoder
	stderr    *head
	dead      error
}

func start(cmd *exec.Cmd) (*process, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start FMU host: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start FMU host: %w", err)
	}
	p := &process{cmd: cmd, in: in, requests: gob.NewEncoder(in), responses: gob.NewDecoder(out), stderr: &head{}}
	cmd.Stderr = p.stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start FMU host: %w", err)
	}
	return p, nil
}

// call sends a request and waits for its answer. How long an FMU may take is for
// whoever watches the scenario to say.
func (p *process) call(r Request) (answer Response, err error) {
	if p.dead != nil {
		return answer, p.dead
	}
	if err = p.requests.Encode(r); err == nil {
		err = p.responses.Decode(&answer)
	}
	if err != nil {
		p.dead = p.autopsy(err)
		return answer, p.dead
	}
	if answer.Error != "" {
		return answer, errors.New(answer.Error)
	}
	return answer, nil
}

// autopsy tells why a host died.
func (p *process) autopsy(cause error) error {
	_ = p.in.Close()
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	if text := p.stderr.String(); text != "" {
		return fmt.Errorf("the FMU's process died: %s", text)
	}
	return fmt.Errorf("the FMU's process died (%v): %w", p.cmd.ProcessState, cause)
}

func (p *process) close() error {
	if p.dead != nil {
		return nil
	}
	p.dead = errors.New("the FMU is closed")
	_ = p.in.Close()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("FMU host: %w: %s", err, p.stderr)
	}
	return nil
}

// head keeps the beginning of what a host writes to standard error.
type head struct {
	mu   sync.Mutex
	text strings.Builder
}

const headLimit = 4 << 10

// Write implements io.Writer and never fails.
func (h *head) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text.Write(b[:min(len(b), headLimit-h.text.Len())])
	return len(b), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.TrimSpace(h.text.String())
}
