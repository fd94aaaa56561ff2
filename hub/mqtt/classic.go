package mqtt

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// Topics of the MQTT 3.1.1 API.
const (
	topicTwinResponse  = "$iothub/twin/res/"
	topicDesired       = "$iothub/twin/PATCH/properties/desired/"
	topicMethodRequest = "$iothub/methods/POST/"
)

// classic is the device API for MQTT 3.1.1.
type classic struct{ c *conn }

func (d *classic) publish(pk *packets.Packet, r *receipt) error {
	c := d.c
	q := parseTopic(topicBase(c.device), pk.TopicName)
	if q.op == opTelemetry {
		m, err := telemetry311(q.bag, pk.Payload, pk.FixedHeader.Retain)
		if err != nil {
			return faultf(codeTopicNameInvalid, "telemetry topic: %v", err)
		}
		return c.store(m, r)
	}
	if q.op == opUnknown {
		return faultf(codeTopicNameInvalid, "topic %q is not one of %s", pk.TopicName, c.device)
	}
	c.settle(r, nil)
	switch q.op {
	case opTwinGet:
		return d.getTwin(q)
	case opTwinPatch:
		return d.patchTwin(q, pk.Payload)
	default:
		c.link.MethodResponse(q.rid, q.status, pk.Payload)
		return nil
	}
}

// telemetry311 makes a message of a publish to the telemetry topic.
func telemetry311(bag string, payload []byte, retain bool) (hub.Message, error) {
	m := hub.Message{Body: payload}
	var err error
	if m.System, m.Properties, err = parseBag(bag); err != nil {
		return m, err
	}
	if retain {
		m.Properties = append(m.Properties, hub.Property{Key: "mqtt-retain", Value: "true"})
	}
	return m, nil
}

func (d *classic) getTwin(q request) error {
	ctx, cancel := d.c.hubContext()
	defer cancel()
	twin, err := d.c.link.Twin(ctx)
	if err != nil {
		return d.respondError(q, err)
	}
	return d.respond("200/?$rid="+q.rid, twin)
}

func (d *classic) patchTwin(q request, patch []byte) error {
	condition, err := parseCondition(q.version)
	if err != nil {
		return d.respondError(q, err)
	}
	ctx, cancel := d.c.hubContext()
	defer cancel()
	version, err := d.c.link.PatchReported(ctx, patch, condition)
	if err != nil {
		return d.respondError(q, err)
	}
	return d.respond("204/?$rid="+q.rid+"&$version="+strconv.FormatInt(version, 10), nil)
}

// parseCondition reads the version that a conditional patch expects.
func parseCondition(text string) (*int64, error) {
	if text == "" {
		return nil, nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < 0 {
		return nil, &hub.Error{Code: 400004, Name: "ArgumentInvalid", Message: fmt.Sprintf("Version %q is not a number.", text)}
	}
	return &v, nil
}

// respondError answers a twin request that failed. Clients read three digits of status
// and, some of them, the JSON.
func (d *classic) respondError(q request, err error) error {
	if d.c.ctx.Err() != nil {
		return d.c.ctx.Err()
	}
	code := errorCode(err)
	body, err := json.Marshal(struct {
		Code     int    `json:"errorCode"`
		Tracking string `json:"trackingId"`
		Message  string `json:"message"`
	}{code, d.c.trace(err), publicText(err)})
	if err != nil {
		return fmt.Errorf("write error of twin request: %w", err)
	}
	return d.respond(fmt.Sprintf("%03d/?$rid=%s", code/1000, q.rid), body)
}

// errorCode returns the six digits of an error.
func errorCode(err error) int {
	switch e, _ := asHubError(err); {
	case e != nil:
		return e.Code
	case statusOf(err) == statusServerBusy:
		return 503001
	case statusOf(err) == statusTimeout:
		return 504001
	}
	return 500001
}

// respond publishes to a client that listens for twin responses.
func (d *classic) respond(topic string, payload []byte) error {
	pk := publishPacket(topicTwinResponse+topic, 1, payload)
	return d.c.respond(&pk, nil)
}

// publishPacket returns a PUBLISH of at most the QoS given.
func publishPacket(topic string, qos byte, payload []byte) packets.Packet {
	return packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: qos}, TopicName: topic, Payload: payload}
}

func (d *classic) grant(filter string) (subscription, byte) {
	if d.bringsCommands(filter) {
		return subscription{channel: channelCommands}, 0
	}
	switch filter {
	case topicTwinResponse + "#":
		return subscription{channel: channelResponses}, 0
	case topicDesired + "#":
		return subscription{channel: channelDesired}, 0
	case topicMethodRequest + "#":
		return subscription{channel: channelMethods}, 0
	}
	if name, ok := strings.CutPrefix(filter, topicMethodRequest); ok {
		if name, ok = strings.CutSuffix(name, "/#"); ok && name != "" && !strings.ContainsAny(name, "/+") {
			return subscription{channel: channelMethods, method: name}, 0
		}
	}
	return subscription{}, codeUnspecified
}

// bringsCommands judges the filters for cloud-to-device messages: a device's own, or the
// inputs of a module. A "+" in the place of the device is the device itself.
func (d *classic) bringsCommands(filter string) bool {
	base := topicBase(d.c.device)
	if strings.Contains(d.c.device, "/") {
		return filter == base+"/inputs/#" || filter == base+"/#"
	}
	return filter == base+"/messages/devicebound/#" || filter == "devices/+/messages/devicebound/#"
}

func (d *classic) refusal(err error) *fault {
	return faultf(codeUnspecified, "telemetry not stored: %v", err)
}

func (d *classic) method(r hub.MethodRequest) (packets.Packet, error) {
	if err := checkMethodName(r.Name); err != nil {
		return packets.Packet{}, err
	}
	return publishPacket(topicMethodRequest+r.Name+"/?$rid="+r.ID, 1, r.Payload), nil
}

// checkMethodName refuses names that cannot be part of a topic.
func checkMethodName(name string) error {
	if strings.ContainsAny(name, "/+#\x00") {
		return fmt.Errorf("method name %q has one of / + # and cannot be sent over MQTT", name)
	}
	return nil
}

func (d *classic) desired(version int64, patch []byte) packets.Packet {
	return publishPacket(topicDesired+"?$version="+strconv.FormatInt(version, 10), 1, patch)
}

func (d *classic) command(k hub.LockedCommand) packets.Packet {
	topic := topicBase(d.c.device) + "/messages/devicebound/"
	if k.System.InputName != "" {
		topic = topicBase(d.c.device) + "/inputs/" + k.System.InputName + "/"
	}
	return publishPacket(topic+commandBag(k.Message), 1, k.Body)
}
