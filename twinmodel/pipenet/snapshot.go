package pipenet

import (
	"errors"
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
)

// Snapshot implements twinmodel.Plant.
func (k *Plant) Snapshot() twinmodel.Snapshot {
	s := twinmodel.Snapshot{Plant: k.spec.Kind, Time: k.now}
	for _, p := range k.numbers() {
		s.State = append(s.State, *p...)
	}
	s.State = append(s.State, k.period.T, k.period.second, k.heat.in, k.heat.out, k.through.a, k.through.b, k.initial.a, k.initial.b)
	s.Modes = []int64{k.start.Unix(), int64(k.start.Nanosecond()), flag(k.unsettled), int64(k.period.within)}
	for i := range k.net.Links {
		d := &k.drives[i]
		s.State = append(s.State, d.position, d.target, d.frozen)
		l := &k.net.Links[i]
		s.Modes = append(s.Modes, int64(k.period.state[i]), flag(l.Fixed), flag(l.Closed))
	}
	for v := range k.net.Nodes {
		s.Modes = append(s.Modes, flag(k.period.tankFull[v]), flag(k.period.tankDry[v]))
	}
	for i := range k.heat.pipes {
		p := &k.heat.pipes[i]
		s.Modes = append(s.Modes, int64(len(p.slugs)), flag(p.back))
		for _, b := range p.slugs {
			s.State = append(s.State, b.volume, b.base, b.swing, b.rate)
		}
	}
	return s
}

// numbers are the parts of the state that are plain lists.
func (k *Plant) numbers() []*[]float64 {
	p := k.period
	return []*[]float64{&k.u, &p.Head, &p.Flow, &p.Demand, &p.draws.q, &p.draws.at, &p.leaks.q, &p.leaks.at, &p.speed, &p.setting, &p.m, &k.heat.node}
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Restore implements twinmodel.Plant. The snapshot must come from a plant of the
// same network and start; that it has the same parameters is up to the caller.
func (k *Plant) Restore(s twinmodel.Snapshot) error {
	if s.Plant != k.spec.Kind {
		return fmt.Errorf("restore pipenet: the snapshot is of a %q", s.Plant)
	}
	if err := k.examine(s); err != nil {
		return fmt.Errorf("restore pipenet: %w", err)
	}
	state, modes := s.State, s.Modes
	take := func(n int) (v []float64) { v, state = state[:n], state[n:]; return v }
	mode := func() (v int64) { v, modes = modes[0], modes[1:]; return v }
	for _, p := range k.numbers() {
		copy(*p, take(len(*p)))
	}
	v := take(scalars)
	p := k.period
	p.T, p.second, k.heat.in, k.heat.out, k.through, k.initial = v[0], v[1], v[2], v[3], stock{v[4], v[5]}, stock{v[6], v[7]}
	_, _ = mode(), mode()
	k.unsettled, p.within = mode() == 1, int(mode())
	for i := range k.net.Links {
		d := take(3)
		k.drives[i] = drive{d[0], d[1], d[2]}
		p.state[i], k.net.Links[i].Fixed, k.net.Links[i].Closed = status(mode()), mode() == 1, mode() == 1
	}
	for v := range k.net.Nodes {
		p.tankFull[v], p.tankDry[v] = mode() == 1, mode() == 1
	}
	for i := range k.heat.pipes {
		n, back := int(mode()), mode() == 1
		h := &k.heat.pipes[i]
		h.slugs, h.back = h.slugs[:0], back
		for range n {
			b := take(4)
			h.slugs = append(h.slugs, slug{b[0], b[1], b[2], b[3]})
		}
	}
	k.now = s.Time.Round(0)
	k.reapply()
	return nil
}

// reapply puts in force what follows from the inputs and is no state.
func (k *Plant) reapply() {
	for in := range k.u {
		if r := k.channels[in].role; r != command && r != stuck && r != leak && r != blockage {
			k.apply(in)
		}
	}
	for v := range k.net.Nodes {
		if k.net.Nodes[v].Kind == Junction {
			q := k.period.leaks.q[v]
			k.hole(v)
			k.period.leaks.q[v] = q
		}
	}
}

// scalars is how many single numbers a snapshot has.
const scalars = 8

// modesOfNode and the like are how many modes an element has.
const (
	modesOfPlant = 4
	modesOfLink  = 3
	modesOfNode  = 2
)

// examine says what is wrong with a snapshot before anything is changed.
func (k *Plant) examine(s twinmodel.Snapshot) error {
	links, nodes := len(k.net.Links), len(k.net.Nodes)
	fixed := modesOfPlant + modesOfLink*links + modesOfNode*nodes
	if len(s.Modes) != fixed+2*links {
		return errors.New("the snapshot's modes are not those of this network")
	}
	want := scalars + 3*links
	for _, p := range k.numbers() {
		want += len(*p)
	}
	for i := range links {
		n := s.Modes[fixed+2*i]
		if n < 0 || n > maxSlugs || (n > 0) != (k.heat.pipes[i].volume > 0) {
			return fmt.Errorf("%d parcels of liquid in %s", n, k.net.Links[i].ID)
		}
		want += 4 * int(n)
	}
	if len(s.State) != want {
		return fmt.Errorf("the snapshot has %d numbers, this network %d", len(s.State), want)
	}
	if start := time.Unix(s.Modes[0], s.Modes[1]); !start.Equal(k.start) {
		return fmt.Errorf("the snapshot's plant started at %s, this one at %s", stamp(start), stamp(k.start))
	}
	return errors.Join(k.examineModes(s.Modes, fixed), k.examineState(s, fixed))
}

func (k *Plant) examineModes(modes []int64, fixed int) error {
	for i, m := range modes[modesOfPlant:fixed] {
		most := int64(1)
		if links := modesOfLink * len(k.net.Links); i < links && i%modesOfLink == 0 {
			most = int64(shut)
		}
		if m < 0 || m > most {
			return fmt.Errorf("mode %d is %d", i, m)
		}
	}
	return nil
}

func (k *Plant) examineState(s twinmodel.Snapshot, fixed int) error {
	for i, v := range s.State {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("number %d is not finite", i)
		}
	}
	for i := range k.u {
		if err := k.check(i, s.State[i]); err != nil {
			return err
		}
	}
	single := len(k.u)
	for _, p := range k.numbers()[1:] {
		single += len(*p)
	}
	if at := s.Time.Round(0).Sub(k.start).Seconds(); at != s.State[single] {
		return fmt.Errorf("the snapshot's state belongs to another instant than %s", stamp(s.Time))
	}
	rest := s.State[single+scalars+3*len(k.net.Links):]
	for i := range k.heat.pipes {
		sum, n := 0.0, int(s.Modes[fixed+2*i])
		for j := range n {
			if !(rest[4*j] > 0) {
				return fmt.Errorf("a parcel of liquid in %s is smaller than nothing", k.net.Links[i].ID)
			}
			sum += rest[4*j]
		}
		if v := k.heat.pipes[i].volume; math.Abs(sum-v) > 1e-6*v {
			return fmt.Errorf("%s holds %g m³, the snapshot has %g", k.net.Links[i].ID, v, sum)
		}
		rest = rest[4*n:]
	}
	return nil
}
