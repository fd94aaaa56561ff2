package pipenet

import (
	"math"
	"slices"

	"twinrig/twinmodel/detmath"
)

const (
	maxSlugs = 48
	play     = 1e-3 // K by which slugs may differ from what they were made of
)

// stream is the liquid in one pipe, from the end it leaves by to the end it
// enters by.
type stream struct {
	slugs   []slug
	volume  float64 // m³, of the pipe
	back    bool    // it flows from the pipe's second end to the first
	cooling float64 // 1/s
	around  float64 // °C

	// Of the present step.
	moved   float64 // m³ that enter and leave
	through float64 // m³ of it that come in and go out in this step
	decay   float64 // cooling per m³ moved
	lost    float64 // K·m³ given off
}

func newStream(volume, temperature float64) stream {
	return stream{volume: volume, slugs: append(make([]slug, 0, maxSlugs+1), slug{volume: volume, base: temperature})}
}

// content is the integral of the temperature over the volume.
func (s *stream) content() (sum float64) {
	for i := range s.slugs {
		sum += s.slugs[i].content()
	}
	return sum
}

// turn takes the direction of the flow.
func (s *stream) turn(back bool) {
	if s.back == back {
		return
	}
	s.back = back
	slices.Reverse(s.slugs)
	for i := range s.slugs {
		s.slugs[i].turn()
	}
}

// ends are the temperatures where the liquid leaves and where it enters.
func (s *stream) ends() (leaving, entering float64) {
	last := &s.slugs[len(s.slugs)-1]
	return s.slugs[0].at(0), last.at(last.volume)
}

// leave begins a step in which flow m³/s go through for dt. It returns what the
// pipe's own content gives to the node at its end, and cools what stays.
func (s *stream) leave(flow, dt float64) (heat float64) {
	s.moved, s.lost = math.Abs(float64(flow*dt)), 0
	if s.moved > 0 {
		s.turn(flow < 0)
	}
	s.decay = 0
	if s.moved > 0 {
		s.decay = s.cooling * dt / s.moved
	}
	own := math.Min(s.moved, s.volume)
	s.through = s.moved - own
	gone, ahead := 0, 0.0
	for ahead < own && gone < len(s.slugs) {
		front := s.slugs[gone]
		if rest := own - ahead; front.volume > rest {
			front = s.slugs[gone].cut(rest)
		} else {
			gone++
		}
		out := front.leaving(ahead, s.around, s.decay)
		s.lost += front.content() - out
		heat += out
		ahead += front.volume
	}
	s.slugs = slices.Delete(s.slugs, 0, gone)
	keep := detmath.Exp(-s.cooling * dt)
	for i := range s.slugs {
		b := &s.slugs[i]
		s.lost += float64((1 - keep) * (b.content() - float64(s.around*b.volume)))
		b.cool(s.around, keep)
	}
	return heat
}

// pass is what liquid that enters and leaves in this step gives to the node at
// the end, if it enters at a temperature.
func (s *stream) pass(entering float64) (heat float64) {
	if s.through <= 0 {
		return 0
	}
	out := s.around + float64((entering-s.around)*detmath.Exp(-s.decay*s.volume))
	return s.through * out
}

// enter ends the step with what has come in.
func (s *stream) enter(entering float64) {
	v := s.moved - s.through
	if s.through > 0 {
		s.lost += float64(s.through*entering) - s.pass(entering)
	}
	if v <= 0 {
		return
	}
	in := slug{volume: v, base: s.around, swing: float64((entering - s.around) * detmath.Exp(-s.decay*v)), rate: -s.decay}
	s.lost += float64(entering*v) - in.content()
	s.add(in)
}

// add puts a slug at the back.
func (s *stream) add(in slug) {
	if n := len(s.slugs); n > 0 {
		if one, ok := join(s.slugs[n-1], in, play); ok {
			s.slugs[n-1] = one
			return
		}
	}
	s.slugs = append(s.slugs, in)
	if len(s.slugs) > maxSlugs {
		s.thin()
	}
}

// thin blends the two neighbours that differ least.
func (s *stream) thin() {
	best, least := 0, math.Inf(1)
	for i := range len(s.slugs) - 1 {
		a, b := &s.slugs[i], &s.slugs[i+1]
		d := math.Abs(a.content()/a.volume-b.content()/b.volume) * math.Min(a.volume, b.volume)
		if d < least {
			best, least = i, d
		}
	}
	s.slugs[best] = blend(s.slugs[best], s.slugs[best+1])
	s.slugs = slices.Delete(s.slugs, best+1, best+2)
}
