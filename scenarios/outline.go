package scenarios

import (
	"bytes"
	"fmt"
	"strings"

	messages "github.com/cucumber/messages/go/v21"
)

// outline knows which lines of a feature file belong to which node of its
// syntax tree.
type outline struct {
	feature   *messages.Feature
	lines     [][]byte
	scenarios []block
	steps     map[string]*messages.Step
	rows      map[string]exampleRow // by id
}

// exampleRow is one row of an outline's examples.
type exampleRow struct {
	line    int64
	ordinal int // among all rows of the outline, from 1
}

// block is the extent of one scenario, with the rule around it.
type block struct {
	scenario   *messages.Scenario
	rule       *messages.Rule
	first, end int // lines, from 1; end is past the last
}

func newOutline(f *messages.Feature, text []byte) *outline {
	o := &outline{feature: f, lines: bytes.Split(text, []byte("\n")), steps: map[string]*messages.Step{}, rows: map[string]exampleRow{}}
	var starts []int // of everything that ends the block before it
	add := func(rule *messages.Rule, background *messages.Background, scenario *messages.Scenario) {
		switch {
		case background != nil:
			o.index(background.Steps)
			starts = append(starts, int(background.Location.Line))
		case scenario != nil:
			o.index(scenario.Steps)
			ordinal := 0
			for _, e := range scenario.Examples {
				for _, row := range e.TableBody {
					ordinal++
					o.rows[row.Id] = exampleRow{row.Location.Line, ordinal}
				}
			}
			first := firstLine(scenario.Tags, scenario.Location)
			o.scenarios = append(o.scenarios, block{scenario: scenario, rule: rule, first: first})
			starts = append(starts, first)
		}
	}
	for _, c := range f.Children {
		if c.Rule == nil {
			add(nil, c.Background, c.Scenario)
			continue
		}
		starts = append(starts, firstLine(c.Rule.Tags, c.Rule.Location))
		for _, rc := range c.Rule.Children {
			add(c.Rule, rc.Background, rc.Scenario)
		}
	}
	for i := range o.scenarios {
		o.scenarios[i].end = after(starts, o.scenarios[i].first, len(o.lines)+1)
	}
	return o
}

func (o *outline) index(steps []*messages.Step) {
	for _, s := range steps {
		o.steps[s.Id] = s
	}
}

// pickle makes the Pickle of one scenario or outline row.
func (o *outline) pickle(name string, p *messages.Pickle) Pickle {
	var mine block
	for _, b := range o.scenarios {
		if b.scenario.Id == p.AstNodeIds[0] {
			mine = b
		}
	}
	line := mine.scenario.Location.Line
	var row exampleRow
	if len(p.AstNodeIds) > 1 {
		row = o.rows[p.AstNodeIds[1]]
		line = row.line
	}
	out := Pickle{
		ID:          fmt.Sprintf("%s:%d", name, line),
		Feature:     o.feature.Name,
		Name:        p.Name,
		Description: strings.TrimSpace(mine.scenario.Description),
		Row:         row.ordinal,
		Source:      o.only(mine, row.line),
		lines:       o.own(mine, row),
	}
	for _, t := range p.Tags {
		out.Tags = append(out.Tags, t.Name)
	}
	for _, s := range p.Steps {
		node := o.steps[s.AstNodeIds[0]]
		out.Steps = append(out.Steps, PickleStep{
			Keyword: strings.TrimSpace(node.Keyword), Text: s.Text, Line: int(node.Location.Line), Argument: argument(s.Argument),
		})
	}
	return out
}

// own are the lines that mean a scenario, or a row of its examples: all of the
// scenario's but the other rows.
func (o *outline) own(mine block, row exampleRow) map[int]bool {
	lines := map[int]bool{}
	for line := mine.first; line < mine.end; line++ {
		lines[line] = true
	}
	for _, e := range mine.scenario.Examples {
		for _, r := range e.TableBody {
			lines[int(r.Location.Line)] = r.Location.Line == row.line
		}
	}
	return lines
}

// only blanks every line that belongs to another scenario or example row.
func (o *outline) only(mine block, row int64) []byte {
	lines := append([][]byte(nil), o.lines...)
	blank := func(first, end int) {
		for i := first; i < end; i++ {
			lines[i-1] = nil
		}
	}
	for _, b := range o.scenarios {
		if b.scenario != mine.scenario {
			blank(b.first, b.end)
		}
	}
	for i, e := range mine.scenario.Examples {
		end := mine.end
		if i+1 < len(mine.scenario.Examples) {
			next := mine.scenario.Examples[i+1]
			end = firstLine(next.Tags, next.Location)
		}
		o.blankRows(e, row, end, blank)
	}
	for _, c := range o.feature.Children {
		if c.Rule != nil && c.Rule != mine.rule {
			o.blankRule(c.Rule, blank)
		}
	}
	return bytes.Join(lines, []byte("\n"))
}

// blankRows leaves one row of an Examples table, or nothing of it.
func (o *outline) blankRows(e *messages.Examples, row int64, end int, blank func(first, end int)) {
	holds := false
	for _, r := range e.TableBody {
		holds = holds || r.Location.Line == row
	}
	if !holds {
		blank(firstLine(e.Tags, e.Location), end)
		return
	}
	for _, r := range e.TableBody {
		if r.Location.Line != row {
			blank(int(r.Location.Line), int(r.Location.Line)+1)
		}
	}
}

// blankRule takes out what is left of a rule once its scenarios are gone.
func (o *outline) blankRule(r *messages.Rule, blank func(first, end int)) {
	first := firstLine(r.Tags, r.Location)
	end := len(o.lines) + 1
	for _, c := range o.feature.Children {
		if c.Rule != nil && c.Rule.Location.Line > r.Location.Line {
			end = firstLine(c.Rule.Tags, c.Rule.Location)
			break
		}
	}
	blank(first, end)
}

// firstLine is where a node begins: at its first tag if it has one.
func firstLine(tags []*messages.Tag, at *messages.Location) int {
	line := at.Line
	for _, t := range tags {
		line = min(line, t.Location.Line)
	}
	return int(line)
}

// after is the smallest of starts beyond line, or end.
func after(starts []int, line, end int) int {
	for _, s := range starts {
		if s > line {
			end = min(end, s)
		}
	}
	return end
}

// argument writes a step's table or doc string as text.
func argument(a *messages.PickleStepArgument) string {
	switch {
	case a == nil:
		return ""
	case a.DocString != nil:
		return a.DocString.Content
	}
	var b strings.Builder
	for _, r := range a.DataTable.Rows {
		for _, c := range r.Cells {
			b.WriteString("| " + c.Value + " ")
		}
		b.WriteString("|\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
