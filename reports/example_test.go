package reports_test

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"twinrig/reports"
)

// A scenario is recorded, written as JSON lines, read back and summed up.
func Example() {
	begin := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	id := "features/cold-chain.feature:12"
	margin, limit := -1.4, -15.0

	rec := reports.NewRecorder(id)
	rec.Record(reports.Event{Time: begin, Entity: "rig", Start: &reports.Scenario{
		ID: id, Feature: "Cold chain", Name: "A forgotten door", Begin: begin, Repeat: "twinrig run --seed 42 " + id,
	}})
	end := begin.Add(24 * time.Hour)
	rec.Record(reports.Event{Time: end, Entity: "rig", Requirement: &reports.Requirement{
		Text: "the cargo temperature stays below -15 °C", Verdict: reports.Fail,
		Entity: "truck-1", Signal: "cargoTemperature", Unit: "°C", Upper: &limit,
		Margin: &margin, Worst: begin.Add(9 * time.Hour),
	}})
	rec.Record(reports.Event{Time: end, Entity: "rig", Outcome: &reports.Outcome{Verdict: reports.Fail}})

	var record bytes.Buffer
	events := []reports.Event{{Time: begin, Entity: "rig", Kind: reports.KindRun, Run: &reports.Run{Tool: "twinrig", Seed: 42, Clock: "virtual"}}}
	events = append(events, rec.Events()...)
	events = append(events, reports.Event{Time: end, Entity: "rig", Kind: reports.KindSummary, Summary: &reports.Summary{Verdict: reports.Fail, Scenarios: 1}})
	if err := reports.WriteEvents(&record, events); err != nil {
		fmt.Println(err)
		return
	}
	read, err := reports.ReadRecord(&record)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := reports.WriteSummary(os.Stdout, read); err != nil {
		fmt.Println(err)
	}
	// Output:
	// FAIL  features/cold-chain.feature:12
	//   scenario     A forgotten door
	//   requirement  the cargo temperature stays below -15 °C: broken by 1.4 °C, worst at 9:00:00
	//   repeat       twinrig run --seed 42 features/cold-chain.feature:12
	//
	// 1 scenario: 1 failed
	// 24 h of scenario time, virtual clock, seed 42
	// verdict: fail
}
