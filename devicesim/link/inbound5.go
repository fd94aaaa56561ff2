package link

import (
	"fmt"
	"strings"

	"github.com/eclipse/paho.golang/paho"
)

// serve is called by paho on its dispatching goroutine.
func (c *client5) serve(p paho.PublishReceived) (bool, error) {
	if err := c.dispatch(p.Packet); err != nil {
		c.to.violation(fmt.Errorf("topic %q: %w", p.Packet.Topic, err))
	}
	return true, nil
}

func (c *client5) dispatch(p *paho.Publish) error {
	if p.Topic == topic5Commands {
		c.to.command(command5(p), p.PacketID)
		return nil
	}
	if p.QoS > 0 {
		c.wire.puback(p.PacketID)
	}
	if name, ok := strings.CutPrefix(p.Topic, topic5Methods); ok {
		if len(p.Properties.CorrelationData) == 0 {
			return fmt.Errorf("%w: a method call without correlation data", ErrProtocol)
		}
		c.to.method(c, string(p.Properties.CorrelationData), name, p.Payload)
		return nil
	}
	version, err := userVersion(p.Properties.User)
	if err != nil {
		return err
	}
	switch p.Topic {
	case topic5Responses:
		c.to.answer(string(p.Properties.CorrelationData), answer5(p, version))
	case topic5Desired:
		c.to.desired(p.Payload, version)
	default:
		return fmt.Errorf("%w: not subscribed", ErrProtocol)
	}
	return nil
}
