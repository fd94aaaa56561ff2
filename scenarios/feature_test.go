package scenarios

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = `@all
Feature: Sample
  About it.

  Background:
    Given a hub

  # one
  @one
  Scenario: First
    When 1 hour passes

  Scenario Outline: Second <n>
    When <n> hours pass

    Examples:
      | n |
      | 2 |
      | 3 |

    @more
    Examples:
      | n |
      | 4 |

  Rule: A rule
    Background:
      Given a rule
    Scenario: Third
      When 5 hours pass

  Rule: Another
    Scenario: Fourth
      When 6 hours pass
`

// Each pickle's source, parsed again, holds exactly that pickle: same id, same
// steps, same lines. This is what lets a scenario run alone.
func TestPickleSourceHoldsJustThePickle(t *testing.T) {
	all, err := ParseFeature("s.feature", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range all {
		ids = append(ids, p.Name+" "+p.ID)
	}
	want := []string{"First s.feature:10", "Second 2 s.feature:18", "Second 3 s.feature:19", "Second 4 s.feature:24", "Third s.feature:29", "Fourth s.feature:33"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Fatal(diff)
	}
	for _, p := range all {
		alone, err := ParseFeature("s.feature", p.Source)
		if err != nil {
			t.Fatalf("%s: %v\n%s", p.ID, err, p.Source)
		}
		if len(alone) != 1 || alone[0].ID != p.ID || alone[0].Name != p.Name || len(alone[0].Steps) != len(p.Steps) {
			t.Errorf("%s: cut out it reads %+v", p.ID, alone)
		}
		for j := range p.Steps {
			if alone[0].Steps[j] != p.Steps[j] {
				t.Errorf("%s: step %d reads %+v, want %+v", p.ID, j, alone[0].Steps[j], p.Steps[j])
			}
		}
	}
	if n := len(all[4].Steps); n != 3 {
		t.Errorf("a scenario in a rule has %d steps, want both backgrounds and its own", n)
	}
}

func TestLineMeansTheScenarioAroundIt(t *testing.T) {
	all, err := ParseFeature("s.feature", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		line int
		want []string
		why  string
	}{
		{10, []string{"First"}, "the scenario's own line"},
		{9, []string{"First"}, "its tags"},
		{11, []string{"First"}, "one of its steps"},
		{13, []string{"Second 2", "Second 3", "Second 4"}, "an outline means all its rows"},
		{19, []string{"Second 3"}, "a row means that row"},
		{5, nil, "the background belongs to all and means none"},
	}
	for _, c := range cases {
		var got []string
		for _, p := range all {
			if p.lines[c.line] {
				got = append(got, p.Name)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("line %d, %s:\n%s", c.line, c.why, diff)
		}
	}
}
