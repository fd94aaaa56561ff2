package scenarios

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/binding"
	"twinrig/devicesim/link"
	"twinrig/twinmodel"
)

// asset is one device of the scenario.
type asset struct {
	*devicesim.Device
	spec   *twinmodel.Spec
	access *access
}

// add makes a device, registers it at the hub and switches it on.
func (w *World) add(k *devicesim.Kind, id string, rows [][2]string) error {
	if _, ok := w.devices[id]; ok {
		return usage(fmt.Errorf("there is a device %q already", id), "give each device an id of its own")
	}
	if err := keepsInterface(k); err != nil {
		return &rigError{err}
	}
	o := &options{rows: rows}
	protocol, err := o.choice("protocol", "MQTT 5", "MQTT 3.1.1")
	if err != nil {
		return err
	}
	chosen, err := o.chosen(k.Options)
	if err != nil {
		return err
	}
	plant, controller, err := k.Build(devicesim.Instance{ID: id, Start: time.Now(), Seed: w.seed, Chosen: chosen})
	if err != nil {
		return usage(err, "change the rows of the table")
	}
	a := &asset{spec: plant.Spec(), access: &access{dial: w.dialer(id)}}
	if a.Device, err = w.assemble(k, id, plant, controller, protocol, a.access, o); err != nil {
		return errors.Join(err, twinmodel.Close(plant))
	}
	w.devices[id], w.order = a, append(w.order, id)
	return a.PowerOn()
}

// assemble puts instruments and link to plant and controller.
func (w *World) assemble(k *devicesim.Kind, id string, plant twinmodel.Plant, controller func() devicesim.Controller, protocol string,
	way *access, o *options) (*devicesim.Device, error) {
	if err := o.inputs(plant); err != nil {
		return nil, err
	}
	sensors, err := k.Instruments(w.seed, id)
	if err != nil {
		return nil, &rigError{err}
	}
	key, err := w.register(id)
	if err != nil {
		return nil, err
	}
	config := link.Config{HostName: w.rig.server.Hub().HostName(), DeviceID: id, Key: key, ModelID: k.ModelID, TokenTTL: tokenTTL}
	device, err := devicesim.New(devicesim.Config{
		ID: id, Seed: mix(w.seed, id), Plant: plant, Controller: controller,
		Sensors: sensors,
		Dial:    way.Dial,
		Link: func(dial devicesim.Dialer) link.Link {
			c := config
			c.Dial = dial
			if protocol == "MQTT 3.1.1" {
				return link.NewMQTT311(c)
			}
			return link.NewMQTT5(c)
		},
		Record: w.chronicle.add,
	})
	if err != nil {
		return nil, &rigError{err}
	}
	return device, nil
}

// checked holds by kind how its interface is checked.
var checked sync.Map

// keepsInterface checks a kind that ships with its interface, once a process.
func keepsInterface(k *devicesim.Kind) error {
	if k.DTDL == "" {
		return nil // a device file: bound when it was read
	}
	check, _ := checked.LoadOrStore(k, sync.OnceValue(func() error {
		_, err := binding.Check(k)
		return err
	}))
	return check.(func() error)()
}

// tokenTTL is long enough that a day's scenario is not interrupted by renewals;
// scenarios about tokens set their own.
const tokenTTL = 48 * time.Hour
