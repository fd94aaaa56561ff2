package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"twinrig/hub"
)

func unauthorized(format string, args ...any) error {
	return &hub.Error{Code: 401002, Name: "IotHubUnauthorizedAccess", Message: "Unauthorized: " + fmt.Sprintf(format, args...)}
}

// forbidden is for a good signature of a policy that lacks a right.
func forbidden(format string, args ...any) error {
	return &hub.Error{Code: 401003, Name: "IotHubUnauthorized", Message: "Unauthorized: " + fmt.Sprintf(format, args...)}
}

// asUnauthorized turns what the hub says of a device that does not exist, or
// of an id that cannot exist, into a refusal; the hub's own trouble stays.
func asUnauthorized(err error, format string, args ...any) error {
	var he *hub.Error
	if errors.As(err, &he) && he.Code/100000 == 4 {
		return unauthorized(format, args...)
	}
	return err
}

func lacking(have, need hub.Rights) string {
	var names []string
	for _, right := range []struct {
		bit  hub.Rights
		name string
	}{
		{hub.RegistryRead, "RegistryRead"}, {hub.RegistryWrite, "RegistryWrite"},
		{hub.ServiceConnect, "ServiceConnect"}, {hub.DeviceConnect, "DeviceConnect"},
	} {
		if need&right.bit != 0 && !have.Has(right.bit) {
			names = append(names, right.name)
		}
	}
	return strings.Join(names, ", ")
}

// authMethod is the text of iothub-connection-auth-method.
func authMethod(scope, kind string) string {
	b, _ := json.Marshal(struct {
		Scope    string  `json:"scope"`
		Type     string  `json:"type"`
		Issuer   string  `json:"issuer"`
		IPFilter *string `json:"acceptingIpFilterRule"`
	}{scope, kind, "iothub", nil})
	return string(b)
}
