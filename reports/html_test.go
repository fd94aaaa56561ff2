package reports

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// parsedPage parses the HTML of a record.
func parsedPage(t *testing.T, rec *Record, opts HTMLOptions) (*html.Node, string) {
	t.Helper()
	var out strings.Builder
	if err := WriteHTML(&out, rec, opts); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc, out.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// content is what a reader sees of a node, without scripts and style sheets.
func content(n *html.Node) string {
	var out strings.Builder
	if n.Type == html.TextNode {
		out.WriteString(n.Data)
	}
	for c := range n.ChildNodes() {
		if c.Data != "script" && c.Data != "style" {
			out.WriteString(content(c))
			if c.Type == html.ElementNode && c.Data != "b" && c.Data != "span" {
				out.WriteByte(' ')
			}
		}
	}
	return out.String()
}

func elements(doc *html.Node, name string) []*html.Node {
	var found []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (n.Data == name || name == "*") {
			found = append(found, n)
		}
	}
	return found
}

var testMeta = Meta{
	Host: "build-7", OS: "linux", Arch: "amd64", CPUs: 2, GoVersion: "go1.26", Args: []string{"twinrig", "run", hostile},
	Workers: 2, Started: morning, Ended: morning.Add(8 * time.Second),
	ScenarioWall: map[string]float64{"features/cold-chain.feature:12": 0.41},
}

// The page needs nothing from outside and lets nothing from the record act.
func TestHTMLIsSelfContained(t *testing.T) {
	doc, page := parsedPage(t, readRecord(t, allScenarios()), HTMLOptions{Meta: &testMeta})
	ids := map[string]bool{}
	for _, n := range elements(doc, "*") {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q is not unique", id)
			}
			ids[id] = true
		}
	}
	for _, n := range elements(doc, "*") {
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"):
				t.Errorf("<%s> has a handler %s", n.Data, a.Key)
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"), a.Key == "aria-labelledby":
				if !ids[strings.TrimPrefix(a.Val, "#")] {
					t.Errorf("<%s> points to %q, which is not there", n.Data, a.Val)
				}
			case a.Key == "src" || a.Key == "href" && !strings.HasPrefix(a.Val, "data:"):
				t.Errorf("<%s> loads %q", n.Data, a.Val)
			}
		}
	}
	if n := len(elements(doc, "script")); n != 1 {
		t.Errorf("%d scripts", n)
	}
	if strings.Contains(page, "http://") || strings.Contains(page, "https://") || strings.Contains(page, "@import") {
		t.Error("the page has an address in it")
	}
	if script := elements(doc, "script")[0].FirstChild.Data; script != reportJS {
		t.Error("the script is not the one whose hash the policy holds")
	}
}

func TestHTMLTellsTheRun(t *testing.T) {
	doc, _ := parsedPage(t, readRecord(t, allScenarios()), HTMLOptions{Title: "Nightly", Meta: &testMeta})
	page := strings.Join(strings.Fields(content(doc)), " ")
	for _, want := range []string{
		"2 of 8 scenarios failed", "Nightly", "Seed 42", "twinrig run --seed 42 features/",
		"Negative control. This scenario is built to break a requirement, to show that the check can see it. It passes because the requirement failed, as it must.",
		"failed: the cargo temperature stays below -17 °C Margin broken by 0.129 °C Limit at most −17 °C Worst moment −16.87 °C at 10:13:00",
		"kept by 1 min", "Hint the compressor ran without a pause", "closeDoorRequest", "boostCooling", "mountain tunnel",
		"the target cannot restart its hub", "goroutine 1 [running]", "took 410 ms of wall time", "build-7",
		"events not shown here", "<script>alert(1)</script>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// Someone who cannot see the page gets the verdicts, the plots and the order of
// headings; someone with a keyboard reaches everything that scrolls.
func TestHTMLIsAccessible(t *testing.T) {
	doc, _ := parsedPage(t, readRecord(t, allScenarios()), HTMLOptions{Meta: &testMeta})
	level := 0
	for _, n := range elements(doc, "*") {
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("heading %q of level %d follows level %d", content(n), now, level)
			}
			level = now
		}
		hidden, label := attr(n, "aria-hidden") == "true", attr(n, "aria-label")
		switch n.Data {
		case "svg":
			if !hidden && (attr(n, "role") != "img" || label == "") {
				t.Errorf("a plot has role %q and label %q", attr(n, "role"), label)
			}
		case "pre":
			if attr(n, "tabindex") != "0" || label == "" {
				t.Error("a block that scrolls cannot be reached by keyboard")
			}
		case "input":
			if label == "" {
				t.Error("an input has no label")
			}
		case "summary":
			if strings.TrimSpace(content(n)) == "" {
				t.Error("a summary is empty")
			}
		}
	}
}

