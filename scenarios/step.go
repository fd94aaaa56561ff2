package scenarios

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// Step is one sentence of the scenario language.
type Step struct {
	Sentence string // with placeholders: "{device} is switched off"
	Example  string // a line that matches
	Argument string // what must follow: "", "table" or "text"
	run      any    // method of *World, as godog calls it
}

// placeholders of sentences, as regular expressions.
var placeholders = map[string]string{
	"device":   `"([^"]*)"`,
	"name":     `"([^"]*)"`,
	"text":     `"([^"]*)"`,
	"duration": `(\d+(?:\.\d+)? (?:ms|s|min|h|d|milliseconds?|seconds?|minutes?|hours?|days?))`,
	"quantity": `([-+]?\d\S*(?: [^\s"\d]\S*)?)`,
	"state":    `([a-z ]+?)`,
	"json":     `(.+)`,
	"count":    `(\d+)`,
	"signal":   `(.+?)`,
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// Pattern is the regular expression a step's text must match.
func (s Step) Pattern() string {
	return "^" + placeholder.ReplaceAllStringFunc(s.Sentence, func(p string) string {
		return placeholders[p[1:len(p)-1]]
	}) + "$"
}

// Vocabulary is every step there is.
func Vocabulary() []Step { return (*World)(nil).vocabulary() }

func (w *World) vocabulary() []Step {
	var all []Step
	for _, family := range [][]Step{w.deviceSteps(), w.plantSteps(), w.sensorSteps(), w.timeSteps(), w.serviceSteps(), w.messageSteps(), w.requirementSteps()} {
		all = append(all, family...)
	}
	return all
}

// CheckSteps finds steps nobody understands, before anything runs.
func CheckSteps(pickles []Pickle) error {
	vocabulary := Vocabulary()
	patterns := make([]*regexp.Regexp, len(vocabulary))
	for i, s := range vocabulary {
		patterns[i] = regexp.MustCompile(s.Pattern())
	}
	for _, p := range pickles {
		for _, s := range p.Steps {
			if err := checkStep(s, vocabulary, patterns); err != nil {
				file := p.ID[:strings.LastIndexByte(p.ID, ':')]
				return &UsageError{fmt.Sprintf("%s:%d", file, s.Line), err.err, err.hint}
			}
		}
	}
	return nil
}

func checkStep(s PickleStep, vocabulary []Step, patterns []*regexp.Regexp) *stepUsage {
	for i, v := range vocabulary {
		if !patterns[i].MatchString(s.Text) {
			continue
		}
		if (v.Argument == "") != (s.Argument == "") {
			return &stepUsage{fmt.Errorf("step %q: wrong argument", s.Text), "after this step comes " + argumentName(v.Argument)}
		}
		return nil
	}
	return &stepUsage{fmt.Errorf("unknown step %q", s.Text), "the nearest known: " + strings.Join(nearest(s.Text, vocabulary, 3), "\n  or: ")}
}

func argumentName(argument string) string {
	switch argument {
	case "table":
		return "a table of | name | value | rows"
	case "text":
		return `a doc string between """ lines`
	}
	return "no table and no doc string"
}

// nearest are the examples that share most words with text.
func nearest(text string, vocabulary []Step, n int) []string {
	score := func(s Step) float64 {
		example := words(s.Example)
		common := 0
		for w := range words(text) {
			if example[w] {
				common++
			}
		}
		return float64(2*common) / float64(len(example)+len(words(text)))
	}
	sorted := append([]Step(nil), vocabulary...)
	sort.SliceStable(sorted, func(i, j int) bool { return score(sorted[i]) > score(sorted[j]) })
	var out []string
	for _, s := range sorted[:min(n, len(sorted))] {
		out = append(out, s.Example)
	}
	return out
}

var quoted = regexp.MustCompile(`"[^"]*"|-?\d+(\.\d+)?`)

func words(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(strings.ToLower(quoted.ReplaceAllString(s, "x"))) {
		out[w] = true
	}
	return out
}
