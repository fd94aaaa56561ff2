package reports

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLanes(t *testing.T) {
	s := readRecord(t, allScenarios()[1:2]).Scenarios[0]
	lanes, left := s.lanes()
	var got []string
	for _, l := range lanes {
		var key []string
		for _, k := range l.key {
			key = append(key, k.text)
		}
		got = append(got, fmt.Sprintf("%s: %d bars, %d marks, %d ticks [%s]", l.label, len(l.bars), len(l.marks), len(l.ticks), strings.Join(key, " ")))
	}
	want := []string{
		"Steps: 8 bars, 0 marks, 0 ticks []",
		"Cargo door: 3 bars, 0 marks, 0 ticks [closed open]", // what the sensor says is the same
		"Compressor: 27 bars, 0 marks, 0 ticks [off on]",
		"Commands: 0 bars, 4 marks, 0 ticks []",
		"Alert doorOpen (truck-1): 1 bars, 0 marks, 0 ticks []",
		"Fault networkPartition (truck-1): 1 bars, 0 marks, 0 ticks []",
		"Offline (truck-1): 1 bars, 0 marks, 0 ticks []",
		"Telemetry from truck-1, 404 messages: 0 bars, 0 marks, 404 ticks []",
	}
	if diff := cmp.Diff(want, got); diff != "" || left != 0 {
		t.Errorf("%d left out\n%s", left, diff)
	}
	if door := lanes[1].bars[1]; door.text != "open" || door.from != doorOpens.Seconds() || door.to != doorCloses.Seconds() {
		t.Errorf("the door's second bar is %+v", door)
	}
}

// A door switch that sticks shows beside the door.
func TestSensorThatDisagreesHasALane(t *testing.T) {
	r := NewRecorder("a:1")
	states := []string{"closed", "open"}
	r.Record(Event{Time: morning, Start: &Scenario{ID: "a:1", Begin: morning}})
	r.Record(Event{Time: morning, Entity: "d", Signals: []SignalInfo{
		{Name: "door", Label: "door", Source: "plant", States: states}, {Name: "door", Label: "door", Source: "sensor", States: states},
	}})
	r.Record(Event{Time: morning, Entity: "d", Sample: []*float64{ptr(0), ptr(0)}})
	r.Record(Event{Time: morning.Add(9e9), Entity: "d", Sample: []*float64{ptr(1), ptr(0)}})
	r.Record(Event{Time: morning.Add(10e9), Outcome: &Outcome{Verdict: Pass}})
	lanes := readRecord(t, [][]Event{r.Events()}).Scenarios[0].stateLanes()
	if len(lanes) != 2 || lanes[1].label != "Door (sensor)" {
		t.Errorf("lanes %+v", lanes)
	}
}
