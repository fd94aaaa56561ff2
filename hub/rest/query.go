package rest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"twinrig/hub"
	"twinrig/hub/query"
)

const maxQueryBody = 64 << 10

// queryTwins answers a query by pages.
func queryTwins(x *exchange) error {
	var body struct {
		Query string `json:"query"`
	}
	if err := x.decode(maxQueryBody, &body); err != nil {
		return err
	}
	size := query.MaxPage
	if text := x.r.Header.Get("x-ms-max-item-count"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n == 0 || n < -1 {
			return refuse(400004, "ArgumentInvalid", "x-ms-max-item-count is %q; 1 to %d are allowed.", text, query.MaxPage)
		}
		if n > 0 { // -1 leaves it to the hub
			size = min(n, query.MaxPage)
		}
	}
	if err := x.handler.hub.Spend(hub.OpQuery, 1); err != nil {
		return err
	}
	q, err := query.Parse(body.Query)
	var page query.Page
	if err == nil {
		page, err = q.Run(x.r.Context(), x.handler.hub, size, x.r.Header.Get("x-ms-continuation"))
	}
	var wrong *query.Error
	if errors.As(err, &wrong) {
		return refuse(400004, "ArgumentInvalid", "%v.", wrong)
	}
	if err != nil {
		return err
	}
	kind := "Raw"
	if page.Whole {
		kind = "Twin"
	}
	x.w.Header().Set("x-ms-item-type", kind)
	if page.Continuation != "" {
		x.w.Header().Set("x-ms-continuation", page.Continuation)
	}
	return x.reply(http.StatusOK, "", append([]json.RawMessage{}, page.Items...))
}
