package reports

import (
	"cmp"
	"fmt"
	"html/template"
)

// Up to openAll scenarios are all shown unfolded; of more, only those that did
// not pass, and of these the first maxOpen. From packFrom scenarios on, the
// folded ones are packed.
const (
	openAll  = 20
	maxOpen  = 25
	packFrom = 60
)

// page is what the template shows.
type page struct {
	Title, Headline string
	Verdict         Verdict
	Run             Run
	Counts          []count
	Scenarios       int
	Time            string
	CutShort        bool
	Features        []pageFeature
	Meta            *Meta
	CSS             template.CSS
	JS              template.JS
	ScriptHash      string

	open int // scenarios shown unfolded so far
	made int
}

// count is how many scenarios got a verdict.
type count struct {
	Verdict Verdict
	Words   string
	N       int
}

type pageFeature struct {
	ID, Name, Path string
	Verdict        Verdict
	Scenarios      []pageScenario
}

func newPage(rec *Record, opts HTMLOptions) (*page, error) {
	p := &page{
		Title:     cmp.Or(opts.Title, "twinrig report"),
		Headline:  headline(rec),
		Verdict:   rec.Verdict(),
		Run:       rec.Run,
		Scenarios: len(rec.Scenarios),
		Time:      duration(rec.scenarioTime()),
		CutShort:  rec.Summary == nil,
		Meta:      opts.Meta,
	}
	counts := rec.Counts()
	for _, v := range summaryOrder {
		if counts[v] > 0 {
			p.Counts = append(p.Counts, count{v, v.words(), counts[v]})
		}
	}
	for i, f := range rec.features() {
		pf := pageFeature{ID: fmt.Sprintf("f%d", i+1), Name: f.name, Path: f.path, Verdict: f.verdict()}
		for _, s := range f.scenarios {
			ps, err := p.scenario(s)
			if err != nil {
				return nil, fmt.Errorf("scenario %q: %w", s.ID, err)
			}
			pf.Scenarios = append(pf.Scenarios, ps)
		}
		p.Features = append(p.Features, pf)
	}
	return p, nil
}

// scenario makes the page's next scenario, unfolded, folded or packed.
func (p *page) scenario(s *ScenarioRecord) (pageScenario, error) {
	p.made++
	ps := newPageScenario(s, fmt.Sprintf("s%d", p.made), p.Meta)
	bad := ps.Verdict == Fail || ps.Verdict == Inconclusive
	ps.Open = p.Scenarios <= openAll || bad && p.open < maxOpen
	if ps.Open {
		p.open++
		return ps, nil
	}
	if p.Scenarios < packFrom {
		return ps, nil
	}
	packed, err := pack(ps)
	ps.pageBody, ps.Packed = pageBody{}, packed
	return ps, err
}

// headline is the run in one sentence.
func headline(rec *Record) string {
	counts, all := rec.Counts(), len(rec.Scenarios)
	passed := counts[Pass] + counts[PassWithDeviation]
	switch rec.Verdict() {
	case Fail:
		if counts[Fail] == 0 { // the summary knows of something no scenario shows
			return "The run failed"
		}
		return fmt.Sprintf("%d of %s failed", counts[Fail], plural(all, "scenario"))
	case Inconclusive:
		if counts[Inconclusive] == 0 {
			return "The run ended before its verdict"
		}
		return fmt.Sprintf("%d of %s could not be judged", counts[Inconclusive], plural(all, "scenario"))
	case Pass, PassWithDeviation:
		note := either(counts[PassWithDeviation] > 0, ", "+plural(counts[PassWithDeviation], "deviation"), "")
		if passed == all {
			return either(all == 1, "The scenario passed", fmt.Sprintf("All %d scenarios passed", all)) + note
		}
		return fmt.Sprintf("%s passed, %d did not run", plural(passed, "scenario"), all-passed) + note
	}
	return "No scenario ran"
}
