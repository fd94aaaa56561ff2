package mqtt

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/mochi-mqtt/server/v2/packets"
)

const maxCorrelation = 16 // bytes of correlation data

// checkRequest judges the form of a request or response, which all travel with QoS 0
// and correlation data.
func checkRequest(pk *packets.Packet) *fault {
	switch n := len(pk.Properties.CorrelationData); {
	case pk.FixedHeader.Qos > 0:
		return statusFault(statusBadRequest, "requests and responses use QoS 0")
	case n == 0:
		return statusFault(statusBadRequest, "correlation data is missing")
	case n > maxCorrelation:
		return statusFault(statusBadRequest, "correlation data has more than 16 bytes")
	}
	return nil
}

// request handles the twin operations.
func (d *preview) request(pk *packets.Packet, r *receipt) error {
	if f := checkRequest(pk); f != nil {
		return d.refuse(r, f)
	}
	run := d.getTwin
	allowed := []string(nil)
	if pk.TopicName == topicPatchReported {
		run, allowed = d.patchReported, []string{"if-version"}
	}
	props, f := userProperties(pk.Properties.User, allowed...)
	if f != nil {
		return d.respondError(pk, f)
	}
	ctx, cancel := d.c.hubContext()
	defer cancel()
	answer, err := run(ctx, pk.Payload, props)
	if d.c.ctx.Err() != nil {
		return d.c.ctx.Err()
	}
	if err != nil {
		return d.respondError(pk, asFault(err))
	}
	return d.respond(pk, &answer)
}

func (d *preview) getTwin(ctx context.Context, _ []byte, _ map[string]string) (packets.Packet, error) {
	twin, err := d.c.link.Twin(ctx)
	return publishPacket(topicResponses, 0, twin), err
}

func (d *preview) patchReported(ctx context.Context, patch []byte, props map[string]string) (packets.Packet, error) {
	condition, err := parseCondition(props["if-version"])
	if err != nil {
		return packets.Packet{}, err
	}
	version, err := d.c.link.PatchReported(ctx, patch, condition)
	pk := publishPacket(topicResponses, 0, nil)
	pk.Properties.User = []packets.UserProperty{{Key: "version", Val: strconv.FormatInt(version, 10)}}
	return pk, err
}

// respond answers a request. Clients need not subscribe to responses.
func (d *preview) respond(request, answer *packets.Packet) error {
	answer.Properties.CorrelationData = request.Properties.CorrelationData
	return d.c.respond(answer, &subscription{})
}

func (d *preview) respondError(request *packets.Packet, f *fault) error {
	answer := publishPacket(topicResponses, 0, nil)
	answer.Properties.User = d.c.statusProperties(f)
	return d.respond(request, &answer)
}

// methodResponse hands the answer to a direct method to the hub. The API does not say
// which response-code stands for a device that answers with an error status.
func (d *preview) methodResponse(pk *packets.Packet, r *receipt) error {
	if f := checkRequest(pk); f != nil {
		return d.refuse(r, f)
	}
	props, f := userProperties(pk.Properties.User, "response-code", "status", "reason")
	if f != nil {
		return f
	}
	status := 503
	if text, ok := props["response-code"]; ok || props["status"] == "" {
		code, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return statusFault(statusBadRequest, "response-code is missing or not a number")
		}
		status = int(code)
	}
	d.c.link.MethodResponse(string(pk.Properties.CorrelationData), status, pk.Payload)
	return nil
}

// userProperties returns the user properties allowed. Application properties, marked
// by @, pass unread.
func userProperties(user []packets.UserProperty, allowed ...string) (map[string]string, *fault) {
	found := map[string]string{}
	for _, u := range user {
		if strings.HasPrefix(u.Key, "@") {
			continue
		}
		if _, twice := found[u.Key]; twice || !slices.Contains(allowed, u.Key) {
			return nil, statusFault(statusBadRequest, "user property "+strconv.Quote(u.Key)+" is not known here or given twice")
		}
		found[u.Key] = u.Val
	}
	return found, nil
}
