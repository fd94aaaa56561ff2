package mqtt

import (
	"strconv"
	"strings"

	"twinrig/hub"
)

// operation is what an MQTT 3.1.1 client asks for by publishing to a topic.
type operation byte

const (
	opUnknown operation = iota
	opTelemetry
	opTwinGet
	opTwinPatch
	opMethodResponse
)

// request is a parsed MQTT 3.1.1 topic.
type request struct {
	op      operation
	bag     string // of telemetry, undecoded
	rid     string // as it came: the answer repeats it byte for byte
	version string // condition of a patch; empty = none
	status  int    // of a method response
}

// topicBase begins the topics that are named after the device or module.
func topicBase(id string) string {
	device, module := hub.SplitIdentity(id)
	if module == "" {
		return "devices/" + device
	}
	return "devices/" + device + "/modules/" + module
}

// parseTopic reads a topic that a client publishes to. An operation of opUnknown means
// that the topic is not one of its own.
func parseTopic(base, topic string) request {
	if rest, ok := strings.CutPrefix(topic, base+"/messages/events"); ok {
		return parseTelemetry(rest)
	}
	path, query, ok := strings.Cut(topic, "/?")
	if !ok {
		return request{}
	}
	r := request{}
	switch {
	case path == "$iothub/twin/GET":
		r.op = opTwinGet
	case path == "$iothub/twin/PATCH/properties/reported":
		r.op = opTwinPatch
	case strings.HasPrefix(path, "$iothub/methods/res/"):
		status, err := strconv.Atoi(strings.TrimPrefix(path, "$iothub/methods/res/"))
		if err != nil {
			return request{}
		}
		r.op, r.status = opMethodResponse, status
	default:
		return request{}
	}
	return r.parseQuery(query)
}

func (r request) parseQuery(query string) request {
	found := false
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		switch key {
		case "$rid", "%24rid":
			r.rid, found = value, true
		case "$version", "%24version":
			r.version = value
		}
	}
	if !found {
		return request{}
	}
	return r
}

func parseTelemetry(rest string) request {
	if rest == "" {
		return request{op: opTelemetry}
	}
	bag, ok := strings.CutPrefix(rest, "/")
	if !ok {
		return request{}
	}
	return request{op: opTelemetry, bag: strings.TrimSuffix(bag, "/")}
}
