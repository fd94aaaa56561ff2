package devicefile_test

import (
	"fmt"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/devicefile"
)

// A device file becomes a kind of device like those written in Go.
func Example() {
	kind, err := devicefile.Load("../../examples/devices/cold-room.yaml", devicefile.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	plant, _, err := kind.Build(devicesim.Instance{ID: kind.Example, Start: time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(kind.Title, "announces", kind.ModelID, "and sits on a", plant.Spec().Title)
	// Output: cold room announces dtmi:com:example:ColdRoom;1 and sits on a refrigeration truck
}
