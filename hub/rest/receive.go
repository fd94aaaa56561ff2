package rest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"twinrig/hub"
)

const (
	maxTelemetryBody = 1 << 20 // a batch in base64; the hub counts what is in it
	batchType        = "application/vnd.microsoft.iothub.json"
)

// sendTelemetry stores what a device sends: one message, or a batch.
func sendTelemetry(x *exchange) error {
	body, err := x.body(maxTelemetryBody)
	if err != nil {
		return err
	}
	messages, err := telemetry(x.r.Header, body)
	if err != nil {
		return err
	}
	if err := x.handler.hub.Publish(x.r.Context(), x.device, messages); err != nil {
		return err
	}
	return x.replyEmpty()
}

func telemetry(h http.Header, body []byte) ([]hub.Message, error) {
	if strings.HasPrefix(h.Get("Content-Type"), batchType) {
		return telemetryBatch(body)
	}
	m, err := messageHeader(h)
	m.Body = body
	return []hub.Message{m}, err
}

// telemetryBatch reads several messages. Their properties are named like headers.
func telemetryBatch(text []byte) (messages []hub.Message, err error) {
	var batch []struct {
		Body    string            `json:"body"`
		Base64  *bool             `json:"base64Encoded"`
		Headers map[string]string `json:"properties"`
	}
	if err := json.Unmarshal(text, &batch); err != nil {
		return nil, refuse(400004, "ArgumentInvalid", "The batch is not the JSON wanted: %s.", jsonTrouble(text, err))
	}
	for i, item := range batch {
		h := http.Header{}
		for key, value := range item.Headers {
			h.Set(key, value)
		}
		m, err := messageHeader(h)
		if err != nil {
			return nil, err
		}
		m.Body = []byte(item.Body)
		if item.Base64 == nil || *item.Base64 {
			if m.Body, err = base64.StdEncoding.DecodeString(item.Body); err != nil {
				return nil, refuse(400004, "ArgumentInvalid", "The body of message %d of the batch is not base64.", i+1)
			}
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// receiveCommand gives a device its next cloud-to-device message, under lock.
func receiveCommand(x *exchange) error {
	var hold time.Duration
	if text := x.r.Header.Get("IotHub-MessageLockTimeout"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil || seconds < 1 {
			return refuse(400004, "ArgumentInvalid", "IotHub-MessageLockTimeout %q is not a number of seconds.", text)
		}
		hold = duration(seconds)
	}
	k, ok, err := x.handler.hub.ReceiveCommand(x.r.Context(), x.identity(), hold)
	if err != nil {
		return err
	}
	if !ok {
		return x.replyEmpty()
	}
	writeCommandHeader(x.w.Header(), k)
	x.write(http.StatusOK, k.Body)
	return nil
}

// settleCommand completes a message, or rejects it when the query says so.
func settleCommand(x *exchange) error {
	settle := x.handler.hub.CompleteCommand
	if x.r.URL.Query().Has("reject") {
		settle = x.handler.hub.RejectCommand
	}
	if err := settle(x.r.Context(), x.identity(), unquote(x.last())); err != nil {
		return err
	}
	return x.replyEmpty()
}

func abandonCommand(x *exchange) error {
	if err := x.handler.hub.AbandonCommand(x.r.Context(), x.identity(), unquote(x.last())); err != nil {
		return err
	}
	return x.replyEmpty()
}
