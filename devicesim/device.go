package devicesim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"twinrig/devicesim/link"
	"twinrig/reports"
	"twinrig/twinmodel"
)

// Config describes one simulated device.
type Config struct {
	ID         string
	Seed       uint64 // decides phase and reconnect jitter
	Plant      twinmodel.Plant
	Sensors    []Sensor
	Controller func() Controller      // a controller as the firmware boots it; called at every power-on
	Link       func(Dialer) link.Link // a link that dials with the given dialer
	Dial       Dialer                 // the way to the hub
	Sample     time.Duration          // how often signals go to the record; 0 = every minute
	Outbox     int                    // parcels kept while offline; 0 = 1000
	Record     func(ev reports.Event) // receives samples and connection events; nil = nowhere
}

// Device is a simulated device at work. Everything it does happens on one
// goroutine, so plant, instruments and controller need no locks.
type Device struct {
	cfg     Config
	process process
	phase   time.Duration

	do      chan func()
	notices chan notice
	stop    chan struct{}
	stopped chan struct{}

	// owned by the loop
	controller Controller // nil while switched off
	uplink     *uplink
	wake       *time.Timer
	isOnline   bool
	reason     string // why it is not
	overflowed bool
	readings   Readings
	err        error
}

// New makes a device, switched off, and starts its plant. Close ends it.
func New(cfg Config) (*Device, error) {
	if cfg.Plant == nil || cfg.Controller == nil || cfg.Link == nil || cfg.Dial == nil {
		return nil, fmt.Errorf("device %s: plant, controller, link and dial are required", cfg.ID)
	}
	if cfg.Sample == 0 {
		cfg.Sample = time.Minute
	}
	if cfg.Outbox == 0 {
		cfg.Outbox = 1000
	}
	if cfg.Record == nil {
		cfg.Record = func(reports.Event) {}
	}
	d := &Device{
		cfg:     cfg,
		process: process{cfg.Plant, cfg.Sensors},
		phase:   phase(cfg.Seed),
		do:      make(chan func()),
		notices: make(chan notice),
		stop:    make(chan struct{}),
		stopped: make(chan struct{}),
		wake:    time.NewTimer(time.Hour),
	}
	d.wake.Stop()
	d.declare()
	go d.loop()
	return d, nil
}

// phase is when in a second a device's clock ticks. Distinct phases keep the
// devices of a scenario from acting at the same instant, in which Go would
// order them by chance.
func phase(seed uint64) time.Duration {
	r := rand.New(rand.NewPCG(seed, 0x7068617365))
	return 100*time.Millisecond + time.Duration(r.Int64N(int64(800*time.Millisecond)))
}

// ID is the device id.
func (d *Device) ID() string { return d.cfg.ID }

// PowerOn boots the device: a fresh controller, an empty outbox, a new link.
func (d *Device) PowerOn() error { return d.call(d.powerOn) }

// PowerOff takes the supply away: everything in the device's memory is lost,
// the connection ends without a word, the plant goes on.
func (d *Device) PowerOff() error { return d.call(d.powerOff) }

// Plant runs f with the plant, advanced to now. f must not keep the plant.
func (d *Device) Plant(f func(twinmodel.Plant) error) error {
	return d.call(func() error {
		if err := d.process.plant.Advance(time.Now()); err != nil {
			return err
		}
		if err := f(d.process.plant); err != nil {
			return err
		}
		return d.sample()
	})
}

// Sensor runs f with the instrument on a signal. f must not keep it.
func (d *Device) Sensor(signal string, f func(*twinmodel.Instrument) error) error {
	return d.call(func() error {
		var have []string
		for _, s := range d.process.sensors {
			if s.Signal == signal {
				return f(s.Instrument)
			}
			have = append(have, s.Signal)
		}
		return fmt.Errorf("device %s: no sensor on %s; there are %s", d.cfg.ID, signal, strings.Join(have, ", "))
	})
}

// Err is the error that stopped the plant, if one did.
func (d *Device) Err() error { return d.call(func() error { return nil }) }

// Close switches the device off and ends its plant.
func (d *Device) Close() {
	close(d.stop)
	<-d.stopped
}

