package binding

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"twinrig/twinmodel/dtdl"
)

// Element is a place in a model where one value goes.
type Element struct {
	Component string // "" for the default component
	Name      string
	Field     string // of an Object, or ""
	Unit      string
	Schema    *dtdl.Schema
	Writable  bool
}

// String is the element as Find takes it.
func (e Element) String() string {
	s := e.Name
	if e.Component != "" {
		s = e.Component + "/" + s
	}
	if e.Field != "" {
		s += "." + e.Field
	}
	return s
}

// Find finds an element of a model: "temperature", "std_comp/temperature" or,
// for a field of an object, "acceleration.a_x".
func Find(m *dtdl.Model, kind dtdl.ContentKind, path string) (Element, error) {
	var e Element
	rest := path
	if component, name, ok := strings.Cut(path, "/"); ok {
		e.Component, rest = component, name
		if m.Components[component] == nil {
			return e, fmt.Errorf("%s has no component %q; it has %s", m.ID, component, names(slices.Sorted(maps.Keys(m.Components))))
		}
		m = m.Components[component]
	}
	e.Name, e.Field, _ = strings.Cut(rest, ".")
	c, ok := m.Content(kind, e.Name)
	if !ok {
		var known []string
		for _, c := range m.Of(kind) {
			known = append(known, c.Name)
		}
		return e, fmt.Errorf("%s has no %s %q; it has %s", m.ID, strings.ToLower(string(kind)), e.Name, names(known))
	}
	e.Schema, e.Unit, e.Writable = c.Schema, c.Unit, c.Writable
	if e.Field == "" {
		return e, nil
	}
	f, ok := c.Schema.Field(e.Field)
	if !ok {
		return e, fmt.Errorf("%s of %s has no field %q", e.Name, m.ID, e.Field)
	}
	e.Schema, e.Unit = f.Schema, f.Unit
	return e, nil
}

func names(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
