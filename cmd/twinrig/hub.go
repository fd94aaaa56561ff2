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
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"twinrig/hub/server"
	"twinrig/hub/store"
	"twinrig/scenarios"
)

// stopLimit bounds how long a stopping hub waits for what is under way.
const stopLimit = 10 * time.Second

// hubOptions are the flags of `twinrig hub`.
type hubOptions struct {
	data      string
	listen    string
	hostName  string
	devices   string
	idScope   string
	dpsName   string
	links     []string
	mqttPort  int
	httpsPort int
	sync      bool
	verbose   bool
	tls       tlsOptions
}

func hubCommand() *cobra.Command {
	var o hubOptions
	cmd := &cobra.Command{
		Use:   "hub",
		Short: "Start a hub that Azure IoT code connects to",
		Long: `Start the reference hub by itself. It prints its endpoints, connection strings and
the CA certificate clients must trust, and runs until it is told to stop (Ctrl-C).

Azure's SDKs insist on the ports 8883 and 443. The latter needs root or
CAP_NET_BIND_SERVICE on most systems; give --https-port to do without.

A device provisioning service answers on the same ports. Devices register with the id
scope that is printed, over MQTT, WebSocket or HTTPS; enrollments are written with the
connection string of the provisioning service.`,
		Example: `  twinrig hub
  twinrig hub --listen 127.0.0.2 --devices devices.yaml
  twinrig hub --mqtt-port 0 --https-port 0 --data /tmp/hub     take free ports

A device file lists the devices the hub begins with; keys, tags and desired
properties may be left out:
  devices:
    - id: truck-7
      tags: {site: depot}
      desired: {telemetryInterval: 60}`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.serve(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.data, "data", "hubdata", "directory that keeps devices, twins, messages, keys and certificates")
	f.StringVar(&o.listen, "listen", "127.0.0.1", "address to listen on")
	f.StringVar(&o.hostName, "host-name", "", "the hub's name in connection strings (default: localhost, or the address of --listen)")
	f.StringVar(&o.devices, "devices", "", "YAML file of devices to create")
	f.StringVar(&o.idScope, "id-scope", "", "id scope of the provisioning service (default: made at the first start and kept with the data)")
	f.StringVar(&o.dpsName, "dps-name", "", "the provisioning service's name in connection strings (default: the hub's)")
	f.StringSliceVar(&o.links, "link", nil, "name of a further hub on the same ports, to which devices are assigned too; may be repeated")
	f.IntVar(&o.mqttPort, "mqtt-port", 8883, "port for MQTT over TLS; 0 takes a free one")
	f.IntVar(&o.httpsPort, "https-port", 443, "port for HTTPS; 0 takes a free one")
	f.BoolVar(&o.sync, "sync", false, "acknowledge only what has reached the disk, so that a power failure loses nothing either")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "log connections and refusals to standard error")
	o.tls.addTo(cmd)
	cmd.AddCommand(hubCACommand())
	return cmd
}

func (o *hubOptions) serve(ctx context.Context, stdout, stderr io.Writer) error {
	devices, err := o.deviceFile()
	if err != nil {
		return err
	}
	tls, err := o.tls.config()
	if err != nil {
		return err
	}
	level := slog.LevelWarn
	if o.verbose {
		level = slog.LevelDebug
	}
	var linked []server.LinkedHub
	for _, name := range o.links {
		linked = append(linked, server.LinkedHub{HostName: name})
	}
	store.Register()
	srv, err := server.Start(ctx, server.Config{
		HostName:     o.name(),
		DataDir:      o.data,
		Sync:         o.sync,
		MQTT:         server.Listen{Address: net.JoinHostPort(o.listen, strconv.Itoa(o.mqttPort))},
		HTTP:         server.Listen{Address: net.JoinHostPort(o.listen, strconv.Itoa(o.httpsPort))},
		TLS:          tls,
		Devices:      devices,
		Linked:       linked,
		Provisioning: server.Provisioning{IDScope: o.idScope, HostName: o.dpsName},
		Log:          slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level})),
	})
	if err != nil {
		return err
	}
	if err = announce(ctx, stdout, srv, devices); err == nil {
		select {
		case <-ctx.Done():
			fmt.Fprintln(stdout, "Stopping.")
		case err = <-srv.Failed():
		}
	}
	stopping, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	return errors.Join(err, srv.Close(stopping))
}

// name is the hub's name: one that leads to the address it listens on.
func (o *hubOptions) name() string {
	ip := net.ParseIP(o.listen)
	switch {
	case o.hostName != "":
		return o.hostName
	case ip == nil || ip.IsUnspecified() || ip.Equal(net.IPv4(127, 0, 0, 1)) || ip.Equal(net.IPv6loopback):
		return "localhost"
	}
	return o.listen
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

// announce tells the user all that a client needs.
func announce(ctx context.Context, w io.Writer, srv *server.Server, devices []server.DeviceSpec) error {
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
