package hub

import (
	"fmt"
	"strconv"
	"strings"
)

// Limits of a twin's content, as Azure documents them.
const (
	maxTwinKey     = 1024
	maxTwinString  = 4096
	maxTwinDepth   = 10
	minTwinInteger = -1 << 52
	maxTwinInteger = 1<<52 - 1
	maxTags        = 8 << 10
	maxProperties  = 32 << 10
)

// check refuses keys and values that may not stand in a twin. path names n in
// errors, depth is the number of objects and arrays around it.
func (n *node) check(path string, depth int) error {
	switch n.kind {
	case jsonObject, jsonArray:
		if depth > maxTwinDepth {
			return fmt.Errorf("%s: nested deeper than %d levels", path, maxTwinDepth)
		}
		for i, item := range n.items {
			if err := item.check(fmt.Sprintf("%s[%d]", path, i), depth+1); err != nil {
				return err
			}
		}
		return n.checkFields(path, depth)
	case jsonNumber:
		return checkNumber(path, n.text)
	case jsonString:
		if len(n.text) > maxTwinString {
			return fmt.Errorf("%s: string of %d bytes, at most %d are allowed", path, len(n.text), maxTwinString)
		}
	}
	return nil
}

func (n *node) checkFields(path string, depth int) error {
	for _, key := range n.keys() {
		if err := checkKey(key); err != nil {
			return fmt.Errorf("%s: key %.40q %w", path, key, err)
		}
		if err := n.fields[key].check(path+"."+key, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func checkKey(key string) error {
	if len(key) > maxTwinKey {
		return fmt.Errorf("has %d bytes, at most %d are allowed", len(key), maxTwinKey)
	}
	if i := strings.IndexFunc(key, illegalInKey); i >= 0 {
		return fmt.Errorf("contains %q; dots, dollar signs, spaces and control characters are not allowed", []rune(key[i:])[0])
	}
	return nil
}

func illegalInKey(r rune) bool {
	return r <= ' ' || r == '.' || r == '$' || r >= 0x7f && r <= 0x9f
}

func checkNumber(path, text string) error {
	if strings.ContainsAny(text, ".eE") {
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return fmt.Errorf("%s: number %.40s is out of range", path, text)
		}
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < minTwinInteger || n > maxTwinInteger {
		return fmt.Errorf("%s: integer %.40s is outside %d … %d", path, text, int64(minTwinInteger), int64(maxTwinInteger))
	}
	return nil
}

// size counts a value the way the limits do: bytes of keys and strings, 8 for a
// number, 4 for a boolean.
func (n *node) size() int {
	switch n.kind {
	case jsonString:
		return len(n.text)
	case jsonNumber:
		return 8
	case jsonBool:
		return 4
	}
	sum := 0
	for _, item := range n.items {
		sum += item.size()
	}
	for key, field := range n.fields {
		sum += len(key) + field.size()
	}
	return sum
}

func (n *node) checkSize(path string, limit int) error {
	if size := n.size(); size > limit {
		return fmt.Errorf("%s would hold %d bytes, at most %d are allowed", path, size, limit)
	}
	return nil
}
