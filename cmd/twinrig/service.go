package main

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"twinrig/hub/client"
	"twinrig/hub/server"
	"twinrig/scenarios"
)

// loginVariable holds a service connection string, so that its key need not stand in a
// command line, where other users of the machine see it.
const loginVariable = "IOTHUB_CONNECTION_STRING"

// serviceOptions say which hub a command works with.
type serviceOptions struct {
	login string
	ca    string
	data  string
	json  bool
}

func (o *serviceOptions) addTo(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.login, "login", "", "service connection string of the hub (default: that in "+loginVariable+",\nor else of the hub that runs on --data)")
	f.StringVar(&o.ca, "ca", "", "PEM file of the CA certificate to trust, for a hub with a CA of its own (default: those of the system)")
	f.StringVar(&o.data, "data", "hubdata", "data directory of the running hub to work with when there is no connection string")
	f.BoolVar(&o.json, "json", false, "print JSON, one value a line")
}

// service is a hub to work with.
type service struct {
	*client.Client
	deviceHost string // as in connection strings of devices
	json       bool
	out        io.Writer
}

// open connects to the hub of the flags.
func (o *serviceOptions) open(cmd *cobra.Command) (*service, error) {
	login, s := o.login, &service{json: o.json, out: cmd.OutOrStdout()}
	if login == "" {
		login = os.Getenv(loginVariable)
	}
	var options client.Options
	ca := o.ca
	if login == "" {
		r, err := server.FindRunning(o.data)
		if err != nil {
			return nil, &scenarios.UsageError{Subject: "hub", Err: err,
				Hint: "start one with `twinrig hub`, name its directory with --data, or give --login or " + loginVariable + " for any other hub"}
		}
		if r.ConnectionString == "" {
			return nil, &scenarios.UsageError{Subject: "hub", Err: errors.New("it has no policy iothubowner any more"), Hint: "give the connection string of another policy with --login"}
		}
		login, options.Address, s.deviceHost = r.ConnectionString, r.Address, r.DeviceHost
		if ca == "" {
			ca = r.CAFile
		}
	} else {
		s.deviceHost = hostOf(login)
	}
	if ca != "" {
		text, err := os.ReadFile(ca)
		if options.RootCAs = x509.NewCertPool(); err == nil && !options.RootCAs.AppendCertsFromPEM(text) {
			err = fmt.Errorf("%s holds no certificate", ca)
		}
		if err != nil {
			return nil, &scenarios.UsageError{Subject: "--ca", Err: err, Hint: "give a PEM file; a twinrig hub prints which"}
		}
	}
	var err error
	if s.Client, err = client.New(login, options); err != nil {
		return nil, &scenarios.UsageError{Subject: "--login", Err: err, Hint: "it looks like HostName=…;SharedAccessKeyName=…;SharedAccessKey=…"}
	}
	return s, nil
}

// hostOf is the host of a connection string, without the port, which is not one of devices.
func hostOf(connectionString string) string {
	for part := range strings.SplitSeq(connectionString, ";") {
		if key, value, _ := strings.Cut(strings.TrimSpace(part), "="); strings.EqualFold(key, "HostName") {
			if host, _, err := net.SplitHostPort(value); err == nil {
				return host
			}
			return value
		}
	}
	return ""
}

// serviceCommand is a command that works with a hub and explains what goes wrong.
func serviceCommand(c *cobra.Command, run func(*cobra.Command, *service, []string) error) *cobra.Command {
	var o serviceOptions
	o.addTo(c)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := o.open(cmd)
		if err != nil {
			return err
		}
		defer s.Close()
		return explain(run(cmd, s, args))
	}
	return c
}

// refused is what a hub did not do. It is no mistake in the command line.
type refused struct{ *scenarios.UsageError }

func (r refused) Unwrap() error { return r.UsageError }

// explain adds to an error what can be done about it.
func explain(err error) error {
	var hint string
	var e *client.Error
	var usage *scenarios.UsageError
	var untrusted x509.UnknownAuthorityError
	var dial *net.OpError
	switch {
	case err == nil || errors.As(err, &usage) || errors.As(err, new(exit)):
		return err
	case errors.As(err, &e):
		hint = hintFor(e)
	case errors.As(err, &untrusted):
		hint = "name the CA certificate of the hub with --ca"
	case errors.As(err, new(x509.HostnameError)):
		hint = "the certificate is for other names: use one of them, or start the hub with that one (hostName and aliases of its configuration)"
	case errors.As(err, &dial):
		hint = "is the hub running, and is that its address? After a crash, start it again"
	}
	if hint == "" {
		return refused{&scenarios.UsageError{Subject: "hub", Err: err, Hint: "`twinrig hub --help` names what can be done"}}
	}
	return refused{&scenarios.UsageError{Subject: "hub", Err: err, Hint: hint}}
}

func hintFor(e *client.Error) string {
	switch {
	case strings.Contains(e.Call, "/$twinrig/") && !missingIdentity(e) && (e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed):
		return "this is not a twinrig hub: others stream events and queue messages over AMQP only, which comes with a later version"
	case e.Status == http.StatusUnauthorized:
		return "check key and policy of the connection string: registry calls need RegistryRead or RegistryWrite, the others ServiceConnect"
	case e.Code == 404103 || e.Name == "DeviceNotOnline":
		return "start the device, or let the call wait for it with --wait 30s"
	case e.Code/1000 == 504:
		return "the device did not answer in time; give it more with --timeout"
	case e.Status == http.StatusNotFound:
		return "`twinrig hub device list` shows the devices there are, and `twinrig hub device list ID` the modules of one"
	case e.Status == http.StatusConflict:
		return "choose another id, or remove the one there is with `twinrig hub device rm`"
	case e.Status == http.StatusPreconditionFailed:
		return "somebody else has changed it: read it again"
	case e.Status == http.StatusTooManyRequests:
		return "wait a little; the hub has quotas"
	}
	return ""
}

// missingIdentity tells a device that is not registered from a call that is not known.
func missingIdentity(e *client.Error) bool {
	return e.Name == "DeviceNotFound" || e.Name == "ModuleNotFound"
}

// printJSON prints a value on a line.
func (s *service) printJSON(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// printPretty prints a value for people, or for programs with --json.
func (s *service) printPretty(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	if !s.json {
		e.SetIndent("", "  ")
	}
	return e.Encode(v)
}

// argumentJSON is the JSON text of an argument.
func argumentJSON(subject, text string) (json.RawMessage, error) {
	if !json.Valid([]byte(text)) {
		return nil, &scenarios.UsageError{Subject: subject, Err: fmt.Errorf("%q is not JSON", text),
			Hint: `in most shells it goes into single quotes, text into double ones as well: '{"interval": 30}' or '"text"'`}
	}
	return json.RawMessage(text), nil
}

// addServiceCommands adds what can be done with a running hub.
func addServiceCommands(hub *cobra.Command) {
	hub.AddCommand(deviceCommand(), monitorCommand(), sendCommand(), invokeCommand(), twinCommand(), queryCommand(), healthCommand())
}
