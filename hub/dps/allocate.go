package dps

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strings"
)

// allocation is the choice of a hub.
type allocation struct {
	link    *Link
	twin    *InitialTwin    // a webhook's, in place of the enrollment's
	payload json.RawMessage // a webhook's, for the device
}

// allocate chooses a hub by the policy of the enrollment.
func (s *Service) allocate(ctx context.Context, who registrant, before *place, wanted *request) (allocation, error) {
	e := &who.enrollment
	candidates := s.candidates(e)
	if len(candidates) == 0 {
		return allocation{}, noHub.errorf("None of the hubs of the enrollment is linked.")
	}
	switch s.policy(e) {
	case AllocateStatic:
		return allocation{link: candidates[0]}, nil
	case AllocateLatency:
		return allocation{link: hashed(fold(who.id), nearest(candidates))}, nil
	case AllocateCustom:
		return s.askWebhook(ctx, who, candidates, before, wanted)
	}
	return allocation{link: hashed(fold(who.id), candidates)}, nil
}

func (s *Service) policy(e *Enrollment) string {
	switch {
	case e.AllocationPolicy != "":
		return e.AllocationPolicy
	case e.HubHostName != "":
		return AllocateStatic
	}
	return s.cfg.Allocation
}

// candidates are the hubs an enrollment allows, the one it wants first.
func (s *Service) candidates(e *Enrollment) (all []*Link) {
	names := e.Hubs
	if e.HubHostName != "" {
		names = []string{e.HubHostName}
	}
	for _, name := range names {
		if l, ok := s.cfg.link(name); ok && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	if len(names) > 0 {
		return all
	}
	for i := range s.cfg.Hubs {
		all = append(all, &s.cfg.Hubs[i])
	}
	return all
}

// nearest are the hubs of least latency.
func nearest(all []*Link) []*Link {
	least := slices.MinFunc(all, func(a, b *Link) int { return int(a.Latency - b.Latency) }).Latency
	return slices.DeleteFunc(slices.Clone(all), func(l *Link) bool { return l.Latency > least })
}

// hashed chooses by rendezvous hashing: each hub draws as many lots as it has weight, and
// the highest wins. A device keeps its hub when another is linked or taken away, unless
// that one wins or had won.
func hashed(id string, all []*Link) (winner *Link) {
	var highest uint64
	for _, l := range all {
		for lot := range l.Weight {
			if h := mix(id, strings.ToLower(l.HostName), lot); winner == nil || h > highest {
				winner, highest = l, h
			}
		}
	}
	return winner
}

// mix is stable for ever: it places devices into hubs.
func mix(id, host string, lot int) uint64 {
	f := fnv.New64a()
	_, _ = f.Write([]byte(id + "\x00" + host + "\x00"))
	x := f.Sum64() + uint64(lot)*0x9e3779b97f4a7c15
	// FNV alone leaves the high bits of similar texts alike; this is the finalizer of splitmix64.
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
