package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"

	"twinrig/hub/server"
	"twinrig/scenarios"
)

// configuration is the file's, or the defaults, with what flags say in its place.
func (o *hubOptions) configuration(given func(flag string) bool) (file server.File, err error) {
	const hint = "`twinrig hub --print-config` shows every setting"
	var text []byte
	if o.config != "" {
		if text, err = os.ReadFile(o.config); err != nil {
			return file, &scenarios.UsageError{Subject: "--config", Err: err, Hint: hint}
		}
	}
	if file, err = server.ParseConfig(o.config, text); err != nil {
		return file, &scenarios.UsageError{Subject: "--config", Err: err, Hint: hint}
	}
	if err := o.override(&file, given); err != nil {
		return file, err
	}
	if file.Config.HostName == "" {
		host, _, _ := net.SplitHostPort(file.Config.HTTP.Address)
		file.Config.HostName = nameOf(host)
	}
	devices, err := o.deviceFile()
	file.Config.Devices = append(file.Config.Devices, devices...)
	return file, err
}

// override puts flags that were given in the place of settings.
func (o *hubOptions) override(file *server.File, given func(flag string) bool) error {
	cfg := &file.Config
	for _, f := range []struct {
		name string
		set  func()
	}{
		{"data", func() { cfg.DataDir = o.data }},
		{"listen", func() { setHost(&cfg.MQTT, o.listen); setHost(&cfg.HTTP, o.listen) }},
		{"mqtt-port", func() { setPort(&cfg.MQTT, o.mqttPort) }},
		{"https-port", func() { setPort(&cfg.HTTP, o.httpsPort) }},
		{"admin-port", func() { setPort(&cfg.Admin, o.adminPort) }},
		{"host-name", func() { cfg.HostName = o.hostName }},
		{"id-scope", func() { cfg.Provisioning.IDScope = o.idScope }},
		{"dps-name", func() { cfg.Provisioning.HostName = o.dpsName }},
		{"sync", func() { cfg.Sync = o.sync }},
	} {
		if given(f.name) {
			f.set()
		}
	}
	if cfg.DataDir == "" {
		cfg.DataDir = o.data
	}
	for _, name := range o.links {
		cfg.Linked = append(cfg.Linked, server.LinkedHub{HostName: name})
	}
	if err := o.tls.override(&cfg.TLS); err != nil {
		return err
	}
	if err := o.broker.override(cfg, given); err != nil {
		return err
	}
	return o.overrideLog(file, given)
}

func (o *hubOptions) overrideLog(file *server.File, given func(flag string) bool) error {
	level := file.LogLevel.String()
	if given("log-level") {
		level = o.logLevel
	}
	if o.verbose {
		level = "debug"
	}
	if err := file.LogLevel.UnmarshalText([]byte(level)); err != nil {
		return &scenarios.UsageError{Subject: "--log-level " + level, Err: fmt.Errorf("there is no such level"), Hint: "give debug, info, warn or error"}
	}
	if given("log-format") {
		if o.logFormat != "text" && o.logFormat != "json" {
			return &scenarios.UsageError{Subject: "--log-format " + o.logFormat, Err: fmt.Errorf("there is no such format"), Hint: "give text or json"}
		}
		file.LogJSON = o.logFormat == "json"
	}
	return nil
}

func setHost(l *server.Listen, host string) {
	_, port, _ := net.SplitHostPort(l.Address)
	l.Address = net.JoinHostPort(host, port)
}

// setPort keeps the host; without one it is this machine alone.
func setPort(l *server.Listen, port int) {
	host, _, err := net.SplitHostPort(l.Address)
	if err != nil {
		host = "127.0.0.1"
	}
	l.Address = net.JoinHostPort(host, strconv.Itoa(port))
}

// nameOf is the hub's name when nobody gave it one: one that leads to the address it
// listens on.
func nameOf(address string) string {
	ip := net.ParseIP(address)
	if ip == nil || ip.IsUnspecified() || ip.Equal(net.IPv4(127, 0, 0, 1)) || ip.Equal(net.IPv6loopback) {
		return "localhost"
	}
	return address
}

func (o *hubOptions) deviceFile() ([]server.DeviceSpec, error) {
	if o.devices == "" {
		return nil, nil
	}
	text, err := os.ReadFile(o.devices)
	if err != nil {
		return nil, &scenarios.UsageError{Subject: "--devices " + o.devices, Err: err, Hint: "give a YAML file; `twinrig hub --help` shows one"}
	}
	devices, err := server.ParseDevices(o.devices, text)
	if err != nil {
		return nil, &scenarios.UsageError{Subject: "--devices", Err: err, Hint: "`twinrig hub --help` shows what a device file looks like"}
	}
	return devices, nil
}

func printText(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}