// Every ink has a value for light and for dark, and a class.
func TestStyleSheetHasAllInks(t *testing.T) {
	for k := inkText; k < inkActive+activeInks; k++ {
		if n := strings.Count(reportCSS, "--"+k.class()+":"); n != 2 {
			t.Errorf("ink %d has %d values", k, n)
		}
		if !strings.Contains(reportCSS, "."+k.class()+"{--k:var(--"+k.class()+")}") {
			t.Errorf("ink %d has no class", k)
		}
	}
}

// A day with seven signals and 404 messages: what the page adds to its frame.
func TestHTMLSize(t *testing.T) {
	_, frame := parsedPage(t, readRecord(t, nil), HTMLOptions{})
	_, page := parsedPage(t, readRecord(t, allScenarios()[:1]), HTMLOptions{})
	if n := len(page) - len(frame); n > 100_000 {
		t.Errorf("a scenario of 24 h takes %d bytes", n)
	}
	if len(frame) > 30_000 {
		t.Errorf("the empty page takes %d bytes", len(frame))
	}
}

// Of many scenarios the ones that passed are packed, and unpack to what a small
// page would show.
func TestHTMLPacksLargeRuns(t *testing.T) {
	var scenarios [][]Event
	for i := range packFrom {
		outcome := Outcome{Verdict: Pass}
		if i == 7 {
			outcome.Verdict = Fail
		}
		id := fmt.Sprintf("features/f.feature:%d", i)
		scenarios = append(scenarios, smallScenario(id, "F", id, []Step{{Text: "step of " + id, Verdict: Pass}}, outcome))
	}
	doc, _ := parsedPage(t, readRecord(t, scenarios), HTMLOptions{})
	packed := 0
	for _, n := range elements(doc, "details") {
		if attr(n, "class") != "scenario" {
			continue
		}
		i, err := strconv.Atoi(strings.TrimPrefix(attr(n, "id"), "s"))
		if err != nil {
			t.Fatal(err)
		}
		body := content(n)
		for _, c := range elements(n, "div") {
			if data := attr(c, "data-packed"); data != "" {
				packed++
				body = unpacked(t, data)
			}
		}
		if want := fmt.Sprintf("step of features/f.feature:%d", i-1); !strings.Contains(body, want) {
			t.Errorf("scenario %d does not say %q", i, want)
		}
	}
	if packed != packFrom-1 {
		t.Errorf("%d scenarios are packed", packed)
	}
}

func TestHeadline(t *testing.T) {
	for want, verdicts := range map[string][]Verdict{
		"All 2 scenarios passed":               {Pass, Pass},
		"The scenario passed":                  {Pass},
		"All 2 scenarios passed, 1 deviation":  {Pass, PassWithDeviation},
		"1 scenario passed, 2 did not run":     {Pass, NotRun, NotApplicable},
		"1 of 3 scenarios failed":              {Pass, Fail, Inconclusive},
		"1 of 2 scenarios could not be judged": {Pass, Inconclusive},
		"No scenario ran":                      {},
	} {
		var scenarios [][]Event
		for i, v := range verdicts {
			scenarios = append(scenarios, smallScenario(fmt.Sprintf("f:%d", i), "F", "n", nil, Outcome{Verdict: v}))
		}
		if got := headline(readRecord(t, scenarios)); got != want {
			t.Errorf("headline of %v is %q, want %q", verdicts, got, want)
		}
	}
}

// The same record gives the same page.
func TestHTMLRepeats(t *testing.T) {
	var pages [2]bytes.Buffer
	for i := range pages {
		if err := WriteHTML(&pages[i], readRecord(t, allScenarios()), HTMLOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(pages[0].Bytes(), pages[1].Bytes()) {
		t.Error("two pages of one record differ")
	}
}
