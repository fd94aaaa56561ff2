package query_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinrig/hub"
	"twinrig/hub/query"
)

// twins are a source in memory, which notes the selections it was asked for.
type twins struct {
	all      []hub.Twin
	selected []hub.Selection
}

func (s *twins) Select(_ context.Context, sel hub.Selection) iter.Seq2[hub.Twin, error] {
	s.selected = append(s.selected, sel)
	return func(yield func(hub.Twin, error) bool) {
		for _, t := range s.all {
			if (t.ModuleID != "") == sel.Modules && hub.Identity(t.DeviceID, t.ModuleID) > sel.After && !yield(t, nil) {
				return
			}
		}
	}
}

func (s *twins) Count(_ context.Context, t *hub.Twin) error {
	t.CommandCount = len(t.DeviceID)
	return nil
}

func twin(id, tags, desired, reported string) hub.Twin {
	t := hub.Twin{Status: "enabled", ConnectionState: "Connected", Version: 3, Tags: json.RawMessage(tags), ModelID: "dtmi:com:example:Truck;2",
		LastActivity: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Properties:   hub.TwinProperties{Desired: json.RawMessage(desired), Reported: json.RawMessage(reported)}}
	t.DeviceID, t.ModuleID = hub.SplitIdentity(id)
	return t
}

func source() *twins {
	a := twin("a", `{"site":"north","rank":1,"at":{"floor":2},"odd name":"x"}`, `{"t":-18,"$version":4}`, `{"battery":80,"fw":"1.2.0","list":[1,2,3],"on":true,"gone":null}`)
	b := twin("b", `{"site":"south","rank":2}`, `{"t":-20}`, `{"battery":15,"fw":"1.10.1","on":false}`)
	c := twin("c", `{"site":"north"}`, `{}`, `{"battery":"low"}`)
	d := twin("d", `{}`, `{}`, `{}`)
	d.Status, d.ConnectionState, d.ModelID = "disabled", "Disconnected", ""
	return &twins{all: []hub.Twin{a, twin("a/m", `{"site":"north"}`, `{}`, `{}`), b, c, d}}
}

func run(t *testing.T, s query.Source, text string) []string {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var items []string
	page, err := q.Run(t.Context(), s, 100, "")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	for _, item := range page.Items {
		items = append(items, string(item))
	}
	return items
}

