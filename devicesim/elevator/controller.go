// Package elevator is the monitoring unit of an elevator: it reports the car at
// rest and, more often, on its rides, judges every ride's quality, raises alerts
// on trips, obstructed doors, overload, bad levelling, rough rides and a hot
// motor, and passes floor calls, dwell, service and reset on to the machine.
// The machine's own control, which serves passengers, is part of the plant.
package elevator

import (
	"fmt"
	"math"
	"slices"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
)

// ModelID is the DTDL interface the device announces.
const ModelID = "dtmi:com:twinrig:elevator;1"

const (
	cycle      = time.Second
	reopenings = 3    // of the door, in a row
	levelling  = 20.0 // mm off the landing with the door open
	hysteresis = 5.0  // K
)

var (
	doorStates = []string{"closed", "opening", "open", "closing"}
	directions = []string{"none", "up", "down"}
	carStates  = []string{"idle", "serving", "moving", "tripped"}
	tripCauses = []string{"none", "power", "governor", "safety gear", "buffer", "brake", "interlock"}
)

// Positions in the lists above.
const (
	doorOpen = 2
	moving   = 2
	tripped  = 3
)

// Settings are the firmware's defaults, which writable properties override, and
// what the fitter told it of the building.
type Settings struct {
	TelemetryInterval time.Duration
	RideInterval      time.Duration // while the car moves
	DoorDwell         time.Duration
	VibrationLimit    float64 // A95, thousandths of g
	MotorLimit        float64 // °C
	Floors            int
}

// DefaultSettings report every minute, and every two seconds of a ride.
func DefaultSettings() Settings {
	return Settings{TelemetryInterval: time.Minute, RideInterval: 2 * time.Second, DoorDwell: 4 * time.Second,
		VibrationLimit: 25, MotorLimit: 80, Floors: 12}
}

type controller struct {
	properties            devicesim.Properties
	telemetry, ride, look devicesim.Schedule
	trip, door, overload  devicesim.Alarm
	level, rough, motor   devicesim.Alarm
	floors                int
	inService             bool
	booted                time.Time
}

// New is the controller as its firmware boots.
func New(s Settings) devicesim.Controller {
	return &controller{
		properties: devicesim.Properties{
			{Name: "telemetryInterval", Value: s.TelemetryInterval.Seconds(), Min: 1, Max: 86400, Unit: "s"},
			{Name: "rideInterval", Value: s.RideInterval.Seconds(), Min: 1, Max: 3600, Unit: "s"},
			{Name: "doorDwell", Value: s.DoorDwell.Seconds(), Min: 1, Max: 60, Unit: "s"},
			{Name: "vibrationLimit", Value: s.VibrationLimit, Min: 1, Max: 1000, Unit: "thousandths of g"},
			{Name: "motorLimit", Value: s.MotorLimit, Min: 40, Max: 180, Unit: "°C"},
		},
		look:     devicesim.Schedule{Every: cycle},
		trip:     devicesim.Alarm{Name: "safetyTrip"},
		door:     devicesim.Alarm{Name: "doorObstructed"},
		overload: devicesim.Alarm{Name: "overload", Delay: 10 * time.Second},
		level:    devicesim.Alarm{Name: "levellingError"},
		rough:    devicesim.Alarm{Name: "roughRide"},
		motor:    devicesim.Alarm{Name: "motorHot", Delay: 30 * time.Second},
		floors:   s.Floors, inService: true,
	}
}

