package reports

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

func chartOf(title string) *Chart {
	at := []time.Duration{0, time.Hour, 2 * time.Hour}
	begin := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	return &Chart{
		Title: title, Command: `twinrig model run "a"`, Begin: begin, Length: 2 * time.Hour,
		Series: []*Series{
			{SignalInfo: SignalInfo{Name: "a", Label: "air <warm>", Quantity: "temperature", Unit: "°C"}, At: at, Values: []float64{1, math.NaN(), 3}},
			{SignalInfo: SignalInfo{Name: "d", Label: "door", Quantity: "state", Unit: "1", States: []string{"closed", "open"}}, At: at, Values: []float64{0, 1, 0}},
			{SignalInfo: SignalInfo{Name: "c", Label: "cargo", Quantity: "mass", Unit: "kg"}, At: at, Values: []float64{5, 5, 5}},
		},
		Faults: []Event{
			{Time: begin.Add(time.Hour), Kind: KindFault, Fault: &Fault{Target: "box", Name: "leak", Active: true, Text: "40 %"}},
		},
	}
}

// A chart shows what changed, names what did not, and escapes what it is given.
func TestChart(t *testing.T) {
	var svg, page bytes.Buffer
	if err := chartOf("a & b").WriteSVG(&svg); err != nil {
		t.Fatal(err)
	}
	if err := chartOf("a & b").WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a &amp; b", "air &lt;warm&gt;", ">open<", "Fault leak (box)"} {
		if !strings.Contains(svg.String(), want) || !strings.Contains(page.String(), want) {
			t.Errorf("no %q in the chart", want)
		}
	}
	for _, want := range []string{"<title>a &amp; b</title>", "5 kg", "Did not change", "twinrig model run &#34;a&#34;"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("no %q in the page", want)
		}
	}
	if strings.Contains(svg.String(), "var(--") || strings.Count(page.String(), "<script") > 0 {
		t.Error("the picture has variables, or the page a script")
	}
	for d := xml.NewDecoder(&svg); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("not XML: %v", err)
		}
	}
	if (&Chart{Length: time.Hour}).WriteSVG(io.Discard) == nil {
		t.Error("a chart of nothing is drawn")
	}
}

// Every ink has a plain colour in a picture.
func TestPictureHasAllInks(t *testing.T) {
	for k := range inkActive + activeInks {
		if !strings.Contains(inkStyles(), ".s."+k.class()+"{stroke:#") && !strings.Contains(inkStyles(), ".s."+k.class()+"{stroke:rgba(") {
			t.Errorf("ink %s has no colour", k.class())
		}
	}
}
