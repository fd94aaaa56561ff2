package dps_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
	"twinrig/hub/dps"
	"twinrig/hub/store"
)

// A device of a group registers over HTTPS, with a key derived from the group's.
func Example() {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{})
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
	const key = "Z3JvdXBncm91cGdyb3VwZ3JvdXBncm91cA=="
	service, err := dps.New(ctx, dps.Config{
		IDScope: "0ne12345678", HostNames: []string{"dps.local"}, Hubs: []dps.Link{{Hub: h}}, CheckToken: auth.CheckToken,
		Policies: []dps.Policy{{Name: dps.OwnerPolicy, PrimaryKey: key, SecondaryKey: key, Rights: dps.EnrollmentWrite}},
	}, s.Documents())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer service.Close()

	call := func(method, path, body, resource, policy, key string) string {
		token, err := auth.Sign(resource, policy, key, time.Now().Add(time.Hour))
		if err != nil {
			return err.Error()
		}
		request := httptest.NewRequest(method, path+"?api-version=2021-10-01", strings.NewReader(body))
		request.Header.Set("Authorization", token)
		answer := httptest.NewRecorder()
		service.ServeHTTP(answer, request)
		return fmt.Sprint(answer.Code)
	}
	fmt.Println(call(http.MethodPut, "/enrollmentGroups/plant",
		`{"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"`+key+`","secondaryKey":"`+key+`"}}}`,
		"dps.local", dps.OwnerPolicy, key))
	fmt.Println(call(http.MethodPut, "/0ne12345678/registrations/press-1/register", "",
		"0ne12345678/registrations/press-1", "registration", dps.DeriveKey(key, "press-1")))
	// Output:
	// 200
	// 202
}
