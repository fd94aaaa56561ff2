package replay

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"time"

	"twinrig/twinmodel"
)

// Replay plays a recording from its start on. Between two rows it interpolates;
// at the end it begins again, or stays at the last row.
type Replay struct {
	table  *Table
	start  time.Time
	now    time.Time
	repeat bool
}

var _ twinmodel.Plant = (*Replay)(nil)

// New is a recording that begins to play at start.
func New(start time.Time, t *Table, repeat bool) *Replay {
	start = start.Round(0)
	return &Replay{table: t, start: start, now: start, repeat: repeat}
}

// Spec implements twinmodel.Plant.
func (r *Replay) Spec() *twinmodel.Spec { return &r.table.spec }

// Time implements twinmodel.Plant.
func (r *Replay) Time() time.Time { return r.now }

// Advance implements twinmodel.Plant.
func (r *Replay) Advance(t time.Time) error {
	t = t.Round(0)
	if t.Before(r.now) {
		return fmt.Errorf("advance replay: %s lies before %s", t.UTC().Format(time.RFC3339Nano), r.now.UTC().Format(time.RFC3339Nano))
	}
	r.now = t
	return nil
}

// Set implements twinmodel.Plant: what was recorded cannot be changed.
func (r *Replay) Set(input string, _ float64) error {
	return fmt.Errorf("set replay: %q: a recording has no inputs", input)
}

// Value implements twinmodel.Plant.
func (r *Replay) Value(signal string) (float64, error) {
	for i, s := range r.table.spec.Signals {
		if s.Name == signal {
			return r.at(r.table.value[i]), nil
		}
	}
	return 0, fmt.Errorf("read replay: it has no signal %q", signal)
}

func (r *Replay) at(column []float64) float64 {
	at, t := r.table.at, r.now.Sub(r.start).Seconds()
	last := len(at) - 1
	if r.repeat {
		t = math.Mod(t, at[last])
	}
	if t >= at[last] {
		return column[last]
	}
	j := sort.Search(len(at), func(k int) bool { return at[k] > t })
	share := (t - at[j-1]) / (at[j] - at[j-1])
	return column[j-1] + float64(share*(column[j]-column[j-1]))
}

// Ledgers implements twinmodel.Plant.
func (r *Replay) Ledgers() []twinmodel.Ledger { return nil }

// Snapshot implements twinmodel.Plant.
func (r *Replay) Snapshot() twinmodel.Snapshot {
	return twinmodel.Snapshot{Plant: "replay", Time: r.now, Modes: []int64{r.start.UnixNano()}}
}

// Restore implements twinmodel.Plant.
func (r *Replay) Restore(s twinmodel.Snapshot) error {
	if s.Plant != "replay" || len(s.Modes) != 1 {
		return errors.New("restore replay: a snapshot of another plant")
	}
	r.start, r.now = time.Unix(0, s.Modes[0]).UTC(), s.Time
	return nil
}
