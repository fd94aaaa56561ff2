package broker

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// matchTable is from section 4.7 of the MQTT standard, with the corners of its text.
var matchTable = []struct {
	filter, topic string
	want          bool
	why           string
}{
	{"sport/tennis/player1/#", "sport/tennis/player1", true, "# stands for the parent level too"},
	{"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true, "and for any depth"},
	{"sport/#", "sport", true, "4.7.1.2"},
	{"sport/#", "sports", false, "levels match whole"},
	{"#", "a//b", true, "all"},
	{"sport/+", "sport", false, "+ wants its level"},
	{"sport/+", "sport/", true, "an empty level is a level"},
	{"+/+", "/finance", true, "4.7.1.3"},
	{"/+", "/finance", true, "4.7.1.3"},
	{"+", "/finance", false, "4.7.1.3"},
	{"sport/+/player1", "sport/tennis/player1", true, "in the middle"},
	{"#", "$SYS/x", false, "4.7.2: a leading wildcard leaves $ alone"},
	{"+/monitor/Clients", "$SYS/monitor/Clients", false, "4.7.2"},
	{"$SYS/#", "$SYS/x", true, "4.7.2: named it is matched"},
	{"$SYS/monitor/+", "$SYS/monitor/Clients", true, "4.7.2"},
	{"a/#", "a/$b", true, "only the first character counts"},
	{"ACCOUNTS", "Accounts", false, "case matters"},
	{"/a", "a", false, "a leading / makes a level"},
	{"a", "a/", false, "a trailing / makes a level"},
}

func TestTreeMatches(t *testing.T) {
	for _, row := range matchTable {
		var filters, topics tree[string]
		put(&filters, row.filter)
		put(&topics, row.topic)
		matched, matching := 0, 0
		filters.filtersOf(row.topic, func(string) { matched++ })
		topics.topicsOf(row.filter, func(string) { matching++ })
		want := 0
		if row.want {
			want = 1
		}
		if matched != want || matching != want || matches(row.filter, row.topic) != row.want {
			t.Errorf("%s and %s: tree of filters %d, tree of topics %d, function %v; want %v: %s",
				row.filter, row.topic, matched, matching, matches(row.filter, row.topic), row.want, row.why)
		}
	}
}

func put(t *tree[string], path string) {
	node := t.at(path)
	node.value, node.set = path, true
}

var (
	filterGen = rapid.Custom(func(t *rapid.T) string {
		levels := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "$s", "", "+"}), 1, 4).Draw(t, "levels")
		if rapid.Bool().Draw(t, "hash") {
			levels = append(levels, "#")
		}
		return strings.Join(levels, "/")
	})
	topicGen = rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "$s", ""}), 1, 4).Draw(t, "levels"), "/")
	})
)

// Trees find what the plain function finds, whatever was put in and taken out before, and
// an emptied tree keeps nothing.
func TestTreeAgreesWithFunction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		filters := rapid.SliceOfDistinct(filterGen, func(f string) string { return f }).Draw(t, "filters")
		topic := topicGen.Draw(t, "topic")
		var all tree[string]
		for _, f := range filters {
			put(&all, f)
		}
		removed := 0
		if len(filters) > 0 {
			removed = rapid.IntRange(0, len(filters)).Draw(t, "removed")
		}
		for _, f := range filters[:removed] {
			all.remove(f)
		}
		var got, want []string
		all.filtersOf(topic, func(f string) { got = append(got, f) })
		for _, f := range filters[removed:] {
			if matches(f, topic) {
				want = append(want, f)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("topic %q: got %q, want %q", topic, got, want)
		}
		for _, f := range filters[removed:] {
			all.remove(f)
		}
		if len(all.children) > 0 {
			t.Fatalf("%d nodes are left of an empty tree", len(all.children))
		}
	})
}

// What covers says holds for every topic, and overlap finds a topic when there is one.
func TestFilterRelations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, g, topic := filterGen.Draw(t, "f"), filterGen.Draw(t, "g"), topicGen.Draw(t, "topic")
		if covers(f, g) && covers(g, topic) && !covers(f, topic) {
			t.Fatalf("%q covers %q, but not its topic %q", f, g, topic)
		}
		if covers(f, topic) && covers(g, topic) && !overlap(f, g) {
			t.Fatalf("%q and %q both match %q, yet do not overlap", f, g, topic)
		}
	})
}
