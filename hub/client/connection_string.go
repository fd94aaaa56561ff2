package client

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// identity is what a service connection string says.
type identity struct {
	host   string // with a port when it is not the scheme's own
	policy string
	key    []byte
}

// parseConnectionString reads HostName=…;SharedAccessKeyName=…;SharedAccessKey=….
// Its errors do not repeat values: one of them is a key.
func parseConnectionString(text string) (identity, error) {
	fields := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return identity{}, errors.New("parse connection string: want name=value pairs parted by semicolons")
		}
		fields[strings.ToLower(key)] = value
	}
	if fields["deviceid"] != "" {
		return identity{}, errors.New("parse connection string: this is a device's; a service needs one with SharedAccessKeyName")
	}
	for _, name := range []string{"HostName", "SharedAccessKeyName", "SharedAccessKey"} {
		if fields[strings.ToLower(name)] == "" {
			return identity{}, fmt.Errorf("parse connection string: %s is missing", name)
		}
	}
	key, err := base64.StdEncoding.DecodeString(fields["sharedaccesskey"])
	if err != nil {
		return identity{}, errors.New("parse connection string: SharedAccessKey is not base64")
	}
	host := fields["hostname"]
	if strings.ContainsAny(host, "/?#@ ") {
		return identity{}, errors.New("parse connection string: HostName is a name or address, with a port if need be, not a URL")
	}
	return identity{host: host, policy: fields["sharedaccesskeyname"], key: key}, nil
}
