package broker

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// subscription of a client.
type subscription struct {
	Filter            string `json:"filter"`
	QoS               byte   `json:"qos"`
	Identifier        int    `json:"identifier,omitempty"`
	NoLocal           bool   `json:"noLocal,omitempty"`
	RetainAsPublished bool   `json:"retainAsPublished,omitempty"`
}

// listener is a subscription and whose it is.
type listener struct {
	session *session
	sub     *subscription
}

// listeners are the subscriptions to one filter: of single clients, and of groups that
// share them.
type listeners struct {
	single []listener
	groups []*group
}

// group shares a subscription: one of its members gets each message.
type group struct {
	name    string
	members []listener
	turn    atomic.Uint32
}

// target is a client that gets a message.
type target struct {
	session  *session
	delivery *delivery
}

// audience returns who gets a message. A client with several matching subscriptions gets
// it once, at the best QoS of them.
func (b *Broker) audience(from *session, m *Message) []target {
	var all []target
	single := map[*session]*delivery{}
	b.mu.RLock()
	b.listeners.filtersOf(m.Topic, func(l *listeners) {
		for _, l := range l.single {
			if l.sub.NoLocal && l.session == from {
				continue
			}
			d := single[l.session]
			if d == nil {
				d = &delivery{message: m}
				single[l.session] = d
				all = append(all, target{l.session, d})
			}
			d.merge(l.sub)
		}
		for _, g := range l.groups {
			l := g.next()
			d := &delivery{message: m}
			d.merge(l.sub)
			all = append(all, target{l.session, d})
		}
	})
	b.mu.RUnlock()
	all = slices.DeleteFunc(all, func(t target) bool { return !b.mayRead(t.session, m.Topic) })
	slices.SortStableFunc(all, func(x, y target) int { return cmp.Compare(x.session.born, y.session.born) })
	return all
}

func (b *Broker) mayRead(s *session, topic string) bool {
	if b.cfg.Rules == nil {
		return true
	}
	s.mu.Lock()
	user := s.user
	s.mu.Unlock()
	return b.cfg.Rules.may(rightRead, user, s.client, topic)
}

// merge adds what a matching subscription wants.
func (d *delivery) merge(s *subscription) {
	d.qos = max(d.qos, min(s.QoS, d.message.QoS))
	d.retain = d.retain || s.RetainAsPublished && d.message.Retain
	if s.Identifier > 0 {
		d.ids = append(d.ids, s.Identifier)
	}
}

// next returns the member whose turn it is: of those that are connected, if there are any.
func (g *group) next() listener {
	turn := int(g.turn.Add(1))
	for i := range g.members {
		if l := g.members[(turn+i)%len(g.members)]; l.session.connected() {
			return l
		}
	}
	return g.members[turn%len(g.members)]
}

func (s *session) connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link != nil
}

// listen adds a subscription of s; b.mu is held.
func (b *Broker) listen(s *session, sub *subscription) {
	b.unlisten(s, sub.Filter)
	share, filter := sharedFilter(sub.Filter)
	node := b.listeners.at(filter)
	if !node.set {
		node.value, node.set = &listeners{}, true
	}
	if share == "" {
		node.value.single = append(node.value.single, listener{s, sub})
		return
	}
	i := slices.IndexFunc(node.value.groups, func(g *group) bool { return g.name == share })
	if i < 0 {
		i = len(node.value.groups)
		node.value.groups = append(node.value.groups, &group{name: share})
	}
	g := node.value.groups[i]
	g.members = append(g.members, listener{s, sub})
}

// unlisten removes a subscription of s; b.mu is held.
func (b *Broker) unlisten(s *session, full string) {
	share, filter := sharedFilter(full)
	node := b.listeners.find(filter)
	if node == nil || !node.set {
		return
	}
	mine := func(l listener) bool { return l.session == s }
	all := node.value
	if share == "" {
		all.single = slices.DeleteFunc(all.single, mine)
	}
	for _, g := range all.groups {
		if g.name == share {
			g.members = slices.DeleteFunc(g.members, mine)
		}
	}
	all.groups = slices.DeleteFunc(all.groups, func(g *group) bool { return len(g.members) == 0 })
	if len(all.single)+len(all.groups) == 0 {
		b.listeners.remove(filter)
	}
}
