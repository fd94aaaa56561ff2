package hub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// node is a JSON value of a twin. Numbers keep the text they came with, so that
// no digit is lost on the way through the hub.
type node struct {
	kind   jsonKind
	text   string           // a string's value, or a number, true or false as written
	items  []*node          // of an array
	fields map[string]*node // of an object
	stamp  stamp
}

type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

func (k jsonKind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}[k]
}

// stamp says when a value was last set, and by which version of desired.
type stamp struct {
	at      time.Time
	version int64 // 0 in reported properties, whose metadata show none
}

func newObject() *node { return &node{kind: jsonObject, fields: map[string]*node{}} }

// parseJSON parses a document and says where it is wrong.
func parseJSON(text []byte) (*node, error) {
	var raw json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, errors.New(place(text, syntax.Offset) + ": " + err.Error())
		}
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, errors.New(place(text, int64(invalidUTF8(text))) + ": not UTF-8")
	}
	p := jsonParser{text: text, dec: json.NewDecoder(bytes.NewReader(text))}
	p.dec.UseNumber()
	return p.value()
}

type jsonParser struct {
	text []byte
	dec  *json.Decoder
}

func (p *jsonParser) value() (*node, error) {
	token, err := p.dec.Token()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", place(p.text, p.dec.InputOffset()), err)
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return p.object()
		}
		return p.array()
	case string:
		return &node{kind: jsonString, text: t}, nil
	case json.Number:
		return &node{kind: jsonNumber, text: t.String()}, nil
	case bool:
		return &node{kind: jsonBool, text: fmt.Sprint(t)}, nil
	}
	return &node{kind: jsonNull}, nil
}

func (p *jsonParser) object() (*node, error) {
	n := newObject()
	for p.dec.More() {
		token, err := p.dec.Token()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place(p.text, p.dec.InputOffset()), err)
		}
		key := token.(string) // the document is known to be well-formed
		if _, ok := n.fields[key]; ok {
			return nil, fmt.Errorf("%s: key %q is given twice", place(p.text, p.dec.InputOffset()), key)
		}
		if n.fields[key], err = p.value(); err != nil {
			return nil, err
		}
	}
	_, err := p.dec.Token()
	return n, err
}

func (p *jsonParser) array() (*node, error) {
	n := &node{kind: jsonArray}
	for p.dec.More() {
		item, err := p.value()
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, err := p.dec.Token()
	return n, err
}

// place renders an offset behind the offending byte for people.
func place(text []byte, offset int64) string {
	before := text[:max(0, min(int(offset)-1, len(text)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf("line %d, column %d", line, column)
}

// invalidUTF8 returns the offset behind the first byte that is not UTF-8.
func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i + 1
		}
		i += size
	}
	return len(text)
}

// appendJSON appends n as compact JSON, object keys in sorted order.
func (n *node) appendJSON(dst []byte) []byte {
	switch n.kind {
	case jsonNull:
		return append(dst, "null"...)
	case jsonString:
		return appendQuoted(dst, n.text)
	case jsonArray:
		dst = append(dst, '[')
		for i, item := range n.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.appendJSON(dst)
		}
		return append(dst, ']')
	case jsonObject:
		dst = append(dst, '{')
		return append(n.appendFields(dst), '}')
	}
	return append(dst, n.text...)
}

func (n *node) keys() []string { return slices.Sorted(maps.Keys(n.fields)) }

// appendFields appends the members of an object without the braces.
func (n *node) appendFields(dst []byte) []byte {
	for i, key := range n.keys() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendQuoted(dst, key), ':')
		dst = n.fields[key].appendJSON(dst)
	}
	return dst
}

func appendQuoted(dst []byte, s string) []byte {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == utf8.RuneError }) {
		return append(append(append(dst, '"'), s...), '"')
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}
