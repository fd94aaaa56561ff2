package dtdl

import (
	"encoding/json"
	"strings"
)

// maxNesting is how deep complex schemas may lie in one another.
const maxNesting = 5

// maxSchemas bounds the work on schemas that refer to shared ones over and over.
const maxSchemas = 100000

func (p *parser) required(n *node, what string) *Schema {
	s := n.member("schema")
	if s == nil {
		p.wrong(n, "%s without a schema", what)
		return nil
	}
	return p.schema(s, 0)
}

// schema reads a schema that lies in depth others.
func (p *parser) schema(n *node, depth int) *Schema {
	if p.read++; p.read > maxSchemas {
		if p.read == maxSchemas+1 {
			p.wrong(n, "more than %d schemas", maxSchemas)
		}
		return nil
	}
	if name, ok := n.text(); ok {
		return p.namedSchema(n, name, depth)
	}
	if !n.object {
		p.wrong(n, "a schema is a name or an object, not %s", n.kind())
		return nil
	}
	if depth++; depth > maxNesting {
		p.wrong(n, "schemas nested deeper than %d", maxNesting)
		return nil
	}
	p.texts(n)
	types := p.types(n)
	kind := ""
	if len(types) > 0 {
		kind = types[0]
	}
	switch SchemaKind(kind) {
	case Array:
		p.known(n, "an array", "elementSchema")
		return &Schema{Kind: Array, Element: p.part(n, "elementSchema", depth)}
	case Map:
		return p.mapSchema(n, depth)
	case Enum:
		return p.enumSchema(n)
	case Object:
		return p.objectSchema(n, depth)
	}
	p.wrong(n, "@type %q is not a schema; Array, Enum, Map and Object are", strings.Join(types, ", "))
	return nil
}

func (p *parser) namedSchema(n *node, name string, depth int) *Schema {
	if rest, ok := strings.CutPrefix(name, "dtmi:dtdl:instance:Schema:"); ok {
		name, _, _ = strings.Cut(rest, ";")
	}
	if primitives[name] {
		return &Schema{Kind: SchemaKind(name)}
	}
	shared, ok := p.schemas[name]
	switch {
	case !ok && name == "vector" && p.mode == Lenient:
		p.loose(n, "vector is a schema of IoT Central only, and no value of it is checked")
		return &Schema{Kind: "vector"}
	case !ok && name == "geopoint" && p.mode == Lenient:
		p.loose(n, "geopoint is a schema of IoT Central only, and no value of it is checked")
		return &Schema{Kind: "geopoint"}
	case !ok && p.foreign && !strings.HasPrefix(name, "dtmi:"):
		p.loose(n, "%q belongs to another vocabulary, and no value of it is checked", name)
		return &Schema{Kind: SchemaKind(name)}
	case !ok:
		p.wrong(n, "unknown schema %q; there are boolean, date, dateTime, double, duration, float, integer, long, string, time, the GeoJSON schemas and what the interface has under schemas", name)
		return nil
	case depth > maxNesting:
		p.wrong(n, "schemas nested deeper than %d; does %s hold itself?", maxNesting, name)
		return nil
	}
	return p.schema(shared, depth)
}

func (p *parser) part(n *node, name string, depth int) *Schema {
	m := n.member(name)
	if m == nil {
		p.wrong(n, "%s is missing", name)
		return nil
	}
	return p.schema(m, depth)
}

func (p *parser) mapSchema(n *node, depth int) *Schema {
	p.known(n, "a map", "mapKey", "mapValue")
	s := &Schema{Kind: Map}
	key, value := n.member("mapKey"), n.member("mapValue")
	if key == nil || value == nil || !key.object || !value.object {
		p.wrong(n, "a map has mapKey and mapValue, which are objects")
		return s
	}
	p.name(key, "a map key")
	p.name(value, "a map value")
	if k := p.part(key, "schema", depth); k != nil && k.Kind != "string" {
		p.wrong(key, "a map's keys are strings, not %s", k.Kind)
	}
	s.Element = p.part(value, "schema", depth)
	return s
}

func (p *parser) objectSchema(n *node, depth int) *Schema {
	p.known(n, "an object", "fields")
	s := &Schema{Kind: Object}
	fields := n.member("fields")
	if fields == nil {
		if p.language == 2 {
			p.wrong(n, "an object without fields")
		}
		return s
	}
	for _, item := range fields.list() {
		if !item.object {
			p.wrong(item, "a field is an object, not %s", item.kind())
			continue
		}
		p.known(item, "a field", "name", "schema", "unit")
		p.texts(item)
		f := Field{Name: p.name(item, "a field"), Schema: p.part(item, "schema", depth)}
		var semantic []string
		for _, t := range p.types(item) {
			if t != "Field" {
				semantic = append(semantic, t)
			}
		}
		f.Semantic, f.Unit = p.unit(item, semantic, f.Schema)
		if _, twice := s.Field(f.Name); twice {
			p.wrong(item, "a field %q exists already", f.Name)
			continue
		}
		s.Fields = append(s.Fields, f)
	}
	return s
}

func (p *parser) enumSchema(n *node) *Schema {
	p.known(n, "an enum", "enumValues", "valueSchema")
	s := &Schema{Kind: Enum}
	if v := n.member("valueSchema"); v == nil {
		p.wrong(n, "valueSchema is missing")
	} else if kind, _ := v.text(); kind == "integer" {
		s.Integer = true
	} else if kind != "string" {
		p.wrong(v, `valueSchema is "integer" or "string"`)
	}
	list := n.member("enumValues")
	if list == nil {
		p.wrong(n, "enumValues is missing")
		return s
	}
	for _, item := range list.list() {
		if !item.object {
			p.wrong(item, "an enum value is an object, not %s", item.kind())
			continue
		}
		p.known(item, "an enum value", "name", "enumValue")
		p.texts(item)
		p.enumValue(item, s)
	}
	return s
}

func (p *parser) enumValue(item *node, s *Schema) {
	v := EnumValue{Name: p.name(item, "an enum value")}
	m := item.member("enumValue")
	if m == nil {
		p.wrong(item, "enumValue is missing")
		return
	}
	var ok bool
	if s.Integer {
		number, _ := m.value.(json.Number)
		i, err := number.Int64()
		v.Value, ok = i, err == nil && i == int64(int32(i))
	} else {
		v.Text, ok = m.text()
	}
	if !ok {
		p.wrong(m, "the value does not fit valueSchema")
		return
	}
	for _, other := range s.Values {
		if other.Name == v.Name || other.Text == v.Text && other.Value == v.Value {
			p.wrong(item, "name and value %q occur twice", v.Name)
			return
		}
	}
	s.Values = append(s.Values, v)
}

// propertySchema complains about what version 2 does not allow in properties.
func (p *parser) propertySchema(n *node, s *Schema) {
	if s == nil {
		return
	}
	if s.Kind == Array || geospatial[s.Kind] != "" {
		p.loose(n, "a property of version 2 cannot hold %s", s.Kind)
	}
	p.propertySchema(n, s.Element)
	for _, f := range s.Fields {
		p.propertySchema(n, f.Schema)
	}
}
