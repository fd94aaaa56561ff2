package reports

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// pageScenario is one scenario as the page shows it: what is always seen, and
// the body that can be folded.
type pageScenario struct {
	Anchor, Name     string
	Verdict          Verdict
	Words            string
	Negative, Open   bool
	Margin, Duration string
	Search           string // what the page's filter looks in
	Packed           string // the body, when the page would grow too large with it
	pageBody
}

type pageBody struct {
	ID, Description string
	Tags            []string
	Reason          string
	Begin, Wall     string
	Repeat          string
	Steps           []pageStep
	Requirements    []pageRequirement
	Figures         figures
	Log             eventLog
}

type pageStep struct {
	Number                int
	Verdict               Verdict
	Words                 string
	Keyword, Text         string
	Line                  int
	At, Duration          string
	Error, Hint, Argument string
}

type pageRequirement struct {
	Verdict              Verdict
	Words, Text          string
	Margin, Worst, Value string
	Bounds, Window       string
}

func newPageScenario(s *ScenarioRecord, anchor string, meta *Meta) pageScenario {
	p := pageScenario{
		Anchor: anchor, Name: s.Name, Verdict: s.Outcome.Verdict, Words: s.Outcome.Verdict.words(),
		Negative: s.Negative, Margin: s.margin(), Duration: duration(s.Duration()),
		Search: strings.ToLower(strings.Join(append([]string{s.Name, s.ID, s.Feature}, s.Tags...), " ")),
	}
	p.pageBody = pageBody{
		ID: s.ID, Description: strings.TrimSpace(s.Description), Tags: s.Tags, Reason: s.Outcome.Reason, Repeat: s.Repeat,
		Begin: s.Begin.UTC().Format("2 Jan 2006, 15:04:05 UTC"), Figures: newFigures(s, maxPanels), Log: newEventLog(s),
	}
	if meta != nil {
		if wall, ok := meta.ScenarioWall[s.ID]; ok {
			p.Wall = duration(seconds(wall))
		}
	}
	for _, e := range s.Of(KindStep) {
		p.Steps = append(p.Steps, newPageStep(s, e))
	}
	for _, e := range s.Of(KindRequirement) {
		p.Requirements = append(p.Requirements, newPageRequirement(s, e.Requirement))
	}
	return p
}

// margin is the scenario's requirements in a few words: how far the one that
// decided was kept or broken, or how many did.
func (s *ScenarioRecord) margin() string {
	var deciding []*Requirement
	for _, e := range s.Of(KindRequirement) {
		r := e.Requirement
		switch {
		case len(deciding) == 0 || severity[r.Verdict] > severity[deciding[0].Verdict]:
			deciding = []*Requirement{r}
		case r.Verdict == deciding[0].Verdict:
			deciding = append(deciding, r)
		}
	}
	switch {
	case len(deciding) == 1:
		return marginText(deciding[0])
	case len(deciding) > 1:
		word := map[Verdict]string{Pass: "kept", Fail: "broken"}[deciding[0].Verdict]
		return fmt.Sprintf("%d requirements %s", len(deciding), cmp.Or(word, deciding[0].Verdict.words()))
	}
	return ""
}

func newPageStep(s *ScenarioRecord, e Event) pageStep {
	p := pageStep{
		Number:  e.Step.Index + 1,
		Verdict: e.Step.Verdict, Words: e.Step.Verdict.words(),
		Keyword: strings.TrimSpace(e.Step.Keyword), Text: e.Step.Text, Line: e.Step.Line,
		Error: e.Step.Error, Hint: e.Step.Hint, Argument: aligned(e.Step.Argument),
	}
	if e.Step.Verdict != NotRun && e.Step.Verdict != NotApplicable {
		p.At = elapsed(e.Step.Begin.Sub(s.Begin), s.Duration())
		if took := e.Time.Sub(e.Step.Begin); took >= time.Millisecond {
			p.Duration = duration(took)
		}
	}
	return p
}

func newPageRequirement(s *ScenarioRecord, r *Requirement) pageRequirement {
	p := pageRequirement{Verdict: r.Verdict, Words: r.Verdict.words(), Text: r.Text, Margin: marginText(r)}
	if !r.Worst.IsZero() {
		p.Worst = elapsed(r.Worst.Sub(s.Begin), s.Duration())
	}
	if r.Value != nil {
		p.Value = minus(quantity(*r.Value, r.Unit))
	}
	switch {
	case r.Lower != nil && r.Upper != nil:
		p.Bounds = minus(number(*r.Lower)) + " to " + minus(quantity(*r.Upper, r.Unit))
	case r.Lower != nil:
		p.Bounds = "at least " + minus(quantity(*r.Lower, r.Unit))
	case r.Upper != nil:
		p.Bounds = "at most " + minus(quantity(*r.Upper, r.Unit))
	}
	if !r.From.IsZero() && !r.To.IsZero() {
		p.Window = elapsed(r.From.Sub(s.Begin), s.Duration()) + " to " + elapsed(r.To.Sub(s.Begin), s.Duration())
	}
	return p
}
