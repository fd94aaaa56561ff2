package auth

import (
	"net"
	"net/url"
	"slices"
	"strings"
)

// covers says whether a token for resource sr (as received) is good for path on
// one of hosts. Some SDKs encode not at all and some twice, so the text is
// compared raw, decoded once and decoded twice.
func covers(sr, path string, hosts []string) bool {
	for range 3 {
		if coversPlain(sr, path, hosts) {
			return true
		}
		decoded, err := url.PathUnescape(sr)
		if err != nil {
			return false
		}
		sr = decoded
	}
	return false
}

func coversPlain(resource, path string, hosts []string) bool {
	if _, rest, ok := strings.Cut(resource, "://"); ok {
		resource = rest
	}
	host, prefix, _ := strings.Cut(resource, "/")
	if !knownHost(host, hosts) {
		return false
	}
	prefix = strings.Trim(prefix, "/")
	return prefix == "" || path == prefix || strings.HasPrefix(path, prefix+"/")
}

func knownHost(host string, hosts []string) bool {
	host = bareHost(host)
	return slices.ContainsFunc(hosts, func(h string) bool {
		return strings.EqualFold(bareHost(h), host)
	})
}

// bareHost drops a port and the brackets of an IPv6 address.
func bareHost(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}
