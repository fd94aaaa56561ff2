package pipenet

import "math"

const (
	headPlay = 1.5e-4 // m
	flowPlay = 2.8e-6 // m³/s
	stiff    = 1e8    // m²/s that holds a head at a setting
)

// control enters a valve that regulates. A PRV holds the head behind it, a PSV
// the head before it: what flows is what balance at that node asks for, taken
// from the last trial. An FCV passes its setting.
func (s *Solver) control(i int, l *Link) {
	a, b := s.row[l.From], s.row[l.To]
	if l.Kind == FCV {
		s.join(i, l, 1/closedSlope, s.setting[i])
		return
	}
	hold, other, sign := b, a, -1.0
	if l.Kind == PSV {
		hold, other, sign = a, b, 1.0
	}
	if hold >= 0 {
		s.matrix.diagonal[hold] += stiff
		s.rhs[hold] += float64(stiff * s.target(i, l))
	}
	if other >= 0 {
		// The last head, held weakly, keeps a node without another link from
		// floating away.
		v := l.From
		if l.Kind == PSV {
			v = l.To
		}
		s.rhs[other] += float64(sign*s.Flow[i]) + float64(s.Head[v]/closedSlope)
		s.matrix.diagonal[other] += 1 / closedSlope
	}
}

// target is the head a PRV or PSV holds.
func (s *Solver) target(i int, l *Link) float64 {
	v := l.To
	if l.Kind == PSV {
		v = l.From
	}
	return s.net.Nodes[v].Elevation + s.setting[i]
}

// regulated takes the flow of a valve that regulates, and how much it changed.
func (s *Solver) regulated(i int, l *Link) float64 {
	q := s.setting[i] + float64((s.Head[l.From]-s.Head[l.To])/closedSlope)
	if l.Kind != FCV {
		v, sign := l.To, 1.0
		if l.Kind == PSV {
			v, sign = l.From, -1.0
		}
		q = sign * s.shortage(v, i)
	}
	d := q - s.Flow[i]
	s.Flow[i] = q
	return d
}

// shortage is what a node lacks for its balance without one link, by the
// linear laws at the new heads.
func (s *Solver) shortage(v, without int) float64 {
	q := s.Drawn[v] + s.Leak[v]
	for i := range s.net.Links {
		l := &s.net.Links[i]
		if i == without || l.From != v && l.To != v {
			continue
		}
		flow := s.Flow[i]
		if s.state[i] != active {
			flow = s.y[i] + float64(s.slope[i]*(s.Head[l.From]-s.Head[l.To]))
		}
		if l.From == v {
			q += flow
		} else {
			q -= flow
		}
	}
	return q
}

// checks updates check valves and pressure valves, which act at every trial.
func (s *Solver) checks() (changed bool) {
	for _, i := range s.trialled {
		l := &s.net.Links[i]
		old := s.state[i]
		switch {
		case l.Kind == CheckPipe && old != closed:
			s.state[i] = s.checkValve(i, l)
		case (l.Kind == PRV || l.Kind == PSV) && !l.Fixed && !l.Closed:
			s.state[i] = s.pressureValve(i, l)
		}
		changed = changed || s.state[i] != old
	}
	return changed
}

func (s *Solver) checkValve(i int, l *Link) status {
	dh := s.Head[l.From] - s.Head[l.To]
	switch {
	case dh < -headPlay || math.Abs(dh) <= headPlay && s.Flow[i] < -flowPlay:
		return shut
	case dh > headPlay && s.Flow[i] >= -flowPlay:
		return open
	}
	return s.state[i]
}

func (s *Solver) pressureValve(i int, l *Link) status {
	h1, h2, set, q := s.Head[l.From], s.Head[l.To], s.target(i, l), s.Flow[i]
	loss := float64(s.m[i] * q * q)
	prv := l.Kind == PRV
	switch s.state[i] {
	case active:
		switch {
		case q < -flowPlay:
			return shut
		case prv && h1-loss < set-headPlay, !prv && h2+loss > set+headPlay:
			return open
		}
	case open:
		switch {
		case q < -flowPlay:
			return shut
		case prv && h2 >= set+headPlay, !prv && h1 < set-headPlay:
			return active
		}
	default:
		switch {
		case prv && h1 >= set+headPlay && h2 < set-headPlay, !prv && h1 >= set+headPlay && h1 > h2+headPlay && h2 < set-headPlay:
			return active
		case prv && h1 < set-headPlay && h1 > h2+headPlay, !prv && h2 > set+headPlay && h1 > h2+headPlay:
			return open
		}
	}
	return s.state[i]
}

// regulate updates pumps, flow valves and links at full or empty tanks, which
// act on a balanced network.
func (s *Solver) regulate() (changed bool) {
	for _, i := range s.balanced {
		l := &s.net.Links[i]
		old := s.state[i]
		dh := s.Head[l.From] - s.Head[l.To]
		switch {
		case l.Kind == FCV && !l.Fixed && !l.Closed:
			if dh < -headPlay || s.Flow[i] < -flowPlay {
				s.state[i] = open
			} else if old == open && s.Flow[i] >= s.setting[i] {
				s.state[i] = active
			}
		case l.Kind == Pump && old != closed && l.Curve.Power == 0:
			limit := float64(s.speed[i] * s.speed[i] * l.Curve.Shutoff)
			s.state[i] = open
			if -dh > limit+headPlay {
				s.state[i] = shut
			}
		}
		if s.state[i] != closed && s.state[i] != active && l.Kind != CheckPipe {
			s.tankEnds(i, l, dh)
		}
		changed = changed || s.state[i] != old
	}
	return changed
}

// tankEnds closes a link that would fill a full tank or drain an empty one, and
// opens it when the flow would turn.
func (s *Solver) tankEnds(i int, l *Link, dh float64) {
	in := s.tankFull[l.To] || s.tankDry[l.From]  // may not flow forward
	out := s.tankFull[l.From] || s.tankDry[l.To] // may not flow backward
	forward := s.Flow[i] > flowPlay
	backward := s.Flow[i] < -flowPlay
	if s.state[i] == shut && l.Kind != Pump {
		forward, backward = dh > 0, dh < 0
	}
	switch {
	case in && forward, out && backward:
		s.state[i] = shut
	case s.state[i] == shut && l.Kind != Pump:
		s.state[i] = open
	}
}

// generalLoss is the loss of a GPV: straight lines between the points of its
// curve, the last one going on beyond, the same backwards.
func (l *Link) generalLoss(q float64) (h, slope float64) {
	a, k := math.Abs(q), 1
	for k < len(l.Loss)-1 && a > l.Loss[k].Flow {
		k++
	}
	p0, p1 := l.Loss[k-1], l.Loss[k]
	slope = math.Max((p1.Head-p0.Head)/(p1.Flow-p0.Flow), leastSlope)
	h = p0.Head + float64(slope*(a-p0.Flow))
	if q < 0 {
		h = -h
	}
	return h, slope
}
