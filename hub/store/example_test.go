package store_test

import (
	"context"
	"fmt"

	"twinrig/hub"
	"twinrig/hub/store"
)

func Example() {
	ctx := context.Background()
	store.Register() // once, at the start of the program
	s, err := store.Open(ctx, store.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()

	docs := s.Documents()
	revision, err := docs.Put(ctx, hub.Document{Key: "device/truck-1", Body: []byte("1")})
	fmt.Println("create:", err)
	_, err = docs.Put(ctx, hub.Document{Key: "device/truck-1", Body: []byte("2"), Revision: revision})
	fmt.Println("update:", err)
	_, err = docs.Put(ctx, hub.Document{Key: "device/truck-1", Body: []byte("3"), Revision: revision})
	fmt.Println("update of what was read before:", err)
	// Output:
	// create: <nil>
	// update: <nil>
	// update of what was read before: changed meanwhile
}
