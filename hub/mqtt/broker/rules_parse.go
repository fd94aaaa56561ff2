package broker

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ParseRules reads an access file in mosquitto's format: lines of
//
//	user <name>
//	topic [read|write|readwrite|deny] <filter>
//	pattern [read|write|readwrite|deny] <filter with %u and %c>
//
// Topic lines before the first user line are for clients without a name, later ones for
// that user, patterns for everybody. name is the file's name in errors.
func ParseRules(name string, text []byte) (*Rules, error) {
	r := &Rules{byUser: map[string][]rule{}}
	user, number := "", 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := r.line(line, &user); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
	return r, nil
}

func (r *Rules) line(line string, user *string) error {
	if !utf8.ValidString(line) {
		return errors.New("is not UTF-8")
	}
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "user":
		if rest == "" {
			return errors.New("user line has no name")
		}
		*user = rest
		return nil
	case "topic", "pattern":
	default:
		return fmt.Errorf("line begins with %q; user, topic or pattern is expected", word)
	}
	made, err := parseRule(rest)
	if err != nil {
		return fmt.Errorf("%s line: %w", word, err)
	}
	if word == "pattern" {
		r.patterns = append(r.patterns, made)
	} else {
		r.byUser[*user] = append(r.byUser[*user], made)
	}
	return nil
}

var rights = map[string]right{
	"read": rightRead, "write": rightWrite, "readwrite": rightRead | rightWrite, "deny": rightNone,
}

// parseRule reads "[access] filter". A filter may hold blanks and may even be called "read".
func parseRule(text string) (rule, error) {
	made := rule{right: rightRead | rightWrite, filter: text}
	if word, rest, ok := strings.Cut(text, " "); ok {
		if granted, known := rights[word]; known {
			made = rule{right: granted, filter: strings.TrimSpace(rest)}
		}
	}
	return made, checkFilter(made.filter)
}

func checkFilter(filter string) error {
	if filter == "" {
		return errors.New("filter is missing")
	}
	levels := strings.Split(filter, "/")
	for i, level := range levels {
		if level != "#" && strings.Contains(level, "#") || level == "#" && i < len(levels)-1 || level != "+" && strings.Contains(level, "+") {
			return fmt.Errorf("filter %q has a misplaced wildcard", filter)
		}
	}
	return nil
}
