package lumped

import (
	"errors"
	"fmt"
	"time"

	"twinrig/twinmodel"
)

// Snapshot implements twinmodel.Plant.
func (p *Plant) Snapshot() twinmodel.Snapshot {
	floats := append([]float64(nil), p.c.Inputs...)
	ints := []int64{p.start.Unix(), int64(p.start.Nanosecond())}
	floats, ints = p.sim.Snapshot(floats, ints)
	return twinmodel.Snapshot{Plant: p.c.Spec.Kind, Time: p.now, State: floats, Modes: ints}
}

// Restore implements twinmodel.Plant. The snapshot must come from a plant of the
// same kind and start; that it has the same parameters is up to the caller.
func (p *Plant) Restore(s twinmodel.Snapshot) error {
	kind := p.c.Spec.Kind
	if s.Plant != kind {
		return fmt.Errorf("restore %s: the snapshot is of a %q", kind, s.Plant)
	}
	n := len(p.c.Inputs)
	if len(s.State) <= n || len(s.Modes) < 2 {
		return fmt.Errorf("restore %s: %w", kind, errors.New("the snapshot is too short"))
	}
	if start := time.Unix(s.Modes[0], s.Modes[1]); !start.Equal(p.start) {
		return fmt.Errorf("restore %s: the snapshot's plant started at %s, this one at %s", kind, stamp(start), stamp(p.start))
	}
	if at := s.Time.Round(0).Sub(p.start).Seconds(); at != s.State[n] {
		return fmt.Errorf("restore %s: the snapshot's state belongs to another instant than %s", kind, stamp(s.Time))
	}
	for i, v := range s.State[:n] {
		if err := p.check(i, v); err != nil {
			return fmt.Errorf("restore %s: %w", kind, err)
		}
	}
	if err := p.sim.Restore(s.State[n:], s.Modes[2:]); err != nil {
		return fmt.Errorf("restore %s: %w", kind, err)
	}
	copy(p.c.Inputs, s.State[:n])
	p.now, p.fresh = s.Time.Round(0), false
	return nil
}
