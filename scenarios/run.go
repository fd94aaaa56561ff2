package scenarios

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cucumber/godog"

	"twinrig/devicesim/devicefile"
	"twinrig/reports"
)

// NegativeTag marks a negative control: a scenario that must break one of its
// requirements, because otherwise the requirement could not fail.
const NegativeTag = "@negative-control"

// Settings say how scenarios run.
type Settings struct {
	Clock  Clock
	Seed   uint64
	Models []string // folders of DTDL models, laid out as device model repositories
	// FMUHost is the command line of a process that FMUs run in, one that calls
	// host.Serve; without it there are none.
	FMUHost []string
}

// fmuHost makes the process of one FMU; nil when there can be none.
func (s Settings) fmuHost() func() *exec.Cmd {
	if len(s.FMUHost) == 0 {
		return nil
	}
	return func() *exec.Cmd { return exec.Command(s.FMUHost[0], s.FMUHost[1:]...) }
}

// Result is one scenario's part of the run record.
type Result struct {
	ID      string
	Verdict reports.Verdict
	Usage   string // the user's mistake, when that is why the verdict is inconclusive
	Events  []reports.Event
}

// Run runs one scenario. With the virtual clock it does so in a bubble of its
// own, which is what it needs t for; a goroutine left behind ends the process.
func Run(t *testing.T, p Pickle, s Settings) (result Result) {
	if s.Clock == Real {
		return run(p, s)
	}
	synctest.Test(t, func(*testing.T) {
		time.Sleep(time.Until(Epoch))
		result = run(p, s)
	})
	return result
}

// execution is one pickle at work.
type execution struct {
	pickle   Pickle
	settings Settings
	recorder *reports.Recorder
	now      func() time.Time
	world    *World

	next    int       // index of the step to come
	begin   time.Time // of the running step
	end     time.Time // of the last step: taking the rig down is not part of the scenario
	verdict reports.Verdict
	reason  string
	usage   string
	unmet   bool // an expectation was not met, as opposed to a call that failed
}

func run(p Pickle, s Settings) Result {
	e := &execution{pickle: p, settings: s, recorder: reports.NewRecorder(p.ID), now: time.Now, verdict: reports.Pass}
	e.start()
	if err := e.play(); err != nil {
		e.worsen(reports.Inconclusive, err.Error())
	}
	e.conclude()
	return Result{p.ID, e.verdict, e.usage, e.recorder.Events()}
}

func (e *execution) negative() bool { return slices.Contains(e.pickle.Tags, NegativeTag) }

func (e *execution) start() {
	p := e.pickle
	e.record(reports.Event{Kind: reports.KindScenario, Start: &reports.Scenario{
		ID: p.ID, Feature: p.Feature, Name: p.Name, Description: p.Description, Tags: p.Tags, Begin: e.now(), Negative: e.negative(),
		Repeat: repeatCommand(e.settings, p.ID),
	}})
}

