package rest

import (
	"net/http"
	"strconv"

	"twinrig/hub"
)

const maxDeviceBody = 64 << 10

// deviceBody is what a client may set of a device. What else SDKs send back of a
// device they read is ignored.
type deviceBody struct {
	ID             string             `json:"deviceId"`
	Status         string             `json:"status"`
	StatusReason   *string            `json:"statusReason"`
	Authentication hub.Authentication `json:"authentication"`
	Capabilities   hub.Capabilities   `json:"capabilities"`
}

func (b deviceBody) device(id string) hub.Device {
	return hub.Device{ID: id, Status: b.Status, StatusReason: b.StatusReason, Authentication: b.Authentication, Capabilities: b.Capabilities}
}

// putDevice creates a device, or updates it when the client sends If-Match.
func putDevice(x *exchange) error {
	id := x.params[0]
	var body deviceBody
	if err := x.decode(maxDeviceBody, &body); err != nil {
		return err
	}
	if body.ID != "" && body.ID != id {
		return refuse(400004, "ArgumentInvalid", "The body is of device %q, the path of %q.", body.ID, id)
	}
	d, _, err := x.put(body.device(id))
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, d.ETag, d)
}

// put creates an identity, or updates it when the client sends If-Match.
func (x *exchange) put(wanted hub.Device) (d hub.Device, created bool, err error) {
	ifMatch, update, err := x.ifMatch()
	switch {
	case err != nil:
		return d, false, err
	case update:
		d, err = x.handler.hub.UpdateDevice(x.r.Context(), wanted, ifMatch)
	default:
		d, err = x.handler.hub.CreateDevice(x.r.Context(), wanted)
	}
	return d, !update, err
}

func getDevice(x *exchange) error {
	d, err := x.handler.hub.Device(x.r.Context(), x.params[0])
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, d.ETag, d)
}

func listDevices(x *exchange) error {
	top := hub.MaxDevices
	if text := x.r.URL.Query().Get("top"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > hub.MaxDevices {
			return refuse(400004, "ArgumentInvalid", "top is %q; 1 to %d are allowed.", text, hub.MaxDevices)
		}
		top = n
	}
	devices, err := x.handler.hub.Devices(x.r.Context(), top)
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, "", append([]hub.Device{}, devices...))
}

func deleteDevice(x *exchange) error {
	ifMatch, _, err := x.ifMatch()
	if err != nil {
		return err
	}
	if err := x.handler.hub.DeleteDevice(x.r.Context(), x.identity(), ifMatch); err != nil {
		return err
	}
	return x.replyEmpty()
}

func deviceStatistics(x *exchange) error {
	total, enabled, disabled, _, err := x.handler.hub.Statistics(x.r.Context())
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, "", struct {
		Total    int `json:"totalDeviceCount"`
		Enabled  int `json:"enabledDeviceCount"`
		Disabled int `json:"disabledDeviceCount"`
	}{total, enabled, disabled})
}

func serviceStatistics(x *exchange) error {
	_, _, _, connected, err := x.handler.hub.Statistics(x.r.Context())
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, "", struct {
		Connected int `json:"connectedDeviceCount"`
	}{connected})
}
