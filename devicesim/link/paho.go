package link

import (
	"context"
	"net"

	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho"
	paholog "github.com/eclipse/paho.golang/paho/log"
	pahosession "github.com/eclipse/paho.golang/paho/session"
)

// watchedSession is paho's session state, which hears of a DISCONNECT before the
// connection ends; paho's callback for it comes from a stray goroutine.
type watchedSession struct {
	pahosession.SessionManager
	wire *wire
}

func (s watchedSession) ConnectionLost(d *packets.Disconnect) error {
	if d != nil {
		s.wire.fail(&ReasonError{
			Packet: "DISCONNECT", Code: d.ReasonCode,
			Reason: reasonOf(d.Properties.ReasonString, paho.UserPropertiesFromPacketUser(d.Properties.User)),
		})
	}
	return s.SessionManager.ConnectionLost(d)
}

// unchallenged is the SAS method of enhanced authentication: one step, so a
// challenge has no answer.
type unchallenged struct{}

func (unchallenged) Authenticate(a *paho.Auth) *paho.Auth {
	return &paho.Auth{ReasonCode: a.ReasonCode, Properties: &paho.AuthProperties{AuthMethod: a.Properties.AuthMethod}}
}
func (unchallenged) Authenticated() {}

// noPinger turns paho's keep-alive off: the wire's serves both versions, and
// paho's begins with a ping that races with SUBSCRIBE.
type noPinger struct{}

func (noPinger) Run(context.Context, net.Conn, uint16) error { return nil }
func (noPinger) PacketSent()                                 {}
func (noPinger) PacketReceived()                             {}
func (noPinger) PingResp()                                   {}
func (noPinger) SetDebug(paholog.Logger)                     {}
