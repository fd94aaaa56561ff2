package dps

import (
	"encoding/json"
	"strings"
	"time"
)

// stamp is a time as clients parse it: UTC with seven fractional digits.
type stamp time.Time

const stampForm = "2006-01-02T15:04:05.0000000Z"

func now() stamp { return stamp(time.Now()) }

func (t stamp) MarshalJSON() ([]byte, error) {
	return []byte(`"` + time.Time(t).UTC().Format(stampForm) + `"`), nil
}

// UnmarshalJSON also takes null and empty text for no time: clients send back what they like.
func (t *stamp) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil || s == "" {
		*t = stamp{}
		return err
	}
	parsed, err := time.Parse(time.RFC3339Nano, s)
	*t = stamp(parsed)
	return err
}

// etag is the version of a document. In JSON it is in quotes of its own.
type etag string

func (e etag) MarshalJSON() ([]byte, error) { return json.Marshal(`"` + string(e) + `"`) }

func (e *etag) UnmarshalJSON(text []byte) error {
	var s string
	err := json.Unmarshal(text, &s)
	*e = etag(unquote(s))
	return err
}

// unquote brings an etag into the form in which etags are compared: clients send them
// bare, in quotes and with escaped quotes.
func unquote(text string) string { return strings.Trim(strings.TrimSpace(text), `"\`) }

// matches compares what a client expects with the etag there is.
func (e etag) matches(ifMatch string) bool {
	ifMatch = unquote(ifMatch)
	return ifMatch == "" || ifMatch == "*" || ifMatch == string(e)
}