// Decide implements devicesim.Controller.
func (c *controller) Decide(in devicesim.Cycle) (out devicesim.Actions) {
	if in.Boot {
		c.booted = in.Time
		out.Wake, out.Actuate = in.Time, c.actuators()
		return out
	}
	if in.Desired != nil {
		out.Report = c.properties.Apply(in.Desired)
		out.Actuate = c.actuators()
	}
	if in.Call != nil {
		var pressed []devicesim.Setting
		out.Answer, pressed = c.answer(in)
		out.Actuate = append(c.actuators(), pressed...)
	}
	c.telemetry.Every = seconds(c.properties.Get("telemetryInterval"))
	c.ride.Every = seconds(c.properties.Get("rideInterval"))
	if in.Tick {
		out.Telemetry = c.tick(in)
	}
	out.Wake = devicesim.Earliest(c.look.Next(), c.telemetry.Next())
	return out
}

// tick looks at the elevator, and reports when it is time.
func (c *controller) tick(in devicesim.Cycle) (messages []link.Message) {
	if c.look.Due(in.Time) {
		messages = c.watch(in)
	}
	due := c.telemetry.Due(in.Time)
	if in.Readings["carState"] == moving && c.ride.Due(in.Time) {
		due = true
	}
	if due {
		messages = append(messages, report(in.Readings))
	}
	return messages
}

func (c *controller) actuators() []devicesim.Setting {
	service := 0.0
	if c.inService {
		service = 1
	}
	return []devicesim.Setting{{Signal: "doorDwell", Value: c.properties.Get("doorDwell")}, {Signal: "inService", Value: service}}
}

func (c *controller) watch(in devicesim.Cycle) []link.Message {
	r, limit := in.Readings, c.properties.Get("motorLimit")
	if c.motor.Active() {
		limit -= hysteresis
	}
	messages := slices.Concat(
		c.trip.Watch(in.Time, r["carState"] == tripped, "tripped: "+name(tripCauses, r["tripCause"])),
		c.door.Watch(in.Time, r["reopenings"] >= reopenings, fmt.Sprintf("the door has reopened %.0f times", r["reopenings"])),
		c.overload.Watch(in.Time, r["overload"] >= 0.5, fmt.Sprintf("%.0f kg in the car", r["load"])),
		c.motor.Watch(in.Time, r["motorTemperature"] > limit, fmt.Sprintf("motor at %.0f °C", r["motorTemperature"])))
	// Where the car stands matters to those who step over the sill, and a ride is
	// judged when it is over.
	if r["doorState"] == doorOpen {
		messages = append(messages, c.level.Watch(in.Time, math.Abs(r["levellingError"]) > levelling, fmt.Sprintf("%.0f mm off the landing", r["levellingError"]))...)
	}
	if r["carState"] != moving {
		worst := max(r["a95Vertical"], r["a95Lateral"])
		messages = append(messages, c.rough.Watch(in.Time, worst > c.properties.Get("vibrationLimit"), fmt.Sprintf("A95 of the last ride is %.0f thousandths of g", worst))...)
	}
	return messages
}

func report(r devicesim.Readings) link.Message {
	return devicesim.TelemetryMessage(map[string]any{
		"carPosition":      devicesim.Number(r["carPosition"], 3),
		"carSpeed":         devicesim.Number(r["carSpeed"], 3),
		"accelX":           devicesim.Number(r["accelX"], 4),
		"accelY":           devicesim.Number(r["accelY"], 4),
		"accelZ":           devicesim.Number(r["accelZ"], 4),
		"floor":            int(r["floor"]),
		"doorState":        name(doorStates, r["doorState"]),
		"direction":        name(directions, r["direction"]),
		"carState":         name(carStates, r["carState"]),
		"load":             devicesim.Number(r["load"], 0),
		"motorTemperature": devicesim.Number(r["motorTemperature"], 1),
		"power":            devicesim.Number(r["power"], 0),
		"tripCount":        int(r["tripCount"]),
		"a95Vertical":      devicesim.Number(r["a95Vertical"], 1),
		"a95Lateral":       devicesim.Number(r["a95Lateral"], 1),
		"levellingError":   devicesim.Number(r["levellingError"], 1),
	})
}

// name is the state's.
func name(states []string, v float64) string {
	return states[max(0, min(len(states)-1, int(v)))]
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
