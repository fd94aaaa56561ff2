package scenarios

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// worker is one running worker process as its supervisor sees it.
type worker struct {
	cmd    *exec.Cmd
	tasks  io.WriteCloser
	answer *bufio.Reader
	pipe   *os.File
	stderr *head
}

// startWorker starts a process that answers tasks from its standard input on its
// file descriptor 3.
func startWorker(cmd *exec.Cmd) (*worker, error) {
	tasks, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	w := &worker{cmd: cmd, tasks: tasks, answer: bufio.NewReader(read), pipe: read, stderr: &head{}}
	cmd.ExtraFiles = []*os.File{write}
	cmd.Stderr = w.stderr
	err = cmd.Start()
	_ = write.Close()
	if err != nil {
		_ = read.Close()
		return nil, fmt.Errorf("start worker: %w", err)
	}
	return w, nil
}

// do has the worker run one task. When ctx ends first, or on any error, the
// process is of no more use; call autopsy.
func (w *worker) do(ctx context.Context, t task) (m message, record []byte, err error) {
	stop := context.AfterFunc(ctx, func() { _ = w.cmd.Process.Kill() })
	defer stop()
	if err := json.NewEncoder(w.tasks).Encode(t); err != nil {
		return m, nil, err
	}
	line, err := w.answer.ReadBytes('\n')
	if err != nil {
		return m, nil, err
	}
	if err := json.Unmarshal(line, &m); err != nil {
		return m, nil, err
	}
	record = make([]byte, m.Bytes)
	_, err = io.ReadFull(w.answer, record)
	return m, record, err
}

// autopsy ends a worker that failed and tells why it died.
func (w *worker) autopsy(cause error) error {
	_ = w.cmd.Process.Kill()
	_ = w.cmd.Wait()
	_ = w.pipe.Close()
	if text := strings.TrimSpace(w.stderr.String()); text != "" {
		return fmt.Errorf("the worker process died: %s", text)
	}
	if errors.Is(cause, io.EOF) {
		return fmt.Errorf("the worker process died: %s", w.cmd.ProcessState)
	}
	return fmt.Errorf("the worker process died: %w", cause)
}

// stop ends an idle worker. A nil worker is none.
func (w *worker) stop() {
	if w == nil {
		return
	}
	_ = w.tasks.Close()
	_ = w.cmd.Wait()
	_ = w.pipe.Close()
}

// head keeps the beginning of what a dying process writes: a panic says first
// what happened and where.
type head struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const headLimit = 16 << 10

// Write implements io.Writer and never fails.
func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.buf.Write(p[:min(len(p), headLimit-h.buf.Len())])
	return len(p), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.buf.String()
}
