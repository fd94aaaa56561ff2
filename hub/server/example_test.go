package server_test

import (
	"context"
	"fmt"
	"strings"

	"twinrig/hub/server"
	"twinrig/hub/store"
)

// A hub in memory on free ports.
func Example() {
	store.Register()
	ctx := context.Background()
	s, err := server.Start(ctx, server.Config{
		MQTT:    server.Listen{Address: "127.0.0.1:0"},
		HTTP:    server.Listen{Address: "127.0.0.1:0"},
		Devices: []server.DeviceSpec{{ID: "truck-1", Tags: map[string]any{"site": "depot"}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Split(s.Endpoints().MQTT, "127")[0])
	fmt.Println(strings.Split(s.ServiceConnectionString(), ";")[1])
	fmt.Println(s.Close(ctx))
	// Output:
	// mqtts://
	// SharedAccessKeyName=iothubowner
	// <nil>
}
