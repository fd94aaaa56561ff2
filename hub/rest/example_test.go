package rest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"twinrig/hub"
	"twinrig/hub/rest"
	"twinrig/hub/store"
)

// A device is created over REST; in a program the authenticator is an
// *auth.Authenticator and the server listens with TLS.
func Example() {
	store.Register()
	s, err := store.Open(context.Background(), store.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	h, err := hub.New(hub.Config{HostName: "localhost"}, s)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(context.Background())
	api := rest.New(h, nameRights{}, rest.Config{})
	defer api.Close()

	request := httptest.NewRequest(http.MethodPut, "/devices/truck-1?api-version=2021-04-12", strings.NewReader(`{"deviceId":"truck-1"}`))
	request.Header.Set("Authorization", "write")
	answer := httptest.NewRecorder()
	api.ServeHTTP(answer, request)
	fmt.Println(answer.Code)
	// Output: 200
}