// call runs f on the loop.
func (d *Device) call(f func() error) error {
	result := make(chan error, 1)
	select {
	case d.do <- func() {
		if d.err != nil {
			result <- d.err
			return
		}
		result <- f()
	}:
		return <-result
	case <-d.stopped:
		return errors.New("device " + d.cfg.ID + ": closed")
	}
}

func (d *Device) loop() {
	defer close(d.stopped)
	defer d.wake.Stop()
	sampling := time.NewTicker(d.cfg.Sample)
	defer sampling.Stop()
	err := d.sample()
	for {
		if err != nil && d.err == nil {
			d.err = fmt.Errorf("device %s: %w", d.cfg.ID, err)
			sampling.Stop()
			d.halt()
		}
		err = nil
		select {
		case <-d.stop:
			d.halt()
			if err := twinmodel.Close(d.cfg.Plant); err != nil {
				d.log("ending the plant: " + err.Error())
			}
			return
		case f := <-d.do:
			f()
		case <-sampling.C:
			err = d.sample()
		case <-d.wake.C:
			err = d.decide(Cycle{Tick: true}, nil)
		case n := <-d.notices:
			err = d.hear(n)
		}
	}
}

func (d *Device) powerOn() error {
	if d.controller != nil {
		return nil
	}
	d.controller = d.cfg.Controller()
	ctx, cancel := context.WithCancel(context.Background())
	d.uplink = &uplink{
		connect: d.cfg.Link,
		dial:    d.cfg.Dial,
		backoff: newBackoff(d.cfg.Seed),
		outbox:  newOutbox(d.cfg.Outbox),
		notices: d.notices,
		refused: d.refused,
		ctx:     ctx,
		cancel:  cancel,
		done:    make(chan struct{}),
	}
	go d.uplink.run()
	return d.decide(Cycle{Boot: true}, nil)
}

func (d *Device) powerOff() error {
	if d.controller != nil {
		d.halt()
		d.connection(false, "switched off")
	}
	return nil
}

// halt ends controller and uplink.
func (d *Device) halt() {
	if d.controller == nil {
		return
	}
	d.controller, d.readings = nil, nil
	d.wake.Stop()
	d.uplink.powerOff()
	d.uplink = nil
}

// hear handles what the uplink tells.
func (d *Device) hear(n notice) error {
	if d.controller == nil {
		return nil
	}
	if n.online != nil {
		text := ""
		if n.reason != nil {
			text = n.reason.Error()
		}
		d.connection(*n.online, text)
		return nil
	}
	return d.decide(n.cycle, n.answers)
}

// decide runs one controller cycle and does what it asks for.
func (d *Device) decide(c Cycle, answers chan<- Answer) error {
	now := time.Now()
	readings, err := d.process.read(now)
	if err != nil {
		return err
	}
	d.readings = readings
	c.Time, c.Online, c.Readings = now, d.isOnline, readings
	actions := d.controller.Decide(c)
	for _, s := range actions.Actuate {
		if err := d.process.plant.Set(s.Signal, s.Value); err != nil {
			return err
		}
	}
	for i := range actions.Telemetry {
		d.send(parcel{message: &actions.Telemetry[i]})
	}
	if len(actions.Report) > 0 {
		d.send(parcel{report: actions.Report})
	}
	if answers != nil && actions.Answer != nil {
		answers <- *actions.Answer
	}
	d.heard(c, actions.Answer)
	d.schedule(now, actions.Wake, c.Boot)
	return nil
}

// send queues a parcel. The first one lost to a full outbox since the device was
// last online is recorded; the record would drown in the rest.
func (d *Device) send(p parcel) {
	if d.uplink.outbox.put(p) && !d.overflowed {
		d.overflowed = true
		d.log("outbox full: the oldest telemetry is dropped from here on")
	}
}

// schedule sets the wake timer. The device's phase is put on its first wake
// only: later ones follow from it.
func (d *Device) schedule(now, wake time.Time, boot bool) {
	if wake.IsZero() {
		return
	}
	delay := max(wake.Sub(now), 0)
	if boot {
		delay += d.phase
	}
	d.wake.Reset(delay)
}
