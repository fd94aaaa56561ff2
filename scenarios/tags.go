package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// tagFilter is a parsed Cucumber tag expression.
type tagFilter func(tags []string) bool

// parseTags reads a Cucumber tag expression: tags joined by not, and, or and
// parentheses, binding in that order.
func parseTags(expression string) (tagFilter, error) {
	spaced := strings.NewReplacer("(", " ( ", ")", " ) ").Replace(expression)
	p := &tagParser{words: strings.Fields(spaced)}
	f, err := p.or()
	if err == nil && len(p.words) > 0 {
		err = fmt.Errorf("%q is one too many", p.words[0])
	}
	return f, err
}

type tagParser struct{ words []string }

func (p *tagParser) next(word string) bool {
	if len(p.words) > 0 && p.words[0] == word {
		p.words = p.words[1:]
		return true
	}
	return false
}

func (p *tagParser) or() (tagFilter, error) {
	left, err := p.and()
	for err == nil && p.next("or") {
		a, b := left, tagFilter(nil)
		b, err = p.and()
		left = func(tags []string) bool { return a(tags) || b(tags) }
	}
	return left, err
}

func (p *tagParser) and() (tagFilter, error) {
	left, err := p.not()
	for err == nil && p.next("and") {
		a, b := left, tagFilter(nil)
		b, err = p.not()
		left = func(tags []string) bool { return a(tags) && b(tags) }
	}
	return left, err
}

func (p *tagParser) not() (tagFilter, error) {
	if p.next("not") {
		f, err := p.not()
		return func(tags []string) bool { return !f(tags) }, err
	}
	return p.tag()
}

func (p *tagParser) tag() (tagFilter, error) {
	if p.next("(") {
		f, err := p.or()
		if err == nil && !p.next(")") {
			err = errors.New("a parenthesis is not closed")
		}
		return f, err
	}
	if len(p.words) == 0 {
		return nil, errors.New("a tag is missing at the end")
	}
	tag := p.words[0]
	if !strings.HasPrefix(tag, "@") {
		return nil, fmt.Errorf("%q stands where a tag should; tags begin with @", tag)
	}
	p.words = p.words[1:]
	return func(tags []string) bool { return slices.Contains(tags, tag) }, nil
}