// Which devices a condition is true of.
func TestWhere(t *testing.T) {
	for _, c := range []struct{ where, want string }{
		{"tags.site = 'north'", "a c"},
		{`tags.site = "south"`, "b"},
		{"tags.site != 'north'", "b"},
		{"tags.site <> 'north'", "b"},
		{"tags.site IN ['north', 'west']", "a c"},
		{"tags.site in ('south')", "b"},
		{"tags.site NIN ['north']", "b"},
		{"tags.site NOT IN ['north']", "b"},
		{"NOT tags.site = 'north'", "b"}, // undefined stays undefined
		{"not is_defined(tags.site)", "d"},
		{"is_defined(properties.reported.gone)", "a"},
		{"properties.reported.gone = null", "a"},
		{"properties.reported.battery < 50", "b"},
		{"properties.reported.battery >= 15 AND properties.reported.battery <= 80", "a b"},
		{"properties.reported.battery > 'a'", "c"},
		{"properties.reported.battery != 80", "b c"},
		{"properties.desired.t = -18", "a"},
		{"properties.desired.t + 2 * 10 = 0", "b"},
		{"(properties.desired.t + 2) * 10 = -180", "b"},
		{"properties.reported.battery % 10 = 5", "b"},
		{"properties.reported.battery / 0 > 1", ""},
		{"properties.reported.on", "a"},
		{"properties.reported.on = false", "b"},
		{"tags.at.floor = 0x2", "a"},
		{"tags.at.floor = 2.0e0", "a"},
		{"tags.at = tags.at", ""},
		{"tags.[[odd name]] = 'x'", "a"},
		{"tags['odd name'] = 'x'", "a"},
		{"2 IN properties.reported.list", "a"},
		{"deviceId = 'b' OR tags.rank = 1", "a b"},
		{"tags.rank = 1 OR tags.rank = 2 AND tags.site = 'north'", "a"},
		{"devices.deviceId = 'a'", "a"},
		{"status = 'disabled'", "d"},
		{"connectionState = 'Connected' and version = 3", "a b c"},
		{"lastActivityTime > '2026-11-23'", "a b c d"},
		{"STARTS_WITH(properties.reported.fw, '1.1')", "b"},
		{"startswith(properties.reported.fw, '1.') AND endsWith(properties.reported.fw, '.0')", "a"},
		{"CONTAINS(tags.site, 'ort')", "a c"},
		{"LENGTH(tags.site) = 5 and upper(tags.site) = 'SOUTH'", "b"},
		{"SUBSTRING(tags.site, 1, 2) = 'or'", "a c"},
		{"CONCAT(tags.site, '!') = 'south!'", "b"},
		{"tags.site + '!' = 'south!'", "b"},
		{"INDEX_OF(tags.site, 'u') = 2", "b"},
		{"AS_NUMBER('15') = properties.reported.battery", "b"},
		{"ABS(properties.desired.t) = 18 AND POWER(2, 3) = 8 AND SQRT(9) = 3 AND FLOOR(1.5) = 1 AND CEILING(1.5) = 2 AND SIGN(-3) = -1 AND SQUARE(3) = 9", "a"},
		{"IS_STRING(properties.reported.battery)", "c"},
		{"IS_NUMBER(properties.reported.battery)", "a b"},
		{"IS_BOOL(properties.reported.on) AND IS_ARRAY(properties.reported.list) AND IS_OBJECT(tags.at) AND IS_PRIMITIVE(tags.rank) AND IS_NULL(properties.reported.gone)", "a"},
		{"IS_OF_MODEL('dtmi:com:example:Truck;1')", "a b c"},
		{"IS_OF_MODEL('dtmi:com:example:Truck;3')", ""},
		{"IS_OF_MODEL('dtmi:com:example:Truck;1', 'exact')", ""},
		{"IS_OF_MODEL('dtmi:com:example:Truck;2', 'exact')", "a b c"},
		{"cloudToDeviceMessageCount = 1", "a b c d"},
		{"undefined = undefined", ""},
		{"NOT NOT true", "a b c d"},
		{"tags.site = 'it''s' OR tags.site = 'it\\'s' OR tags.rank = 1", "a"},
	} {
		if got := run(t, source(), "SELECT deviceId FROM devices WHERE "+c.where); strings.Join(got, " ") != rows(c.want) {
			t.Errorf("%s: %v, want %s", c.where, got, c.want)
		}
	}
}

func rows(ids string) string {
	var out []string
	for _, id := range strings.Fields(ids) {
		out = append(out, `{"deviceId":"`+id+`"}`)
	}
	return strings.Join(out, " ")
}

// What is selected of those devices.
func TestSelect(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"SELECT TOP 2 deviceId FROM devices", []string{`{"deviceId":"a"}`, `{"deviceId":"b"}`}},
		{"select tags.site AS place, properties.reported.battery charge, tags.rank + 1 FROM devices WHERE deviceId IN ['a','d']",
			[]string{`{"place":"north","charge":80,"$3":2}`, `{}`}},
		{"SELECT moduleId, tags FROM devices.modules", []string{`{"moduleId":"m","tags":{"site":"north"}}`}},
		{"SELECT COUNT() AS n FROM devices", []string{`{"n":4}`}},
		{"SELECT count(*) FROM devices WHERE deviceId = 'nobody'", []string{`{"$1":0}`}},
		{"SELECT COUNT(tags.rank) AS n, SUM(tags.rank) AS sum, AVG(tags.rank) AS mean, MIN(properties.reported.fw) AS least, MAX(tags.rank) AS most, SUM(tags.none) AS none FROM devices",
			[]string{`{"n":2,"sum":3,"mean":1.5,"least":"1.10.1","most":2}`}},
		{"SELECT tags.site, COUNT() AS n FROM devices GROUP BY tags.site",
			[]string{`{"site":"north","n":2}`, `{"site":"south","n":1}`, `{"n":1}`}},
		{"SELECT TOP 1 tags.site, status AS s, COUNT() AS n FROM devices GROUP BY status, tags.site", []string{`{"site":"north","s":"enabled","n":2}`}},
	} {
		if diff := cmp.Diff(c.want, run(t, source(), c.text)); diff != "" {
			t.Errorf("%s:\n%s", c.text, diff)
		}
	}
	whole := run(t, source(), "SELECT * FROM devices WHERE deviceId = 'd'")
	var d hub.Twin
	if err := json.Unmarshal([]byte(whole[0]), &d); err != nil || d.DeviceID != "d" || d.CommandCount != 1 || string(d.Properties.Desired) != "{}" {
		t.Errorf("%s, %v", whole, err)
	}
}

