package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"time"

	"github.com/cucumber/godog"

	"twinrig/devicesim"
	"twinrig/devicesim/catalog"
	"twinrig/devicesim/devicefile"
	"twinrig/hub/client"
	"twinrig/reports"
	"twinrig/twinmodel"
)

// deviceSteps bring devices into a scenario and take power and network from
// them.
func (w *World) deviceSteps() []Step {
	steps := []Step{
		{`{device} is switched off`, `"truck-7" is switched off`, "", w.switchedOff},
		{`{device} is switched on`, `"truck-7" is switched on`, "", w.switchedOn},
		{`{device} loses its connection`, `"truck-7" loses its connection`, "", w.losesConnection},
		{`{device} has its connection back`, `"truck-7" has its connection back`, "", w.hasConnection},
		{`{device} is online within {duration}`, `"truck-7" is online within 1 minute`, "", w.onlineWithin},
	}
	steps = append(steps,
		Step{`a device {device} from {text}`, `a device "room-1" from "examples/devices/cold-room.yaml"`, "", func(id, path string) error { return w.introduceFile(id, path, nil) }},
		Step{`a device {device} from {text} with:`, `a device "room-1" from "examples/devices/cold-room.yaml" with:`, "table", w.introduceFile},
	)
	for _, k := range catalog.Kinds() {
		steps = append(steps,
			Step{"a " + k.Title + " {device}", fmt.Sprintf("a %s %q", k.Title, k.Example), "", func(id string) error { return w.introduce(k, id, nil) }},
			Step{"a " + k.Title + " {device} with:", fmt.Sprintf("a %s %q with:", k.Title, k.Example), "table", func(id string, t *godog.Table) error { return w.introduce(k, id, t) }},
		)
	}
	return steps
}

// introduce adds a device and waits until it is on line.
func (w *World) introduce(k *devicesim.Kind, id string, t *godog.Table) error {
	rows, err := pairs(t)
	if err != nil {
		return err
	}
	if err := w.add(k, id, rows); err != nil {
		return err
	}
	return w.onlineWithin(id, "10 seconds")
}

// introduceFile adds a device that a file describes.
func (w *World) introduceFile(id, path string, t *godog.Table) error {
	k, err := devicefile.Load(path, w.files)
	if err != nil {
		return usage(err, "correct the device file; docs/device-files.md says what can stand in one")
	}
	return w.introduce(k, id, t)
}

// pairs reads a table of two columns.
func pairs(t *godog.Table) ([][2]string, error) {
	if t == nil {
		return nil, nil
	}
	var rows [][2]string
	for _, r := range t.Rows {
		if len(r.Cells) != 2 {
			return nil, usage(fmt.Errorf("a row has %d cells", len(r.Cells)), "write two: | name | value |")
		}
		rows = append(rows, [2]string{r.Cells[0].Value, r.Cells[1].Value})
	}
	return rows, nil
}

func (w *World) register(id string) (key string, err error) {
	d, err := w.rig.service.CreateDevice(w.ctx, client.Device{ID: id})
	if err != nil {
		return "", fmt.Errorf("register %s: %w", id, err)
	}
	return d.Authentication.SymmetricKey.Primary, nil
}

func (w *World) dialer(id string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) { return w.rig.dial(ctx, id) }
}

func (w *World) switchedOff(id string) error {
	d, err := w.device(id)
	if err != nil {
		return err
	}
	w.fault(id, "power off", true)
	return d.PowerOff()
}

func (w *World) switchedOn(id string) error {
	d, err := w.device(id)
	if err != nil {
		return err
	}
	w.fault(id, "power off", false)
	return d.PowerOn()
}

func (w *World) losesConnection(id string) error { return w.setNetwork(id, true) }

func (w *World) hasConnection(id string) error { return w.setNetwork(id, false) }

func (w *World) setNetwork(id string, down bool) error {
	d, err := w.device(id)
	if err != nil {
		return err
	}
	w.fault(id, "network down", down)
	d.access.set(down)
	return nil
}

func (w *World) fault(target, name string, active bool) {
	w.chronicle.add(reports.Event{Time: time.Now(), Entity: "rig", Kind: reports.KindFault, Fault: &reports.Fault{Target: target, Name: name, Active: active}})
}

func (w *World) onlineWithin(id, within string) error {
	if _, err := w.device(id); err != nil {
		return err
	}
	limit, err := duration(within)
	if err != nil {
		return err
	}
	online := func() (yes bool) {
		w.chronicle.look(id, func(h *history) { yes = h.online })
		return yes
	}
	if !w.await(limit, online) {
		return unmet("%s is not online after %s", id, within)
	}
	return nil
}

func duration(s string) (time.Duration, error) {
	d, err := twinmodel.ParseDuration(s)
	if err != nil {
		return 0, usage(err, "write for example: 5 minutes")
	}
	return d, nil
}

func jsonText(s string) (json.RawMessage, error) {
	if !json.Valid([]byte(s)) {
		return nil, usage(fmt.Errorf("%s is not JSON", s), `write a number, true, false, "text" or {"name": value}`)
	}
	return json.RawMessage(s), nil
}
