package main

import (
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// modelBar shows progress on a terminal when a run takes more than two seconds.
type modelBar struct {
	w     *os.File
	begin time.Time
	total time.Duration
	bars  *mpb.Progress
	bar   *mpb.Bar
}

func newModelBar(w io.Writer, total time.Duration) *modelBar {
	b := &modelBar{begin: time.Now(), total: total}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		b.w = f
	}
	return b
}

func (b *modelBar) reach(at time.Duration) {
	if b.w == nil || b.bar == nil && time.Since(b.begin) < 2*time.Second {
		return
	}
	if b.bar == nil {
		b.bars = mpb.New(mpb.WithOutput(b.w), mpb.WithRefreshRate(100*time.Millisecond))
		b.bar = b.bars.AddBar(int64(b.total), mpb.BarRemoveOnComplete(), mpb.AppendDecorators(decor.Percentage(), decor.Elapsed(decor.ET_STYLE_MMSS)))
	}
	b.bar.SetCurrent(int64(at))
}

func (b *modelBar) close() {
	if b.bar != nil {
		b.bar.Abort(true)
		b.bars.Wait()
	}
}
