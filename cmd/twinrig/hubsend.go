package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"twinrig/hub/client"
	"twinrig/scenarios"
)

func sendCommand() *cobra.Command {
	var m client.Command
	var properties []string
	var expires time.Duration
	cmd := &cobra.Command{
		Use:   "send ID BODY",
		Short: "Queue a cloud-to-device message, or one for an input of a module",
		Long: `Queue a message that the device gets when it next listens. It works with a twinrig hub
over HTTPS; other hubs take such messages over AMQP only, which comes with a later
version.`,
		Example: `  twinrig hub send truck-8 "set point changed"
  twinrig hub send truck-8 ping --property urgent=yes --ack full --expires 10m
  twinrig hub send truck-8/camera snap --input control`,
		Args: cobra.ExactArgs(2),
	}
	f := cmd.Flags()
	f.StringArrayVarP(&properties, "property", "p", nil, "application property name=value; may be repeated")
	f.StringVar(&m.MessageID, "message-id", "", "id of the message (default: the hub makes one)")
	f.StringVar(&m.CorrelationID, "correlation-id", "", "id of what it answers")
	f.StringVar(&m.ContentType, "content-type", "", "such as application/json")
	f.StringVar(&m.Ack, "ack", "", "feedback wanted: none, positive, negative or full")
	f.StringVar(&m.InputName, "input", "", "input of the module")
	f.DurationVar(&expires, "expires", 0, "how long the message may wait, such as 10m (default: the hub's)")
	return serviceCommand(cmd, func(cmd *cobra.Command, s *service, args []string) (err error) {
		if m.Properties, err = parseProperties(properties); err != nil {
			return err
		}
		if expires > 0 {
			m.Expiry = time.Now().Add(expires)
		}
		m.Body = []byte(args[1])
		q, err := s.SendCommand(cmd.Context(), args[0], m)
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(q)
		}
		_, err = fmt.Fprintf(s.out, "queued as %s, until %s\n", q.MessageID, q.Expiry.Format(time.RFC3339))
		return err
	})
}

func parseProperties(pairs []string) (map[string]string, error) {
	properties := map[string]string{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, &scenarios.UsageError{Subject: "--property " + pair, Err: errors.New("is not name=value"), Hint: "for example --property urgent=yes"}
		}
		properties[key] = value
	}
	return properties, nil
}

func invokeCommand() *cobra.Command {
	m := client.MethodCall{}
	cmd := &cobra.Command{
		Use:   "invoke ID METHOD [PAYLOAD]",
		Short: "Call a direct method of a device or a module",
		Long: `Call a direct method and print the answer's payload. The exit code is 1 when the device
answers with a status other than 200 to 299.`,
		Example: `  twinrig hub invoke truck-8 getStatus
  twinrig hub invoke truck-8 setTarget '{"celsius": -18}' --wait 30s --timeout 10s`,
		Args: cobra.RangeArgs(2, 3),
	}
	cmd.Flags().DurationVar(&m.ResponseTimeout, "timeout", 30*time.Second, "how long the device may take, 5s to 5m")
	cmd.Flags().DurationVar(&m.ConnectTimeout, "wait", 0, "how long to wait for a device that is not connected, up to 5m")
	return serviceCommand(cmd, func(cmd *cobra.Command, s *service, args []string) error {
		m.Name = args[1]
		if len(args) == 3 {
			payload, err := argumentJSON("PAYLOAD", args[2])
			if err != nil {
				return err
			}
			m.Payload = []byte(payload)
		}
		r, err := s.Invoke(cmd.Context(), args[0], m)
		if err != nil {
			return err
		}
		return s.printResult(cmd, r)
	})
}

func (s *service) printResult(cmd *cobra.Command, r client.MethodResult) error {
	switch {
	case s.json:
		if err := s.printJSON(r); err != nil {
			return err
		}
	case r.Payload != nil:
		if err := s.printPretty(json.RawMessage(r.Payload)); err != nil {
			return err
		}
	}
	if r.Status/100 == 2 {
		return nil
	}
	if !s.json {
		fmt.Fprintf(cmd.ErrOrStderr(), "The device answered with status %d.\n", r.Status)
	}
	return exit{exitFailed}
}
