package scenarios

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"

	"twinrig/reports"
)

// Supervisor runs scenarios in worker processes and puts their parts together
// into one run record, in the order the scenarios were given.
type Supervisor struct {
	Settings
	Version  string
	Select   []string           // the arguments that chose the scenarios: paths, and tags if any
	Parallel int                // workers; at least one
	Limit    time.Duration      // wall time one scenario may take; 0 = no limit
	Worker   func() *exec.Cmd   // a worker that is not started, its arguments set
	Started  func(Pickle)       // told when a worker takes a scenario; may be nil
	Finished func(ScenarioDone) // told when a scenario has ended; may be nil
}

// ScenarioDone tells how one scenario ended.
type ScenarioDone struct {
	Pickle  Pickle
	Verdict reports.Verdict
	Usage   string
	Wall    time.Duration

	record []byte
}

// Outcome is the end of a run.
type Outcome struct {
	Verdict reports.Verdict
	Counts  map[reports.Verdict]int
	Usage   bool // a scenario could not run because of a mistake in it
	Wall    map[string]time.Duration
}

// Run runs all pickles and writes the record. When ctx ends, scenarios that are
// not finished are recorded as not run, and the record is whole all the same.
func (s *Supervisor) Run(ctx context.Context, pickles []Pickle, record io.Writer) (Outcome, error) {
	if err := s.open(pickles, record); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Verdict: reports.NotApplicable, Counts: map[reports.Verdict]int{}, Wall: map[string]time.Duration{}}
	for done := range s.inOrder(ctx, pickles) {
		if _, err := record.Write(done.record); err != nil {
			return out, fmt.Errorf("write record: %w", err)
		}
		out.Verdict = reports.Worst(out.Verdict, done.Verdict)
		out.Counts[done.Verdict]++
		out.Usage = out.Usage || done.Usage != ""
		out.Wall[done.Pickle.ID] = done.Wall
	}
	return out, reports.WriteEvents(record, []reports.Event{{
		Time: s.instant(), Entity: "rig", Seq: 1, Kind: reports.KindSummary,
		Summary: &reports.Summary{Verdict: out.Verdict, Scenarios: len(pickles), Counts: out.Counts},
	}})
}

func (s *Supervisor) open(pickles []Pickle, record io.Writer) error {
	var features []string
	for _, p := range pickles {
		file := p.ID[:strings.LastIndexByte(p.ID, ':')]
		if len(features) == 0 || features[len(features)-1] != file {
			features = append(features, file)
		}
	}
	return reports.WriteEvents(record, []reports.Event{{
		Time: s.instant(), Entity: "rig", Kind: reports.KindRun,
		Run: &reports.Run{
			Tool: "twinrig", Version: s.Version, Seed: s.Seed, Clock: string(s.Clock), Features: features,
			Repeat: repeatCommand(s.Settings, s.Select...),
		},
	}})
}

// instant is what the run's own events are stamped with: virtual time has no
// now outside a scenario.
func (s *Supervisor) instant() time.Time {
	if s.Clock == Virtual {
		return Epoch
	}
	return time.Now().UTC()
}

// inOrder runs pickles in parallel and yields them in order. A scenario that is
// ahead waits in memory until all before it are through.
func (s *Supervisor) inOrder(ctx context.Context, pickles []Pickle) func(func(ScenarioDone) bool) {
	return func(yield func(ScenarioDone) bool) {
		results := make([]chan ScenarioDone, len(pickles))
		for i := range results {
			results[i] = make(chan ScenarioDone, 1)
		}
		next := make(chan int)
		var workers sync.WaitGroup
		for range max(1, min(s.Parallel, len(pickles))) {
			workers.Go(func() { s.work(ctx, pickles, next, results) })
		}
		workers.Go(func() {
			defer close(next)
			for i := range pickles {
				next <- i
			}
		})
		defer workers.Wait()
		going := true
		for i := range pickles {
			if done := <-results[i]; going {
				going = yield(done)
			}
		}
	}
}

// work takes scenario after scenario with one worker process, and a new process
// after one that died.
func (s *Supervisor) work(ctx context.Context, pickles []Pickle, next <-chan int, results []chan ScenarioDone) {
	var w *worker
	defer func() { w.stop() }()
	for i := range next {
		p := pickles[i]
		if ctx.Err() != nil {
			results[i] <- s.lost(p, reports.NotRun, "the run was interrupted", 0)
			continue
		}
		if s.Started != nil {
			s.Started(p)
		}
		begin := time.Now()
		done, err := s.one(ctx, &w, p)
		wall := time.Since(begin)
		switch {
		case err == nil:
			done.Pickle, done.Wall = p, wall
		case ctx.Err() != nil:
			done = s.lost(p, reports.NotRun, "the run was interrupted", wall)
		default:
			done = s.lost(p, reports.Inconclusive, err.Error(), wall)
		}
		if s.Finished != nil {
			s.Finished(done)
		}
		results[i] <- done
	}
}

// one runs one scenario, starting a worker if there is none.
func (s *Supervisor) one(ctx context.Context, w **worker, p Pickle) (ScenarioDone, error) {
	if *w == nil {
		fresh, err := startWorker(s.Worker())
		if err != nil {
			return ScenarioDone{}, err
		}
		*w = fresh
	}
	if s.Limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.Limit, fmt.Errorf("the scenario had not ended after %v of wall time", s.Limit))
		defer cancel()
	}
	m, record, err := (*w).do(ctx, task{p, s.Settings})
	if err != nil {
		err = errors.Join(context.Cause(ctx), (*w).autopsy(err))
		*w = nil
		return ScenarioDone{}, err
	}
	return ScenarioDone{Verdict: m.Verdict, Usage: m.Usage, record: record}, nil
}

// lost is a scenario that has no record of its own.
func (s *Supervisor) lost(p Pickle, v reports.Verdict, reason string, wall time.Duration) ScenarioDone {
	e := execution{pickle: p, settings: s.Settings, recorder: reports.NewRecorder(p.ID), now: s.instant}
	e.start()
	e.verdict, e.reason = v, reason
	e.record(reports.Event{Kind: reports.KindOutcome, Outcome: &reports.Outcome{Verdict: v, Reason: reason}})
	var record strings.Builder
	if err := reports.WriteEvents(&record, e.recorder.Events()); err != nil {
		panic("scenarios: events of plain values do not encode: " + err.Error())
	}
	return ScenarioDone{Pickle: p, Verdict: v, Wall: wall, record: []byte(record.String())}
}