// repeatCommand is the command line that runs the same again.
func repeatCommand(s Settings, selection ...string) string {
	words := []string{"twinrig", "run", "--seed", strconv.FormatUint(s.Seed, 10)}
	if s.Clock != Virtual {
		words = append(words, "--time", string(s.Clock))
	}
	for _, w := range selection {
		if strings.ContainsAny(w, " \"'$()&|;<>*?~\\") {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// scenarioSeed depends on what the scenario is called and not on where its file
// lies, so that moving a file does not change its noise.
func scenarioSeed(s Settings, p Pickle) uint64 {
	return mix(s.Seed, fmt.Sprintf("%s\x00%s\x00%d", p.Feature, p.Name, p.Row))
}

// play builds the world, lets godog walk through the steps, and takes the world
// down.
func (e *execution) play() (err error) {
	e.world, err = newWorld(e.settings.Clock, scenarioSeed(e.settings, e.pickle), e.recorder)
	if err != nil {
		return err
	}
	e.world.files = devicefile.Options{Models: e.settings.Models, FMUHost: e.settings.fmuHost()}
	defer func() {
		if e := e.world.close(); err == nil {
			err = e
		}
	}()
	suite := godog.TestSuite{
		Name:                e.pickle.ID,
		ScenarioInitializer: e.bind,
		Options: &godog.Options{
			Format: "progress", Output: io.Discard, NoColors: true, Strict: true, Concurrency: 1,
			FeatureContents: []godog.Feature{{Name: e.pickle.ID, Contents: e.pickle.Source}},
		},
	}
	suite.Run()
	e.end = e.now()
	if e.next != len(e.pickle.Steps) {
		return &rigError{fmt.Errorf("%d of %d steps ran", e.next, len(e.pickle.Steps))}
	}
	return nil
}

// bind gives godog the vocabulary and listens to its steps.
func (e *execution) bind(sc *godog.ScenarioContext) {
	for _, s := range e.world.vocabulary() {
		sc.Step(s.Pattern(), s.run)
	}
	sc.StepContext().Before(func(ctx context.Context, _ *godog.Step) (context.Context, error) {
		e.settings.Clock.settle()
		e.begin = time.Now()
		e.world.step, e.world.text = e.next, e.pickle.Steps[e.next].Text
		return ctx, nil
	})
	sc.StepContext().After(func(ctx context.Context, _ *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
		e.finished(status, err)
		return ctx, nil
	})
}

// finished records the end of a step.
func (e *execution) finished(status godog.StepResultStatus, err error) {
	step := e.pickle.Steps[e.next]
	out := &reports.Step{
		Index: e.next, Keyword: step.Keyword, Text: step.Text, Line: step.Line, Argument: step.Argument, Begin: e.begin, Verdict: reports.Pass,
	}
	if status == godog.StepSkipped {
		out.Verdict, out.Begin = reports.NotRun, time.Now()
	}
	if err != nil {
		out.Verdict, out.Error = e.judge(err), err.Error()
		out.Hint = hint(err)
		e.worsen(out.Verdict, fmt.Sprintf("%s %s: %s", step.Keyword, step.Text, err))
	}
	e.next++
	e.record(reports.Event{Kind: reports.KindStep, Step: out})
}

// judge tells a broken requirement from trouble with the rig or the text.
func (e *execution) judge(err error) reports.Verdict {
	var rig *rigError
	e.unmet = errors.As(err, new(*broken))
	switch {
	case isUsage(err):
		e.usage = err.Error()
		return reports.Inconclusive
	case errors.As(err, &rig):
		return reports.Inconclusive
	}
	return reports.Fail
}

func hint(err error) string {
	var u *stepUsage
	if errors.As(err, &u) {
		return u.hint
	}
	return ""
}

func (e *execution) worsen(v reports.Verdict, reason string) {
	if worst := reports.Worst(e.verdict, v); worst != e.verdict {
		e.verdict, e.reason = worst, reason
	}
}

// conclude records the outcome. A negative control turns a broken requirement
// into a pass and a pass into a failure; trouble stays trouble.
func (e *execution) conclude() {
	if e.negative() {
		switch {
		case e.verdict == reports.Fail && e.unmet:
			e.verdict, e.reason = reports.Pass, "failed as a negative control must: "+e.reason
		case e.verdict == reports.Pass:
			e.verdict, e.reason = reports.Fail, "a negative control must break a requirement, but every step passed"
		}
	}
	if e.end.IsZero() {
		e.end = e.now()
	}
	e.recorder.Record(reports.Event{
		Time: e.end, Entity: "rig", Kind: reports.KindOutcome, Outcome: &reports.Outcome{Verdict: e.verdict, Reason: e.reason},
	})
}

func (e *execution) record(ev reports.Event) {
	ev.Time, ev.Entity = e.now(), "rig"
	e.recorder.Record(ev)
}
