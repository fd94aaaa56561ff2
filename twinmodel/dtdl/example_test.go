package dtdl_test

import (
	"fmt"

	"twinrig/twinmodel/dtdl"
)

// A model is loaded, and telemetry checked against it.
func Example() {
	repository := dtdl.Repository{Known: map[string]string{"dtmi:com:example:Box;1": `{
		"@context": "dtmi:dtdl:context;2", "@id": "dtmi:com:example:Box;1", "@type": "Interface",
		"contents": [{"@type": ["Telemetry", "Temperature"], "name": "air", "schema": "double", "unit": "degreeCelsius"}]
	}`}}
	box, err := repository.Load("dtmi:com:example:Box;1")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(box.CheckTelemetry("", []byte(`{"air": -18.5}`)))
	fmt.Println(box.CheckTelemetry("", []byte(`{"air": "cold"}`)))
	// Output:
	// <nil>
	// telemetry: $.air: a string where the interface has double
}
