package query

import (
	"math"
	"strings"
)

// expression is a part of a query that has a value for each twin.
type expression interface {
	eval(r *row) value
}

type literal struct{ v value }

func (l literal) eval(*row) value { return l.v }

// path is a property: tags.site, properties.reported.level, deviceId.
type path struct {
	segments []string
	offset   int
}

func (p path) eval(r *row) value { return r.lookup(p.segments) }

func (p path) String() string { return strings.Join(p.segments, ".") }

type list []expression

func (l list) eval(r *row) value {
	values := make([]any, len(l))
	for i, e := range l {
		values[i] = e.eval(r)
	}
	return values
}

type not struct{ of expression }

func (n not) eval(r *row) value {
	if is, known := truth(n.of.eval(r)); known {
		return !is
	}
	return undefined
}

type negative struct{ of expression }

func (n negative) eval(r *row) value {
	if v, ok := n.of.eval(r).(float64); ok {
		return -v
	}
	return undefined
}

// logic is AND or OR: one side may decide alone.
type logic struct {
	or          bool
	left, right expression
}

func (l logic) eval(r *row) value {
	left, known := truth(l.left.eval(r))
	if known && left == l.or {
		return l.or
	}
	right, alsoKnown := truth(l.right.eval(r))
	switch {
	case alsoKnown && right == l.or:
		return l.or
	case known && alsoKnown:
		return !l.or
	}
	return undefined
}

// comparison is =, !=, <, <=, > or >=.
type comparison struct {
	operator    string
	left, right expression
}

func (c comparison) eval(r *row) value {
	a, b := c.left.eval(r), c.right.eval(r)
	switch c.operator {
	case "=":
		return equal(a, b)
	case "!=":
		if same, known := truth(equal(a, b)); known {
			return !same
		}
		// Primitive values of two kinds are known to differ.
		if a != undefined && b != undefined && primitive(a) && primitive(b) {
			return true
		}
		return undefined
	case "<":
		return order(a, b, func(n int) bool { return n < 0 })
	case "<=":
		return order(a, b, func(n int) bool { return n <= 0 })
	case ">":
		return order(a, b, func(n int) bool { return n > 0 })
	default:
		return order(a, b, func(n int) bool { return n >= 0 })
	}
}

// membership is IN or NIN.
type membership struct {
	not  bool
	of   expression
	list expression
}

func (m membership) eval(r *row) value {
	v := m.of.eval(r)
	members, ok := m.list.eval(r).([]any)
	if v == undefined || !ok {
		return undefined
	}
	for _, member := range members {
		if same, known := truth(equal(v, member)); known && same {
			return !m.not
		}
	}
	return m.not
}

// arithmetic is +, -, *, / or %. Strings are added as well.
type arithmetic struct {
	operator    byte
	left, right expression
}

func (a arithmetic) eval(r *row) value {
	left, right := a.left.eval(r), a.right.eval(r)
	if s, ok := left.(string); ok && a.operator == '+' {
		if t, ok := right.(string); ok {
			return s + t
		}
	}
	x, ok := left.(float64)
	y, alsoOK := right.(float64)
	if !ok || !alsoOK {
		return undefined
	}
	return finite(calculate(a.operator, x, y))
}

func calculate(operator byte, x, y float64) float64 {
	switch operator {
	case '+':
		return x + y
	case '-':
		return x - y
	case '*':
		return x * y
	case '/':
		return x / y
	}
	return math.Mod(x, y)
}

// finite keeps what JSON cannot write out of results.
func finite(v float64) value {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return undefined
	}
	return v
}
