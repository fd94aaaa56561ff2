package rest

import (
	"errors"

	"twinrig/hub"
)

// authenticate finds out who calls: a service with the rights the route needs, or, for
// the routes of devices, the device of the path.
func (x *exchange) authenticate(route *route) error {
	err := x.identify(route)
	if err == nil {
		hub.AdmitRequest(x.r.Context())
	}
	return err
}

func (x *exchange) identify(route *route) (err error) {
	if edge := x.r.Header.Get("x-ms-edge-moduleId"); edge != "" && route.edge {
		return x.authenticateDevice(edge)
	}
	if route.device {
		return x.authenticateDevice(x.identity())
	}
	x.expires, err = x.handler.auth.AuthenticateService(x.r.Context(), x.r.Header.Get("Authorization"), route.need)
	return err
}

func (x *exchange) authenticateDevice(id string) error {
	credential := hub.Credential{Token: x.r.Header.Get("Authorization")}
	if credential.Token == "" && x.r.TLS != nil {
		credential.Certificates = x.r.TLS.PeerCertificates
	}
	grant, err := x.handler.auth.AuthenticateDevice(x.r.Context(), id, credential)
	if e := new(hub.Error); errors.As(err, &e) {
		x.handler.log.Info("device refused", "device", id, "address", x.r.RemoteAddr, "error", err)
		return errStranger
	}
	if err != nil {
		return err
	}
	x.device = hub.ConnectInfo{DeviceID: id, AuthMethod: grant.AuthMethod}
	return nil
}
