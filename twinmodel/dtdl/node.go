package dtdl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// Bounds of what is read. maxText is version 3's limit on an interface.
const (
	maxText  = 1 << 20
	maxDepth = 64
)

// node is a JSON value that knows where it stands.
type node struct {
	path    string
	value   any // string, json.Number, bool or nil; else one of:
	members []member
	items   []*node
	object  bool
	array   bool
}

type member struct {
	name string
	node *node
}

func (n *node) member(name string) *node {
	for _, m := range n.members {
		if m.name == name {
			return m.node
		}
	}
	return nil
}

// text is a string's content.
func (n *node) text() (string, bool) {
	s, ok := n.value.(string)
	return s, ok
}

func (n *node) kind() string {
	switch n.value.(type) {
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case bool:
		return "a boolean"
	}
	switch {
	case n.object:
		return "an object"
	case n.array:
		return "an array"
	}
	return "null"
}

// list is an array's items, or a single value as a list of one.
func (n *node) list() []*node {
	if n.array {
		return n.items
	}
	return []*node{n}
}

// readJSON reads one JSON text. Unlike encoding/json it refuses names that occur
// twice in an object.
func readJSON(text []byte) (*node, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("text of %d bytes; at most %d are read", len(text), maxText)
	}
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8 text")
	}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	dec.UseNumber()
	n, err := readNode(dec, "$", 0)
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", 1+bytes.Count(text[:min(int(dec.InputOffset()), len(text))], []byte("\n")), err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("text after the end of the JSON value")
	}
	return n, nil
}

func readNode(dec *json.Decoder, path string, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%s: nested deeper than %d", path, maxDepth)
	}
	token, err := dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	n := &node{path: path}
	switch token {
	case json.Delim('{'):
		n.object = true
		err = n.readMembers(dec, depth)
	case json.Delim('['):
		n.array = true
		err = n.readItems(dec, depth)
	default:
		n.value = token
	}
	return n, err
}

func (n *node) readMembers(dec *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if seen[name] {
			return fmt.Errorf("%s: %q occurs twice", n.path, name)
		}
		seen[name] = true
		child, err := readNode(dec, n.path+step(name), depth+1)
		if err != nil {
			return err
		}
		n.members = append(n.members, member{name, child})
	}
	_, err := dec.Token()
	return err
}

// step is a member's part of a JSON path.
func step(name string) string {
	if nameSyntax.MatchString(name) {
		return "." + name
	}
	return "['" + name + "']"
}

func (n *node) readItems(dec *json.Decoder, depth int) error {
	for dec.More() {
		child, err := readNode(dec, n.path+"["+strconv.Itoa(len(n.items))+"]", depth+1)
		if err != nil {
			return err
		}
		n.items = append(n.items, child)
	}
	_, err := dec.Token()
	return err
}
