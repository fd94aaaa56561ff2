package rest

import (
	"encoding/json"
	"net/http"
	"time"

	"twinrig/hub"
)

// maxMethodBody leaves room around the payload; the hub counts that.
const maxMethodBody = 256 << 10

// maxMethodSeconds is where the hub's own limits lie for certain.
const maxMethodSeconds = 3600

type methodBody struct {
	Name            string          `json:"methodName"`
	Payload         json.RawMessage `json:"payload"`
	ResponseTimeout int             `json:"responseTimeoutInSeconds"`
	ConnectTimeout  int             `json:"connectTimeoutInSeconds"`
}

func invokeMethod(x *exchange) error {
	var body methodBody
	if err := x.decode(maxMethodBody, &body); err != nil {
		return err
	}
	call := hub.MethodCall{
		Name: body.Name, Payload: body.Payload,
		ResponseTimeout: duration(body.ResponseTimeout), ConnectTimeout: duration(body.ConnectTimeout),
	}
	ctx, cancel := x.patient()
	defer cancel(nil)
	result, err := x.handler.hub.Invoke(ctx, x.identity(), call)
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, "", struct {
		Status  int             `json:"status"`
		Payload json.RawMessage `json:"payload"`
	}{result.Status, result.Payload})
}

// duration keeps numbers the hub refuses from overflowing into some it does not.
func duration(seconds int) time.Duration {
	return time.Duration(min(max(seconds, -1), maxMethodSeconds)) * time.Second
}
