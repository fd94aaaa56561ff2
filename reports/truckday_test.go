package reports

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// morning is when the scenarios of the test data begin.
var morning = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

func ptr(v float64) *float64 { return &v }

// truckDay records a day of a refrigeration truck: two coupled heat stores, a
// compressor with a thermostat, a door that stands open for forty minutes.
// The physics is only as good as a picture needs.
type truckDay struct {
	*Recorder
	noise      *rand.Rand
	box, cargo float64
	compressor float64
	interval   time.Duration
	lastSent   time.Time
	number     uint64
	online     bool
	warmest    float64 // the cargo
	warmestAt  time.Time
}

const (
	dayLength  = 24 * time.Hour
	doorOpens  = 8*time.Hour + 10*time.Minute
	doorCloses = 8*time.Hour + 50*time.Minute
)

func newTruckDay(id string) *truckDay {
	return &truckDay{
		Recorder: NewRecorder(id), noise: rand.New(rand.NewPCG(1, 2)),
		box: -18.5, cargo: -19.2, interval: 5 * time.Minute, online: true, warmest: -100,
	}
}

var truckSignals = []SignalInfo{
	{Name: "boxTemperature", Label: "box air temperature", Quantity: "temperature", Unit: "°C", Source: "plant"},
	{Name: "cargoTemperature", Label: "cargo temperature", Quantity: "temperature", Unit: "°C", Source: "plant"},
	{Name: "ambientTemperature", Label: "ambient temperature", Quantity: "temperature", Unit: "°C", Source: "plant"},
	{Name: "compressorPower", Label: "compressor power", Quantity: "power", Unit: "kW", Source: "plant"},
	{Name: "door", Label: "cargo door", Quantity: "state", Unit: "1", Source: "plant", States: []string{"closed", "open"}},
	{Name: "compressor", Label: "compressor", Quantity: "state", Unit: "1", Source: "plant", States: []string{"off", "on"}},
	{Name: "boxTemperature", Label: "box air temperature", Quantity: "temperature", Unit: "°C", Source: "sensor"},
	{Name: "cargoMass", Label: "cargo mass", Quantity: "mass", Unit: "t", Source: "plant"},
	{Name: "door", Label: "cargo door", Quantity: "state", Unit: "1", Source: "sensor", States: []string{"closed", "open"}},
}

// run records the day. Every minute the truck is sampled.
func (d *truckDay) run() {
	d.Record(Event{Time: morning, Entity: "truck-1", Signals: truckSignals})
	for at := time.Duration(0); at <= dayLength; at += time.Minute {
		d.minute(morning.Add(at), at)
	}
}

func (d *truckDay) minute(now time.Time, at time.Duration) {
	open := at >= doorOpens && at < doorCloses
	ambient := 24 + 7*math.Sin((at.Hours()-3)*math.Pi/12)
	if d.box > -17.6 {
		d.compressor = 1
	} else if d.box < -20.4 {
		d.compressor = 0
	}
	leak, flow := 0.0011, 0.0
	if open {
		leak = 0.011
	}
	flow = leak*(ambient-d.box) - 0.118*d.compressor + 0.01*(d.cargo-d.box)
	d.box += flow
	d.cargo += 0.0035 * (d.box - d.cargo)
	if d.cargo > d.warmest {
		d.warmest, d.warmestAt = d.cargo, now
	}
	sensor := math.Round((d.box+0.15*d.noise.NormFloat64())*10) / 10
	state := map[bool]float64{true: 1}[open]
	d.Record(Event{Time: now, Entity: "truck-1", Sample: []*float64{
		ptr(d.box), ptr(d.cargo), ptr(ambient), ptr(d.compressor * (2.1 + 0.03*(ambient-20))), ptr(state), ptr(d.compressor), ptr(sensor), ptr(2), ptr(state),
	}})
	d.happenings(now, at)
	if d.online && now.Sub(d.lastSent) >= d.interval {
		d.send(now, fmt.Sprintf(`{"boxTemperature":%.1f,"cargoTemperature":%.1f,"door":"%t","batteryVoltage":%.2f}`, sensor, d.cargo, open, 12.6+0.1*d.noise.Float64()))
	}
}

func (d *truckDay) send(now time.Time, body string) {
	d.lastSent = now
	d.number++
	d.Record(Event{Time: now.Add(1200 * time.Millisecond), Entity: "hub", Telemetry: &Telemetry{
		Device: "truck-1", Partition: 2, Number: d.number, Enqueued: now.Add(40 * time.Millisecond),
		Properties: map[string]string{"iothub-content-type": "application/json", "a": "b"}, Body: JSONOrText([]byte(body)),
	}})
}

