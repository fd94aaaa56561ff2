package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"twinrig/hub/client"
	"twinrig/scenarios"
)

func deviceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "device",
		Short: "Add, list, show and remove devices and modules",
		Long: `Work with the registry of a running hub. A module is written device/module wherever an
id is wanted.`,
		Example: `  twinrig hub device add truck-7
  twinrig hub device list --json`,
	}
	cmd.AddCommand(deviceAddCommand(), deviceListCommand(), deviceShowCommand(), deviceRemoveCommand())
	return cmd
}

// newDevice are the flags of `twinrig hub device add`.
type newDevice struct {
	primary, secondary string
	thumbprint         string
	certified          bool
	disabled           bool
}

func deviceAddCommand() *cobra.Command {
	var n newDevice
	cmd := &cobra.Command{
		Use:   "add ID",
		Short: "Register a device or a module, and print its connection string",
		Example: `  twinrig hub device add truck-8
  twinrig hub device add truck-8/camera             a module of it
  twinrig hub device add truck-9 --thumbprint 3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed`,
		Args: cobra.ExactArgs(1),
	}
	f := cmd.Flags()
	f.StringVar(&n.primary, "primary-key", "", "base64 of 16 to 64 bytes (default: the hub makes both keys)")
	f.StringVar(&n.secondary, "secondary-key", "", "same; given with --primary-key")
	f.StringVar(&n.thumbprint, "thumbprint", "", "SHA-1 or SHA-256 of the device's own certificate, in hex; instead of keys")
	f.BoolVar(&n.certified, "ca-signed", false, "the device proves itself by a certificate of a registered CA; instead of keys")
	f.BoolVar(&n.disabled, "disabled", false, "do not let it connect yet")
	return serviceCommand(cmd, func(cmd *cobra.Command, s *service, args []string) error { return n.add(cmd, s, args[0]) })
}

func (n *newDevice) add(cmd *cobra.Command, s *service, id string) error {
	authentication, err := n.authentication()
	if err != nil {
		return err
	}
	device, module, isModule := strings.Cut(id, "/")
	if isModule {
		m, err := s.CreateModule(cmd.Context(), client.Module{DeviceID: device, ID: module, Authentication: authentication})
		if err != nil || s.json {
			return errors.Join(err, s.printIf(err == nil, m))
		}
		return s.connectionString(device+";ModuleId="+module, m.Authentication)
	}
	d := client.Device{ID: id, Authentication: authentication}
	if n.disabled {
		d.Status = "disabled"
	}
	if d, err = s.CreateDevice(cmd.Context(), d); err != nil || s.json {
		return errors.Join(err, s.printIf(err == nil, d))
	}
	return s.connectionString(d.ID, d.Authentication)
}

func (s *service) printIf(ok bool, v any) error {
	if !ok {
		return nil
	}
	return s.printJSON(v)
}

func (n *newDevice) authentication() (a client.Authentication, err error) {
	usage := func(text, hint string) error {
		return &scenarios.UsageError{Subject: "device add", Err: errors.New(text), Hint: hint}
	}
	ways := 0
	if n.primary != "" || n.secondary != "" {
		if n.primary == "" || n.secondary == "" {
			return a, usage("one key of two is given", "give --primary-key and --secondary-key, or neither")
		}
		ways++
		a.Type, a.SymmetricKey = "sas", client.SymmetricKey{Primary: n.primary, Secondary: n.secondary}
	}
	if n.thumbprint != "" {
		if b, err := hex.DecodeString(n.thumbprint); err != nil || len(b) != 20 && len(b) != 32 {
			return a, usage("the thumbprint is not the hex text of a SHA-1 or SHA-256", "openssl x509 -in device.pem -noout -fingerprint -sha256 | tr -d :")
		}
		ways++
		a.Type, a.X509Thumbprint = "selfSigned", client.Thumbprint{Primary: n.thumbprint}
	}
	if n.certified {
		ways++
		a.Type = "certificateAuthority"
	}
	if ways > 1 {
		return a, usage("a device proves itself in one way", "give keys, --thumbprint or --ca-signed")
	}
	return a, nil
}

