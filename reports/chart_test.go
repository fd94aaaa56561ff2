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

func TestChart(t *testing.T) {
	at := []time.Duration{0, time.Hour, 2 * time.Hour}
	series := []*Series{
		{SignalInfo: SignalInfo{Name: "a", Label: "air <warm>", Quantity: "temperature", Unit: "°C"}, At: at, Values: []float64{1, math.NaN(), 3}},
		{SignalInfo: SignalInfo{Name: "d", Label: "door", Quantity: "state", Unit: "1", States: []string{"closed", "open"}}, At: at, Values: []float64{0, 1, 0}},
		{SignalInfo: SignalInfo{Name: "c", Label: "never changes", Quantity: "mass", Unit: "kg"}, At: at, Values: []float64{5, 5, 5}},
	}
	var svg, page bytes.Buffer
	if err := WriteChart(&svg, series); err != nil {
		t.Fatal(err)
	}
	if err := WriteChartHTML(&page, "a & b", series); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"temperature / °C", "air &lt;warm&gt;", ">open<"} {
		if !strings.Contains(svg.String(), want) || !strings.Contains(page.String(), want) {
			t.Errorf("no %q in the chart", want)
		}
	}
	if strings.Contains(svg.String(), "never changes") || !strings.Contains(page.String(), "<title>a &amp; b</title>") {
		t.Error("a constant is drawn, or the title is missing")
	}
	for d := xml.NewDecoder(&svg); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("not XML: %v", err)
		}
	}
	if WriteChart(io.Discard, nil) == nil {
		t.Error("a chart of nothing is drawn")
	}
}
