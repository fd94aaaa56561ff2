package mqtt

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// hello is what a CONNECT says, in either dialect.
type hello struct {
	host       string // the hub the client wants, perhaps with a port
	modelID    string
	credential hub.Credential
	will       *hub.Message
}

// tlsState returns the TLS side of a connection, also through a WebSocket that passes
// it on; nil without TLS.
func (c *conn) tlsState() *tls.ConnectionState {
	t, ok := c.net.(interface{ ConnectionState() tls.ConnectionState })
	if !ok {
		return nil
	}
	state := t.ConnectionState()
	return &state
}

func (c *conn) certificates() []*x509.Certificate {
	if state := c.tlsState(); state != nil {
		return state.PeerCertificates
	}
	return nil
}

// checkClientID judges a client identifier without regard to the dialect.
func checkClientID(id string) *fault {
	if err := hub.CheckIdentity(id); err != nil {
		return faultf(codeClientIDInvalid, "client identifier is neither {device} nor {device}/{module}: %v", err)
	}
	return nil
}

// hello311 reads the CONNECT of an MQTT 3.1.1 client.
func (c *conn) hello311(pk *packets.Packet) (hello, *fault) {
	u, err := parseUsername(string(pk.Connect.Username))
	if err != nil {
		return hello{}, faultf(codeBadUserName, "%v", err)
	}
	if u.clientID() != pk.Connect.ClientIdentifier {
		return hello{}, faultf(codeClientIDInvalid, "client identifier is not the device of the user name")
	}
	h := hello{host: u.host, modelID: u.modelID}
	if len(pk.Connect.Password) > 0 {
		h.credential.Token = string(pk.Connect.Password)
	} else {
		h.credential.Certificates = c.certificates()
	}
	return h, h.will311(pk)
}

func (h *hello) will311(pk *packets.Packet) *fault {
	if !pk.Connect.WillFlag {
		return nil
	}
	if pk.Connect.WillQos == 2 {
		return faultf(codeQoSNotSupported, "QoS 2 is not offered")
	}
	r := parseTopic(topicBase(pk.Connect.ClientIdentifier), pk.Connect.WillTopic)
	if r.op != opTelemetry {
		return faultf(codeTopicNameInvalid, "will topic is not the telemetry topic of the device")
	}
	m, err := telemetry311(r.bag, pk.Connect.WillPayload, pk.Connect.WillRetain)
	if err != nil {
		return faultf(codeTopicNameInvalid, "will topic: %v", err)
	}
	h.will = asWill(m)
	return nil
}

func asWill(m hub.Message) *hub.Message {
	m.Properties = append(m.Properties, hub.Property{Key: "iothub-MessageType", Value: "Will"})
	return &m
}

// clientProperties of an MQTT 5 CONNECT.
type clientProperties struct {
	apiVersion, host, policy, at, expiry, modelID string
}

// parseClientProperties reads the user properties of a CONNECT. model-id is not in the
// preview API, which offers no other way to announce a Plug and Play model.
func parseClientProperties(user []packets.UserProperty) (p clientProperties, f *fault) {
	known := map[string]*string{
		"api-version": &p.apiVersion, "host": &p.host, "sas-policy": &p.policy, "sas-at": &p.at,
		"sas-expiry": &p.expiry, "model-id": &p.modelID, "client-agent": new(string),
	}
	for _, u := range user {
		field, ok := known[u.Key]
		if !ok && !strings.HasPrefix(u.Key, "@") {
			return p, statusFault(statusBadRequest, "user property "+u.Key+" is not known or given twice")
		}
		if ok {
			*field = u.Val
			delete(known, u.Key)
		}
	}
	return p, nil
}

// hello5 reads the CONNECT of an MQTT 5 client.
func (c *conn) hello5(pk *packets.Packet) (hello, *fault) {
	p, f := parseClientProperties(pk.Properties.User)
	if f != nil {
		return hello{}, f
	}
	if !apiVersion.MatchString(p.apiVersion) {
		return hello{}, statusFault(statusBadRequest, "user property api-version is missing or not YYYY-MM-DD-preview")
	}
	h := hello{modelID: p.modelID}
	if state := c.tlsState(); p.host == "" && state != nil {
		p.host = state.ServerName
	}
	h.host = p.host
	c.signed = signed{pk.Properties.AuthenticationMethod, p.host}
	if h.credential, f = c.credential5(p, &pk.Properties); f != nil {
		return hello{}, f
	}
	return h, h.will5(pk)
}

func (c *conn) credential5(p clientProperties, props *packets.Properties) (hub.Credential, *fault) {
	switch props.AuthenticationMethod {
	case "":
		return hub.Credential{}, statusFault(statusBadRequest, "authentication method is missing; SAS or X509 is expected")
	case "X509":
		return hub.Credential{Certificates: c.certificates()}, nil
	case "SAS":
	default:
		return hub.Credential{}, faultf(codeBadAuthenticationMethod, "authentication method is neither SAS nor X509")
	}
	switch {
	case p.host == "":
		return hub.Credential{}, statusFault(statusBadRequest, "user property host is missing")
	case p.expiry == "":
		return hub.Credential{}, statusFault(statusBadRequest, "user property sas-expiry is missing")
	}
	return hub.Credential{Signed: &hub.SignedConnect{
		Host: p.host, ClientID: c.device, Policy: p.policy, At: p.at, Expiry: p.expiry, Signature: props.AuthenticationData,
	}}, nil
}

func (h *hello) will5(pk *packets.Packet) *fault {
	w := &pk.Connect
	switch {
	case !w.WillFlag:
		return nil
	case w.WillQos == 2:
		return faultf(codeQoSNotSupported, "QoS 2 is not offered")
	case w.WillRetain:
		return faultf(codeRetainNotSupported, "RETAIN is not offered")
	case w.WillTopic != topicTelemetry:
		return faultf(codeTopicNameInvalid, "will topic is not %s", topicTelemetry)
	case w.WillProperties.WillDelayInterval > 0:
		return statusFault(statusBadRequest, "will delay is not offered")
	}
	m, err := telemetry5(&w.WillProperties, w.WillPayload)
	if err != nil {
		return asFault(err)
	}
	h.will = asWill(m)
	return nil
}

// keepAlive returns what is granted for the keep-alive asked.
func (c *conn) keepAlive(asked uint16) time.Duration {
	granted := time.Duration(asked) * time.Second
	if c.front.broker != nil && (c.version == 4 || c.front.cfg.MaxKeepAlive == 0) {
		return granted // MQTT 3.1.1 has no way to tell the client of another
	}
	if ceiling := c.front.cfg.keepAliveCeiling(c.version); granted == 0 || granted > ceiling {
		return ceiling
	}
	return granted
}
