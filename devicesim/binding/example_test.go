package binding_test

import (
	"fmt"

	"twinrig/devicesim/binding"
	"twinrig/twinmodel"
	"twinrig/twinmodel/dtdl"
)

// A temperature in °C goes to an element in °F, whole degrees.
func Example() {
	element := binding.Element{Name: "temperature", Unit: "degreeFahrenheit", Schema: &dtdl.Schema{Kind: "integer"}}
	signal := twinmodel.Signal{Name: "air", Quantity: twinmodel.Temperature, Unit: "°C", Min: -50, Max: 50}
	channel, err := binding.Bind(element, signal, "", 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(channel.Encode(-18))
	// Output: 0 <nil>
}
