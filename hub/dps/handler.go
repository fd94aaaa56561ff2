package dps

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"twinrig/hub"
)

// ioTimeout bounds how long a client may take to send a body or accept an answer.
const ioTimeout = 30 * time.Second

// Serves reports whether a request is for this service rather than for a hub behind the
// same listener.
func (s *Service) Serves(r *http.Request) bool {
	segments, ok := splitPath(r.URL.EscapedPath())
	if !ok {
		return false
	}
	switch fold(segments[0]) {
	case "enrollments", "enrollmentgroups", "registrations", fold(s.cfg.IDScope):
		return true
	}
	if len(segments) < 2 {
		return false
	}
	// The scope of another service gets the answer of this one; it has the form of Azure's.
	strange := strings.HasPrefix(fold(segments[0]), "0ne") && fold(segments[1]) == "registrations"
	return strange || fold(segments[0]+"/"+segments[1]+"/") == ours
}

// ServeHTTP serves the API of devices and of services.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{service: s, w: w, r: r}
	for _, key := range []string{"x-ms-client-request-id", "Request-Id"} {
		if id := r.Header.Get(key); id != "" {
			w.Header().Set("x-ms-request-id", id)
			break
		}
	}
	if err := x.serve(); err != nil {
		x.fail(err)
	}
}

// exchange is one request and its answer.
type exchange struct {
	service *Service
	w       http.ResponseWriter
	r       *http.Request
	params  []string // values of the "{}" segments
}

func (x *exchange) serve() error {
	route, params, allowed := match(x.r.Method, x.r.URL.EscapedPath())
	if route == nil {
		return x.noRoute(allowed)
	}
	x.params = params
	if v := x.r.URL.Query().Get("api-version"); !strings.HasPrefix(route.path, ours) && !versionForm.MatchString(v) {
		return badVersion.errorf("api-version %q is not a date: use ?api-version=2021-10-01", v)
	}
	if route.need != 0 {
		if err := x.service.authorize(x.r.Header.Get("Authorization"), route.need); err != nil {
			return err
		}
		hub.AdmitRequest(x.r.Context())
	}
	return route.serve(x)
}

var versionForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$`)

func (x *exchange) noRoute(allowed []string) error {
	if len(allowed) == 0 {
		return code(404000).errorf("The provisioning service has no call %s %s.", x.r.Method, x.r.URL.Path)
	}
	x.w.Header().Set("Allow", strings.Join(allowed, ", "))
	return code(405000).errorf("The provisioning service has no call %s %s.", x.r.Method, x.r.URL.Path)
}

// splitPath decodes a path by segment; one slash may trail.
func splitPath(escaped string) (segments []string, ok bool) {
	escaped, ok = strings.CutPrefix(escaped, "/")
	if !ok {
		return nil, false
	}
	for segment := range strings.SplitSeq(strings.TrimSuffix(escaped, "/"), "/") {
		decoded, err := url.PathUnescape(segment)
		if err != nil {
			return nil, false
		}
		segments = append(segments, decoded)
	}
	return segments, true
}

// body reads the request body, at most limit bytes.
func (x *exchange) body(limit int64) ([]byte, error) {
	control := http.NewResponseController(x.w)
	_ = control.SetReadDeadline(time.Now().Add(ioTimeout)) // not every ResponseWriter has deadlines
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	b, err := io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, limit))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, tooLarge.errorf("The body is larger than %d bytes.", limit)
	}
	if err != nil {
		return nil, argumentInvalid.errorf("The body could not be read: %v.", err)
	}
	return b, nil
}

// decode reads a JSON body into v.
func (x *exchange) decode(v any) error {
	b, err := x.body(maxBody * maxBulk)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(b)) == 0 {
		return argumentInvalid.errorf("The body is empty.")
	}
	if err := json.Unmarshal(b, v); err != nil {
		return argumentInvalid.errorf("The body is not the JSON wanted: %s.", jsonTrouble(err))
	}
	return nil
}

// jsonTrouble says what is wrong in words that are not Go's.
func jsonTrouble(err error) string {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field == "":
		return "it is of the wrong type (" + kind.Value + ")"
	case errors.As(err, &kind):
		return kind.Field + " is of the wrong type (" + kind.Value + ")"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// reply sends v as JSON. tag may be empty.
func (x *exchange) reply(tag etag, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	if tag != "" {
		x.w.Header().Set("ETag", `"`+string(tag)+`"`)
	}
	x.write(http.StatusOK, b)
	return nil
}

func (x *exchange) replyEmpty() error {
	x.write(http.StatusNoContent, nil)
	return nil
}

// replyDevice sends what front ends of other protocols send as well.
func (x *exchange) replyDevice(r hub.ProvisioningReply) error {
	if r.Status < http.StatusMultipleChoices {
		hub.AdmitRequest(x.r.Context())
	}
	if r.RetryAfter > 0 {
		x.w.Header().Set("Retry-After", strconv.Itoa(int(r.RetryAfter/time.Second)))
	}
	x.write(r.Status, r.Body)
	return nil
}

// write sends the answer. A client that is gone cannot be told so.
func (x *exchange) write(status int, body []byte) {
	_ = http.NewResponseController(x.w).SetWriteDeadline(time.Now().Add(ioTimeout))
	if body != nil {
		x.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	x.w.WriteHeader(status)
	_, _ = x.w.Write(body)
}

func (x *exchange) fail(err error) {
	status, body := x.service.failure(err, x.r.Method+" "+x.r.URL.Path)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		x.w.Header().Set("Retry-After", "5")
	}
	x.write(status, body)
}

// route is one call of the API. A "{}" in its path stands for any one segment.
type route struct {
	method string
	path   string
	need   Rights // 0 = a device's call, which proves itself another way
	serve  func(*exchange) error
}

// match finds the route of a call and the values of its "{}" segments. Without one, it
// says which methods the path does have.
func match(method, escapedPath string) (found *route, params, allowed []string) {
	segments, ok := splitPath(escapedPath)
	if !ok {
		return nil, nil, nil
	}
	for i := range routes {
		r := &routes[i]
		params, ok := r.matchPath(segments)
		if !ok {
			continue
		}
		if r.method == method {
			return r, params, nil
		}
		allowed = append(allowed, r.method)
	}
	slices.Sort(allowed)
	return nil, nil, slices.Compact(allowed)
}

func (r *route) matchPath(segments []string) (params []string, ok bool) {
	pattern := strings.Split(r.path, "/")
	if len(pattern) != len(segments) {
		return nil, false
	}
	for i, want := range pattern {
		switch {
		case want == "{}" && segments[i] != "":
			params = append(params, segments[i])
		case !strings.EqualFold(want, segments[i]):
			return nil, false
		}
	}
	return params, true
}
