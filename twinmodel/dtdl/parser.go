package dtdl

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// parser turns nodes into interfaces and collects what is wrong on the way.
type parser struct {
	mode     Mode
	language int
	foreign  bool // a context of another vocabulary is in force
	findings Findings
	schemas  map[string]*node // shared schemas of the interface, by identifier
	inline   []*Interface
	nested   int // interfaces written out inside others
	read     int // schemas, shared ones as often as they are referred to
}

// Parse reads a JSON text with one interface or an array of them. What can be
// understood is returned even when Findings.Err says that rules are broken; the
// error is for text that is no interface at all.
func Parse(text []byte, mode Mode) ([]*Interface, Findings, error) {
	root, err := readJSON(text)
	if err != nil {
		return nil, nil, fmt.Errorf("read DTDL: %w", err)
	}
	p := &parser{mode: mode}
	var out []*Interface
	for _, n := range root.list() {
		if !n.object {
			return nil, nil, fmt.Errorf("read DTDL: %s is %s, not an interface", n.path, n.kind())
		}
		out = append(out, p.document(n))
	}
	if len(out) == 0 {
		return nil, nil, errors.New("read DTDL: no interface in the text")
	}
	return out, p.findings, nil
}

// ParseOne is Parse for a text that must hold one sound interface.
func ParseOne(text []byte, mode Mode) (*Interface, error) {
	all, findings, err := Parse(text, mode)
	switch {
	case err != nil:
		return nil, err
	case findings.Err() != nil:
		return nil, findings.Err()
	case len(all) != 1:
		return nil, fmt.Errorf("read DTDL: %d interfaces in the text, want one", len(all))
	}
	return all[0], nil
}

// wrong records a broken rule.
func (p *parser) wrong(n *node, format string, args ...any) {
	p.findings = append(p.findings, Finding{Path: n.path, Message: fmt.Sprintf(format, args...)})
}

// loose records a broken rule that lenient mode lives with.
func (p *parser) loose(n *node, format string, args ...any) {
	p.findings = append(p.findings, Finding{Path: n.path, Message: fmt.Sprintf(format, args...), Warning: p.mode == Lenient})
}

var context = regexp.MustCompile(`^dtmi:dtdl:context;([0-9]+)$`)

// setContext finds the language's version among the contexts of a document.
func (p *parser) setContext(n *node) {
	p.language, p.foreign = 0, false
	c := n.member("@context")
	if c == nil {
		p.wrong(n, `no @context; write "@context": "dtmi:dtdl:context;2"`)
		p.language = 2
		return
	}
	for _, item := range c.list() {
		id, ok := item.text()
		m := context.FindStringSubmatch(id)
		switch {
		case !ok:
			p.wrong(item, "a context is a string, not %s", item.kind())
		case m == nil:
			p.foreign = p.foreign || !strings.HasPrefix(id, "dtmi:dtdl:extension:quantitativeTypes;")
		case m[1] == "2" || m[1] == "3":
			p.language = int(m[1][0] - '0')
		default:
			p.wrong(item, "version %s of the language is not supported; versions 2 and 3 are", m[1])
			p.language = 3
		}
	}
	if p.language == 0 {
		p.wrong(c, "no context of the language itself among them; add dtmi:dtdl:context;2")
		p.language = 2
	}
}

var (
	nameSyntax = regexp.MustCompile(`^[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?$`)
	common     = []string{"@id", "@type", "comment", "description", "displayName"}
)

// known complains about members that the language does not give the element.
func (p *parser) known(n *node, what string, allowed ...string) {
	for _, m := range n.members {
		if slices.Contains(common, m.name) || slices.Contains(allowed, m.name) || p.foreign {
			continue
		}
		p.loose(m.node, "%s has no %q; it has %s", what, m.name, strings.Join(slices.Concat(allowed, common), ", "))
	}
}

// texts checks identifier, comment, description and display name.
func (p *parser) texts(n *node) (displayName, description string) {
	if id := n.member("@id"); id != nil {
		p.id(id)
	}
	displayName = p.local(n.member("displayName"), 64)
	description = p.local(n.member("description"), 512)
	p.local(n.member("comment"), 512)
	return displayName, description
}

// local is a text, plain or by language.
func (p *parser) local(n *node, limit int) string {
	if n == nil {
		return ""
	}
	if n.object {
		first := ""
		for _, m := range n.members {
			s := p.local(m.node, limit)
			if first == "" || m.name == "en" {
				first = s
			}
		}
		return first
	}
	s, ok := n.text()
	if !ok {
		p.wrong(n, "a text is a string or an object of strings by language, not %s", n.kind())
	}
	if p.language >= 3 {
		limit = 512
	}
	if count := utf8.RuneCountInString(s); count > limit {
		p.loose(n, "%d characters; at most %d are allowed", count, limit)
	}
	return s
}

func (p *parser) id(n *node) string {
	id, ok := n.text()
	if !ok {
		p.wrong(n, "an identifier is a string, not %s", n.kind())
		return ""
	}
	if err := CheckDTMI(id, p.language); err != nil {
		p.wrong(n, "%v", err)
	}
	return id
}

// name reads the required name of an element.
func (p *parser) name(n *node, what string) string {
	m := n.member("name")
	if m == nil {
		p.wrong(n, "%s without a name", what)
		return ""
	}
	name, ok := m.text()
	limit := 64
	if p.language >= 3 {
		limit = 512
	}
	switch {
	case !ok:
		p.wrong(m, "a name is a string, not %s", m.kind())
	case len(name) > limit:
		p.wrong(m, "name of %d characters; at most %d are allowed", len(name), limit)
	case !nameSyntax.MatchString(name):
		p.wrong(m, "%q is not a name; letters, digits and underscores are allowed, a letter first, no underscore last", name)
	}
	return name
}

// types are the element's types; vocabulary prefixes are taken off.
func (p *parser) types(n *node) (out []string) {
	t := n.member("@type")
	if t == nil {
		return nil
	}
	for _, item := range t.list() {
		s, ok := item.text()
		if !ok {
			p.wrong(item, "a type is a string, not %s", item.kind())
			continue
		}
		for _, prefix := range []string{"dtmi:dtdl:class:", "dtmi:standard:class:"} {
			if rest, ok := strings.CutPrefix(s, prefix); ok {
				s, _, _ = strings.Cut(rest, ";")
			}
		}
		out = append(out, s)
	}
	return out
}

func (p *parser) boolean(n *node, name string) bool {
	m := n.member(name)
	if m == nil {
		return false
	}
	b, ok := m.value.(bool)
	if !ok {
		p.wrong(m, "%s is true or false, not %s", name, m.kind())
	}
	return b
}
