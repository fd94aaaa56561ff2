package hub_test

import (
	"context"
	"fmt"

	"twinrig/hub"
	"twinrig/hub/store"
)

// printer is a session that prints what the hub tells the device. A front end would
// send it over the wire.
type printer struct{}

func (printer) Method(m hub.MethodRequest) error    { return hub.ErrNotSubscribed }
func (printer) Desired(version int64, patch []byte) { fmt.Printf("desired: %s\n", patch) }
func (printer) CommandsWaiting()                    { fmt.Println("commands waiting") }
func (printer) Close(reason hub.CloseReason)        { fmt.Println("closed") }

func Example() {
	ctx := context.Background()
	store.Register()
	s, err := store.Open(ctx, store.Options{}) // in memory
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	h, err := hub.New(hub.Config{HostName: "hub.local"}, s)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(ctx)

	if _, err := h.CreateDevice(ctx, hub.Device{ID: "truck-1"}); err != nil {
		fmt.Println(err)
		return
	}
	truck, err := h.Connect(ctx, hub.ConnectInfo{DeviceID: "truck-1"}, printer{})
	if err != nil {
		fmt.Println(err)
		return
	}
	stored := make(chan error)
	truck.Telemetry(hub.Message{Body: []byte(`{"temperature":4.5}`)}, func(err error) { stored <- err })
	fmt.Println("stored:", <-stored)

	twin, err := h.PatchTwin(ctx, "truck-1", []byte(`{"properties":{"desired":{"interval":30}}}`), "*")
	fmt.Println("twin version:", twin.Version, err)

	for p := range h.Partitions() {
		for e, err := range h.Events(ctx, p, 0, false) {
			fmt.Printf("event %d of %s: %s %v\n", e.Number, e.Device, e.Body, err)
		}
	}
	// Output:
	// stored: <nil>
	// desired: {"interval":30,"$version":2}
	// twin version: 2 <nil>
	// event 0 of truck-1: {"temperature":4.5} <nil>
	// closed
}