// happenings are what the scenario and the truck do beside sampling.
func (d *truckDay) happenings(now time.Time, at time.Duration) {
	e := func(ev Event) { ev.Time = now; d.Record(ev) }
	switch at {
	case doorOpens + 5*time.Minute:
		e(Event{Entity: "truck-1", Alert: &Alert{Device: "truck-1", Name: "doorOpen", Active: true, Text: "the cargo door is open for 5 min"}})
		d.send(now, `{"alert":"doorOpen","active":true,"text":"Tür <b>offen</b> 🚪"}`)
	case doorCloses + time.Minute:
		e(Event{Entity: "truck-1", Alert: &Alert{Device: "truck-1", Name: "doorOpen"}})
	case doorOpens + 6*time.Minute:
		e(Event{Entity: "service", Twin: &Twin{Device: "truck-1", Section: "desired", Version: 4, Patch: []byte(`{"telemetryInterval":60}`)}})
		e(Event{Entity: "service", Command: &Command{Device: "truck-1", Type: "c2d", Name: "closeDoorRequest", Payload: []byte(`"please close the door"`), By: "door rule"}})
		d.interval = time.Minute
	case doorOpens + 9*time.Minute:
		e(Event{Entity: "service", Command: &Command{Device: "truck-1", Type: "method", Name: "boostCooling", Payload: []byte(`{"minutes":60}`), Status: 200, Response: []byte(`{"accepted":true}`)}})
	case 11 * time.Hour:
		e(Event{Entity: "service", Twin: &Twin{Device: "truck-1", Section: "desired", Version: 5, Patch: []byte(`{"telemetryInterval":300}`)}})
		d.interval = 5 * time.Minute
	case 16 * time.Hour:
		e(Event{Entity: "rig", Fault: &Fault{Target: "truck-1", Name: "networkPartition", Active: true, Text: "mountain tunnel"}})
	case 16*time.Hour + 2*time.Minute:
		d.online = false
		e(Event{Entity: "truck-1", Connection: &Connection{Device: "truck-1", Reason: "keep alive timed out"}})
	case 17*time.Hour + 20*time.Minute:
		e(Event{Entity: "rig", Fault: &Fault{Target: "truck-1", Name: "networkPartition"}})
	case 17*time.Hour + 25*time.Minute:
		d.online = true
		e(Event{Entity: "truck-1", Connection: &Connection{Device: "truck-1", Online: true}})
	}
}

type stepTime struct {
	keyword, text string
	begin, end    time.Duration
	verdict       Verdict
}

func (d *truckDay) steps(steps []stepTime) {
	for i, st := range steps {
		d.Record(Event{Time: morning.Add(st.end), Entity: "rig", Step: &Step{
			Index: i, Keyword: st.keyword + " ", Text: st.text, Line: 20 + i, Begin: morning.Add(st.begin), Verdict: st.verdict,
		}})
	}
}

// truckScenario is the whole day with its steps and verdicts; the limit decides
// whether the cargo stayed cold enough.
func truckScenario(id, name string, limit float64, negative bool) []Event {
	d := newTruckDay(id)
	d.Record(Event{Time: morning, Entity: "rig", Start: &Scenario{
		ID: id, Feature: "Cold chain", Name: name, Tags: []string{"@cold-chain", "@day"}, Begin: morning, Negative: negative,
		Description: "A driver forgets the door at a stop in the afternoon heat.",
		Repeat:      "twinrig run --seed 42 " + id,
	}})
	d.run()
	worst := Pass
	if limit < d.warmest {
		worst = Fail
	}
	d.steps([]stepTime{
		{"Given", "a refrigeration truck \"truck-1\" with 2 t of frozen fish at -19 °C", 0, 0, Pass},
		{"And", "it reports every 5 minutes", 0, 0, Pass},
		{"And", "a June day with up to 31 °C", 0, 0, Pass},
		{"When", "8 h 10 min have passed", 0, doorOpens, Pass},
		{"And", "the cargo door is left open for 40 minutes", doorOpens, doorCloses, Pass},
		{"Then", "the alert \"doorOpen\" is raised within 6 minutes of the door opening", doorCloses, doorCloses, Pass},
		{"When", "24 hours have passed", doorCloses, dayLength, Pass},
	})
	step := &Step{
		Index: 7, Keyword: "Then ", Text: fmt.Sprintf("the cargo temperature stays below %g °C", limit), Line: 28,
		Begin: morning.Add(dayLength), Verdict: worst,
	}
	if worst == Fail {
		step.Error = fmt.Sprintf("the cargo temperature of truck-1 rose to %.2f °C at %s", d.warmest, elapsed(d.warmestAt.Sub(morning), dayLength))
		step.Hint = "the compressor ran without a pause since the door opened: more cooling power or a shorter stop"
	}
	d.Record(Event{Time: morning.Add(dayLength), Entity: "rig", Step: step})
	d.Record(Event{Time: morning.Add(dayLength), Entity: "rig", Requirement: &Requirement{
		Step: 5, Text: "the alert \"doorOpen\" is raised within 6 minutes of the door opening", Verdict: Pass, Unit: "s", Margin: ptr(60),
	}})
	d.Record(Event{Time: morning.Add(dayLength), Entity: "rig", Requirement: &Requirement{
		Step: 7, Text: step.Text, Verdict: worst, Entity: "truck-1", Signal: "cargoTemperature", Unit: "°C",
		Margin: ptr(limit - d.warmest), Worst: d.warmestAt, Value: ptr(d.warmest), Upper: ptr(limit),
		From: morning, To: morning.Add(dayLength),
	}})
	outcome := &Outcome{Verdict: worst}
	if negative && worst == Fail {
		outcome = &Outcome{Verdict: Pass, Reason: "the requirement failed, as a negative control must"}
	}
	d.Record(Event{Time: morning.Add(dayLength), Entity: "rig", Outcome: outcome})
	return d.Events()
}

