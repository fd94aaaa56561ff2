package auth_test

import (
	"context"
	"fmt"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
)

// A service signs a token with the key of its policy; the authenticator checks
// it against the rights the call needs.
func Example() {
	a := auth.New(exampleDirectory()) // in a program: auth.New(theHub, "localhost")
	token, err := auth.Sign("hub.example", "service", keyA, time.Unix(4000000000, 0))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	for _, need := range []hub.Rights{hub.ServiceConnect, hub.RegistryWrite} {
		_, err := a.AuthenticateService(ctx, token, need)
		fmt.Println(err == nil)
	}
	// Output:
	// true
	// false
}
