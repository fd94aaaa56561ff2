package main

import (
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"twinrig/hub/server"
	"twinrig/scenarios"
)

// brokerOptions are the flags of `twinrig hub --profile broker`.
type brokerOptions struct {
	profile      string
	rules        string
	passwords    string
	anonymous    bool
	maxKeepAlive time.Duration
	plainPort    int
}

func (o *brokerOptions) addTo(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.profile, "profile", server.ProfileHub, "what MQTT clients find: iothub, or broker for a plain MQTT 3.1.1 and 5 broker")
	f.StringVar(&o.rules, "acl-file", "", "broker: who may publish and receive what, in mosquitto's format")
	f.StringVar(&o.passwords, "password-file", "", "broker: user names and passwords, as mosquitto_passwd writes them")
	f.BoolVar(&o.anonymous, "allow-anonymous", false, "broker: clients without a name may come from other machines, and beside a password file")
	f.IntVar(&o.plainPort, "plain-port", 1883, "broker: port for MQTT without TLS; 0 takes a free one, -1 none")
	f.DurationVar(&o.maxKeepAlive, "max-keep-alive", 0, "longest keep-alive granted (default: what the profile knows)")
}

// override puts flags that were given in the place of settings.
func (o *brokerOptions) override(cfg *server.Config, given func(flag string) bool) error {
	if given("max-keep-alive") {
		cfg.Front.MaxKeepAlive = o.maxKeepAlive
	}
	if err := o.overrideProfile(cfg, given); err != nil {
		return err
	}
	b := cfg.Broker
	for _, f := range []struct {
		name string
		set  func()
	}{
		{"acl-file", func() { b.RulesFile = o.rules }},
		{"password-file", func() { b.PasswordFile = o.passwords }},
		{"allow-anonymous", func() { b.Anonymous = o.anonymous }},
		{"plain-port", func() { o.setPlainPort(cfg) }},
	} {
		if given(f.name) && b == nil {
			return &scenarios.UsageError{Subject: "--" + f.name, Err: fmt.Errorf("it is for brokers only"), Hint: "give --profile broker too"}
		}
		if given(f.name) {
			f.set()
		}
	}
	if b != nil && given("listen") && b.Plain.Address != "" {
		host, _, _ := net.SplitHostPort(cfg.MQTT.Address)
		setHost(&b.Plain, host)
	}
	return nil
}

func (o *brokerOptions) overrideProfile(cfg *server.Config, given func(flag string) bool) error {
	switch {
	case !given("profile"):
	case o.profile == server.ProfileHub:
		cfg.Broker = nil
	case o.profile != server.ProfileBroker:
		return &scenarios.UsageError{Subject: "--profile", Err: fmt.Errorf("there is no profile %q", o.profile), Hint: "give iothub or broker"}
	case cfg.Broker == nil:
		host, port, _ := net.SplitHostPort(cfg.HTTP.Address)
		cfg.Broker = &server.Broker{Plain: server.Listen{Address: net.JoinHostPort(host, server.BrokerPlain)}}
		if port == "443" && !given("https-port") { // needs root, and only Azure's SDKs insist on it
			cfg.HTTP.Address = net.JoinHostPort(host, server.BrokerHTTPS)
		}
	}
	return nil
}

func (o *brokerOptions) setPlainPort(cfg *server.Config) {
	if o.plainPort < 0 {
		cfg.Broker.Plain = server.Listen{}
		return
	}
	host, _, _ := net.SplitHostPort(cfg.MQTT.Address)
	cfg.Broker.Plain.Address = net.JoinHostPort(host, strconv.Itoa(o.plainPort))
}

// announceBroker tells the user where clients of the broker connect.
func announceBroker(w io.Writer, srv *server.Server) error {
	e := srv.Endpoints()
	fmt.Fprintf(w, "The broker is ready.\n\n  MQTT                       %s\n", e.MQTT)
	if e.PlainMQTT != "" {
		fmt.Fprintf(w, "  MQTT without TLS           %s\n", e.PlainMQTT)
	}
	ca := srv.CAFile()
	if ca == "" {
		ca = "yours"
	}
	_, err := fmt.Fprintf(w, "  WebSocket                  %s\n  CA certificate             %s\n\nPress Ctrl-C to stop.\n",
		strings.Replace(e.HTTP, "https:", "wss:", 1), ca)
	return err
}
