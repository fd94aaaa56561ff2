package rest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"twinrig/hub"
)

const maxPatchBody = 256 << 10

// getDigitalTwin presents a twin by the conventions of IoT Plug and Play.
func getDigitalTwin(x *exchange) error {
	t, err := x.handler.hub.Twin(x.r.Context(), x.identity())
	if err != nil {
		return err
	}
	view, err := digitalTwin(t)
	if err != nil {
		return err
	}
	return x.reply(http.StatusOK, t.ETag, view)
}

// object is a JSON object of a twin.
type object = map[string]any

// digitalTwin puts desired and reported properties together: the value is what was
// reported, and the metadata say what is desired.
func digitalTwin(t hub.Twin) (object, error) {
	if t.ModelID == "" {
		return nil, refuse(400003, "InvalidOperation", "Device %s has announced no model.", t.DeviceID)
	}
	var desired, reported object
	if err := json.Unmarshal(t.Properties.Desired, &desired); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(t.Properties.Reported, &reported); err != nil {
		return nil, err
	}
	v := sides{desired, reported, child(desired, "$metadata"), child(reported, "$metadata")}
	view := v.view()
	view["$dtId"] = t.DeviceID
	view["$metadata"].(object)["$model"] = t.ModelID
	return view, nil
}

// sides are the two sections of a twin, or of a component, with their metadata.
type sides struct{ desired, reported, desiredMeta, reportedMeta object }

func child(o object, key string) object {
	c, _ := o[key].(object)
	return c
}

// component is what is marked as one on either side.
func (s sides) component(key string) bool {
	return child(s.desired, key)["__t"] == "c" || child(s.reported, key)["__t"] == "c"
}

func (s sides) view() object {
	meta := object{}
	view := object{"$metadata": meta}
	for _, section := range []object{s.desired, s.reported} {
		for key := range section {
			if strings.HasPrefix(key, "$") || key == "__t" || view[key] != nil || meta[key] != nil {
				continue
			}
			if s.component(key) {
				view[key] = sides{child(s.desired, key), child(s.reported, key), child(s.desiredMeta, key), child(s.reportedMeta, key)}.view()
				continue
			}
			s.property(key, view, meta)
		}
	}
	return view
}

// property writes one property. One that the device acknowledges is reported as an
// object of value, code, version and description.
func (s sides) property(key string, view, meta object) {
	about := object{}
	if at := child(s.reportedMeta, key)["$lastUpdated"]; at != nil {
		about["lastUpdateTime"] = at
	}
	if wanted, ok := s.desired[key]; ok {
		about["desiredValue"] = wanted
		if version := child(s.desiredMeta, key)["$lastUpdatedVersion"]; version != nil {
			about["desiredVersion"] = version
		}
	}
	value, ok := s.reported[key]
	if ack, isAck := value.(object); isAck && ack["ac"] != nil && ack["av"] != nil {
		about["ackCode"], about["ackVersion"] = ack["ac"], ack["av"]
		if ack["ad"] != nil {
			about["ackDescription"] = ack["ad"]
		}
		value, ok = ack["value"]
	}
	if ok {
		view[key] = value
	}
	meta[key] = about
}

// patchDigitalTwin writes desired properties by a JSON Patch (RFC 6902).
func patchDigitalTwin(x *exchange) error {
	ifMatch, _, err := x.ifMatch()
	if err != nil {
		return err
	}
	var operations []patchOperation
	if err := x.decode(maxPatchBody, &operations); err != nil {
		return err
	}
	desired := object{}
	for i, o := range operations {
		if err := o.apply(desired); err != nil {
			return refuse(400004, "ArgumentInvalid", "Operation %d of the patch: %s.", i+1, err.Error())
		}
	}
	body, err := json.Marshal(object{"properties": object{"desired": desired}})
	if err != nil {
		return err
	}
	t, err := x.handler.hub.PatchTwin(x.r.Context(), x.identity(), body, ifMatch)
	if err != nil {
		return err
	}
	x.w.Header().Set("ETag", `"`+t.ETag+`"`)
	x.w.Header().Set("Location", "https://"+x.handler.hub.HostName()+"/digitaltwins/"+url.PathEscape(t.DeviceID))
	x.write(http.StatusAccepted, nil)
	return nil
}

type patchOperation struct {
	Op    string           `json:"op"`
	Path  string           `json:"path"`
	Value *json.RawMessage `json:"value"`
}

type patchError string

func (e patchError) Error() string { return string(e) }

// apply adds an operation to what desired properties are to become.
func (o patchOperation) apply(desired object) error {
	segments := strings.Split(o.Path, "/")
	if segments[0] != "" || len(segments) < 2 || len(segments) > 3 {
		return patchError("path " + strconv.Quote(o.Path) + " is neither /property nor /component/property")
	}
	for i, s := range segments {
		segments[i] = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
	}
	value, err := o.value()
	if err != nil {
		return err
	}
	if len(segments) == 2 {
		desired[segments[1]] = value
		return nil
	}
	component, ok := desired[segments[1]].(object)
	if !ok {
		component = object{"__t": "c"}
		desired[segments[1]] = component
	}
	component[segments[2]] = value
	return nil
}

// value returns what the property becomes. An object with "$metadata" is a component.
func (o patchOperation) value() (any, error) {
	switch o.Op {
	case "remove":
		return nil, nil
	case "add", "replace":
	default:
		return nil, patchError("op " + strconv.Quote(o.Op) + " is unknown; add, replace and remove are known")
	}
	if o.Value == nil {
		return nil, patchError(o.Op + " without a value")
	}
	var v any
	if err := json.Unmarshal(*o.Value, &v); err != nil {
		return nil, patchError(err.Error())
	}
	if c, ok := v.(object); ok && c["$metadata"] != nil {
		delete(c, "$metadata")
		c["__t"] = "c"
	}
	return v, nil
}

// invokeCommand calls a command: of the device, or of the component in the path.
func invokeCommand(x *exchange) error {
	payload, err := x.body(maxMethodBody)
	if err != nil {
		return err
	}
	call := hub.MethodCall{Name: x.last(), Payload: payload}
	if len(x.params) > 2 {
		call.Name = x.params[1] + "*" + x.last()
	}
	if call.ResponseTimeout, err = x.seconds("responseTimeoutInSeconds"); err != nil {
		return err
	}
	if call.ConnectTimeout, err = x.seconds("connectTimeoutInSeconds"); err != nil {
		return err
	}
	ctx, cancel := x.patient()
	defer cancel(nil)
	result, err := x.handler.hub.Invoke(ctx, x.identity(), call)
	if err != nil {
		return err
	}
	x.w.Header().Set("x-ms-command-statuscode", strconv.Itoa(result.Status))
	if x.w.Header().Get("x-ms-request-id") == "" {
		x.w.Header().Set("x-ms-request-id", x.handler.trackingID())
	}
	return x.reply(http.StatusOK, "", result.Payload)
}

// seconds reads a duration from the query, 0 when it is not there.
func (x *exchange) seconds(name string) (time.Duration, error) {
	text := x.r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, refuse(400004, "ArgumentInvalid", "%s is %q, not a number of seconds.", name, text)
	}
	return duration(n), nil
}
