package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"twinrig/hub/server"
	"twinrig/hub/store"
)

// stopLimit bounds how long a stopping hub waits for what is under way.
const stopLimit = 10 * time.Second

// hubOptions are the flags of `twinrig hub`.
type hubOptions struct {
	config      string
	printConfig bool
	printSchema bool
	data        string
	listen      string
	hostName    string
	devices     string
	idScope     string
	dpsName     string
	links       []string
	mqttPort    int
	httpsPort   int
	adminPort   int
	sync        bool
	verbose     bool
	quiet       bool
	logLevel    string
	logFormat   string
	tls         tlsOptions
	broker      brokerOptions
}

func hubCommand() *cobra.Command {
	var o hubOptions
	cmd := &cobra.Command{
		Use:   "hub",
		Short: "Start a hub that Azure IoT code connects to, or work with one",
		Long: `Start the reference hub by itself. It prints its endpoints, connection strings and
the CA certificate clients must trust, and runs until it is told to stop (Ctrl-C).

Azure's SDKs insist on the ports 8883 and 443. The latter needs root or
CAP_NET_BIND_SERVICE on most systems; give --https-port to do without.

A device provisioning service answers on the same ports. Devices register with the id
scope that is printed, over MQTT, WebSocket or HTTPS; enrollments are written with the
connection string of the provisioning service.

Settings that have no flag stand in a configuration file; --print-config shows one with
all of them, explained. Flags override the file.

With --profile broker, MQTT clients find a plain MQTT 3.1.1 and 5 broker instead, for
solutions that are not made for Azure: any topics, QoS 0 to 2, retained messages, wills,
shared subscriptions. Clients without a name are let in from this machine only, unless
--allow-anonymous is given. WebSockets are taken on the HTTPS port, 8443 by default.

The commands below work with a running hub as its service: this one, without being told
where it is, or any by its connection string.`,
		Example: `  twinrig hub
  twinrig hub --listen 127.0.0.2 --devices devices.yaml
  twinrig hub --mqtt-port 0 --https-port 0 --data /tmp/hub     take free ports
  twinrig hub --print-config                   write hub.yaml and
  twinrig hub --config hub.yaml                start with it
  twinrig hub --profile broker --acl-file acl --password-file passwd

A device file lists the devices the hub begins with; keys, tags and desired
properties may be left out:
  devices:
    - id: truck-7
      tags: {site: depot}
      desired: {telemetryInterval: 60}`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case o.printConfig:
				return printText(cmd.OutOrStdout(), server.ConfigExample)
			case o.printSchema:
				return printText(cmd.OutOrStdout(), server.ConfigSchema)
			}
			file, err := o.configuration(cmd.Flags().Changed)
			if err != nil {
				return err
			}
			return serveHub(cmd.Context(), file, o.quiet, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	o.addFlags(cmd)
	cmd.AddCommand(hubCACommand())
	addServiceCommands(cmd)
	return cmd
}

func (o *hubOptions) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&o.config, "config", "c", "", "YAML file of settings; what flags say comes first")
	f.BoolVar(&o.printConfig, "print-config", false, "print a configuration file with every setting, and do nothing else")
	f.BoolVar(&o.printSchema, "print-schema", false, "print the JSON schema of configuration files, for editors, and do nothing else")
	f.StringVar(&o.data, "data", "hubdata", "directory that keeps devices, twins, messages, keys and certificates")
	f.StringVar(&o.listen, "listen", "127.0.0.1", "address to listen on")
	f.StringVar(&o.hostName, "host-name", "", "the hub's name in connection strings (default: localhost, or the address of --listen)")
	f.StringVar(&o.devices, "devices", "", "YAML file of devices to create")
	f.StringVar(&o.idScope, "id-scope", "", "id scope of the provisioning service (default: made at the first start and kept with the data)")
	f.StringVar(&o.dpsName, "dps-name", "", "the provisioning service's name in connection strings (default: the hub's)")
	f.StringSliceVar(&o.links, "link", nil, "name of a further hub on the same ports, to which devices are assigned too; may be repeated")
	f.IntVar(&o.mqttPort, "mqtt-port", 8883, "port for MQTT over TLS; 0 takes a free one")
	f.IntVar(&o.httpsPort, "https-port", 443, "port for HTTPS; 0 takes a free one")
	f.IntVar(&o.adminPort, "admin-port", 0, "port of this machine for /metrics, /healthz and /readyz, in plain HTTP; 0 takes a free one (default: none)")
	f.BoolVar(&o.sync, "sync", false, "acknowledge only what has reached the disk, so that a power failure loses nothing either")
	f.StringVar(&o.logLevel, "log-level", "warn", "what to log to standard error: debug, info, warn or error")
	f.StringVar(&o.logFormat, "log-format", "text", "text or json")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print no connection strings: where output is kept, keys do not belong into it")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "log connections and refusals: the same as --log-level debug")
	o.tls.addTo(cmd)
	o.broker.addTo(cmd)
}

