package rest

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"twinrig/hub"
)

// notices returns the queue for services that the path names.
func (x *exchange) notices() (queue *hub.ServiceQueue, contentType string) {
	if strings.Contains(x.route.path, "/feedback") {
		return x.handler.hub.Feedback(), "application/vnd.microsoft.iothub.feedback.json"
	}
	return x.handler.hub.FileNotes(), "application/json; charset=utf-8"
}

// receiveNotice gives a service its next feedback message or file notification, under
// lock.
func receiveNotice(x *exchange) error {
	queue, contentType := x.notices()
	n, ok, _, err := queue.Next(x.r.Context())
	if err != nil {
		return err
	}
	if !ok {
		return x.replyEmpty()
	}
	h := x.w.Header()
	h.Set("ETag", `"`+n.LockToken+`"`)
	h.Set("Content-Type", contentType)
	h.Set("iothub-enqueuedtime", n.Enqueued.Format(time.RFC3339Nano))
	h.Set("iothub-deliverycount", strconv.Itoa(n.DeliveryCount))
	x.write(http.StatusOK, n.Body)
	return nil
}

func completeNotice(x *exchange) error {
	queue, _ := x.notices()
	if err := queue.Complete(x.r.Context(), unquote(x.last())); err != nil {
		return err
	}
	return x.replyEmpty()
}

func abandonNotice(x *exchange) error {
	queue, _ := x.notices()
	if err := queue.Abandon(unquote(x.last())); err != nil {
		return err
	}
	return x.replyEmpty()
}
