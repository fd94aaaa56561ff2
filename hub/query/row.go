package query

import (
	"encoding/json"
	"strings"

	"twinrig/hub"
)

// row is a twin being looked at. Of its sections those that are asked for are decoded.
type row struct {
	twin     *hub.Twin
	sections map[string]value
}

// lookup returns the property at a path; undefined where there is nothing.
func (r *row) lookup(path []string) value {
	v, rest := r.top(path)
	for _, name := range rest {
		object, ok := v.(map[string]any)
		if !ok {
			return undefined
		}
		if v, ok = object[name]; !ok {
			return undefined
		}
	}
	return v
}

// top returns the first part of a path, and what of the path is left.
func (r *row) top(path []string) (v value, rest []string) {
	t := r.twin
	switch first := path[0]; {
	case first == "tags":
		return r.section("tags", t.Tags), path[1:]
	case first == "properties" && len(path) > 1 && path[1] == "desired":
		return r.section("desired", t.Properties.Desired), path[2:]
	case first == "properties" && len(path) > 1 && path[1] == "reported":
		return r.section("reported", t.Properties.Reported), path[2:]
	}
	return r.section("", nil), path
}

// section decodes a part of the twin once. The nameless one is all the rest.
func (r *row) section(name string, text json.RawMessage) value {
	if v, ok := r.sections[name]; ok {
		return v
	}
	if name == "" {
		bare := *r.twin
		bare.Tags, bare.Properties = json.RawMessage("null"), hub.TwinProperties{Desired: json.RawMessage("null"), Reported: json.RawMessage("null")}
		text, _ = json.Marshal(bare) // strings, numbers and times cannot fail
	}
	var v value
	if json.Unmarshal(text, &v) != nil {
		v = undefined
	}
	if object, ok := v.(map[string]any); ok && name == "" {
		delete(object, "tags")
		delete(object, "properties")
	}
	if r.sections == nil {
		r.sections = map[string]value{}
	}
	r.sections[name] = v
	return v
}

// matches says whether the condition is true of the twin; undefined is not.
func (r *row) matches(where expression) bool {
	if where == nil {
		return true
	}
	is, known := truth(where.eval(r))
	return is && known
}

// hints returns what a condition says of identities and tags: what has to be so for it to
// be true. The hub finds those twins without reading others.
func hints(where expression, s *hub.Selection) {
	switch e := where.(type) {
	case logic:
		if !e.or {
			hints(e.left, s)
			hints(e.right, s)
		}
	case comparison:
		if e.operator != "=" {
			return
		}
		p, isPath := e.left.(path)
		l, isLiteral := e.right.(literal)
		if !isPath {
			p, isPath = e.right.(path)
			l, isLiteral = e.left.(literal)
		}
		if isPath && isLiteral {
			hint(p, []any{l.v}, s)
		}
	case membership:
		p, isPath := e.of.(path)
		members, isList := e.list.(list)
		if e.not || !isPath || !isList {
			return
		}
		var values []any
		for _, m := range members {
			l, ok := m.(literal)
			if !ok {
				return
			}
			values = append(values, l.v)
		}
		hint(p, values, s)
	}
}

func hint(p path, values []any, s *hub.Selection) {
	for _, v := range values {
		switch v.(type) {
		case string, float64, bool:
		default:
			return
		}
	}
	switch {
	case p.segments[0] == "tags" && len(p.segments) > 1:
		s.Tags = append(s.Tags, hub.TagTerm{Path: strings.Join(p.segments[1:], "."), Values: values})
	case p.String() == "deviceId" && !s.Modules && s.IDs == nil:
		s.IDs = []string{}
		for _, v := range values {
			if id, ok := v.(string); ok {
				s.IDs = append(s.IDs, id)
			}
		}
	}
}
