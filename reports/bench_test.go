package reports

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// hourScenario is one hour of a truck, sampled every ten seconds.
func hourScenario(id string) []Event {
	d := newTruckDay(id)
	d.Record(Event{Time: morning, Entity: "rig", Start: &Scenario{ID: id, Feature: "Many", Name: "scenario " + id, Begin: morning, Repeat: "twinrig run " + id}})
	d.Record(Event{Time: morning, Entity: "truck-1", Signals: truckSignals})
	for at := time.Duration(0); at <= time.Hour; at += 10 * time.Second {
		d.minute(morning.Add(at), at)
	}
	d.steps([]stepTime{{"Given", "a truck", 0, 0, Pass}, {"When", "1 hour has passed", 0, time.Hour, Pass}, {"Then", "it is cold", time.Hour, time.Hour, Pass}})
	d.Record(Event{Time: morning.Add(time.Hour), Entity: "rig", Outcome: &Outcome{Verdict: Pass}})
	return d.Events()
}

// manyScenarios is the record of a large suite.
func manyScenarios(b testing.TB, n int) string {
	var scenarios [][]Event
	for i := range n {
		scenarios = append(scenarios, hourScenario(fmt.Sprintf("features/many-%d.feature:%d", i/20, i)))
	}
	return writeRecord(b, scenarios)
}

// BenchmarkThousand reads and renders a run of 1,000 scenarios with plots each.
func BenchmarkThousand(b *testing.B) {
	text := manyScenarios(b, 1000)
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := ReadRecord(strings.NewReader(text)); err != nil {
				b.Fatal(err)
			}
		}
	})
	rec, err := ReadRecord(strings.NewReader(text))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("html", func(b *testing.B) {
		var out bytes.Buffer
		for b.Loop() {
			out.Reset()
			if err := WriteHTML(&out, rec, HTMLOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(out.Len()), "page-bytes")
	})
	b.Run("junit", func(b *testing.B) {
		for b.Loop() {
			if err := WriteJUnit(io.Discard, rec); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDay renders one scenario of 24 hours with seven signals.
func BenchmarkDay(b *testing.B) {
	rec := readRecord(b, allScenarios()[:1])
	for b.Loop() {
		if err := WriteHTML(io.Discard, rec, HTMLOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
