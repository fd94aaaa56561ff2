package broker_test

import (
	"context"
	"fmt"
	"net"

	"twinrig/hub/mqtt"
	"twinrig/hub/mqtt/broker"
	"twinrig/hub/store"
)

// A broker in memory, in which only topics below plant/ are open.
func Example() {
	store.Register()
	ctx := context.Background()
	documents, err := store.Open(ctx, store.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer documents.Close()
	rules, err := broker.ParseRules("acl", []byte("topic readwrite plant/#\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := broker.New(ctx, broker.Config{Rules: rules}, documents.Documents())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer b.Close()
	front := mqtt.NewBroker(b, mqtt.Config{})
	defer front.Close(ctx)

	client, server := net.Pipe()
	go front.ServeConn(server)
	_, _ = client.Write([]byte("\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a")) // CONNECT of a
	answer := make([]byte, 4)
	_, err = client.Read(answer)
	fmt.Printf("%x %v\n", answer, err)
	_ = client.Close()
	// Output: 20020000 <nil>
}
