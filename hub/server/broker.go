package server

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"

	"twinrig/hub"
	"twinrig/hub/mqtt"
	"twinrig/hub/mqtt/broker"
)

// Broker makes the MQTT side of a server a plain MQTT 3.1.1 and 5 broker instead of IoT
// Hub's. All else of the server is as it was.
type Broker struct {
	RulesFile    string // who may publish and receive what, in mosquitto's acl_file format; "" = everybody everything
	PasswordFile string // in the format of mosquitto_passwd; "" = none
	Anonymous    bool   // clients without a name may come from other machines, and beside a password file
	Plain        Listen // a listener without TLS; the zero value is none
}

func (s *Server) openBroker(ctx context.Context) (err error) {
	c := s.cfg.Broker
	if c == nil {
		return nil
	}
	cfg := broker.Config{Anonymous: c.Anonymous, Random: s.cfg.Random, Log: s.cfg.Log}
	if cfg.Rules, err = parseFile(c.RulesFile, broker.ParseRules); err != nil {
		return fmt.Errorf("read access rules: %w", err)
	}
	if cfg.Passwords, err = parseFile(c.PasswordFile, broker.ParsePasswords); err != nil {
		return fmt.Errorf("read passwords: %w", err)
	}
	s.broker, err = broker.New(ctx, cfg, s.store.Documents())
	return err
}

// parseFile reads a file that may be left out.
func parseFile[T any](path string, parse func(string, []byte) (*T, error)) (*T, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parse(path, text)
}

// mqttFront returns what MQTT clients find.
func (s *Server) mqttFront(devices hub.Authenticator, cfg mqtt.Config) *mqtt.Front {
	if s.broker != nil {
		return mqtt.NewBroker(s.broker, cfg)
	}
	cfg.Provisioner, cfg.Other = s.dps, s.frontOf
	return mqtt.New(s.hub, devices, cfg)
}

// IsBroker says whether MQTT clients find a plain broker.
func (s *Server) IsBroker() bool { return s.broker != nil }

// wantsBroker says whether a request opens a WebSocket to the broker. Clients of brokers do
// not agree on a path.
func (s *Server) wantsBroker(r *http.Request) bool {
	return s.broker != nil && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}