// smallScenario is one of few events.
func smallScenario(id, feature, name string, steps []Step, outcome Outcome) []Event {
	r := NewRecorder(id)
	r.Record(Event{Time: morning, Entity: "rig", Start: &Scenario{
		ID: id, Feature: feature, Name: name, Begin: morning, Repeat: "twinrig run --seed 42 '" + id + "'",
	}})
	for i, st := range steps {
		st.Index, st.Begin, st.Line = i, morning.Add(time.Duration(i)*700*time.Millisecond), 10+i
		r.Record(Event{Time: st.Begin.Add(700 * time.Millisecond), Entity: "rig", Step: &st})
	}
	r.Record(Event{Time: morning.Add(3 * time.Second), Entity: "rig", Outcome: &outcome})
	return r.Events()
}

const hostile = `<script>alert(1)</script>"'&]]> ${x} {{.}} </style> --> ` + "\x1b[2J\x00 \u202e"

// allScenarios are scenarios with every verdict and with texts that want out.
func allScenarios() [][]Event {
	long := strings.Repeat("Donaudampfschifffahrtsgesellschaft", 6)
	return [][]Event{
		truckScenario("features/cold-chain.feature:12", "A forgotten door on a hot day", -12, false),
		truckScenario("features/cold-chain.feature:31", "Deep-frozen fish stays below −17 °C through a forgotten door", -17, false),
		truckScenario("features/cold-chain.feature:50", "A truck without margin is found out", -17, true),
		smallScenario("features/pump.feature:8", "Pumping station", "The pump slows down when the well pumps off", []Step{
			{Keyword: "Given ", Text: "a pumping station", Verdict: Pass},
			{Keyword: "When ", Text: "the service sends", Verdict: Pass, Argument: "| property | value |\n| speed    | 0.4   |"},
			{Keyword: "Then ", Text: "it answers 200", Verdict: Inconclusive, Error: "the child process died: signal: killed"},
			{Keyword: "And ", Text: "the fluid level recovers", Verdict: NotRun},
		}, Outcome{Verdict: Inconclusive, Reason: "the child process died\ngoroutine 1 [running]:\nmain.main()"}),
		smallScenario("features/pump.feature:20", "Pumping station", "Restarting the hub loses nothing", nil,
			Outcome{Verdict: NotApplicable, Reason: "the target cannot restart its hub"}),
		smallScenario("features/pump.feature:31", "Pumping station", "Same name", nil, Outcome{Verdict: NotRun}),
		smallScenario("features/pump.feature:32", "Pumping station", "Same name",
			[]Step{{Keyword: "Given ", Text: "nothing", Verdict: Pass}}, Outcome{Verdict: PassWithDeviation, Reason: "a SHOULD was broken: the answer took 3 s"}),
		smallScenario("features/"+hostile+".feature:1", hostile, "日本語 "+hostile+long, []Step{
			{Keyword: "Given ", Text: hostile + long, Verdict: Fail, Error: hostile + long, Hint: hostile, Argument: hostile + long},
		}, Outcome{Verdict: Fail, Reason: hostile}),
	}
}

// writeRecord is the bytes of a record with these scenarios.
func writeRecord(t testing.TB, scenarios [][]Event) string {
	t.Helper()
	var out strings.Builder
	events := []Event{{Time: morning, Entity: "rig", Kind: KindRun, Run: &Run{
		Tool: "twinrig", Version: "0.1.0", Seed: 42, Clock: "virtual", Features: []string{"features/"}, Repeat: "twinrig run --seed 42 features/",
	}}}
	sum := Summary{Verdict: NotApplicable, Counts: map[Verdict]int{}}
	for _, s := range scenarios {
		events = append(events, s...)
		v := s[len(s)-1].Outcome.Verdict
		sum.Verdict = Worst(sum.Verdict, v)
		sum.Scenarios++
		sum.Counts[v]++
	}
	events = append(events, Event{Time: morning, Entity: "rig", Kind: KindSummary, Summary: &sum})
	if err := WriteEvents(&out, events); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// readRecord is a record with these scenarios, through its encoding.
func readRecord(t testing.TB, scenarios [][]Event) *Record {
	t.Helper()
	rec, err := ReadRecord(strings.NewReader(writeRecord(t, scenarios)))
	if err != nil {
		t.Fatal(err)
	}
	return rec
}
