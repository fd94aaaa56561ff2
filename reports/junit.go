package reports

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"
)

// The elements and attributes of JUnit XML that the schemas of Ant and of
// Jenkins both know: Ant's allows no totals at the root and no output of a case.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Package    string          `xml:"package,attr"`
		ID         int             `xml:"id,attr"`
		Name       string          `xml:"name,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Hostname   string          `xml:"hostname,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
		SystemOut  junitText       `xml:"system-out"`
		SystemErr  string          `xml:"system-err"`

		duration time.Duration
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		Classname string        `xml:"classname,attr"`
		Time      string        `xml:"time,attr"`
		Failure   *junitProblem `xml:"failure"`
		Error     *junitProblem `xml:"error"`
		Skipped   *junitSkipped `xml:"skipped"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",cdata"`
	}
	junitText struct {
		Text string `xml:",cdata"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
)

// WriteJUnit writes the record as JUnit XML: a suite per feature, a case per
// scenario. Inconclusive scenarios are errors, not failures: the product was
// not seen to fail. A record holds no wall time, so times are scenario time,
// and a property of each suite says so.
func WriteJUnit(w io.Writer, rec *Record) error {
	var suites junitSuites
	for i, f := range rec.features() {
		suites.Suites = append(suites.Suites, newJUnitSuite(rec, f, i))
	}
	out, err := xml.MarshalIndent(suites, "", "  ")
	if err != nil {
		return fmt.Errorf("write junit: %w", err)
	}
	if _, err := fmt.Fprintf(w, "%s%s\n", xml.Header, out); err != nil {
		return fmt.Errorf("write junit: %w", err)
	}
	return nil
}

func newJUnitSuite(rec *Record, f feature, id int) junitSuite {
	suite := junitSuite{
		Package: f.path, ID: id, Name: f.name, Hostname: "localhost",
		Timestamp: f.scenarios[0].Begin.UTC().Format("2006-01-02T15:04:05"),
		Properties: []junitProperty{
			{"time", "scenario time (" + rec.Run.Clock + " clock), not wall time"},
			{"twinrig.version", rec.Run.Version},
			{"seed", strconv.FormatUint(rec.Run.Seed, 10)},
			{"repeat", rec.Run.Repeat},
		},
	}
	names := make(map[string]int)
	for _, s := range f.scenarios {
		names[s.Name]++
	}
	for _, s := range f.scenarios {
		name := s.Name
		if names[name] > 1 { // rows of an outline
			name += " (line " + strings.TrimPrefix(s.ID[len(f.path):], ":") + ")"
		}
		suite.add(s, name)
	}
	suite.Time = junitSeconds(suite.duration)
	return suite
}

func (suite *junitSuite) add(s *ScenarioRecord, name string) {
	c := junitCase{
		Name:      name,
		Classname: junitClass(suite.Package),
		Time:      junitSeconds(s.Duration()),
	}
	switch s.Outcome.Verdict {
	case Pass, PassWithDeviation:
		suite.SystemOut.Text += s.passNote(name)
	case Fail:
		suite.Failures++
		c.Failure = newJUnitProblem(s)
	case NotRun, NotApplicable:
		suite.Skipped++
		c.Skipped = &junitSkipped{Message: cmp.Or(s.Outcome.Reason, s.Outcome.Verdict.words())}
	default:
		suite.Errors++
		c.Error = newJUnitProblem(s)
	}
	suite.Tests++
	suite.duration += s.Duration()
	suite.Cases = append(suite.Cases, c)
}

// newJUnitProblem tells a failure or an error: the message is what a CI server
// shows in a list, the text is the rest.
func newJUnitProblem(s *ScenarioRecord) *junitProblem {
	p := &junitProblem{Type: string(s.Outcome.Verdict), Message: s.Outcome.Reason}
	var text strings.Builder
	if step := s.FailedStep(); step != nil {
		line := strings.TrimSpace(step.Keyword) + " " + step.Text
		p.Message = line + ": " + cmp.Or(step.Error, s.Outcome.Reason, step.Verdict.words())
		fmt.Fprintf(&text, "\n%s:%d\n%s\n", path.Base(featurePath(s.ID)), step.Line, line)
		entry(&text, "error", step.Error)
		entry(&text, "hint", step.Hint)
	}
	p.Message = cmp.Or(p.Message, s.Outcome.Verdict.words())
	entry(&text, "reason", s.Outcome.Reason)
	for _, e := range s.Of(KindRequirement) {
		entry(&text, e.Requirement.Verdict.words(), requirementText(s, e.Requirement))
	}
	entry(&text, "repeat", s.Repeat)
	p.Text = printable(text.String()) // encoding/xml puts CDATA through as it is
	return p
}

// passNote is what is worth telling of a scenario that passed: why a negative
// control did, or which deviation was let through.
func (s *ScenarioRecord) passNote(name string) string {
	var notes []string
	if s.Negative {
		notes = append(notes, "negative control, passed because a requirement failed, as it must")
	}
	if s.Outcome.Verdict == PassWithDeviation {
		notes = append(notes, "passed with deviation: "+s.Outcome.Reason)
	}
	if len(notes) == 0 {
		return ""
	}
	return printable(name + ": " + strings.Join(notes, "; ") + "\n")
}

// junitClass is a feature's path as a dotted class name, the form CI servers
// group by.
func junitClass(path string) string {
	return strings.ReplaceAll(strings.TrimSuffix(path, ".feature"), "/", ".")
}

func junitSeconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 3, 64)
}
