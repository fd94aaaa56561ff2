package store

import (
	"fmt"
	"net/url"
	"strings"
)

// Subjects of the store's streams.
const (
	documentSubjects = "twinrig.document."
	commandSubjects  = "twinrig.command."
	noticeSubjects   = "twinrig.notice."
	eventSubjects    = "twinrig.events."
)

// subject turns a key whose segments are parted by "/" into a subject. What has a
// meaning in subjects, and blanks, is percent-encoded.
func subject(prefix, key string) (string, error) {
	var b strings.Builder
	b.WriteString(prefix)
	for i, segment := range strings.Split(key, "/") {
		if segment == "" {
			return "", fmt.Errorf("key %q has an empty segment", key)
		}
		if i > 0 {
			b.WriteByte('.')
		}
		for _, c := range []byte(segment) {
			if c <= ' ' || c >= 0x7f || strings.IndexByte("%.*>", c) >= 0 {
				fmt.Fprintf(&b, "%%%02X", c)
			} else {
				b.WriteByte(c)
			}
		}
	}
	return b.String(), nil
}

// key is the inverse of subject.
func key(prefix, subject string) (string, error) {
	return url.PathUnescape(strings.ReplaceAll(strings.TrimPrefix(subject, prefix), ".", "/"))
}
