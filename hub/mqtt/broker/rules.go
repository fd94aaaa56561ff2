package broker

import "strings"

// right is what a rule grants.
type right byte

const (
	rightRead right = 1 << iota
	rightWrite
	rightNone right = 0 // "deny"
)

// Rules say who may publish and receive what. What no rule grants is refused.
type Rules struct {
	byUser   map[string][]rule // "" = clients without a name
	patterns []rule            // for everybody
}

// rule is a line of an access file.
type rule struct {
	right  right
	filter string
}

// may says whether a client has a right to a topic. Of several rules a denying one wins.
func (r *Rules) may(want right, user, client, topic string) bool {
	if r == nil {
		return true
	}
	granted := false
	for rule := range r.of(user, client) {
		if matches(rule.filter, topic) {
			if rule.right == rightNone {
				return false
			}
			granted = granted || rule.right&want != 0
		}
	}
	return granted
}

// subscribe judges a subscription. What a filter matches beyond the client's rights is left
// out at delivery. A rule that denies all of it gets the reason code that gives no reason.
func (r *Rules) subscribe(user, client, filter string) (code byte) {
	if r == nil {
		return codeSuccess
	}
	code = codeNotAuthorized
	for rule := range r.of(user, client) {
		switch {
		case rule.right == rightNone && covers(rule.filter, filter):
			return codeUnspecified
		case rule.right&rightRead != 0 && overlap(rule.filter, filter):
			code = codeSuccess
		}
	}
	return code
}

// of yields the rules for a client, names filled in.
func (r *Rules) of(user, client string) func(yield func(rule) bool) {
	return func(yield func(rule) bool) {
		for _, rule := range r.byUser[user] {
			if !yield(rule) {
				return
			}
		}
		for _, rule := range r.patterns {
			filter, ok := rule.fill(user, client)
			if rule.filter = filter; ok && !yield(rule) {
				return
			}
		}
	}
}

// fill puts the names into a pattern. A name that would change the pattern's meaning, or
// is not there, makes it match nothing.
func (p rule) fill(user, client string) (filter string, ok bool) {
	filter = p.filter
	for mark, name := range map[string]string{"%u": user, "%c": client} {
		if strings.Contains(p.filter, mark) {
			if name == "" || strings.ContainsAny(name, "+#/") {
				return "", false
			}
			filter = strings.ReplaceAll(filter, mark, name)
		}
	}
	return filter, true
}
