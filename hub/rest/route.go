package rest

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"twinrig/hub"
)

// route is one call of the API. A "{}" in its path stands for any one segment.
type route struct {
	method string
	path   string
	need   hub.Rights
	serve  func(*exchange) error
	shape  shape // of errors; nil = textShape
	ours   bool  // not Azure's: has no api-version
	device bool  // the device of the path calls, not a service
	edge   bool  // a module may call as well
}

var routes = []route{
	{method: http.MethodGet, path: "devices", need: hub.RegistryRead, serve: listDevices},
	{method: http.MethodPost, path: "devices", need: hub.RegistryWrite, serve: changeDevices},
	{method: http.MethodPost, path: "devices/query", need: hub.ServiceConnect, serve: queryTwins},
	{method: http.MethodPut, path: "devices/{}", need: hub.RegistryWrite, serve: putDevice},
	{method: http.MethodGet, path: "devices/{}", need: hub.RegistryRead, serve: getDevice},
	{method: http.MethodDelete, path: "devices/{}", need: hub.RegistryWrite, serve: deleteDevice},
	{method: http.MethodGet, path: "devices/{}/modules", need: hub.RegistryRead, serve: listModules},
	{method: http.MethodPut, path: "devices/{}/modules/{}", need: hub.RegistryWrite, serve: putModule},
	{method: http.MethodGet, path: "devices/{}/modules/{}", need: hub.RegistryRead, serve: getModule},
	{method: http.MethodDelete, path: "devices/{}/modules/{}", need: hub.RegistryWrite, serve: deleteDevice},
	{method: http.MethodDelete, path: "devices/{}/commands", need: hub.ServiceConnect, serve: purgeCommands},
	{method: http.MethodGet, path: "statistics/devices", need: hub.RegistryRead, serve: deviceStatistics},
	{method: http.MethodGet, path: "statistics/service", need: hub.RegistryRead, serve: serviceStatistics},
	{method: http.MethodGet, path: "twins/{}", need: hub.ServiceConnect, serve: getTwin},
	{method: http.MethodPatch, path: "twins/{}", need: hub.ServiceConnect, serve: patchTwin},
	{method: http.MethodPut, path: "twins/{}", need: hub.ServiceConnect, serve: replaceTwin},
	{method: http.MethodGet, path: "twins/{}/modules/{}", need: hub.ServiceConnect, serve: getTwin},
	{method: http.MethodPatch, path: "twins/{}/modules/{}", need: hub.ServiceConnect, serve: patchTwin},
	{method: http.MethodPut, path: "twins/{}/modules/{}", need: hub.ServiceConnect, serve: replaceTwin},
	{method: http.MethodPost, path: "twins/{}/modules/{}/methods", need: hub.ServiceConnect, serve: invokeMethod, shape: jsonShape, edge: true},
	{method: http.MethodPost, path: "twins/{}/methods", need: hub.ServiceConnect, serve: invokeMethod, shape: jsonShape, edge: true},
	{method: http.MethodGet, path: "digitaltwins/{}", need: hub.ServiceConnect, serve: getDigitalTwin},
	{method: http.MethodPatch, path: "digitaltwins/{}", need: hub.ServiceConnect, serve: patchDigitalTwin},
	{method: http.MethodPost, path: "digitaltwins/{}/commands/{}", need: hub.ServiceConnect, serve: invokeCommand, shape: jsonShape},
	{method: http.MethodPost, path: "digitaltwins/{}/components/{}/commands/{}", need: hub.ServiceConnect, serve: invokeCommand, shape: jsonShape},
	{method: http.MethodPost, path: "devices/{}/messages/events", device: true, serve: sendTelemetry},
	{method: http.MethodPost, path: "devices/{}/modules/{}/messages/events", device: true, serve: sendTelemetry},
	{method: http.MethodGet, path: "devices/{}/messages/devicebound", device: true, serve: receiveCommand},
	{method: http.MethodDelete, path: "devices/{}/messages/devicebound/{}", device: true, serve: settleCommand},
	{method: http.MethodPost, path: "devices/{}/messages/devicebound/{}/abandon", device: true, serve: abandonCommand},
	{method: http.MethodPost, path: "devices/{}/files", device: true, serve: beginUpload},
	{method: http.MethodPost, path: "devices/{}/files/notifications", device: true, serve: finishUpload},
	{method: http.MethodPost, path: "devices/{}/files/notifications/{}", device: true, serve: finishUpload},
	{method: http.MethodGet, path: "messages/serviceBound/feedback", need: hub.ServiceConnect, serve: receiveNotice},
	{method: http.MethodDelete, path: "messages/serviceBound/feedback/{}", need: hub.ServiceConnect, serve: completeNotice},
	{method: http.MethodPost, path: "messages/serviceBound/feedback/{}/abandon", need: hub.ServiceConnect, serve: abandonNotice},
	{method: http.MethodGet, path: "messages/serviceBound/filenotifications", need: hub.ServiceConnect, serve: receiveNotice},
	{method: http.MethodDelete, path: "messages/serviceBound/filenotifications/{}", need: hub.ServiceConnect, serve: completeNotice},
	{method: http.MethodPost, path: "messages/serviceBound/filenotifications/{}/abandon", need: hub.ServiceConnect, serve: abandonNotice},
	{method: http.MethodPost, path: "$twinrig/devices/{}/messages", need: hub.ServiceConnect, serve: queueCommand, ours: true},
	{method: http.MethodPost, path: "$twinrig/devices/{}/modules/{}/inputs/{}/messages", need: hub.ServiceConnect, serve: queueInput, ours: true},
	{method: http.MethodGet, path: "$twinrig/authorities", need: hub.RegistryRead, serve: listAuthorities, ours: true},
	{method: http.MethodGet, path: "$twinrig/authorities/{}", need: hub.RegistryRead, serve: getAuthority, ours: true},
	{method: http.MethodPut, path: "$twinrig/authorities/{}", need: hub.RegistryWrite, serve: registerAuthority, ours: true},
	{method: http.MethodDelete, path: "$twinrig/authorities/{}", need: hub.RegistryWrite, serve: deleteAuthority, ours: true},
	{method: http.MethodPost, path: "$twinrig/authorities/{}/code", need: hub.RegistryWrite, serve: issueCode, ours: true},
	{method: http.MethodPost, path: "$twinrig/authorities/{}/verify", need: hub.RegistryWrite, serve: verifyAuthority, ours: true},
	{method: http.MethodGet, path: "$twinrig/partitions", need: hub.ServiceConnect, serve: listPartitions, ours: true},
	{method: http.MethodGet, path: "$twinrig/events", need: hub.ServiceConnect, serve: streamEvents, ours: true},
}

// match finds the route of a call and the values of its "{}" segments. Without
// one, it says which methods the path does have.
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
	return nil, nil, allowed
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

var versionForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$`)

// checkVersion refuses a call that names no version. No version behaves
// differently from another.
func checkVersion(version string) error {
	if versionForm.MatchString(version) {
		return nil
	}
	return refuse(400001, "InvalidProtocolVersion", "api-version %q is not a date: use ?api-version=2021-04-12", version)
}
