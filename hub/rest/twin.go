package rest

import (
	"context"
	"net/http"

	"twinrig/hub"
)

// maxTwinBody leaves room for the metadata of whole twins that SDKs send back; the
// hub counts what is in them.
const maxTwinBody = 1 << 20

func getTwin(x *exchange) error {
	t, err := x.handler.hub.Twin(x.r.Context(), x.identity())
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, t.ETag, t)
}

func patchTwin(x *exchange) error { return x.writeTwin(x.handler.hub.PatchTwin) }

func replaceTwin(x *exchange) error { return x.writeTwin(x.handler.hub.ReplaceTwin) }

func (x *exchange) writeTwin(write func(ctx context.Context, id string, body []byte, ifMatch string) (hub.Twin, error)) error {
	ifMatch, _, err := x.ifMatch()
	if err != nil {
		return err
	}
	body, err := x.body(maxTwinBody)
	if err != nil {
		return err
	}
	t, err := write(x.r.Context(), x.identity(), body, ifMatch)
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, t.ETag, t)
}