// connectionString prints what the program of a device needs.
func (s *service) connectionString(id string, a client.Authentication) error {
	text := "HostName=" + s.deviceHost + ";DeviceId=" + id
	if a.SymmetricKey.Primary != "" {
		text += ";SharedAccessKey=" + a.SymmetricKey.Primary
	} else {
		text += ";x509=true"
	}
	_, err := fmt.Fprintln(s.out, text)
	return err
}

func deviceListCommand() *cobra.Command {
	var top int
	cmd := &cobra.Command{
		Use:   "list [ID]",
		Short: "List devices, or the modules of one",
		Example: `  twinrig hub device list
  twinrig hub device list truck-8          its modules`,
		Args: cobra.MaximumNArgs(1),
	}
	cmd.Flags().IntVar(&top, "top", 1000, "how many devices at most, 1 to 1000; `twinrig hub query` has no such limit")
	return serviceCommand(cmd, func(cmd *cobra.Command, s *service, args []string) error {
		if len(args) == 1 {
			return s.listModules(cmd, args[0])
		}
		all, err := s.Devices(cmd.Context(), top)
		if err != nil {
			return err
		}
		rows := [][]string{{"DEVICE", "STATUS", "CONNECTION", "AUTHENTICATION", "LAST ACTIVITY", "MESSAGES WAITING"}}
		for _, d := range all {
			if s.json {
				if err := s.printJSON(d); err != nil {
					return err
				}
			}
			rows = append(rows, []string{d.ID, d.Status, d.ConnectionState, d.Authentication.Type, activity(d.LastActivity), fmt.Sprint(d.CommandCount)})
		}
		return s.table(rows)
	})
}

func (s *service) listModules(cmd *cobra.Command, device string) error {
	all, err := s.Modules(cmd.Context(), device)
	if err != nil {
		return err
	}
	rows := [][]string{{"MODULE", "CONNECTION", "AUTHENTICATION", "LAST ACTIVITY", "MANAGED BY"}}
	for _, m := range all {
		if s.json {
			if err := s.printJSON(m); err != nil {
				return err
			}
		}
		rows = append(rows, []string{m.DeviceID + "/" + m.ID, m.ConnectionState, m.Authentication.Type, activity(m.LastActivity), m.ManagedBy})
	}
	return s.table(rows)
}

// table prints rows below their headings; with --json they have been printed already.
func (s *service) table(rows [][]string) error {
	if s.json {
		return nil
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 3, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

func activity(t time.Time) string {
	if t.Year() <= 1 {
		return "never"
	}
	return t.Format(time.RFC3339)
}

func deviceShowCommand() *cobra.Command {
	var keys bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show a device or a module",
		Example: `  twinrig hub device show truck-8
  twinrig hub device show truck-8 --keys       its connection string`,
		Args: cobra.ExactArgs(1),
	}
	cmd.Flags().BoolVar(&keys, "keys", false, "print the connection string, which has a key in it, and nothing else")
	return serviceCommand(cmd, func(cmd *cobra.Command, s *service, args []string) error {
		device, module, isModule := strings.Cut(args[0], "/")
		if isModule {
			m, err := s.Module(cmd.Context(), args[0])
			switch {
			case err != nil:
				return err
			case keys:
				return s.connectionString(device+";ModuleId="+module, m.Authentication)
			}
			m.Authentication.SymmetricKey = client.SymmetricKey{}
			return s.printPretty(m)
		}
		d, err := s.Device(cmd.Context(), device)
		switch {
		case err != nil:
			return err
		case keys:
			return s.connectionString(device, d.Authentication)
		}
		d.Authentication.SymmetricKey = client.SymmetricKey{}
		return s.printPretty(d)
	})
}

func deviceRemoveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rm ID...",
		Short: "Remove devices or modules, with their twins and waiting messages",
		Example: `  twinrig hub device rm truck-8/camera
  twinrig hub device rm truck-8 truck-9`,
		Args: cobra.MinimumNArgs(1),
	}
	return serviceCommand(cmd, func(cmd *cobra.Command, s *service, args []string) error {
		for _, id := range args {
			remove := s.DeleteDevice
			if strings.Contains(id, "/") {
				remove = s.DeleteModule
			}
			if err := remove(cmd.Context(), id); err != nil {
				return err
			}
		}
		return nil
	})
}
