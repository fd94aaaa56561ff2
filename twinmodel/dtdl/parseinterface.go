package dtdl

import (
	"slices"
	"strings"
)

// document reads an interface that has its own context.
func (p *parser) document(n *node) *Interface {
	p.setContext(n)
	p.inline = nil
	i := p.iface(n)
	i.Inline = p.inline
	return i
}

func (p *parser) iface(n *node) *Interface {
	shared := p.schemas
	p.schemas = map[string]*node{}
	defer func() { p.schemas = shared }()

	p.known(n, "an interface", "@context", "contents", "extends", "schemas")
	i := &Interface{Language: p.language}
	i.DisplayName, i.Description = p.texts(n)
	if types := p.types(n); !slices.Contains(types, "Interface") {
		p.wrong(n, `@type is %q, not "Interface"`, strings.Join(types, ", "))
	}
	if id := n.member("@id"); id == nil {
		p.wrong(n, `an interface without an @id`)
	} else {
		i.ID, _ = id.text()
		if limit := p.idLimit(); len(i.ID) > limit {
			p.wrong(id, "identifier of %d characters; at most %d are allowed for an interface", len(i.ID), limit)
		}
	}
	p.extends(i, n.member("extends"))
	p.shared(n.member("schemas"))
	p.contents(i, n.member("contents"))
	return i
}

func (p *parser) idLimit() int {
	if p.language >= 3 {
		return 2048
	}
	return maxID
}

func (p *parser) extends(i *Interface, n *node) {
	if n == nil {
		return
	}
	limit := 2
	if p.language >= 3 {
		limit = 1024
	}
	if len(n.list()) > limit {
		p.wrong(n, "extends %d interfaces; at most %d are allowed", len(n.list()), limit)
	}
	for _, item := range n.list() {
		if id := p.target(item, "extends"); id != "" {
			i.Extends = append(i.Extends, id)
		}
	}
}

// target is an interface named or written out.
func (p *parser) target(n *node, what string) string {
	if !n.object {
		return p.id(n)
	}
	if p.nested++; p.nested > 1000 {
		p.wrong(n, "too many interfaces inside one another")
		return ""
	}
	if len(n.members) == 1 && n.member("@id") != nil {
		return p.id(n.member("@id"))
	}
	inner := p.iface(n)
	if inner.ID == "" {
		p.wrong(n, "%s names no interface", what)
	}
	p.inline = append(p.inline, inner)
	return inner.ID
}

// shared notes the schemas that the interface's contents may refer to.
func (p *parser) shared(n *node) {
	if n == nil {
		return
	}
	for _, item := range n.list() {
		id := item.member("@id")
		if !item.object || id == nil {
			p.wrong(item, "a shared schema is an object with an @id")
			continue
		}
		p.schemas[p.id(id)] = item
	}
	for _, item := range n.list() {
		if item.object {
			p.schema(item, 1)
		}
	}
}

func (p *parser) contents(i *Interface, n *node) {
	if n == nil {
		return
	}
	limit := 300
	if p.language >= 3 {
		limit = 100000
	}
	if len(n.list()) > limit {
		p.wrong(n, "%d contents; at most %d are allowed", len(n.list()), limit)
	}
	for _, item := range n.list() {
		if !item.object {
			p.wrong(item, "a content is an object, not %s", item.kind())
			continue
		}
		c := p.content(item)
		if _, twice := i.Content(c.Name); twice && c.Name != "" {
			p.wrong(item, "a content %q exists already", c.Name)
			continue
		}
		i.Contents = append(i.Contents, c)
	}
}
