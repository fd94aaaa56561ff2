package hub

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// section is the desired or reported half of a twin: a tree of values, each with
// the stamp of its last change, and a version that counts accepted changes.
type section struct {
	root    *node
	version int64
}

func newSection() section { return section{root: newObject(), version: 1} }

// merge applies a patch by the rules of JSON merge patch (RFC 7396): objects
// merge, everything else replaces, null removes.
func (n *node) merge(patch *node, s stamp) {
	n.stamp = s
	for key, p := range patch.fields {
		old := n.fields[key]
		switch {
		case p.kind == jsonNull:
			delete(n.fields, key)
		case p.kind == jsonObject && old != nil && old.kind == jsonObject:
			old.merge(p, s)
		default:
			n.fields[key] = p.fresh(s)
		}
	}
}

// fresh returns a copy of a patch to be put where nothing of it was: nulls fall
// away, except in arrays, which are values of their own.
func (n *node) fresh(s stamp) *node {
	if n.kind != jsonObject {
		return &node{kind: n.kind, text: n.text, items: n.items, stamp: s}
	}
	f := newObject()
	f.stamp = s
	for key, p := range n.fields {
		if p.kind != jsonNull {
			f.fields[key] = p.fresh(s)
		}
	}
	return f
}

// removal returns the patch that empties n.
func (n *node) removal() *node {
	patch := newObject()
	for key := range n.fields {
		patch.fields[key] = &node{kind: jsonNull}
	}
	return patch
}

// appendVersioned appends an object with its "$version", as devices see it.
func appendVersioned(dst []byte, n *node, version int64) []byte {
	dst = n.appendFields(append(dst, '{'))
	if len(n.fields) > 0 {
		dst = append(dst, ',')
	}
	dst = append(dst, `"$version":`...)
	return append(strconv.AppendInt(dst, version, 10), '}')
}

// appendService appends the section with its metadata, as services see it and as
// it is stored.
func (s section) appendService(dst []byte) []byte {
	dst = s.root.appendFields(append(dst, '{'))
	if len(s.root.fields) > 0 {
		dst = append(dst, ',')
	}
	dst = append(dst, `"$metadata":`...)
	dst = s.root.appendMetadata(dst)
	dst = append(dst, `,"$version":`...)
	return append(strconv.AppendInt(dst, s.version, 10), '}')
}

func (n *node) appendMetadata(dst []byte) []byte {
	dst = append(dst, `{"$lastUpdated":"`...)
	dst = append(appendTime(dst, n.stamp.at), '"')
	if n.stamp.version != 0 {
		dst = append(dst, `,"$lastUpdatedVersion":`...)
		dst = strconv.AppendInt(dst, n.stamp.version, 10)
	}
	for _, key := range n.keys() {
		dst = append(appendQuoted(append(dst, ','), key), ':')
		dst = n.fields[key].appendMetadata(dst)
	}
	return append(dst, '}')
}

// appendTime writes seven fractional digits, which .NET insists on.
func appendTime(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(dst, "0001-01-01T00:00:00Z"...)
	}
	return t.UTC().AppendFormat(dst, "2006-01-02T15:04:05.0000000Z")
}

// parseSection reads what appendService wrote.
func parseSection(text []byte) (section, error) {
	root, err := parseJSON(text)
	if err != nil {
		return section{}, err
	}
	if root.kind != jsonObject {
		return section{}, fmt.Errorf("section is %v, not an object", root.kind)
	}
	version, meta := root.fields["$version"], root.fields["$metadata"]
	if version == nil || meta == nil || meta.kind != jsonObject {
		return section{}, errors.New("section lacks $version or $metadata")
	}
	s := section{root: root}
	if s.version, err = strconv.ParseInt(version.text, 10, 64); err != nil {
		return section{}, fmt.Errorf("$version: %w", err)
	}
	for key := range root.fields {
		if strings.HasPrefix(key, "$") {
			delete(root.fields, key)
		}
	}
	return s, root.applyMetadata(meta)
}

func (n *node) applyMetadata(meta *node) (err error) {
	if at := meta.fields["$lastUpdated"]; at != nil {
		if n.stamp.at, err = time.Parse(time.RFC3339, at.text); err != nil {
			return fmt.Errorf("$lastUpdated: %w", err)
		}
	}
	if v := meta.fields["$lastUpdatedVersion"]; v != nil {
		if n.stamp.version, err = strconv.ParseInt(v.text, 10, 64); err != nil {
			return fmt.Errorf("$lastUpdatedVersion: %w", err)
		}
	}
	for key, field := range n.fields {
		if m := meta.fields[key]; m != nil {
			if err := field.applyMetadata(m); err != nil {
				return err
			}
		}
	}
	return nil
}
