package dps

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const maxWebhookAnswer = 128 << 10

// newWebhookClient returns the client of custom allocations. It follows no redirects: the
// enrollment names the place that decides.
func newWebhookClient(cfg Config) *http.Client {
	transport := cfg.Webhook
	if transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.Proxy = nil
		own.DisableKeepAlives = true // rare calls; nothing is left to close
		transport = own
	}
	return &http.Client{
		Transport: transport, Timeout: cfg.WebhookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// webhookRequest is what a custom allocation is decided by.
type webhookRequest struct {
	Group      *Enrollment    `json:"enrollmentGroup,omitempty"`
	Individual *Enrollment    `json:"individualEnrollment,omitempty"`
	Device     runtimeContext `json:"deviceRuntimeContext"`
	Hubs       []string       `json:"linkedHubs"`
}

type runtimeContext struct {
	RegistrationID  string          `json:"registrationId"`
	CurrentHub      string          `json:"currentIotHubHostName,omitempty"`
	CurrentDeviceID string          `json:"currentDeviceId,omitempty"`
	SymmetricKey    *struct{}       `json:"symmetricKey,omitempty"`
	X509            *X509           `json:"x509,omitempty"`
	TPM             *TPM            `json:"tpm,omitempty"`
	Payload         json.RawMessage `json:"payload,omitempty"`
}

type webhookAnswer struct {
	Hub     string          `json:"iotHubHostName"`
	Twin    *InitialTwin    `json:"initialTwin"`
	Payload json.RawMessage `json:"payload"`
}

func (s *Service) askWebhook(ctx context.Context, who registrant, candidates []*Link, before *place, wanted *request) (allocation, error) {
	question := webhookRequest{Device: who.context(before, wanted)}
	for _, l := range candidates {
		question.Hubs = append(question.Hubs, l.HostName)
	}
	shown := who.enrollment.public()
	if shown.GroupID != "" {
		question.Group = &shown
	} else {
		question.Individual = &shown
	}
	answer, err := s.callWebhook(ctx, who.enrollment.CustomAllocation.WebhookURL, question)
	if err != nil {
		return allocation{}, allocationFailed.errorf("Custom allocation failed: %v.", err)
	}
	i := slices.IndexFunc(candidates, func(l *Link) bool { return strings.EqualFold(l.HostName, answer.Hub) })
	if i < 0 {
		return allocation{}, allocationFailed.errorf("Custom allocation failed: the webhook chose %q, which is not one of linkedHubs.", answer.Hub)
	}
	if err := answer.Twin.content().Check(); err != nil {
		return allocation{}, allocationFailed.errorf("Custom allocation failed: initialTwin: %v.", err)
	}
	return allocation{candidates[i], answer.Twin, given(answer.Payload)}, nil
}

// context is what a webhook is told of a device.
func (who *registrant) context(before *place, wanted *request) runtimeContext {
	c := runtimeContext{RegistrationID: wanted.ID, Payload: wanted.Payload}
	if before != nil {
		c.CurrentHub, c.CurrentDeviceID = before.Hub, before.DeviceID
	}
	switch who.enrollment.Attestation.Type {
	case bySymmetricKey:
		c.SymmetricKey = &struct{}{}
	case byTPM:
		c.TPM = who.enrollment.Attestation.TPM
	default:
		shown := &Certificate{Certificate: base64.StdEncoding.EncodeToString(who.leaf.Raw), Info: describe(who.leaf)}
		c.X509 = &X509{Client: &Certificates{Primary: shown}}
	}
	return c
}

// callWebhook returns errors without the address, which may hold a secret.
func (s *Service) callWebhook(ctx context.Context, address string, question webhookRequest) (a webhookAnswer, err error) {
	body, err := json.Marshal(question)
	if err != nil {
		return a, fmt.Errorf("write the question: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return a, withoutAddress(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	answer, err := s.webhook.Do(r)
	if err != nil {
		return a, withoutAddress(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return a, fmt.Errorf("the webhook answered with status %d", answer.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxWebhookAnswer+1))
	switch {
	case err != nil:
		return a, fmt.Errorf("read the answer: %w", withoutAddress(err))
	case len(text) > maxWebhookAnswer:
		return a, fmt.Errorf("the answer is larger than %d bytes", maxWebhookAnswer)
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("the answer is not the JSON wanted: %s", jsonTrouble(err))
	}
	return a, nil
}

func withoutAddress(err error) error {
	if e, ok := err.(*url.Error); ok {
		return e.Err
	}
	return err
}
