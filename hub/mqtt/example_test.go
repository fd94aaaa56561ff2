package mqtt_test

import (
	"context"
	"fmt"
	"net"

	"twinrig/hub"
	"twinrig/hub/auth"
	"twinrig/hub/mqtt"
	"twinrig/hub/store"
)

func Example() {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{})
	if err != nil {
		panic(err)
	}
	defer s.Close()
	h, err := hub.New(hub.Config{HostName: "localhost"}, s)
	if err != nil {
		panic(err)
	}
	defer h.Close(ctx)

	front := mqtt.New(h, auth.New(h), mqtt.Config{})
	l, err := net.Listen("tcp", "127.0.0.1:0") // give it a tls.NewListener: SDKs insist on TLS
	if err != nil {
		panic(err)
	}
	served := make(chan error)
	go func() { served <- front.Serve(l) }()

	fmt.Println("closed:", front.Close(ctx), <-served)
	// Output: closed: <nil> <nil>
}
