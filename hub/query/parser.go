package query

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds of a query.
const (
	maxText  = 16 << 10
	maxDepth = 100
	maxTop   = 1 << 30
)

// Parse reads a query. The error is an *Error.
func Parse(text string) (*Query, error) {
	if len(text) > maxText {
		return nil, errorAt(maxText, "the query is longer than %d bytes", maxText)
	}
	all, err := tokens(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: all}
	q := &Query{text: text}
	if err := p.query(q); err != nil {
		return nil, err
	}
	return q, q.check()
}

type parser struct {
	tokens []token
	depth  int
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) take() token {
	t := p.tokens[0]
	if t.kind != tokenEnd {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept takes the next token if it is one of the words.
func (p *parser) accept(words ...string) (string, bool) {
	for _, w := range words {
		if p.peek().is(w) {
			p.take()
			return w, true
		}
	}
	return "", false
}

func (p *parser) expect(word string) error {
	if _, ok := p.accept(word); !ok {
		return errorAt(p.peek().offset, "%s stands where %s is wanted", p.peek(), word)
	}
	return nil
}

func (p *parser) query(q *Query) error {
	for _, part := range []func(*Query) error{p.selection, p.source, p.condition, p.grouping, p.end} {
		if err := part(q); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) selection(q *Query) error {
	if err := p.expect("SELECT"); err != nil {
		return err
	}
	if _, ok := p.accept("TOP"); ok {
		t := p.take()
		if t.kind != tokenNumber || t.number < 1 || t.number > maxTop || t.number != float64(int(t.number)) {
			return errorAt(t.offset, "TOP wants a whole number from 1 on")
		}
		q.top = int(t.number)
	}
	if _, ok := p.accept("*"); ok {
		return nil
	}
	for {
		c, err := p.column()
		if err != nil {
			return err
		}
		q.columns = append(q.columns, c)
		if _, ok := p.accept(","); !ok {
			return nil
		}
	}
}

var aggregateNames = []string{"COUNT", "SUM", "AVG", "MIN", "MAX"}

func (p *parser) column() (c column, err error) {
	c.offset = p.peek().offset
	if i := slices.IndexFunc(aggregateNames, p.peek().is); i >= 0 && p.tokens[1].is("(") {
		p.take()
		c.aggregate = aggregateNames[i]
		err = p.aggregated(&c)
	} else {
		c.of, err = p.expression()
	}
	if err != nil {
		return c, err
	}
	if path, ok := c.of.(path); ok && c.aggregate == "" {
		c.name = path.segments[len(path.segments)-1]
	}
	if _, ok := p.accept("AS"); ok || p.peek().kind == tokenName && !p.peek().is("FROM") {
		t := p.take()
		if t.kind != tokenName && t.kind != tokenString {
			return c, errorAt(t.offset, "AS wants a name")
		}
		c.name = t.text
	}
	return c, nil
}

// aggregated reads the argument of an aggregate. COUNT has one or none.
func (p *parser) aggregated(c *column) (err error) {
	if err := p.expect("("); err != nil {
		return err
	}
	_, star := p.accept("*")
	if c.aggregate != "COUNT" && star {
		return errorAt(c.offset, "%s(*) has no meaning; name a property", c.aggregate)
	}
	if !star && !(c.aggregate == "COUNT" && p.peek().is(")")) {
		if c.of, err = p.expression(); err != nil {
			return err
		}
	}
	return p.expect(")")
}

func (p *parser) source(q *Query) error {
	if err := p.expect("FROM"); err != nil {
		return err
	}
	at := p.peek().offset
	if p.peek().kind != tokenName {
		return errorAt(at, "%s stands where devices, devices.modules or devices.jobs is wanted", p.peek())
	}
	name := strings.ToLower(p.take().text)
	if _, ok := p.accept("."); ok {
		name += "." + strings.ToLower(p.take().text)
	}
	q.from = collection(name)
	if q.from != devices && q.from != modules && q.from != jobs {
		return errorAt(at, "there is no %s; devices, devices.modules and devices.jobs can be queried", name)
	}
	return nil
}

func (p *parser) condition(q *Query) (err error) {
	if _, ok := p.accept("WHERE"); ok {
		q.where, err = p.expression()
	}
	return err
}

func (p *parser) grouping(q *Query) error {
	if _, ok := p.accept("GROUP"); !ok {
		return nil
	}
	if err := p.expect("BY"); err != nil {
		return err
	}
	for {
		e, err := p.expression()
		if err != nil {
			return err
		}
		q.groups = append(q.groups, e)
		if _, ok := p.accept(","); !ok {
			return nil
		}
	}
}

func (p *parser) end(*Query) error {
	t := p.peek()
	switch {
	case t.kind == tokenEnd:
		return nil
	case t.is("ORDER"):
		return errorAt(t.offset, "IoT Hub's queries have no ORDER BY; sort what comes back")
	case t.is("JOIN"):
		return errorAt(t.offset, "IoT Hub's queries have no JOIN")
	}
	return errorAt(t.offset, "%s stands where the query should end", t)
}

// check finds what only the whole query shows, and names the columns without a name.
func (q *Query) check() error {
	if q.from == jobs && (q.columns != nil || q.groups != nil) {
		return errorAt(0, "of devices.jobs only SELECT * is known")
	}
	if q.columns == nil && q.groups != nil {
		return errorAt(0, "GROUP BY wants columns, not SELECT *")
	}
	for i := range q.columns {
		c := &q.columns[i]
		if c.name == "" {
			c.name = fmt.Sprintf("$%d", i+1)
		}
		if q.aggregates() && c.aggregate == "" && !q.grouped(c.of) {
			return errorAt(c.offset, "%s is neither an aggregate nor in GROUP BY", c.name)
		}
		if slices.ContainsFunc(q.columns[:i], func(o column) bool { return o.name == c.name }) {
			return errorAt(c.offset, "two columns are called %s; give one another name with AS", c.name)
		}
	}
	return nil
}

// grouped says whether an expression is one of those of GROUP BY.
func (q *Query) grouped(e expression) bool {
	return slices.ContainsFunc(q.groups, func(g expression) bool { return sameText(g, e) })
}

func sameText(a, b expression) bool {
	p, ok := a.(path)
	o, alsoOK := b.(path)
	if ok && alsoOK {
		return p.String() == o.String()
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}
