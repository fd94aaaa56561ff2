package scenarios

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cucumber/godog"

	"twinrig/hub/client"
	"twinrig/reports"
)

// serviceSteps are what a back end does through the hub's service side.
func (w *World) serviceSteps() []Step {
	return []Step{
		{`the service sets the reporting interval of {device} to {duration}`, `the service sets the reporting interval of "truck-7" to 30 seconds`, "", w.setsInterval},
		{`the service sets the desired property {name} of {device} to {json}`, `the service sets the desired property "setpoint" of "truck-7" to -22`, "", w.setsDesired},
		{`the service calls {name} of {device}`, `the service calls "getStatus" of "truck-7"`, "", w.calls},
		{`the service calls {name} of {device} with:`, `the service calls "setSpeed" of "well-3" with:`, "text", w.callsWith},
		{`the service tries to call {name} of {device}`, `the service tries to call "getStatus" of "truck-7"`, "", w.triesToCall},
		{`the call fails because the device is not online`, `the call fails because the device is not online`, "", w.callFailed},
		{`the answer has {name} set to {json}`, `the answer has "frequency" set to 45`, "", w.answerHas},
		{`the service sends the message {text} to {device}`, `the service sends the message "Call the depot" to "truck-7"`, "", w.sends},
		{`the service runs the rule {name} on {device}:`, `the service runs the rule "pump-off guard" on "well-3":`, "table", w.runsRule},
	}
}

func (w *World) setsInterval(id, interval string) error {
	d, err := duration(interval)
	if err != nil {
		return err
	}
	return w.setDesired(id, "telemetryInterval", json.RawMessage(fmt.Sprintf("%g", d.Seconds())))
}

func (w *World) setsDesired(name, id, value string) error {
	text, err := jsonText(value)
	if err != nil {
		return err
	}
	return w.setDesired(id, name, text)
}

func (w *World) setDesired(id, name string, value json.RawMessage) error {
	patch := map[string]json.RawMessage{name: value}
	twin, err := w.rig.service.PatchTwin(w.ctx, id, map[string]any{"properties": map[string]any{"desired": patch}}, "*")
	if err != nil {
		return fmt.Errorf("patch the twin of %s: %w", id, err)
	}
	text, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	w.chronicle.add(reports.Event{Time: time.Now(), Entity: "service", Kind: reports.KindTwin, Twin: &reports.Twin{
		Device: id, Section: "desired", Version: sectionVersion(twin.Properties.Desired), Patch: text,
	}})
	return nil
}

// callResult is how the newest direct method call ended.
type callResult struct {
	name, device string
	result       client.MethodResult
	err          error
}

func (w *World) invoke(name, id string, payload json.RawMessage) {
	result, err := w.rig.service.Invoke(w.ctx, id, client.MethodCall{Name: name, Payload: payload})
	w.call = &callResult{name, id, result, err}
	w.chronicle.invoked("service", "", id, name, payload, result, err)
}

func (w *World) calls(name, id string) error { return w.mustAnswer(name, id, nil) }

func (w *World) callsWith(name, id string, payload *godog.DocString) error {
	text, err := jsonText(payload.Content)
	if err != nil {
		return err
	}
	return w.mustAnswer(name, id, text)
}

func (w *World) mustAnswer(name, id string, payload json.RawMessage) error {
	w.invoke(name, id, payload)
	if w.call.err != nil {
		return unmet("calling %s of %s failed: %v", name, id, w.call.err)
	}
	if s := w.call.result.Status; s < 200 || s > 299 {
		return unmet("%s answered %s with status %d: %s", id, name, s, w.call.result.Payload)
	}
	return nil
}

func (w *World) triesToCall(name, id string) error {
	if _, err := w.device(id); err != nil {
		return err
	}
	w.invoke(name, id, nil)
	return nil
}

func (w *World) lastCall() (*callResult, error) {
	if w.call == nil {
		return nil, usage(errors.New("no call was made before"), `put "When the service calls …" in front`)
	}
	return w.call, nil
}

func (w *World) callFailed() error {
	c, err := w.lastCall()
	if err != nil {
		return err
	}
	var refusal *client.Error
	if errors.As(c.err, &refusal) && refusal.Code == 404103 {
		return nil
	}
	if c.err != nil {
		return unmet("calling %s of %s failed for another reason: %v", c.name, c.device, c.err)
	}
	return unmet("%s answered %s with status %d", c.device, c.name, c.result.Status)
}

func (w *World) answerHas(name, value string) error {
	c, err := w.lastCall()
	if err != nil {
		return err
	}
	want, err := jsonText(value)
	if err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(c.result.Payload, &fields); err != nil {
		return unmet("the answer of %s is not a JSON object: %s", c.name, c.result.Payload)
	}
	if !sameJSON(fields[name], want) {
		return unmet("the answer has %s set to %s, not %s", name, fields[name], want)
	}
	return nil
}

func (w *World) sends(text, id string) error {
	if _, err := w.rig.service.SendCommand(w.ctx, id, client.Command{Body: []byte(text), ContentType: "text/plain", ContentEncoding: "utf-8"}); err != nil {
		return fmt.Errorf("send a message to %s: %w", id, err)
	}
	payload, err := json.Marshal(text)
	if err != nil {
		return err
	}
	w.chronicle.add(reports.Event{Time: time.Now(), Entity: "service", Kind: reports.KindCommand, Command: &reports.Command{Device: id, Type: "c2d", Payload: payload}})
	return nil
}

// invoked records a method call from the side that made it.
func (c *chronicle) invoked(entity, by, id, name string, payload json.RawMessage, result client.MethodResult, err error) {
	cmd := &reports.Command{Device: id, Type: "method", Name: name, Payload: payload, Status: result.Status, Response: result.Payload, By: by}
	if err != nil {
		cmd.Error = err.Error()
	}
	c.add(reports.Event{Time: time.Now(), Entity: entity, Kind: reports.KindCommand, Command: cmd})
}
