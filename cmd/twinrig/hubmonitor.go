package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"twinrig/hub/client"
	"twinrig/scenarios"
)

// monitor is a look at the event stream.
type monitor struct {
	from   string
	count  int
	device string
}

func monitorCommand() *cobra.Command {
	var m monitor
	cmd := &cobra.Command{
		Use:   "monitor [ID]",
		Short: "Print what devices send, as it comes",
		Long: `Print the events of all devices, or of one and its modules, or of one module, until
Ctrl-C. It reads a twinrig hub over HTTPS; other hubs have an event stream over
AMQP only, which comes with a later version.`,
		Example: `  twinrig hub monitor
  twinrig hub monitor truck-8
  twinrig hub monitor --from earliest --count 1 --json`,
		Args: cobra.MaximumNArgs(1),
	}
	cmd.Flags().StringVar(&m.from, "from", "latest", "latest: what comes from now on; earliest: all that is kept as well")
	cmd.Flags().IntVarP(&m.count, "count", "n", 0, "end after so many events (default: never)")
	return serviceCommand(cmd, func(cmd *cobra.Command, s *service, args []string) error {
		if m.from != "latest" && m.from != "earliest" {
			return &scenarios.UsageError{Subject: "--from " + m.from, Err: errors.New("there is no such place"), Hint: "give latest or earliest"}
		}
		m.device = strings.Join(args, "")
		return m.run(cmd.Context(), s)
	})
}

// run reads all partitions side by side.
func (m *monitor) run(ctx context.Context, s *service) error {
	partitions, err := s.Partitions(ctx)
	if err != nil {
		return err
	}
	reading, stop := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer stop()
	type next struct {
		event client.Event
		err   error
	}
	events := make(chan next)
	for _, p := range partitions {
		from := client.At(p.Next)
		if m.from == "earliest" {
			from = client.Earliest
		}
		readers.Go(func() {
			for e, err := range s.Events(reading, p.ID, from, true) {
				select {
				case events <- next{e, err}:
				case <-reading.Done():
					return
				}
			}
		})
	}
	for printed := 0; m.count == 0 || printed < m.count; {
		select {
		case n := <-events:
			switch {
			case ctx.Err() != nil:
				return nil
			case n.err != nil:
				return n.err
			case m.wants(n.event):
				if err := s.printEvent(n.event); err != nil {
					return err
				}
				printed++
			}
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

func (m *monitor) wants(e client.Event) bool {
	device, module, isModule := strings.Cut(m.device, "/")
	return m.device == "" || e.Device == device && (!isModule || e.Module == module)
}

func (s *service) printEvent(e client.Event) error {
	if s.json {
		return s.printJSON(eventJSON(e))
	}
	id := e.Device
	if e.Module != "" {
		id += "/" + e.Module
	}
	line := e.Enqueued.Format("2006-01-02T15:04:05.000Z") + "  " + id
	if e.Source != "Telemetry" {
		line += "  " + e.Source
	}
	for _, key := range slices.Sorted(maps.Keys(e.Properties)) {
		line += "  " + key + "=" + e.Properties[key]
	}
	_, err := fmt.Fprintln(s.out, printable(line+"  "+bodyText(e.Body)))
	return err
}

// bodyText is a body for people: text as it is, anything else by its size.
func bodyText(body []byte) string {
	if !utf8.Valid(body) {
		return fmt.Sprintf("(%d bytes, not text)", len(body))
	}
	return string(body)
}

// printable keeps what a device sends from steering the terminal.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, line)
}

// eventJSON is an event as one value: its body as JSON where it is some, else as base64.
func eventJSON(e client.Event) any {
	v := struct {
		Partition  int               `json:"partition"`
		Number     uint64            `json:"number"`
		Enqueued   string            `json:"enqueued"`
		Device     string            `json:"device"`
		Module     string            `json:"module,omitempty"`
		Source     string            `json:"source"`
		System     any               `json:"systemProperties"`
		Properties map[string]string `json:"properties,omitempty"`
		Body       json.RawMessage   `json:"body,omitempty"`
		BodyBase64 []byte            `json:"bodyBase64,omitempty"`
	}{
		Partition: e.Partition, Number: e.Number, Enqueued: e.Enqueued.Format("2006-01-02T15:04:05.000Z"), Device: e.Device, Module: e.Module,
		Source: e.Source, System: e.System, Properties: e.Properties,
	}
	if json.Valid(e.Body) {
		v.Body = e.Body
	} else {
		v.BodyBase64 = e.Body
	}
	return v
}
