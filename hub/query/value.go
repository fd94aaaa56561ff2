package query

import (
	"cmp"
	"strings"
)

// A value is what an expression yields: nil (null), bool, float64, string, or a []any or
// map[string]any of a twin; undefined where there is nothing.
type value = any

type nothing struct{}

var undefined value = nothing{}

// truth of a condition has a third state: undefined.
func truth(v value) (is, known bool) {
	b, ok := v.(bool)
	return b, ok
}

// primitive values are those that can be compared.
func primitive(v value) bool {
	switch v.(type) {
	case nil, bool, float64, string:
		return true
	}
	return false
}

// equal compares two values. Values of different kinds, or that are not primitive, do
// not compare.
func equal(a, b value) value {
	if !primitive(a) || !primitive(b) || !sameKind(a, b) {
		return undefined
	}
	return a == b
}

func sameKind(a, b value) bool {
	switch a.(type) {
	case nil:
		return b == nil
	case bool:
		_, ok := b.(bool)
		return ok
	case float64:
		_, ok := b.(float64)
		return ok
	case string:
		_, ok := b.(string)
		return ok
	}
	return false
}

// order compares two numbers or two strings.
func order(a, b value, holds func(int) bool) value {
	switch a := a.(type) {
	case float64:
		if b, ok := b.(float64); ok {
			return holds(cmp.Compare(a, b))
		}
	case string:
		if b, ok := b.(string); ok {
			return holds(strings.Compare(a, b))
		}
	}
	return undefined
}
