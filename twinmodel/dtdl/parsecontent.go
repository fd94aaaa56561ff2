package dtdl

import (
	"encoding/json"
	"slices"
	"strings"
)

var contentKinds = []ContentKind{Telemetry, Property, Command, Relationship, Component}

func (p *parser) content(n *node) *Content {
	c := &Content{Path: n.path}
	c.DisplayName, c.Description = p.texts(n)
	var semantic []string
	for _, t := range p.types(n) {
		switch {
		case slices.Contains(contentKinds, ContentKind(t)) && c.Kind == "":
			c.Kind = ContentKind(t)
		case slices.Contains(contentKinds, ContentKind(t)):
			p.wrong(n, "a %s cannot be a %s too", c.Kind, t)
		default:
			semantic = append(semantic, t)
		}
	}
	if c.Kind == "" {
		p.wrong(n, "@type %q is not Telemetry, Property, Command, Relationship or Component", strings.Join(semantic, ", "))
		return c
	}
	c.Name = p.name(n, "a "+string(c.Kind))
	switch c.Kind {
	case Telemetry:
		p.known(n, "telemetry", "name", "schema", "unit")
		c.Schema = p.required(n, "telemetry")
	case Property:
		p.known(n, "a property", "name", "schema", "unit", "writable")
		c.Schema, c.Writable = p.required(n, "a property"), p.boolean(n, "writable")
		if p.language == 2 {
			p.propertySchema(n, c.Schema)
		}
	case Command:
		p.known(n, "a command", "name", "request", "response", "commandType")
		c.Request, c.Response = p.payload(n.member("request")), p.payload(n.member("response"))
		p.commandType(n.member("commandType"))
	case Component:
		p.component(n, c)
	case Relationship:
		p.relationship(n)
	}
	if c.Kind == Telemetry || c.Kind == Property {
		c.Semantic, c.Unit = p.unit(n, semantic, c.Schema)
	} else if len(semantic) > 0 && !p.foreign {
		p.loose(n, "a %s has no semantic type, but %q is given", c.Kind, semantic[0])
	}
	return c
}

func (p *parser) commandType(n *node) {
	if n == nil {
		return
	}
	if p.language >= 3 {
		p.loose(n, "version 3 of the language has no commandType")
	}
	if s, _ := n.text(); s != "synchronous" && s != "asynchronous" {
		p.loose(n, `commandType is "synchronous" or "asynchronous"`)
	}
}

func (p *parser) component(n *node, c *Content) {
	p.known(n, "a component", "name", "schema")
	s := n.member("schema")
	if s == nil {
		p.wrong(n, "a component without a schema")
		return
	}
	c.Target = p.target(s, "a component's schema")
}

func (p *parser) relationship(n *node) {
	p.known(n, "a relationship", "name", "maxMultiplicity", "minMultiplicity", "properties", "target", "writable")
	p.boolean(n, "writable")
	if t := n.member("target"); t != nil {
		p.id(t)
	}
	if m := n.member("minMultiplicity"); m != nil && m.value != json.Number("0") {
		p.wrong(m, "minMultiplicity must be 0")
	}
	if m := n.member("maxMultiplicity"); m != nil {
		number, _ := m.value.(json.Number)
		if v, err := number.Int64(); err != nil || v < 1 || v > 500 {
			p.wrong(m, "maxMultiplicity is a whole number from 1 to 500")
		}
	}
	if list := n.member("properties"); list != nil {
		for _, item := range list.list() {
			if !item.object {
				p.wrong(item, "a property is an object, not %s", item.kind())
			} else if c := p.content(item); c.Kind != Property {
				p.wrong(item, "a relationship's properties are of type Property")
			}
		}
	}
}

// payload reads what a command takes or answers.
func (p *parser) payload(n *node) *Payload {
	switch {
	case n == nil:
		return nil
	case !n.object:
		p.wrong(n, "a payload is an object with name and schema, not %s", n.kind())
		return nil
	}
	p.known(n, "a payload", "name", "schema")
	p.texts(n)
	for _, t := range p.types(n) {
		if t != "CommandPayload" && t != "CommandRequest" && t != "CommandResponse" && !p.foreign {
			p.loose(n, "a payload's type is CommandPayload, not %q", t)
		}
	}
	return &Payload{Name: p.name(n, "a payload"), Schema: p.required(n, "a payload")}
}

// unit checks semantic type and unit against each other.
func (p *parser) unit(n *node, semantic []string, s *Schema) (kind, unit string) {
	family := ""
	for _, t := range semantic {
		if f, ok := semanticTypes[t]; ok {
			kind, family = t, f
		} else if !p.foreign && p.language == 2 {
			p.loose(n, "%q is not a semantic type of the language", t)
		}
	}
	if kind != "" && s != nil && !numeric(s) {
		p.loose(n, "semantic type %s belongs to numbers, but the schema is %s", kind, s.Kind)
	}
	u := n.member("unit")
	if u == nil {
		return kind, ""
	}
	unit, ok := u.text()
	if !ok {
		p.wrong(u, "a unit is a string, not %s", u.kind())
		return kind, ""
	}
	if rest, ok := strings.CutPrefix(unit, "dtmi:standard:unit:"); ok {
		unit, _, _ = strings.Cut(rest, ";")
	}
	p.checkUnit(u, kind, family, unit)
	return kind, unit
}

func (p *parser) checkUnit(u *node, kind, family, unit string) {
	of, known := familyOf(unit)
	switch {
	case !known && p.language == 2:
		p.loose(u, "%q is not a unit of the language%s", unit, unitHint(family))
	case known && kind == "" && !p.foreign:
		p.loose(u, "a unit needs a semantic type beside Telemetry or Property in @type")
	case known && family != "" && of != family:
		p.wrong(u, "%s is not a unit of %s; %s are", unit, kind, strings.Join(strings.Fields(families[family]), ", "))
	}
}

func unitHint(family string) string {
	if family == "" {
		return ""
	}
	return "; write " + strings.Join(strings.Fields(families[family]), ", ")
}

func numeric(s *Schema) bool {
	switch s.Kind {
	case "double", "float", "integer", "long":
		return true
	}
	return false
}
