package devicesim_test

import (
	"fmt"

	"twinrig/devicesim"
)

func ExampleProperties_Apply() {
	settings := devicesim.Properties{{Name: "telemetryInterval", Value: 300, Min: 1, Max: 86400, Unit: "s"}}
	ack := settings.Apply(map[string]any{"telemetryInterval": 30.0, "$version": 4.0})
	fmt.Println(settings.Get("telemetryInterval"), ack)
	// Output: 30 map[telemetryInterval:map[ac:200 av:4 value:30]]
}
