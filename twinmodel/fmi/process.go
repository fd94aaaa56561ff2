package fmi

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// process is a running host.
type process struct {
	cmd       *exec.Cmd
	in        io.WriteCloser
	requests  *gob.Encoder
	responses *gob.Decoder
	stderr    *os.File
	dead      error
}

// start starts a host. What it writes to standard error goes to a file in dir: a
// goroutine that reads it would wait on something outside, and virtual time
// stands still while one does.
func start(cmd *exec.Cmd, dir string) (*process, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start FMU host: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start FMU host: %w", err)
	}
	stderr, err := os.Create(filepath.Join(dir, "stderr.txt"))
	if err != nil {
		return nil, fmt.Errorf("start FMU host: %w", err)
	}
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start FMU host: %w", err), stderr.Close())
	}
	return &process{cmd: cmd, in: in, requests: gob.NewEncoder(in), responses: gob.NewDecoder(out), stderr: stderr}, nil
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
	defer p.stderr.Close()
	if text := p.lastWords(); text != "" {
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
	defer p.stderr.Close()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("FMU host: %w: %s", err, p.lastWords())
	}
	return nil
}

// lastWordsLimit bounds what is told of what a host wrote.
const lastWordsLimit = 4 << 10

// lastWords is the beginning of what the host wrote to standard error.
func (p *process) lastWords() string {
	text := make([]byte, lastWordsLimit)
	n, _ := p.stderr.ReadAt(text, 0)
	return strings.TrimSpace(string(text[:n]))
}
