package mqtt

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// username is what an MQTT 3.1.1 client says of itself in the user name.
type username struct {
	host       string
	device     string
	module     string
	apiVersion string
	modelID    string
}

var apiVersion = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(-preview)?$`)

// parseUsername reads {host}/{device}[/{module}]/?api-version=V[&model-id=M][&…]. Some
// clients leave the question mark out.
func parseUsername(text string) (username, error) {
	path, query, ok := strings.Cut(text, "/?")
	if !ok {
		i := strings.LastIndex(text, "/api-version=")
		if i < 0 {
			return username{}, errors.New("user name has no api-version; {host}/{device}/?api-version={version} is expected")
		}
		path, query = text[:i], text[i+1:]
	}
	parts := strings.Split(path, "/")
	if len(parts) != 2 && len(parts) != 3 {
		return username{}, errors.New("user name does not begin with {host}/{device}")
	}
	for _, part := range parts {
		if part == "" {
			return username{}, errors.New("user name has an empty host, device or module")
		}
	}
	u := username{host: parts[0], device: parts[1]}
	if len(parts) == 3 {
		u.module = parts[2]
	}
	return u, u.parseQuery(query)
}

func (u *username) parseQuery(query string) error {
	for pair := range strings.SplitSeq(query, "&") {
		key, raw, _ := strings.Cut(pair, "=")
		switch key {
		case "api-version":
			u.apiVersion = raw
		case "model-id":
			value, err := url.PathUnescape(raw)
			if err != nil {
				return fmt.Errorf("model-id in the user name: %w", err)
			}
			u.modelID = value
		}
	}
	if !apiVersion.MatchString(u.apiVersion) {
		return fmt.Errorf("user name has api-version %q; YYYY-MM-DD is expected", u.apiVersion)
	}
	return nil
}

// clientID returns the client identifier that belongs to the user name.
func (u username) clientID() string {
	if u.module == "" {
		return u.device
	}
	return u.device + "/" + u.module
}