// serveHub runs a hub until ctx ends, and lets it come to an end of its own.
func serveHub(ctx context.Context, file server.File, quiet bool, stdout, stderr io.Writer) error {
	cfg := file.Config
	cfg.Log = logger(file, stderr)
	store.Register()
	srv, err := server.Start(ctx, cfg)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" { // who sets it knows better
		collecting, done := context.WithCancel(ctx)
		defer done()
		go server.KeepHeadroom(collecting)
	}
	if quiet {
		err = announceQuietly(stdout, srv)
	} else {
		err = announce(ctx, stdout, srv, cfg.Devices)
	}
	if err == nil {
		select {
		case <-ctx.Done():
			fmt.Fprintln(stdout, "Stopping.")
		case err = <-srv.Failed():
		}
	}
	return errors.Join(err, closeHub(srv))
}

// closeHub gives the hub time to take its leave. Another signal ends it at once.
func closeHub(srv *server.Server) error {
	again, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	stopping, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	closed := make(chan error, 1)
	go func() { closed <- srv.Close(stopping) }()
	select {
	case err := <-closed:
		return err
	case <-again.Done():
		return exit{exitInterrupted}
	}
}

func logger(file server.File, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: file.LogLevel, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if address, ok := a.Value.Any().(net.Addr); ok { // its fields, in JSON
			a.Value = slog.StringValue(address.String())
		}
		return a
	}}
	if file.LogJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// announce tells the user all that a client needs.
func announce(ctx context.Context, w io.Writer, srv *server.Server, devices []server.DeviceSpec) error {
	if srv.IsBroker() {
		return announceBroker(w, srv)
	}
	e := srv.Endpoints()
	ca := srv.CAFile()
	if ca == "" {
		ca = "yours"
	}
	fmt.Fprintf(w, "The hub is ready.\n\n  MQTT                       %s\n  HTTPS                      %s\n  CA certificate             %s\n  Service connection string  %s\n",
		e.MQTT, e.HTTP, ca, srv.ServiceConnectionString())
	fmt.Fprintf(w, "\n  Provisioning host          %s\n  Provisioning id scope      %s\n  Provisioning service       %s\n",
		srv.ProvisioningHost(), srv.IDScope(), srv.ProvisioningConnectionString())
	linked := srv.LinkedConnectionStrings()
	for _, name := range slices.Sorted(maps.Keys(linked)) {
		fmt.Fprintf(w, "  Linked hub %s  %s\n", name, linked[name])
	}
	if admin := srv.AdminEndpoint(); admin != "" {
		fmt.Fprintf(w, "\n  Metrics                    %s/metrics\n", admin)
	}
	if len(devices) > 0 {
		fmt.Fprintln(w, "\n  Device connection strings")
	}
	for _, d := range devices {
		text, err := srv.DeviceConnectionString(ctx, d.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "    %s  %s\n", d.ID, text)
	}
	_, err := fmt.Fprintln(w, "\nPress Ctrl-C to stop.")
	return err
}
