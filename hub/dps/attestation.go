package dps

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
)

// Attestation is how a device, or a device of a group, proves who it is.
type Attestation struct {
	Type         string        `json:"type"`
	SymmetricKey *SymmetricKey `json:"symmetricKey,omitempty"`
	X509         *X509         `json:"x509,omitempty"`
	TPM          *TPM          `json:"tpm,omitempty"`
}

// Values of Attestation.Type.
const (
	bySymmetricKey = "symmetricKey"
	byX509         = "x509"
	byTPM          = "tpm"
)

// SymmetricKey holds two base64 keys.
type SymmetricKey struct {
	Primary   string `json:"primaryKey"`
	Secondary string `json:"secondaryKey"`
}

// X509 holds one of three: the certificates of one device, those of the authority that
// signs a group's, or the names of authorities registered with the service.
type X509 struct {
	Client     *Certificates `json:"clientCertificates,omitempty"`
	Signing    *Certificates `json:"signingCertificates,omitempty"`
	References *References   `json:"caReferences,omitempty"`
}

// TPM holds base64 public areas of a TPM's keys.
type TPM struct {
	EndorsementKey string `json:"endorsementKey"`
	StorageRootKey string `json:"storageRootKey,omitempty"`
}

// References are names of CA certificates that are registered with the service.
type References struct {
	Primary   string `json:"primary,omitempty"`
	Secondary string `json:"secondary,omitempty"`
}

func (r *References) names() (names []string) {
	for _, name := range []string{r.Primary, r.Secondary} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// public is a without keys, and without certificates, of which the description is enough.
func (a Attestation) public() Attestation {
	a.SymmetricKey = nil
	if a.X509 != nil {
		a.X509 = &X509{Client: a.X509.Client.described(), Signing: a.X509.Signing.described(), References: a.X509.References}
	}
	return a
}

// normalize checks a and completes it: with new keys, with the descriptions of
// certificates, and with what of old a client did not repeat because it was not shown.
func (a *Attestation) normalize(group bool, old *Attestation, random io.Reader) error {
	if old == nil || old.Type != a.Type {
		old = &Attestation{}
	}
	switch a.Type {
	case bySymmetricKey:
		a.X509, a.TPM = nil, nil
		return a.normalizeKeys(old.SymmetricKey, random)
	case byX509:
		a.SymmetricKey, a.TPM = nil, nil
		if a.X509 == nil {
			return errors.New("attestation has no x509")
		}
		return a.X509.normalize(group, old.X509)
	case byTPM:
		a.SymmetricKey, a.X509 = nil, nil
		return a.checkTPM(group)
	}
	return fmt.Errorf("attestation type %q is unknown; symmetricKey, x509 and tpm are known", a.Type)
}

func (a *Attestation) normalizeKeys(old *SymmetricKey, random io.Reader) (err error) {
	if a.SymmetricKey == nil {
		a.SymmetricKey = &SymmetricKey{}
	}
	k := a.SymmetricKey
	switch {
	case k.Primary == "" && k.Secondary == "" && old != nil:
		*k = *old
		return nil
	case k.Primary == "" && k.Secondary == "":
		if k.Primary, err = newKey(random); err == nil {
			k.Secondary, err = newKey(random)
		}
		return err
	case k.Primary == "" || k.Secondary == "":
		return errors.New("one symmetric key is given; both or neither are needed")
	}
	for _, key := range []string{k.Primary, k.Secondary} {
		if b, err := base64.StdEncoding.DecodeString(key); err != nil || len(b) < 16 || len(b) > 64 {
			return errors.New("symmetric key is not the base64 text of 16 to 64 bytes")
		}
	}
	return nil
}

func (a *Attestation) checkTPM(group bool) error {
	if group {
		return errors.New("attestation type tpm is for individual enrollments")
	}
	if a.TPM == nil || a.TPM.EndorsementKey == "" {
		return errors.New("attestation type tpm needs an endorsementKey")
	}
	if _, err := parseTPMKey(a.TPM.EndorsementKey); err != nil {
		return fmt.Errorf("endorsementKey: %w", err)
	}
	if a.TPM.StorageRootKey == "" {
		return nil
	}
	if _, err := parseTPMKey(a.TPM.StorageRootKey); err != nil {
		return fmt.Errorf("storageRootKey: %w", err)
	}
	return nil
}
