package link

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/at-wat/mqtt-go"
)

// NewMQTT311 returns a link that speaks MQTT 3.1.1 as Azure IoT Hub does.
//
// Of the two clients that came into question, at-wat/mqtt-go has one goroutine
// per connection, which ends with it; eclipse/paho.mqtt.golang has about ten.
func NewMQTT311(cfg Config) Link { return newLink(cfg, mqtt311, openMQTT311) }

const apiVersion311 = "2021-04-12"

// client311 is a connection of MQTT 3.1.1.
type client311 struct {
	device string
	mqtt   *mqtt.BaseClient
	wire   *wire
	to     receiver
	ids    atomic.Uint32 // of packets
}

func openMQTT311(ctx context.Context, cfg Config, w *wire, r receiver) (client, error) {
	c := &client311{device: cfg.DeviceID, wire: w, to: r}
	c.mqtt = &mqtt.BaseClient{Transport: w, ConnState: c.stateChanged}
	c.mqtt.Handle(mqtt.HandlerFunc(c.serve))
	if err := c.handshake(ctx, cfg); err != nil {
		w.fail(err)
		<-c.mqtt.Done()
		w.reason = mqtt.ConnectionReturnCode(w.in.code).String()
		return nil, err
	}
	return c, nil
}

func (c *client311) handshake(ctx context.Context, cfg Config) error {
	key, err := cfg.key()
	if err != nil {
		return err
	}
	user := cfg.HostName + "/" + cfg.DeviceID + "/?api-version=" + apiVersion311
	if cfg.ModelID != "" {
		user += "&model-id=" + escape(cfg.ModelID)
	}
	_, err = c.mqtt.Connect(ctx, cfg.DeviceID,
		mqtt.WithUserNamePassword(user, sasToken(key, cfg.HostName, cfg.DeviceID, time.Now().Add(cfg.TokenTTL))),
		mqtt.WithKeepAlive(cfg.keepAliveSeconds()),
		mqtt.WithCleanSession(false)) // as every SDK: the hub keeps the commands of a device that is away
	if err != nil {
		return err
	}
	return c.subscribe(ctx)
}

func (c *client311) subscribe(ctx context.Context) error {
	filters, err := c.mqtt.Subscribe(ctx,
		mqtt.Subscription{Topic: topicCommand(c.device) + "#", QoS: mqtt.QoS1},
		mqtt.Subscription{Topic: topicMethod + "#", QoS: mqtt.QoS0},
		mqtt.Subscription{Topic: topicDesired + "#", QoS: mqtt.QoS0},
		mqtt.Subscription{Topic: topicTwinAnswer + "#", QoS: mqtt.QoS0},
	)
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	for _, f := range filters {
		if f.QoS > mqtt.QoS1 {
			return fmt.Errorf("subscribe to %s: the hub refused with code %d", f.Topic, f.QoS)
		}
	}
	return nil
}

// stateChanged hears of failures the library found itself. The wire knows the
// others.
func (c *client311) stateChanged(s mqtt.ConnState, err error) {
	if s == mqtt.StateClosed && err != nil {
		c.wire.fail(fmt.Errorf("%w: %w", ErrProtocol, err))
	}
}

func (c *client311) publish(ctx context.Context, m Message) error {
	topic := topicTelemetry(c.device) + encodeBag(append(m.system(), m.application()...))
	if len(topic) > maxTopic {
		return errTopic
	}
	return c.mqtt.Publish(ctx, &mqtt.Message{Topic: topic, QoS: mqtt.QoS1, ID: c.packetID(), Payload: m.Body})
}

// packetID counts instead of beginning at random, as the library would, so that
// a run repeats byte by byte. At most maxInFlight are in use.
func (c *client311) packetID() uint16 {
	return uint16((c.ids.Add(1)-1)%0xffff + 1)
}

func (c *client311) get(id string) error { return c.post(topicTwinGet+id, nil) }

func (c *client311) patch(id string, body []byte) error { return c.post(topicTwinPatch+id, body) }

func (c *client311) respond(call string, status int, body []byte) error {
	return c.post(topicResponse+strconv.Itoa(status)+"/?$rid="+call, body)
}

// post sends at QoS 0, which returns as soon as the wire has the packet.
func (c *client311) post(topic string, body []byte) error {
	if len(topic) > maxTopic {
		return errTopic
	}
	return c.mqtt.Publish(c.wire.ctx, &mqtt.Message{Topic: topic, QoS: mqtt.QoS0, Payload: body})
}

func (c *client311) renew(context.Context) error { return errors.ErrUnsupported }

func (c *client311) close() {
	if c.mqtt.Disconnect(context.Background()) != nil {
		_ = c.mqtt.Close()
	}
	<-c.mqtt.Done()
}
