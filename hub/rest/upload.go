package rest

import (
	"net/http"

	"twinrig/hub"
)

const maxUploadBody = 16 << 10

// beginUpload gives a device the right to upload a file.
func beginUpload(x *exchange) error {
	var body struct {
		BlobName string `json:"blobName"`
	}
	if err := x.decode(maxUploadBody, &body); err != nil {
		return err
	}
	u, err := x.handler.hub.BeginUpload(x.r.Context(), x.identity(), body.BlobName)
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, "", u)
}

// finishUpload hears how it went. Some clients write the correlation id into the path.
func finishUpload(x *exchange) error {
	var result hub.UploadResult
	if err := x.decode(maxUploadBody, &result); err != nil {
		return err
	}
	if len(x.params) > 1 {
		result.CorrelationID = x.last()
	}
	if err := x.handler.hub.FinishUpload(x.r.Context(), x.identity(), result); err != nil {
		return err
	}
	return x.replyEmpty()
}
