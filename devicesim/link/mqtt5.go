package link

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho"
	"github.com/eclipse/paho.golang/paho/session/state"
)

// NewMQTT5 returns a link that speaks the MQTT 5 preview API of Azure IoT Hub.
//
// The preview documents neither a Plug and Play model nor a component; they
// travel as the CONNECT property "model-id" and the application property "$.sub".
func NewMQTT5(cfg Config) Link { return newLink(cfg, mqtt5, openMQTT5) }

const apiVersion5 = "2020-10-01-preview"

// Topics of the preview API.
const (
	topic5Telemetry = "$iothub/telemetry"
	topic5TwinGet   = "$iothub/twin/get"
	topic5TwinPatch = "$iothub/twin/patch/reported"
	topic5Desired   = "$iothub/twin/patch/desired"
	topic5Commands  = "$iothub/commands"
	topic5Methods   = "$iothub/methods/"
	topic5Responses = "$iothub/responses"
)

// client5 is a connection of MQTT 5.
type client5 struct {
	cfg  Config
	mqtt *paho.Client
	wire *wire
	to   receiver
}

// patient replaces paho's own time limits, which would also cut short the
// caller's: every wait here has a context with a deadline.
const patient = 365 * 24 * time.Hour

func openMQTT5(ctx context.Context, cfg Config, w *wire, r receiver) (client, error) {
	c := &client5{cfg: cfg, wire: w, to: r}
	c.mqtt = paho.NewClient(paho.ClientConfig{
		Conn:              packets.NewThreadSafeConn(w),
		Session:           watchedSession{state.NewInMemory(), w},
		AuthHandler:       unchallenged{},
		PingHandler:       noPinger{},
		PacketTimeout:     patient,
		OnPublishReceived: []func(paho.PublishReceived) (bool, error){c.serve},
		OnClientError:     func(err error) { w.fail(fmt.Errorf("%w: %w", ErrProtocol, err)) },
	})
	if err := c.handshake(ctx); err != nil {
		return nil, err
	}
	if err := c.subscribe(ctx); err != nil {
		w.fail(err)
		<-c.mqtt.Done()
		return nil, err
	}
	return c, nil
}

func (c *client5) handshake(ctx context.Context) error {
	signed, err := c.signed()
	if err != nil {
		return err
	}
	ack, err := c.mqtt.Connect(ctx, c.connectPacket(signed))
	if ack != nil && ack.Properties != nil {
		c.wire.reason = reasonOf(ack.Properties.ReasonString, ack.Properties.User)
		if s := ack.Properties.ServerKeepAlive; s != nil && *s > 0 {
			c.wire.interval = min(c.wire.interval, time.Duration(*s)*time.Second)
		}
	}
	return err
}

func (c *client5) connectPacket(signed *paho.AuthProperties) *paho.Connect {
	user := append(paho.UserProperties{
		{Key: "api-version", Value: apiVersion5},
		{Key: "host", Value: c.cfg.HostName},
	}, signed.User...)
	if c.cfg.ModelID != "" {
		user = append(user, paho.UserProperty{Key: "model-id", Value: c.cfg.ModelID})
	}
	return &paho.Connect{
		ClientID:   c.cfg.DeviceID,
		KeepAlive:  c.cfg.keepAliveSeconds(),
		CleanStart: true, // the hub keeps commands without a session, and subscribing again costs nothing
		Properties: &paho.ConnectProperties{
			AuthMethod:         signed.AuthMethod,
			AuthData:           signed.AuthData,
			ReceiveMaximum:     paho.Uint16(maxInFlight), // by default paho reserves 65,535 slots
			MaximumPacketSize:  paho.Uint32(maxPacket),
			RequestProblemInfo: true,
			User:               user,
		},
	}
}

// signed is a fresh signature in the form of an AUTH packet.
func (c *client5) signed() (*paho.AuthProperties, error) {
	key, err := c.cfg.key()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	s := newSignedConnect(key, c.cfg.HostName, c.cfg.DeviceID, now, now.Add(c.cfg.TokenTTL))
	return &paho.AuthProperties{
		AuthMethod: "SAS",
		AuthData:   s.signature,
		User:       paho.UserProperties{{Key: "sas-at", Value: s.at}, {Key: "sas-expiry", Value: s.expiry}},
	}, nil
}

func (c *client5) subscribe(ctx context.Context) error {
	filters := []paho.SubscribeOptions{
		{Topic: topic5Commands, QoS: 1},
		{Topic: topic5Methods + "+", QoS: 0},
		{Topic: topic5Desired, QoS: 0},
	}
	ack, err := c.mqtt.Subscribe(ctx, &paho.Subscribe{Subscriptions: filters})
	if ack != nil {
		for i, code := range ack.Reasons {
			if code >= 0x80 && i < len(filters) {
				return fmt.Errorf("subscribe to %s: the hub refused with code %d", filters[i].Topic, code)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	if len(ack.Reasons) != len(filters) {
		return fmt.Errorf("%w: %d answers to %d subscriptions", ErrProtocol, len(ack.Reasons), len(filters))
	}
	return nil
}

func (c *client5) publish(ctx context.Context, m Message) error {
	ack, err := c.mqtt.Publish(ctx, &paho.Publish{
		Topic: topic5Telemetry, QoS: 1, Payload: m.Body, Properties: telemetryProperties(m),
	})
	if ack != nil && ack.ReasonCode >= 0x80 {
		return pubackError(ack)
	}
	return err
}

func (c *client5) get(id string) error { return c.request(topic5TwinGet, id, nil) }

func (c *client5) patch(id string, body []byte) error { return c.request(topic5TwinPatch, id, body) }

func (c *client5) request(topic, id string, body []byte) error {
	return c.post(topic, body, &paho.PublishProperties{CorrelationData: []byte(id)})
}

func (c *client5) respond(call string, status int, body []byte) error {
	return c.post(topic5Responses, body, &paho.PublishProperties{
		CorrelationData: []byte(call),
		User:            paho.UserProperties{{Key: "response-code", Value: strconv.Itoa(status)}},
	})
}

// post sends at QoS 0, which returns as soon as the wire has the packet.
func (c *client5) post(topic string, body []byte, p *paho.PublishProperties) error {
	_, err := c.mqtt.Publish(c.wire.ctx, &paho.Publish{Topic: topic, Payload: body, Properties: p})
	return err
}

func (c *client5) renew(ctx context.Context) error {
	signed, err := c.signed()
	if err != nil {
		return err
	}
	const reauthenticate = 0x19
	r, err := c.mqtt.Authenticate(ctx, &paho.Auth{ReasonCode: reauthenticate, Properties: signed})
	if err != nil {
		return err
	}
	if !r.Success {
		return &ReasonError{Packet: "DISCONNECT", Code: r.ReasonCode, Reason: r.Properties.ReasonString}
	}
	return nil
}

func (c *client5) close() {
	_ = c.mqtt.Disconnect(&paho.Disconnect{Properties: &paho.DisconnectProperties{}}) // a lost connection needs no farewell
}
