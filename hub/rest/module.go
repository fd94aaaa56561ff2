package rest

import (
	"net/http"
	"time"

	"twinrig/hub"
)

// module is a module identity in the shape of the service API.
type module struct {
	ID                     string             `json:"moduleId"`
	DeviceID               string             `json:"deviceId"`
	ManagedBy              string             `json:"managedBy"`
	GenerationID           string             `json:"generationId"`
	ETag                   string             `json:"etag"`
	ConnectionState        string             `json:"connectionState"`
	ConnectionStateUpdated time.Time          `json:"connectionStateUpdatedTime"`
	LastActivity           time.Time          `json:"lastActivityTime"`
	CommandCount           int                `json:"cloudToDeviceMessageCount"`
	Authentication         hub.Authentication `json:"authentication"`
}

func asModule(d hub.Device) module {
	m := module{
		ManagedBy: d.ManagedBy, GenerationID: d.GenerationID, ETag: d.ETag,
		ConnectionState: d.ConnectionState, ConnectionStateUpdated: d.ConnectionStateUpdated,
		LastActivity: d.LastActivity, CommandCount: d.CommandCount, Authentication: d.Authentication,
	}
	m.DeviceID, m.ID = hub.SplitIdentity(d.ID)
	return m
}

// moduleBody is what a client may set of a module.
type moduleBody struct {
	ID             string             `json:"moduleId"`
	DeviceID       string             `json:"deviceId"`
	ManagedBy      string             `json:"managedBy"`
	Authentication hub.Authentication `json:"authentication"`
}

// putModule creates a module, or updates it when the client sends If-Match.
func putModule(x *exchange) error {
	var body moduleBody
	if err := x.decode(maxDeviceBody, &body); err != nil {
		return err
	}
	if body.ID != "" && body.ID != x.params[1] || body.DeviceID != "" && body.DeviceID != x.params[0] {
		return refuse(400004, "ArgumentInvalid", "The body is of module %q of device %q, the path of %q of %q.", body.ID, body.DeviceID, x.params[1], x.params[0])
	}
	d, created, err := x.put(hub.Device{ID: x.identity(), ManagedBy: body.ManagedBy, Authentication: body.Authentication})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return x.reply(status, d.ETag, asModule(d))
}

func getModule(x *exchange) error {
	d, err := x.handler.hub.Device(x.r.Context(), x.identity())
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, d.ETag, asModule(d))
}

func listModules(x *exchange) error {
	all, err := x.handler.hub.Modules(x.r.Context(), x.params[0])
	if err != nil {
		return err
	}
	modules := make([]module, 0, len(all))
	for _, d := range all {
		modules = append(modules, asModule(d))
	}
	return x.reply(http.StatusOK, "", modules)
}
