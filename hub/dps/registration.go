package dps

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"twinrig/hub"
)

// RegistrationState is what has become of a device, as services see it.
type RegistrationState struct {
	RegistrationID string          `json:"registrationId"`
	Created        stamp           `json:"createdDateTimeUtc"`
	AssignedHub    string          `json:"assignedHub,omitempty"`
	DeviceID       string          `json:"deviceId,omitempty"`
	Status         string          `json:"status"`
	Substatus      string          `json:"substatus,omitempty"`
	ErrorCode      int             `json:"errorCode,omitempty"`
	ErrorMessage   string          `json:"errorMessage,omitempty"`
	Updated        stamp           `json:"lastUpdatedDateTimeUtc"`
	ETag           etag            `json:"etag"`
	Payload        json.RawMessage `json:"payload,omitempty"`
}

// Values of RegistrationState.Status.
const (
	unassigned     = "unassigned"
	assigning      = "assigning"
	assigned       = "assigned"
	failed         = "failed"
	statusDisabled = "disabled"
)

// Values of RegistrationState.Substatus.
const (
	initialAssignment  = "initialAssignment"
	deviceDataMigrated = "deviceDataMigrated"
	deviceDataReset    = "deviceDataReset"
)

// registration is what is kept of one device. While an assignment is under way, State
// is still that of the last one.
type registration struct {
	State       RegistrationState `json:"state"`
	Group       string            `json:"enrollmentGroupId,omitempty"`
	Attestation string            `json:"attestation"`
	Operation   string            `json:"operation"`
	Pending     *request          `json:"pending,omitempty"`        // until the operation is done
	StorageRoot string            `json:"storageRootKey,omitempty"` // of the device's TPM
	Place       *place            `json:"place,omitempty"`          // where the device is, whatever came of later operations

	revision uint64
}

// request is what a device asked for.
type request struct {
	ID         string          `json:"registrationId"` // as the device writes it
	Payload    json.RawMessage `json:"payload,omitempty"`
	APIVersion string          `json:"apiVersion"`
	Force      bool            `json:"force,omitempty"`
}

// place is an identity in a hub.
type place struct {
	Hub       string `json:"hub"`
	DeviceID  string `json:"deviceId"`
	Substatus string `json:"substatus"`
}

const registrationPrefix = "dps/registration"

func registrationKey(id string) string { return registrationPrefix + "/" + fold(id) }

// load returns a registration; one that is not there is empty.
func (s *Service) load(ctx context.Context, id string) (*registration, error) {
	d, err := s.documents.Get(ctx, registrationKey(id))
	if errors.Is(err, hub.ErrNoDocument) {
		return &registration{State: RegistrationState{RegistrationID: id, Status: unassigned}}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read registration %s: %w", id, err)
	}
	return decodeRegistration(d)
}

func decodeRegistration(d hub.Document) (*registration, error) {
	r := &registration{revision: d.Revision}
	if err := json.Unmarshal(d.Body, r); err != nil {
		return nil, fmt.Errorf("decode document %s: %w", d.Key, err)
	}
	return r, nil
}

func (s *Service) save(ctx context.Context, r *registration) error {
	tag, err := s.token(8)
	if err != nil {
		return err
	}
	r.State.ETag, r.State.Updated = etag(tag), now()
	if r.revision == 0 {
		r.State.Created = r.State.Updated
	}
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode registration %s: %w", r.State.RegistrationID, err)
	}
	key := registrationKey(r.State.RegistrationID)
	if r.revision, err = s.documents.Put(ctx, hub.Document{Key: key, Revision: r.revision, Body: body}); err != nil {
		return fmt.Errorf("write registration %s: %w", r.State.RegistrationID, err)
	}
	return nil
}

// state is what a service sees: an assignment under way shows.
func (r *registration) state() RegistrationState {
	state := r.State
	if r.Pending != nil {
		state.Status = assigning
	}
	return state
}

// registered returns the registration of a device that has one.
func (s *Service) registered(ctx context.Context, id string) (*registration, error) {
	if checkID("registrationId", id) != nil {
		return nil, notRegistered.errorf("Device %q has not registered.", id)
	}
	r, err := s.load(ctx, id)
	if err == nil && r.revision == 0 {
		err = notRegistered.errorf("Device %s has not registered.", id)
	}
	return r, err
}

// unregister forgets a registration. The device stays in its hub.
func (s *Service) unregister(ctx context.Context, id, ifMatch string) error {
	defer s.locks.lock(fold(id))()
	for {
		r, err := s.registered(ctx, id)
		if err != nil {
			return err
		}
		if !r.State.ETag.matches(ifMatch) {
			return etagMismatch.errorf("The registration of %s was changed by someone else.", id)
		}
		_, err = s.documents.Put(ctx, hub.Document{Key: registrationKey(id), Revision: r.revision})
		if errors.Is(err, hub.ErrConflict) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return fmt.Errorf("delete registration %s: %w", id, err)
		}
		return nil
	}
}

// forget removes the registrations of an enrollment that is no more.
func (s *Service) forget(ctx context.Context, e *Enrollment) error {
	if e.GroupID == "" {
		err := s.unregister(ctx, e.RegistrationID, "")
		if isCode(err, notRegistered) {
			return nil
		}
		return err
	}
	for d, err := range s.documents.Scan(ctx, registrationPrefix) {
		if err != nil {
			return fmt.Errorf("forget registrations of %s: %w", e.GroupID, err)
		}
		r, err := decodeRegistration(d)
		if err != nil {
			return err
		}
		if r.Group != "" && fold(r.Group) == fold(e.GroupID) {
			if err := s.unregister(ctx, r.State.RegistrationID, ""); err != nil && !isCode(err, notRegistered) {
				return err
			}
		}
	}
	return nil
}

// operationBody is the answer to a device.
type operationBody struct {
	OperationID string       `json:"operationId"`
	Status      string       `json:"status"`
	State       *deviceState `json:"registrationState,omitempty"`
}

// deviceState is a RegistrationState as devices see it: it says by what they were known.
type deviceState struct {
	X509         *struct{}     `json:"x509,omitempty"`
	SymmetricKey *enrolledWith `json:"symmetricKey,omitempty"`
	TPM          *wrappedKey   `json:"tpm,omitempty"`
	RegistrationState
	ETag string `json:"etag"` // in base64, unlike a service's
}

// wrappedKey is the key of a TPM device for its hub.
type wrappedKey struct {
	Key string `json:"authenticationKey,omitempty"`
}

type enrolledWith struct {
	Group string `json:"enrollmentGroupId,omitempty"`
}

func (r *registration) deviceState() *deviceState {
	d := &deviceState{RegistrationState: r.state()}
	d.ETag = base64.StdEncoding.EncodeToString([]byte(`"` + string(r.State.ETag) + `"`))
	switch r.Attestation {
	case byX509:
		d.X509 = &struct{}{}
	case byTPM:
		d.TPM = &wrappedKey{}
	default:
		d.SymmetricKey = &enrolledWith{r.Group}
	}
	return d
}
