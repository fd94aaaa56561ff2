package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"twinrig/hub"
)

// ioTimeout bounds how long a client may take to send a body or accept an answer.
const ioTimeout = 30 * time.Second

// exchange is one request and its answer.
type exchange struct {
	handler *Handler
	w       http.ResponseWriter
	r       *http.Request
	route   *route
	params  []string        // values of the "{}" segments
	device  hub.ConnectInfo // who calls, on the routes of devices
	expires time.Time       // of the token of a service
	shape   shape
}

// identity is that of the device, or of the module, in the path.
func (x *exchange) identity() string {
	if strings.Contains(x.route.path, "/modules/{}") {
		return hub.Identity(x.params[0], x.params[1])
	}
	return x.params[0]
}

// last is the value of the last "{}" segment.
func (x *exchange) last() string { return x.params[len(x.params)-1] }

// body reads the request body, at most limit bytes.
func (x *exchange) body(limit int64) ([]byte, error) {
	control := http.NewResponseController(x.w)
	// Not every ResponseWriter has deadlines; a server's has. The deadline is taken
	// back, for the server goes on reading to notice that the client leaves.
	_ = control.SetReadDeadline(time.Now().Add(ioTimeout))
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	b, err := io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, limit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, refuse(413001, "MessageTooLarge", "The body is larger than %d bytes.", limit)
	}
	if err != nil {
		return nil, refuse(400004, "ArgumentInvalid", "The body could not be read: %v.", err)
	}
	return b, nil
}

// decode reads a JSON body into v.
func (x *exchange) decode(limit int64, v any) error {
	b, err := x.body(limit)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return refuse(400004, "ArgumentInvalid", "The body is not the JSON wanted: %s.", jsonTrouble(b, err))
	}
	return nil
}

// jsonTrouble says where in the text decoding failed.
func jsonTrouble(text []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return "it is empty"
	case errors.As(err, &syntax):
		return position(text, syntax.Offset) + strings.TrimPrefix(syntax.Error(), "json: ")
	case errors.As(err, &kind):
		return position(text, kind.Offset) + fmt.Sprintf("%s is of the wrong type (%s)", first(kind.Field, "the document"), kind.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func position(text []byte, offset int64) string {
	before := text[:min(int64(len(text)), max(offset-1, 0))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - (bytes.LastIndexByte(before, '\n') + 1) + 1
	return fmt.Sprintf("line %d, column %d: ", line, column)
}

// ifMatch reads the If-Match header in all the forms clients send: quoted, bare,
// with escaped quotes. given is false when there is no header.
func (x *exchange) ifMatch() (etag string, given bool, err error) {
	values := x.r.Header.Values("If-Match")
	if len(values) == 0 {
		return "", false, nil
	}
	etag = unquote(values[0])
	if etag == "" {
		return "", true, refuse(400004, "ArgumentInvalid", `If-Match is empty: give the etag read before, or "*".`)
	}
	return etag, true, nil
}

func unquote(etag string) string {
	return strings.Trim(strings.TrimSpace(etag), `"\`)
}

// reply sends v as JSON. etag may be empty.
func (x *exchange) reply(status int, etag string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	if etag != "" {
		x.w.Header().Set("ETag", `"`+etag+`"`)
	}
	x.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	x.write(status, b)
	return nil
}

func (x *exchange) replyEmpty() error {
	x.write(http.StatusNoContent, nil)
	return nil
}

// write sends the answer. A client that is gone cannot be told so.
func (x *exchange) write(status int, body []byte) {
	x.allowWrite()
	x.w.WriteHeader(status)
	_, _ = x.w.Write(body)
}

func (x *exchange) allowWrite() {
	_ = http.NewResponseController(x.w).SetWriteDeadline(time.Now().Add(ioTimeout))
}

// patient returns a context for calls that may wait long: it ends with the client and
// with the handler.
func (x *exchange) patient() (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(x.r.Context())
	stop := context.AfterFunc(x.handler.closing, func() { cancel(errClosing) })
	return ctx, func(cause error) { stop(); cancel(cause) }
}
