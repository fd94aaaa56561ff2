package link

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Topics of MQTT 3.1.1.
const (
	topicTwinGet    = "$iothub/twin/GET/?$rid="
	topicTwinPatch  = "$iothub/twin/PATCH/properties/reported/?$rid="
	topicTwinAnswer = "$iothub/twin/res/"
	topicDesired    = "$iothub/twin/PATCH/properties/desired/"
	topicMethod     = "$iothub/methods/POST/"
	topicResponse   = "$iothub/methods/res/"
)

// maxTopic is what MQTT's two length bytes can say. The library panics beyond.
const maxTopic = 0xffff

var errTopic = errors.New("topic of more than 65535 bytes")

func topicTelemetry(deviceID string) string { return "devices/" + deviceID + "/messages/events/" }
func topicCommand(deviceID string) string   { return "devices/" + deviceID + "/messages/devicebound/" }

// splitRequest cuts "{subject}/?{query}".
func splitRequest(s string) (subject, query string, err error) {
	subject, query, ok := strings.Cut(s, "/?")
	if !ok {
		return "", "", fmt.Errorf("%w: no /? in topic part %q", ErrProtocol, s)
	}
	return subject, query, nil
}

// queryValue is the value of a key as it stands, not decoded: a request id must
// be echoed letter by letter.
func queryValue(query, key string) (string, bool) {
	for pair := range strings.SplitSeq(query, "&") {
		if k, v, _ := strings.Cut(pair, "="); k == key {
			return v, true
		}
	}
	return "", false
}

func requestID(query string) (string, error) {
	id, ok := queryValue(query, "$rid")
	if !ok || id == "" {
		return "", fmt.Errorf("%w: no $rid in %q", ErrProtocol, query)
	}
	return id, nil
}

// queryVersion reads $version, which may be missing.
func queryVersion(query string) (int64, error) {
	v, ok := queryValue(query, "$version")
	if !ok {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: $version %q is no number", ErrProtocol, v)
	}
	return n, nil
}

// decodeCommand reads a cloud-to-device message, whose properties are in the
// topic.
func decodeCommand(bag string, body []byte) (Command, error) {
	pairs, err := decodeBag(bag)
	if err != nil {
		return Command{}, fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	c := Command{Body: body, Properties: map[string]string{}}
	for _, p := range pairs {
		switch {
		case p.key == bagMessageID:
			c.MessageID = p.value
		case p.key == bagCorrelationID:
			c.CorrelationID = p.value
		case p.key == bagContentType:
			c.ContentType = p.value
		case !slices.Contains(bagSystem, p.key):
			c.Properties[p.key] = p.value
		}
	}
	return c, nil
}
