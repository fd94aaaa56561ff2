package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"twinrig/hub/client"
)

// A service changes a device's reporting interval and calls a method on it.
func Example() {
	c, err := client.New("HostName=localhost;SharedAccessKeyName=service;SharedAccessKey=c2VjcmV0", client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	ctx := context.Background()
	patch := map[string]any{"properties": map[string]any{"desired": map[string]any{"interval": 30}}}
	if _, err := c.PatchTwin(ctx, "truck-1", patch, ""); err != nil {
		log.Fatal(err)
	}
	result, err := c.Invoke(ctx, "truck-1", client.MethodCall{Name: "defrost"})
	var refusal *client.Error
	if errors.As(err, &refusal) && refusal.Code == 404103 {
		fmt.Println("truck-1 is offline")
		return
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Status, string(result.Payload))
}
