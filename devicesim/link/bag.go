package link

import (
	"fmt"
	"net/url"
	"strings"
)

// property is one pair of a property bag.
type property struct{ key, value string }

// encodeBag writes the property bag that MQTT 3.1.1 carries at the end of a
// topic: "k=v&k=v", percent-encoded UTF-8, in order.
func encodeBag(bag []property) string {
	var b strings.Builder
	for i, p := range bag {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(escape(p.key))
		b.WriteByte('=')
		b.WriteString(escape(p.value))
	}
	return b.String()
}

// decodeBag reads a property bag. A key without '=' (a null value) reads as
// empty; empty pairs, such as a trailing '&' leaves, are skipped.
func decodeBag(s string) ([]property, error) {
	var bag []property
	for pair := range strings.SplitSeq(s, "&") {
		if pair == "" {
			continue
		}
		k, v, _ := strings.Cut(pair, "=")
		key, err := url.PathUnescape(k) // unlike QueryUnescape it leaves '+' alone
		if err != nil {
			return nil, fmt.Errorf("decode property bag: name %q: %w", k, err)
		}
		value, err := url.PathUnescape(v)
		if err != nil {
			return nil, fmt.Errorf("decode property bag: value of %q: %w", key, err)
		}
		bag = append(bag, property{key, value})
	}
	return bag, nil
}

// escape percent-encodes everything but RFC 3986's unreserved characters. A
// space becomes %20: hubs do not read '+' as one.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
