package reports

// Verdict is the judgement on a step, a requirement, a scenario or a run.
type Verdict string

// The verdicts, from best to worst as Worst orders them.
const (
	NotApplicable     Verdict = "not-applicable"      // the target lacks what the scenario needs
	NotRun            Verdict = "not-run"             // an earlier step failed, or a filter left it out
	Pass              Verdict = "pass"                //
	PassWithDeviation Verdict = "pass-with-deviation" // a SHOULD was broken
	Inconclusive      Verdict = "inconclusive"        // the rig was not good enough to tell
	Fail              Verdict = "fail"                //
)

var severity = map[Verdict]int{NotApplicable: 0, NotRun: 1, Pass: 2, PassWithDeviation: 3, Inconclusive: 4, Fail: 5}

// Worst is the graver of two verdicts. A failure outweighs a rig fault: it was
// seen.
func Worst(a, b Verdict) Verdict {
	if severity[b] > severity[a] {
		return b
	}
	return a
}
