package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"twinrig/reports"
	"twinrig/scenarios"
)

// progress shows how far a run is: a bar on a terminal, a line for each
// scenario elsewhere.
type progress struct {
	w    io.Writer
	bars *mpb.Progress // nil when not on a terminal
	bar  *mpb.Bar

	mu      sync.Mutex
	running []string
	done    int
	total   int
}

func newProgress(w io.Writer, total int) *progress {
	p := &progress{w: w, total: total}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		p.bars = mpb.New(mpb.WithOutput(f), mpb.WithRefreshRate(100*time.Millisecond))
		p.bar = p.bars.AddBar(int64(total),
			mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.CountersNoUnit("%d/%d scenarios ")),
			mpb.AppendDecorators(decor.Elapsed(decor.ET_STYLE_MMSS), decor.Any(func(decor.Statistics) string { return "  " + p.current() })))
	}
	return p
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p *progress) started(s scenarios.Pickle) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = append(p.running, s.Name)
}

// current names the scenario that has been running longest.
func (p *progress) current() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.running) == 0 {
		return ""
	}
	return p.running[0]
}

func (p *progress) finished(d scenarios.ScenarioDone) {
	p.mu.Lock()
	for i, name := range p.running {
		if name == d.Pickle.Name {
			p.running = append(p.running[:i], p.running[i+1:]...)
			break
		}
	}
	p.done++
	line := fmt.Sprintf("%-12s %s  %s (%s, %v)\n", mark(d.Verdict), count(p.done, p.total), d.Pickle.Name, d.Pickle.ID, d.Wall.Round(time.Millisecond))
	p.mu.Unlock()
	if p.bar == nil {
		fmt.Fprint(p.w, line)
		return
	}
	fmt.Fprint(p.bars, line)
	p.bar.Increment()
}

func count(done, total int) string {
	width := len(fmt.Sprint(total))
	return fmt.Sprintf("%*d/%d", width, done, total)
}

func mark(v reports.Verdict) string {
	if v == reports.Pass {
		return "ok"
	}
	return string(v)
}

func (p *progress) close() {
	if p.bar == nil {
		return
	}
	p.bar.Abort(true)
	p.bars.Wait()
}
