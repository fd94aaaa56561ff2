package broker

import "strings"

// tree keeps values under topics or topic filters, one level of them a node deep.
type tree[V any] struct {
	children map[string]*tree[V]
	value    V
	set      bool
}

// at returns the node of a path, made when missing.
func (t *tree[V]) at(path string) *tree[V] {
	for level := range strings.SplitSeq(path, "/") {
		next := t.children[level]
		if next == nil {
			if t.children == nil {
				t.children = map[string]*tree[V]{}
			}
			next = &tree[V]{}
			t.children[level] = next
		}
		t = next
	}
	return t
}

// find returns the node of a path, nil when there is none.
func (t *tree[V]) find(path string) *tree[V] {
	for level := range strings.SplitSeq(path, "/") {
		if t = t.children[level]; t == nil {
			return nil
		}
	}
	return t
}

// remove takes the value of a path away, and the nodes that only led there.
func (t *tree[V]) remove(path string) {
	level, rest, deeper := strings.Cut(path, "/")
	next := t.children[level]
	switch {
	case next == nil:
		return
	case deeper:
		next.remove(rest)
	default:
		var none V
		next.value, next.set = none, false
	}
	if !next.set && len(next.children) == 0 {
		delete(t.children, level)
	}
}

// filtersOf calls visit with the values of all filters in the tree that match a topic. A
// leading wildcard does not match topics that begin with "$".
func (t *tree[V]) filtersOf(topic string, visit func(V)) {
	t.matching(topic, strings.HasPrefix(topic, "$"), visit)
}

func (t *tree[V]) matching(topic string, reserved bool, visit func(V)) {
	level, rest, deeper := strings.Cut(topic, "/")
	step := func(next *tree[V]) {
		switch {
		case next == nil:
		case deeper:
			next.matching(rest, false, visit)
		default:
			next.visit(visit)
			next.children["#"].visit(visit) // "a/#" matches "a" as well
		}
	}
	step(t.children[level])
	if !reserved {
		step(t.children["+"])
		t.children["#"].visit(visit)
	}
}

func (t *tree[V]) visit(visit func(V)) {
	if t != nil && t.set {
		visit(t.value)
	}
}

// topicsOf calls visit with the values of all topics in the tree that a filter matches.
func (t *tree[V]) topicsOf(filter string, visit func(V)) { t.matched(filter, true, visit) }

func (t *tree[V]) matched(filter string, first bool, visit func(V)) {
	level, rest, deeper := strings.Cut(filter, "/")
	step := func(next *tree[V]) {
		switch {
		case next == nil:
		case deeper:
			next.matched(rest, false, visit)
		default:
			next.visit(visit)
		}
	}
	switch level {
	case "#":
		t.visit(visit)
		for name, next := range t.children {
			if !first || !strings.HasPrefix(name, "$") {
				next.matched("#", false, visit)
			}
		}
	case "+":
		for name, next := range t.children {
			if !first || !strings.HasPrefix(name, "$") {
				step(next)
			}
		}
	default:
		step(t.children[level])
	}
}