// Errors say where.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
		says   string
	}{
		{"", 1, "the end stands where SELECT is wanted"},
		{"SELECT", 7, "the end stands where a property"},
		{"SELECT * FROM", 14, "the end stands where devices"},
		{"SELECT * FROM machines", 15, "there is no machines"},
		{"SELECT * FROM devices WHERE", 28, "the end stands where"},
		{"SELECT * FROM devices WHERE tags.a =", 37, "the end stands where"},
		{"SELECT * FROM devices WHERE tags. = 1", 35, "= stands where the name of a property is wanted"},
		{"SELECT * FROM devices WHERE tags.a = 'x", 38, "the string has no end"},
		{"SELECT * FROM devices WHERE tags.a = 1.2.3", 38, "1.2.3 is not a number"},
		{"SELECT * FROM devices WHERE tags.[[a = 1", 34, "[[ has no ]]"},
		{"SELECT * FROM devices WHERE tags.a ? 1", 36, "'?' has no meaning"},
		{"SELECT * FROM devices WHERE nope(1) = 1", 29, "there is no function nope"},
		{"SELECT * FROM devices WHERE COUNT() > 1", 29, "aggregates are columns"},
		{"SELECT * FROM devices WHERE STARTS_WITH('a')", 29, "STARTS_WITH has 2 arguments, not 1"},
		{"SELECT * FROM devices WHERE (tags.a = 1", 40, "the end stands where ) is wanted"},
		{"SELECT * FROM devices ORDER BY deviceId", 23, "no ORDER BY"},
		{"SELECT * FROM devices WHERE a = 1 nonsense", 35, "nonsense stands where the query should end"},
		{"SELECT TOP 0 * FROM devices", 12, "TOP wants a whole number"},
		{"SELECT TOP 1.5 * FROM devices", 12, "TOP wants a whole number"},
		{"SELECT deviceId, COUNT() FROM devices", 8, "deviceId is neither an aggregate nor in GROUP BY"},
		{"SELECT * FROM devices GROUP BY tags.a", 1, "GROUP BY wants columns"},
		{"SELECT deviceId, tags.a AS deviceId FROM devices", 18, "two columns are called deviceId"},
		{"SELECT SUM(*) FROM devices", 8, "SUM(*) has no meaning"},
		{"SELECT deviceId FROM devices.jobs", 1, "only SELECT *"},
		{"SELECT * FROM devices WHERE " + strings.Repeat("(", 200) + "1", 129, "nested deeper"},
		{"SELECT * FROM devices WHERE " + strings.Repeat("-", 200) + "1", 128, "nested deeper"},
		{"SELECT * FROM devices WHERE a = '" + strings.Repeat("x", 20000) + "'", 16385, "longer than"},
	} {
		_, err := query.Parse(c.text)
		var e *query.Error
		if !errors.As(err, &e) || e.Offset+1 != c.column || !strings.Contains(e.Text, c.says) {
			t.Errorf("%.60s: %v, want column %d and %q", c.text, err, c.column, c.says)
		}
	}
}

