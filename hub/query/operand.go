package query

import "strings"

// levels of binary operators, loosest first. NOT is between AND and comparisons.
func (p *parser) expression() (expression, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errorAt(p.peek().offset, "the expression is nested deeper than %d", maxDepth)
	}
	defer func() { p.depth-- }()
	return p.logical(true)
}

func (p *parser) logical(or bool) (left expression, err error) {
	word, tighter := "AND", p.negation
	if or {
		word, tighter = "OR", func() (expression, error) { return p.logical(false) }
	}
	if left, err = tighter(); err != nil {
		return nil, err
	}
	for {
		if _, ok := p.accept(word); !ok {
			return left, nil
		}
		right, err := tighter()
		if err != nil {
			return nil, err
		}
		left = logic{or, left, right}
	}
}

func (p *parser) negation() (expression, error) {
	turns := false
	for {
		if _, ok := p.accept("NOT"); !ok {
			break
		}
		turns = !turns
	}
	e, err := p.comparison()
	if err == nil && turns {
		e = not{e}
	}
	return e, err
}

func (p *parser) comparison() (expression, error) {
	left, err := p.sum()
	if err != nil {
		return nil, err
	}
	if word, ok := p.accept("IN", "NIN", "NOT"); ok {
		if word == "NOT" {
			if err := p.expect("IN"); err != nil {
				return nil, err
			}
		}
		members, err := p.members()
		return membership{word != "IN", left, members}, err
	}
	operator, ok := p.accept("=", "!=", "<>", "<=", ">=", "<", ">")
	if !ok {
		return left, nil
	}
	if operator == "<>" {
		operator = "!="
	}
	right, err := p.sum()
	return comparison{operator, left, right}, err
}

// members reads the right side of IN: a list in brackets or parentheses, or a property
// that is an array.
func (p *parser) members() (expression, error) {
	if _, ok := p.accept("("); ok {
		return p.list(")")
	}
	return p.operand()
}

func (p *parser) list(end string) (expression, error) {
	var l list
	for {
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		l = append(l, e)
		if _, ok := p.accept(","); !ok {
			return l, p.expect(end)
		}
	}
}

func (p *parser) sum() (expression, error)     { return p.arithmetic(p.product, "+", "-") }
func (p *parser) product() (expression, error) { return p.arithmetic(p.operand, "*", "/", "%") }

func (p *parser) arithmetic(tighter func() (expression, error), operators ...string) (expression, error) {
	left, err := tighter()
	for err == nil {
		operator, ok := p.accept(operators...)
		if !ok {
			break
		}
		var right expression
		right, err = tighter()
		left = arithmetic{operator[0], left, right}
	}
	return left, err
}

func (p *parser) operand() (expression, error) {
	switch t := p.take(); {
	case t.kind == tokenString:
		return literal{t.text}, nil
	case t.kind == tokenNumber:
		return literal{t.number}, nil
	case t.is("("):
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")")
	case t.is("["):
		return p.list("]")
	case t.is("-"):
		if p.depth++; p.depth > maxDepth {
			return nil, errorAt(t.offset, "the expression is nested deeper than %d", maxDepth)
		}
		defer func() { p.depth-- }()
		e, err := p.operand()
		return negative{e}, err
	case t.kind == tokenName:
		return p.named(t)
	default:
		return nil, errorAt(t.offset, "%s stands where a property, a value or a function is wanted", t)
	}
}

// reserved words are not properties.
var reserved = []string{"SELECT", "FROM", "WHERE", "GROUP", "BY", "AND", "OR", "NOT", "IN", "NIN", "AS", "TOP"}

// named reads what begins with a name: a literal, a function or a property.
func (p *parser) named(t token) (expression, error) {
	switch strings.ToLower(t.text) {
	case "true":
		return literal{true}, nil
	case "false":
		return literal{false}, nil
	case "null":
		return literal{nil}, nil
	case "undefined":
		return literal{undefined}, nil
	}
	if p.peek().is("(") {
		return p.function(t)
	}
	for _, word := range reserved {
		if t.is(word) {
			return nil, errorAt(t.offset, "%s stands where a property, a value or a function is wanted", t)
		}
	}
	return p.path(t)
}

func (p *parser) function(t token) (expression, error) {
	f := findFunction(t.text)
	if f == nil {
		return nil, errorAt(t.offset, "there is no function %s%s", t.text, misplaced(t))
	}
	p.take()
	var arguments []expression
	if _, ok := p.accept(")"); !ok {
		l, err := p.list(")")
		if err != nil {
			return nil, err
		}
		arguments = l.(list)
	}
	if len(arguments) < f.min || len(arguments) > f.max {
		return nil, errorAt(t.offset, "%s has %d arguments, not %d", f.name, f.min, len(arguments))
	}
	return call{f, arguments}, nil
}

func misplaced(t token) string {
	for _, name := range aggregateNames {
		if t.is(name) {
			return " here; aggregates are columns of SELECT"
		}
	}
	return ""
}

// path reads a property: names parted by dots, names in double brackets or quoted in
// single ones. What is queried may be named first.
func (p *parser) path(first token) (expression, error) {
	segments := []string{first.text}
	for {
		switch {
		case p.peek().is(".") && p.tokens[1].kind != tokenBracketed:
			p.take()
			t := p.take()
			if t.kind != tokenName {
				return nil, errorAt(t.offset, "%s stands where the name of a property is wanted; write other names as [[name]]", t)
			}
			segments = append(segments, t.text)
		case p.peek().is("."), p.peek().kind == tokenBracketed:
			p.accept(".")
			segments = append(segments, p.take().text)
		case p.peek().is("[") && p.tokens[1].kind == tokenString && p.tokens[2].is("]"):
			segments = append(segments, p.tokens[1].text)
			p.tokens = p.tokens[3:]
		default:
			return path{collectionless(segments), first.offset}, nil
		}
	}
}

// collectionless drops devices, devices.modules or devices.jobs from the front.
func collectionless(segments []string) []string {
	if len(segments) > 1 && strings.EqualFold(segments[0], "devices") {
		segments = segments[1:]
		if len(segments) > 1 && (strings.EqualFold(segments[0], "modules") || strings.EqualFold(segments[0], "jobs")) {
			segments = segments[1:]
		}
	}
	return segments
}
