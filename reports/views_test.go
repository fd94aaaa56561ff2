package reports

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// The summary and the JUnit file are pinned as text; -rewrite renews them.
func TestViews(t *testing.T) {
	rec := readRecord(t, allScenarios())
	datadriven.RunTest(t, "testdata/views", func(t *testing.T, d *datadriven.TestData) string {
		var out strings.Builder
		var err error
		switch d.Cmd {
		case "summary":
			err = WriteSummary(&out, rec)
		case "junit":
			err = WriteJUnit(&out, rec)
		default:
			d.Fatalf(t, "unknown command %q", d.Cmd)
		}
		if err != nil {
			t.Fatal(err)
		}
		return out.String()
	})
}

// A reader that knows nothing of ours finds the counts it is told.
func TestJUnitCounts(t *testing.T) {
	var out strings.Builder
	if err := WriteJUnit(&out, readRecord(t, allScenarios())); err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	dec := xml.NewDecoder(strings.NewReader(out.String()))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			found[e.Name.Local]++
		}
	}
	want := map[string]int{"testsuite": 3, "testcase": 8, "failure": 2, "error": 1, "skipped": 2}
	for name, n := range want {
		if found[name] != n {
			t.Errorf("%d elements %s, want %d", found[name], name, n)
		}
	}
	if !strings.Contains(out.String(), `tests="3" failures="1" errors="0" skipped="0"`) {
		t.Error("the counts of the first suite are missing")
	}
}

// A run cut short says so on the terminal.
func TestSummaryCutShort(t *testing.T) {
	rec := readRecord(t, allScenarios()[4:5])
	rec.Summary = nil
	var out strings.Builder
	if err := WriteSummary(&out, rec); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "cut short") || !strings.Contains(out.String(), "verdict: inconclusive") {
		t.Errorf("summary:\n%s", &out)
	}
}