// All pages together are the result, none is larger than asked, and a token fits its
// query only.
func TestPages(t *testing.T) {
	s := &twins{}
	for i := range 25 {
		s.all = append(s.all, twin(fmt.Sprintf("d%02d", i), fmt.Sprintf(`{"n":%d}`, i), "{}", "{}"))
	}
	for _, c := range []struct {
		text  string
		items int
	}{
		{"SELECT deviceId FROM devices", 25}, {"SELECT TOP 12 deviceId FROM devices", 12}, {"SELECT deviceId FROM devices WHERE tags.n % 5 = 0", 5},
		{"SELECT tags.n, COUNT() AS c FROM devices GROUP BY tags.n", 25}, {"SELECT TOP 11 tags.n, COUNT() AS c FROM devices GROUP BY tags.n", 11},
	} {
		q, err := query.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for token, pages := "", 0; ; pages++ {
			page, err := q.Run(t.Context(), s, 5, token)
			if err != nil || len(page.Items) > 5 || pages > 10 {
				t.Fatalf("%s: %d items, %v", c.text, len(page.Items), err)
			}
			for _, item := range page.Items {
				all = append(all, string(item))
			}
			if token = page.Continuation; token == "" {
				break
			}
		}
		slices.Sort(all)
		if len(slices.Compact(all)) != c.items {
			t.Errorf("%s: %d results, want %d", c.text, len(all), c.items)
		}
	}
	a, _ := query.Parse("SELECT * FROM devices")
	b, _ := query.Parse("SELECT * FROM devices WHERE true")
	page, err := a.Run(t.Context(), s, 5, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{page.Continuation, "nonsense", "e30"} {
		if _, err := b.Run(t.Context(), s, 5, token); err == nil {
			t.Errorf("token %q of another query was taken", token)
		}
	}
}

// What a condition says of tags and ids narrows down what is read, and nothing else does.
func TestHints(t *testing.T) {
	for _, c := range []struct {
		where string
		want  hub.Selection
	}{
		{"tags.a = 'x' AND (properties.reported.b = 1 AND 2 = tags.c.d)", hub.Selection{Tags: []hub.TagTerm{{Path: "a", Values: []any{"x"}}, {Path: "c.d", Values: []any{2.0}}}}},
		{"tags.a = 'x' OR tags.b = 1", hub.Selection{}},
		{"NOT tags.a = 'x'", hub.Selection{}},
		{"tags.a IN ['x', true]", hub.Selection{Tags: []hub.TagTerm{{Path: "a", Values: []any{"x", true}}}}},
		{"tags.a IN ['x', null]", hub.Selection{}},
		{"tags.a NIN ['x']", hub.Selection{}},
		{"tags.a > 'x'", hub.Selection{}},
		{"deviceId IN ['a', 'b']", hub.Selection{IDs: []string{"a", "b"}}},
	} {
		s := source()
		run(t, s, "SELECT * FROM devices WHERE "+c.where)
		if diff := cmp.Diff([]hub.Selection{c.want}, s.selected); diff != "" {
			t.Errorf("%s:\n%s", c.where, diff)
		}
	}
}

// No text is too strange to be refused, and none that is taken fails to run.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"SELECT * FROM devices", "select top 3 tags.a AS b, count() from devices.modules where not a.b['c'].[[d e]] >= -1.5e3 and x in ['y',null] group by tags.a",
		"SELECT LOWER(deviceId) FROM devices WHERE IS_OF_MODEL('dtmi:x;1') OR 1 + 2 * 3 % 4 <> 0x1f", "SELECT 'it''s", "[[", "((((",
	} {
		f.Add(text)
	}
	s := source()
	f.Fuzz(func(t *testing.T, text string) {
		q, err := query.Parse(text)
		if err != nil {
			var e *query.Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(text) {
				t.Fatalf("%v", err)
			}
			return
		}
		page, err := q.Run(t.Context(), s, 3, "")
		var e *query.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			if !json.Valid(item) {
				t.Fatalf("%s: %s", text, item)
			}
		}
	})
}
