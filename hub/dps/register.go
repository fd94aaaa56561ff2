package dps

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"twinrig/hub"
)

const (
	maxDeviceBody    = 96 << 10
	oldestPolicyLess = "2018-04-01" // devices of this api-version or older are left where they are unless told otherwise
)

// registerBody is what a device sends with its registration. All of it may be missing.
type registerBody struct {
	RegistrationID string          `json:"registrationId"`
	TPM            *TPM            `json:"tpm"`
	Payload        json.RawMessage `json:"payload"`
}

// Register begins a registration, or returns the one under way.
func (s *Service) Register(ctx context.Context, r hub.Registrant, body []byte) hub.ProvisioningReply {
	b, err := parseRegisterBody(r.ID, body)
	if err != nil {
		return s.refused(err, r)
	}
	if b.TPM != nil && r.Credential.Token == "" {
		return s.challenge(ctx, r, b.TPM)
	}
	who, err := s.authenticate(ctx, r)
	if err != nil {
		return s.refused(err, r)
	}
	if wait := s.limits.register(); wait > 0 {
		return s.throttledFor(wait, r)
	}
	if b.TPM != nil {
		who.storageRoot = b.TPM.StorageRootKey
	}
	operation, err := s.begin(ctx, who, request{ID: r.ID, Payload: given(b.Payload), APIVersion: r.APIVersion, Force: r.Force})
	if err != nil {
		return s.refused(err, r)
	}
	return s.stillAssigning(operation)
}

func parseRegisterBody(id string, body []byte) (b registerBody, err error) {
	if len(body) > maxDeviceBody {
		return b, tooLarge.errorf("The body is larger than %d bytes.", maxDeviceBody)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return b, nil
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return b, argumentInvalid.errorf("The body is not the JSON of a registration: %s.", jsonTrouble(err))
	}
	if b.RegistrationID != "" && fold(b.RegistrationID) != fold(id) {
		return b, argumentInvalid.errorf("The registrationId of the body is not %s.", id)
	}
	return b, nil
}

// begin writes down what a device wants and starts on it.
func (s *Service) begin(ctx context.Context, who registrant, wanted request) (operation string, err error) {
	defer s.locks.lock(fold(who.id))()
	for {
		r, err := s.load(ctx, who.id)
		if err != nil {
			return "", err
		}
		if r.Pending != nil && s.flights.underWay(who.id, r.Operation) {
			return r.Operation, nil
		}
		if r.Operation, err = s.newOperation(); err != nil {
			return "", err
		}
		r.Pending, r.Group, r.Attestation = &wanted, who.enrollment.GroupID, who.enrollment.Attestation.Type
		r.StorageRoot = who.storageRoot
		err = s.save(ctx, r)
		if errors.Is(err, hub.ErrConflict) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return "", err
		}
		return r.Operation, s.launch(who, r)
	}
}

// newOperation has the form of Azure's: 4.d0a671905ea5b2c8.e7173b7b-….
func (s *Service) newOperation() (string, error) {
	t, err := s.token(24)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("4.%s.%s-%s-%s-%s-%s", t[:16], t[16:24], t[24:28], t[28:32], t[32:36], t[36:48]), nil
}

// Operation tells what has become of a registration. An assignment that a crash or a
// shutdown broke off is begun again.
func (s *Service) Operation(ctx context.Context, r hub.Registrant, operation string) hub.ProvisioningReply {
	who, err := s.authenticate(ctx, r)
	if err != nil {
		return s.refused(err, r)
	}
	if wait := s.limits.poll(fold(r.ID)); wait > 0 {
		return s.throttledFor(wait, r)
	}
	found, err := s.resume(ctx, who, operation)
	if err != nil {
		return s.refused(err, r)
	}
	if found.Pending != nil {
		return s.stillAssigning(operation)
	}
	state, err := s.deviceState(&who.enrollment, found)
	if err != nil {
		return s.refused(err, r)
	}
	return reply(http.StatusOK, operationBody{operation, found.State.Status, state})
}

// deviceState is what a device learns in the end; one with a TPM gets its key for the hub.
func (s *Service) deviceState(e *Enrollment, r *registration) (*deviceState, error) {
	state := r.deviceState()
	if state.TPM == nil || e.Attestation.TPM == nil || r.State.Status != assigned {
		return state, nil
	}
	root := r.StorageRoot
	if root == "" {
		root = e.Attestation.TPM.StorageRootKey
	}
	if root == "" {
		return state, nil
	}
	key, err := s.wrapKey(e, root)
	state.TPM.Key = key
	return state, err
}

func (s *Service) resume(ctx context.Context, who registrant, operation string) (*registration, error) {
	defer s.locks.lock(fold(who.id))()
	r, err := s.load(ctx, who.id)
	if err != nil {
		return nil, err
	}
	if r.revision == 0 || r.Operation != operation {
		return nil, unknownOperation.errorf("There is no operation %q of device %s.", operation, who.id)
	}
	if r.Pending != nil && !s.flights.underWay(who.id, operation) {
		return r, s.launch(who, r)
	}
	return r, nil
}

// lookup returns the state of a device's registration.
func (s *Service) lookup(ctx context.Context, r hub.Registrant) hub.ProvisioningReply {
	who, err := s.authenticate(ctx, r)
	if err != nil {
		return s.refused(err, r)
	}
	found, err := s.registered(ctx, r.ID)
	if err != nil {
		return s.refused(err, r)
	}
	state, err := s.deviceState(&who.enrollment, found)
	if err != nil {
		return s.refused(err, r)
	}
	return reply(http.StatusOK, state)
}

func reply(status int, body any) hub.ProvisioningReply {
	text, err := json.Marshal(body)
	if err != nil { // of payloads that were JSON when they came
		status, text = http.StatusInternalServerError, []byte("{}")
	}
	return hub.ProvisioningReply{Status: status, Body: text}
}

func (s *Service) stillAssigning(operation string) hub.ProvisioningReply {
	r := reply(http.StatusAccepted, operationBody{OperationID: operation, Status: assigning})
	r.RetryAfter = s.cfg.RetryAfter
	return r
}

func (s *Service) throttledFor(wait time.Duration, r hub.Registrant) hub.ProvisioningReply {
	answer := s.refused(throttled.errorf("Too many requests; the next may come in %v.", wait.Round(time.Second)), r)
	answer.RetryAfter = (wait + time.Second - 1).Truncate(time.Second)
	return answer
}

func (s *Service) refused(err error, r hub.Registrant) hub.ProvisioningReply {
	answer := hub.ProvisioningReply{}
	answer.Status, answer.Body = s.failure(err, r.ID)
	if answer.Status == http.StatusTooManyRequests || answer.Status >= http.StatusInternalServerError {
		answer.RetryAfter = s.cfg.RetryAfter
	}
	return answer
}
