package mqtt

import "iter"

// Connections counts clients that have been let in, by protocol: "mqtt 3.1.1" and "mqtt 5",
// with "over websocket" where a connection says so by a method OverWebSocket.
func (f *Front) Connections() map[string]int {
	n := map[string]int{}
	for _, c := range f.connections() {
		if name := c.protocol(); name != "" {
			n[name]++
		}
	}
	return n
}

// protocol is empty before CONNECT was answered.
func (c *conn) protocol() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ready {
		return ""
	}
	name := "mqtt 3.1.1"
	if c.version == 5 {
		name = "mqtt 5"
	}
	if _, ok := c.net.(interface{ OverWebSocket() }); ok {
		name += " over websocket"
	}
	return name
}

// Refusals yields how many clients were not let in, by reason.
func (f *Front) Refusals() iter.Seq2[string, uint64] { return f.refusals.All() }

// reason is a refusal of a CONNECT in a few words, of which there are not many.
func (f *fault) reason() string {
	switch f.code {
	case codeNotAuthorized, codeBadUserName, codeBadAuthenticationMethod:
		return "not authorized"
	case codeServerUnavailable, codeShuttingDown:
		return "unavailable"
	case codeClientIDInvalid:
		return "client id"
	case codeUnsupportedVersion:
		return "protocol version"
	case codeQuotaExceeded:
		return "quota"
	case codeSuccess, codeUnspecified:
		return "other"
	}
	return "protocol error"
}
