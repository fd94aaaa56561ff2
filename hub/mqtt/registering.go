package mqtt

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// Topics of the provisioning API.
const (
	topicRegister          = "$dps/registrations/PUT/iotdps-register"
	topicRegistration      = "$dps/registrations/GET/iotdps-get-operationstatus"
	topicRegistrationReply = "$dps/registrations/res/"
)

var registrationID = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,128}$`)

// parseRegistrant reads the user name of a device that asks for its hub:
// {idScope}/registrations/{registrationId}/api-version=V[&ClientVersion=…]. Its form tells
// it from the user names of devices that have their hub.
func parseRegistrant(text string) (hub.Registrant, bool) {
	parts := strings.SplitN(text, "/", 4)
	if len(parts) != 4 || !strings.EqualFold(parts[1], "registrations") || !strings.HasPrefix(parts[3], "api-version=") {
		return hub.Registrant{}, false
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(parts[3], "api-version="), "&")
	return hub.Registrant{Scope: parts[0], ID: parts[2], APIVersion: version}, true
}

// openRegistration lets a device in that asks for its hub. It has no session, and the hub
// knows nothing of its connection.
func (c *conn) openRegistration(ctx context.Context, pk *packets.Packet, r hub.Registrant) error {
	switch {
	case c.front.cfg.Provisioner == nil:
		return faultf(codeNotAuthorized, "there is no provisioning service here")
	case !apiVersion.MatchString(r.APIVersion):
		return faultf(codeBadUserName, "user name has api-version %q; YYYY-MM-DD is expected", r.APIVersion)
	case !registrationID.MatchString(r.ID) || !strings.EqualFold(r.ID, pk.Connect.ClientIdentifier):
		return faultf(codeClientIDInvalid, "client identifier is not the registration id of the user name")
	}
	c.device = r.ID
	if len(pk.Connect.Password) > 0 {
		r.Credential.Token = string(pk.Connect.Password)
	} else {
		r.Credential.Certificates = c.certificates()
	}
	c.dialect = &registering{c, r}
	expires, err := c.front.cfg.Provisioner.AuthenticateRegistrant(ctx, r)
	if err != nil {
		return connectFault(err)
	}
	c.grant = hub.Grant{Expires: expires}
	c.limits(pk)
	c.mu.Lock()
	c.sessionExpiry = 0
	c.mu.Unlock()
	c.welcome(pk, kept{}, false)
	return nil
}

// registering is the API of the provisioning service.
type registering struct {
	c *conn
	r hub.Registrant
}

func (d *registering) publish(pk *packets.Packet, r *receipt) error {
	topic, query, _ := strings.Cut(pk.TopicName, "/?")
	q := parseRegistrationQuery(query)
	if topic != topicRegister && topic != topicRegistration || q.rid == "" {
		return faultf(codeTopicNameInvalid, "topic %q is not one of the provisioning API", pk.TopicName)
	}
	d.c.settle(r, nil) // some clients go by the reply to come after the PUBACK
	ctx, cancel := d.c.hubContext()
	defer cancel()
	if topic == topicRegister {
		who := d.r
		who.Force = q.force
		return d.reply(q.rid, d.c.front.cfg.Provisioner.Register(ctx, who, pk.Payload))
	}
	return d.reply(q.rid, d.c.front.cfg.Provisioner.Operation(ctx, d.r, q.operation))
}

// registrationQuery is what stands behind the question mark of a topic.
type registrationQuery struct {
	rid       string // as it came: the answer repeats it byte for byte
	operation string
	force     bool
}

func parseRegistrationQuery(query string) (q registrationQuery) {
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		switch key {
		case "$rid", "%24rid":
			q.rid = value
		case "operationId":
			q.operation = value
		case "forceRegistration":
			q.force = strings.EqualFold(value, "true")
		}
	}
	return q
}

// reply publishes to a client that listens for replies. The order of the topic's parts,
// and that there is one dollar sign behind the question mark, is what clients rely on.
func (d *registering) reply(rid string, a hub.ProvisioningReply) error {
	topic := fmt.Sprintf("%s%d/?$rid=%s", topicRegistrationReply, a.Status, rid)
	if a.RetryAfter > 0 {
		topic += "&retry-after=" + strconv.Itoa(int(a.RetryAfter/time.Second))
	}
	pk := publishPacket(topic, 1, a.Body)
	return d.c.respond(&pk, nil)
}

func (d *registering) grant(filter string) (subscription, byte) {
	if filter == topicRegistrationReply+"#" {
		return subscription{channel: channelResponses}, 0
	}
	return subscription{}, codeUnspecified
}

func (d *registering) refusal(err error) *fault {
	return faultf(codeUnspecified, "telemetry not stored: %v", err)
}

// What a hub sends to its devices never comes to one that has none.

func (d *registering) method(hub.MethodRequest) (packets.Packet, error) {
	return packets.Packet{}, hub.ErrNotSubscribed
}

func (d *registering) desired(int64, []byte) packets.Packet { return packets.Packet{} }

func (d *registering) command(hub.LockedCommand) packets.Packet { return packets.Packet{} }
