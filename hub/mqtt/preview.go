package mqtt

import (
	"strconv"
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// Topics of the MQTT 5 preview API.
const (
	topicTelemetry     = "$iothub/telemetry"
	topicTwinGet       = "$iothub/twin/get"
	topicPatchReported = "$iothub/twin/patch/reported"
	topicPatchDesired  = "$iothub/twin/patch/desired"
	topicCommands      = "$iothub/commands"
	topicMethods       = "$iothub/methods/"
	topicResponses     = "$iothub/responses"
)

// preview is the device API for MQTT 5, api-version 2020-10-01-preview.
type preview struct{ c *conn }

func (d *preview) publish(pk *packets.Packet, r *receipt) error {
	switch pk.TopicName {
	case topicTelemetry:
		m, err := telemetry5(&pk.Properties, pk.Payload)
		if err != nil {
			return d.refuse(r, asFault(err))
		}
		return d.c.store(m, r)
	case topicTwinGet, topicPatchReported:
		return d.request(pk, r)
	case topicResponses:
		return d.methodResponse(pk, r)
	}
	f := statusFault(statusNotFound, "topic "+strconv.Quote(pk.TopicName)+" does not exist")
	switch {
	case r != nil:
		d.c.settle(r, f)
		return nil
	case len(pk.Properties.CorrelationData) > 0:
		return d.respondError(pk, f)
	}
	f.code = codeTopicNameInvalid
	return f
}

// refuse answers a publish that is not understood: by PUBACK or, where there is none, by
// DISCONNECT.
func (d *preview) refuse(r *receipt, f *fault) error {
	if r == nil {
		return f
	}
	d.c.settle(r, f)
	return nil
}

func (d *preview) refusal(err error) *fault { return asFault(err) }

func (d *preview) grant(filter string) (subscription, byte) {
	switch filter {
	case topicCommands:
		return subscription{channel: channelCommands}, 0
	case topicPatchDesired:
		return subscription{channel: channelDesired}, 0
	case topicResponses: // implied; asking for it does no harm
		return subscription{channel: channelResponses}, 0
	case topicMethods + "+":
		return subscription{channel: channelMethods}, 0
	}
	if name, ok := strings.CutPrefix(filter, topicMethods); ok && name != "" && !strings.ContainsAny(name, "/#+") {
		return subscription{channel: channelMethods, method: name}, 0
	}
	if strings.ContainsAny(filter, "#+") {
		return subscription{}, codeWildcardNotSupported
	}
	return subscription{}, codeTopicFilterInvalid
}

func (d *preview) method(r hub.MethodRequest) (packets.Packet, error) {
	if err := checkMethodName(r.Name); err != nil {
		return packets.Packet{}, err
	}
	pk := publishPacket(topicMethods+r.Name, 0, r.Payload)
	pk.Properties.CorrelationData = []byte(r.ID)
	return pk, nil
}

func (d *preview) desired(version int64, patch []byte) packets.Packet {
	pk := publishPacket(topicPatchDesired, 1, patch)
	pk.Properties.User = []packets.UserProperty{{Key: "version", Val: strconv.FormatInt(version, 10)}}
	return pk
}

func (d *preview) command(k hub.LockedCommand) packets.Packet {
	pk := publishPacket(topicCommands, 1, k.Body)
	pk.Properties.ContentType = k.System.ContentType
	add := func(key, value string) {
		if value != "" {
			pk.Properties.User = append(pk.Properties.User, packets.UserProperty{Key: key, Val: value})
		}
	}
	add("sequence-no", strconv.FormatUint(k.Sequence, 10))
	add("enqueued-time", millis(k.Enqueued))
	add("delivery-count", strconv.Itoa(k.DeliveryCount))
	if created, err := time.Parse(time.RFC3339, k.System.CreationTime); err == nil {
		add("creation-time", millis(created))
	}
	add("message-id", k.System.MessageID)
	add("user-id", k.System.UserID)
	add("correlation-id", k.System.CorrelationID)
	add("content-encoding", k.System.ContentEncoding)
	for _, p := range k.Properties {
		pk.Properties.User = append(pk.Properties.User, packets.UserProperty{Key: "@" + p.Key, Val: p.Value})
	}
	return pk
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
