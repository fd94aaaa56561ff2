package dtdl

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CheckTelemetry says whether a telemetry body, of the default component or of
// the one named, is what the model describes.
func (m *Model) CheckTelemetry(component string, body []byte) error {
	m, err := m.part(component)
	if err != nil {
		return err
	}
	root, err := readJSON(body)
	if err != nil {
		return fmt.Errorf("telemetry: %w", err)
	}
	if !root.object {
		return fmt.Errorf("telemetry: %s is not an object", root.kind())
	}
	for _, member := range root.members {
		c, ok := m.Content(Telemetry, member.name)
		if !ok {
			return fmt.Errorf("telemetry: %s has no telemetry %q", m.ID, member.name)
		}
		if err := c.Schema.check(member.node); err != nil {
			return fmt.Errorf("telemetry: %w", err)
		}
	}
	return nil
}

func (m *Model) part(component string) (*Model, error) {
	if component == "" {
		return m, nil
	}
	inner, ok := m.Components[component]
	if !ok {
		return nil, fmt.Errorf("%s has no component %q", m.ID, component)
	}
	return inner, nil
}

// CheckReported says whether reported properties, as a merge patch, are what the
// model describes. Writable ones are acknowledgements by the Plug and Play
// convention.
func (m *Model) CheckReported(patch []byte) error {
	root, err := readJSON(patch)
	if err != nil {
		return fmt.Errorf("reported properties: %w", err)
	}
	if err := m.reported(root); err != nil {
		return fmt.Errorf("reported properties: %w", err)
	}
	return nil
}

func (m *Model) reported(n *node) error {
	for _, member := range n.members {
		if inner, ok := m.Components[member.name]; ok {
			if mark := member.node.member("__t"); mark == nil || mark.value != "c" {
				return fmt.Errorf(`%s: a component needs "__t": "c"`, member.node.path)
			}
			if err := inner.reported(member.node); err != nil {
				return err
			}
			continue
		}
		c, ok := m.Content(Property, member.name)
		switch {
		case member.name == "__t":
			continue
		case !ok:
			return fmt.Errorf("%s: %s has no property %q", member.node.path, m.ID, member.name)
		}
		value := member.node
		if c.Writable && value.object && value.member("ac") != nil {
			if value = value.member("value"); value == nil {
				return fmt.Errorf("%s: an acknowledgement without a value", member.node.path)
			}
		}
		if err := c.Schema.check(value); err != nil {
			return err
		}
	}
	return nil
}

// Check says whether a JSON value has the schema's form.
func (s *Schema) Check(value []byte) error {
	n, err := readJSON(value)
	if err != nil {
		return err
	}
	return s.check(n)
}

func (s *Schema) check(n *node) error {
	if s == nil {
		return fmt.Errorf("%s: its schema could not be read", n.path)
	}
	switch s.Kind {
	case Array:
		if !n.array {
			return s.not(n)
		}
		for _, item := range n.items {
			if err := s.Element.check(item); err != nil {
				return err
			}
		}
		return nil
	case Map, Object:
		return s.checkMembers(n)
	case Enum:
		return s.checkEnum(n)
	case "boolean":
		if _, ok := n.value.(bool); !ok {
			return s.not(n)
		}
		return nil
	case "integer", "long", "float", "double":
		return s.checkNumber(n)
	case "string", "date", "dateTime", "time", "duration":
		return s.checkText(n)
	}
	if form := geospatial[s.Kind]; form != "" {
		if t := n.member("type"); t == nil || t.value != form || n.member("coordinates") == nil {
			return s.not(n)
		}
	}
	return nil
}

func (s *Schema) not(n *node) error {
	return fmt.Errorf("%s: %s where the interface has %s", n.path, n.kind(), s.Kind)
}

func (s *Schema) checkMembers(n *node) error {
	if !n.object {
		return s.not(n)
	}
	for _, m := range n.members {
		schema := s.Element
		if s.Kind == Object {
			f, ok := s.Field(m.name)
			if !ok {
				return fmt.Errorf("%s: the object has no field %q", n.path, m.name)
			}
			schema = f.Schema
		}
		if err := schema.check(m.node); err != nil {
			return err
		}
	}
	return nil
}

func (s *Schema) checkEnum(n *node) error {
	var names []string
	for _, v := range s.Values {
		if s.Integer && n.value == json.Number(strconv.FormatInt(v.Value, 10)) || !s.Integer && n.value == v.Text {
			return nil
		}
		names = append(names, v.Name)
	}
	return fmt.Errorf("%s: %v is not one of %s", n.path, n.value, strings.Join(names, ", "))
}

func (s *Schema) checkNumber(n *node) error {
	number, ok := n.value.(json.Number)
	if !ok {
		return s.not(n)
	}
	v, err := strconv.ParseFloat(string(number), 64)
	out := func() error { return fmt.Errorf("%s: %s is out of range of %s", n.path, number, s.Kind) }
	switch s.Kind {
	case "double":
		if err != nil {
			return out()
		}
	case "float":
		if err != nil || math.Abs(v) > math.MaxFloat32 {
			return out()
		}
	default:
		if v != math.Trunc(v) {
			return fmt.Errorf("%s: %s is not a whole number", n.path, number)
		}
		limit := math.Exp2(31)
		if s.Kind == "long" {
			limit = math.Exp2(63)
		}
		if err != nil || v >= limit || v < -limit {
			return out()
		}
	}
	return nil
}

var durationSyntax = regexp.MustCompile(`^-?P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+([.]\d+)?S)?)?$`)

func (s *Schema) checkText(n *node) error {
	text, ok := n.text()
	if !ok {
		return s.not(n)
	}
	parses := func(layouts ...string) bool {
		return slices.ContainsFunc(layouts, func(l string) bool { _, err := time.Parse(l, text); return err == nil })
	}
	fits := true
	switch s.Kind {
	case "date":
		fits = parses("2006-01-02")
	case "dateTime":
		fits = parses(time.RFC3339Nano)
	case "time":
		fits = parses("15:04:05", "15:04:05Z07:00")
	case "duration":
		fits = durationSyntax.MatchString(text) && strings.ContainsAny(text, "0123456789") && !strings.HasSuffix(text, "T")
	}
	if !fits {
		return fmt.Errorf("%s: %q is not a %s", n.path, text, s.Kind)
	}
	return nil
}
