package broker

import "strings"

// matches says whether a filter matches a topic.
func matches(filter, topic string) bool {
	if strings.HasPrefix(topic, "$") && !strings.HasPrefix(filter, "$") {
		return false
	}
	return covers(filter, topic)
}

// covers says whether a filter matches every topic that the other one matches.
func covers(filter, other string) bool {
	for {
		level, rest, deeper := strings.Cut(filter, "/")
		if level == "#" {
			return true
		}
		otherLevel, otherRest, otherDeeper := strings.Cut(other, "/")
		if otherLevel == "#" || level != "+" && level != otherLevel {
			return false
		}
		if !deeper || !otherDeeper {
			return deeper == otherDeeper || rest == "#" && deeper
		}
		filter, other = rest, otherRest
	}
}

// overlap says whether some topic matches both filters.
func overlap(a, b string) bool {
	for {
		levelA, restA, deeperA := strings.Cut(a, "/")
		levelB, restB, deeperB := strings.Cut(b, "/")
		switch {
		case levelA == "#" || levelB == "#":
			return true
		case levelA != levelB && levelA != "+" && levelB != "+":
			return false
		case !deeperA && !deeperB:
			return true
		case !deeperA:
			return restB == "#"
		case !deeperB:
			return restA == "#"
		}
		a, b = restA, restB
	}
}

// sharedFilter takes "$share/name/filter" apart; without a share the name is empty.
func sharedFilter(filter string) (name, topics string) {
	rest, ok := strings.CutPrefix(filter, "$share/")
	if !ok {
		return "", filter
	}
	name, topics, _ = strings.Cut(rest, "/")
	return name, topics
}
