package hub

import (
	"fmt"
	"math"
	"sync"
	"time"
)

// Limits are the throttles and the daily quota of a hub. A rate of 0 is no limit.
type Limits struct {
	Registry       float64 // operations per second
	Connections    float64 // per second
	Telemetry      float64 // sends per second
	CommandSends   float64 // per second
	CommandFetches float64 // receives without a connection, per second
	Uploads        float64 // begun per second
	MethodBytes    float64 // per second
	Queries        float64 // per second
	TwinReads      float64 // per second
	TwinUpdates    float64 // per second

	DailyMessages int // in units of MessageUnit, from midnight to midnight UTC
	MessageUnit   int // bytes
}

// burst is how much may come at once: what a rate allows in this time.
const burst = 10 * time.Second

// tier is a row of Microsoft's tables "IoT Hub quotas and throttling": rates for the hub,
// and what each unit adds when that is more.
type tier struct {
	limits  Limits  // for one unit, or for the hub where a rate does not grow
	perUnit float64 // connections and sends per second for each unit, if more than the hub's
	twins   float64 // same, of twin reads; updates have half of it
	grows   bool    // other rates are for each unit
}

var tiers = map[string]tier{
	"F1": small(8_000, 512), "B1": small(400_000, 4096), "S1": small(400_000, 4096),
	"B2": medium(), "S2": medium(), "B3": large(), "S3": large(),
}

func small(daily, unit int) tier {
	return tier{Limits{
		Registry: 100. / 60, Connections: 100, Telemetry: 100, CommandSends: 100. / 60, CommandFetches: 1000. / 60, Uploads: 100. / 60,
		MethodBytes: 160 << 10, Queries: 20. / 60, TwinReads: 100, TwinUpdates: 50, DailyMessages: daily, MessageUnit: unit,
	}, 12, 0, true}
}

func medium() tier {
	t := small(6_000_000, 4096)
	t.limits.Connections, t.limits.Telemetry, t.limits.MethodBytes = 120, 120, 480<<10
	t.perUnit, t.twins = 120, 10
	return t
}

func large() tier {
	return tier{Limits{
		Registry: 5000. / 60, Connections: 6000, Telemetry: 6000, CommandSends: 5000. / 60, CommandFetches: 50000. / 60, Uploads: 5000. / 60,
		MethodBytes: 24 << 20, Queries: 1000. / 60, TwinReads: 500, TwinUpdates: 250, DailyMessages: 300_000_000, MessageUnit: 4096,
	}, 6000, 500, true}
}

// TierLimits returns the limits of a hub of so many units of a tier: F1, B1 to B3, S1 to
// S3.
func TierLimits(name string, units int) (*Limits, error) {
	t, ok := tiers[name]
	if !ok {
		return nil, fmt.Errorf("there is no tier %q; F1, B1, B2, B3, S1, S2 and S3 are known", name)
	}
	if units < 1 || name == "F1" && units > 1 || units > 200 {
		return nil, fmt.Errorf("%d units of tier %s cannot be had", units, name)
	}
	l, n := t.limits, float64(units)
	l.Connections, l.Telemetry = max(l.Connections, t.perUnit*n), max(l.Telemetry, t.perUnit*n)
	l.TwinReads, l.TwinUpdates = max(l.TwinReads, t.twins*n), max(l.TwinUpdates, t.twins*n/2)
	for _, rate := range []*float64{&l.Registry, &l.CommandSends, &l.CommandFetches, &l.Uploads, &l.MethodBytes, &l.Queries} {
		*rate *= n
	}
	l.DailyMessages *= units
	return &l, nil
}

// Operation is what a limit is on.
type Operation int

// The operations that have limits.
const (
	OpRegistry Operation = iota
	OpConnect
	OpTelemetry
	OpCommandSend
	OpCommandFetch
	OpUpload
	OpMethod // costs are bytes
	OpQuery
	OpTwinRead
	OpTwinUpdate
	operations
)

func (l *Limits) rate(op Operation) float64 {
	return [operations]float64{l.Registry, l.Connections, l.Telemetry, l.CommandSends, l.CommandFetches,
		l.Uploads, l.MethodBytes, l.Queries, l.TwinReads, l.TwinUpdates}[op]
}

// throttles are the limits at work.
type throttles struct {
	buckets [operations]bucket

	mu   sync.Mutex
	day  int64
	used int // messages of the day
}

// bucket holds what may be spent; it fills at the rate of its limit.
type bucket struct {
	mu    sync.Mutex
	level float64
	at    time.Time
}

// Spend spends what an operation costs, or refuses it. Front ends ask it for what they
// do by calls that cost nothing themselves: registry operations and queries.
func (h *Hub) Spend(op Operation, cost float64) error {
	l := h.cfg.Limits
	if l == nil || l.rate(op) <= 0 {
		return nil
	}
	err := h.throttles.buckets[op].take(l.rate(op), cost)
	if err != nil {
		h.meters.Throttled.Add(operationNames[op])
	}
	return err
}

func (b *bucket) take(rate, cost float64) error {
	capacity := math.Max(rate*burst.Seconds(), 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.at.IsZero() {
		b.level = capacity
	} else {
		b.level = math.Min(capacity, b.level+float64(rate*now.Sub(b.at).Seconds()))
	}
	b.at = now
	// What costs more than the bucket holds passes when it is full.
	if b.level < math.Min(cost, capacity) {
		return throttled.errorf("The rate of %.4g per second is exceeded. Slow down, or give the hub more units.", rate)
	}
	b.level -= cost
	return nil
}

// admitTelemetry spends a send and, of the day's messages, as many as its size makes.
func (h *Hub) admitTelemetry(size int) error {
	l := h.cfg.Limits
	if l == nil {
		return nil
	}
	if err := h.Spend(OpTelemetry, 1); err != nil || l.DailyMessages == 0 {
		return err
	}
	unit := max(l.MessageUnit, 1)
	messages := max((size+unit-1)/unit, 1)
	t := &h.throttles
	t.mu.Lock()
	defer t.mu.Unlock()
	if day := time.Now().Unix() / 86400; day != t.day {
		t.day, t.used = day, 0
	}
	if t.used+messages > l.DailyMessages {
		h.meters.Throttled.Add("daily messages")
		return quotaExceeded.errorf("The %d messages of the day are used up.", l.DailyMessages)
	}
	t.used += messages
	return nil
}
