package dps

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/google/go-tpm/tpm2"

	"twinrig/hub"
)

const (
	secretKey     = "dps/secret"
	wrapKeyBytes  = 16 // AES-128
	maxTPMKeyText = 4096
)

// openSecret reads the service's secret, or makes it at the first start.
func (s *Service) openSecret(ctx context.Context) error {
	for {
		d, err := s.documents.Get(ctx, secretKey)
		if err == nil {
			s.secret = d.Body
			return nil
		}
		if !errors.Is(err, hub.ErrNoDocument) {
			return fmt.Errorf("read secret: %w", err)
		}
		made := make([]byte, sha256.Size)
		if _, err := io.ReadFull(s.random, made); err != nil {
			return fmt.Errorf("make secret: %w", err)
		}
		if _, err := s.documents.Put(ctx, hub.Document{Key: secretKey, Body: made}); err != nil && !errors.Is(err, hub.ErrConflict) {
			return fmt.Errorf("write secret: %w", err)
		}
	}
}

// tpmKey is the key with which a TPM device signs, here and at its hub. Only its own TPM
// can take it out of the challenge.
func (s *Service) tpmKey(e *Enrollment) string {
	mac := hmac.New(sha256.New, s.secret)
	fmt.Fprintf(mac, "tpm\x00%s\x00%s", fold(e.RegistrationID), e.Attestation.TPM.EndorsementKey)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// challenge answers a device that has shown its TPM's public keys, but no token yet: with
// its key, wrapped for that TPM.
func (s *Service) challenge(ctx context.Context, r hub.Registrant, shown *TPM) hub.ProvisioningReply {
	wrapped, err := s.wrapFor(ctx, r, shown)
	if err != nil {
		return s.refused(err, r)
	}
	status, body := s.failure(unauthorized.errorf("Unauthorized: sign a token with the key"), r.ID)
	var fields map[string]any
	if err := json.Unmarshal(body, &fields); err != nil {
		return s.refused(err, r)
	}
	fields["authenticationKey"], fields["keyName"] = wrapped, "registration"
	answer := reply(http.StatusUnauthorized, fields)
	answer.Status = status
	return answer
}

func (s *Service) wrapFor(ctx context.Context, r hub.Registrant, shown *TPM) (string, error) {
	if fold(r.Scope) != fold(s.cfg.IDScope) {
		return "", unauthorized.errorf("Unauthorized: there is no id scope %q here", r.Scope)
	}
	e, _, err := s.individuals.get(ctx, r.ID)
	if isCode(err, notFound) {
		return "", unauthorized.errorf("Unauthorized: no enrollment fits device %s", r.ID)
	}
	if err != nil {
		return "", err
	}
	known := e.Attestation.TPM
	if known == nil || !sameKey(known.EndorsementKey, shown.EndorsementKey) {
		return "", unauthorized.errorf("Unauthorized: the endorsement key is not the one of enrollment %s", r.ID)
	}
	if known.StorageRootKey != "" && !sameKey(known.StorageRootKey, shown.StorageRootKey) {
		return "", unauthorized.errorf("Unauthorized: the storage root key is not the one of enrollment %s", r.ID)
	}
	return s.wrapKey(&e, shown.StorageRootKey)
}

// wrapKey wraps the key of a device for the TPM of its enrollment.
func (s *Service) wrapKey(e *Enrollment, storageRoot string) (string, error) {
	secret, err := base64.StdEncoding.DecodeString(s.tpmKey(e))
	if err != nil {
		return "", err
	}
	blob, err := wrap(s.random, e.Attestation.TPM.EndorsementKey, storageRoot, secret)
	if err != nil {
		return "", argumentInvalid.errorf("The TPM's keys cannot be used: %v.", err)
	}
	return base64.StdEncoding.EncodeToString(blob), nil
}

// sameKey compares two public areas, with or without the size before them.
func sameKey(a, b string) bool {
	x, err := parseTPMKey(a)
	if err != nil {
		return false
	}
	y, err := parseTPMKey(b)
	return err == nil && slices.Equal(tpm2.Marshal(x), tpm2.Marshal(y))
}

// parseTPMKey reads a TPM2B_PUBLIC, or the TPMT_PUBLIC within, in base64.
func parseTPMKey(text string) (*tpm2.TPMTPublic, error) {
	if len(text) > maxTPMKeyText {
		return nil, fmt.Errorf("%d characters are too many for a TPM's public key", len(text))
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("it is not base64")
	}
	if sized, err := tpm2.Unmarshal[tpm2.TPM2BPublic](raw); err == nil {
		if public, err := sized.Contents(); err == nil {
			return public, nil
		}
	}
	public, err := tpm2.Unmarshal[tpm2.TPMTPublic](raw)
	if err != nil {
		return nil, errors.New("it is not the public area of a TPM 2.0 key")
	}
	return public, nil
}

// wrap makes what TPM2_ActivateCredential and TPM2_Import turn into a key within the TPM
// that has both the endorsement key and the storage root key: the key is encrypted
// with a symmetric one, which is the credential.
func wrap(random io.Reader, endorsement, storageRoot string, secret []byte) ([]byte, error) {
	ek, err := parseTPMKey(endorsement)
	if err != nil {
		return nil, fmt.Errorf("endorsement key: %w", err)
	}
	srk, err := parseTPMKey(storageRoot)
	if err != nil {
		return nil, fmt.Errorf("storage root key: %w", err)
	}
	to, err := tpm2.ImportEncapsulationKey(ek)
	if err != nil {
		return nil, fmt.Errorf("endorsement key: %w", err)
	}
	name, err := tpm2.ObjectName(srk)
	if err != nil {
		return nil, fmt.Errorf("storage root key: %w", err)
	}
	inner := make([]byte, wrapKeyBytes)
	if _, err := io.ReadFull(random, inner); err != nil {
		return nil, err
	}
	credential, seed, err := tpm2.CreateCredential(random, to, name.Buffer, inner)
	if err != nil {
		return nil, err
	}
	public, duplicate, err := duplicate(random, inner, secret)
	if err != nil {
		return nil, err
	}
	var blob []byte
	for _, part := range [][]byte{credential, seed, duplicate, nil, public, nil} { // neither outer seed nor data
		blob = append(blob, tpm2.Marshal(tpm2.TPM2BData{Buffer: part})...)
	}
	return blob, nil
}

// duplicate makes of an HMAC key an object for TPM2_Import with an inner wrapper only (TPM
// 2.0 part 1, "Inner Duplication Wrapper").
func duplicate(random io.Reader, inner, secret []byte) (public, wrapped []byte, err error) {
	obfuscation := make([]byte, sha256.Size)
	if _, err := io.ReadFull(random, obfuscation); err != nil {
		return nil, nil, err
	}
	unique := sha256.Sum256(slices.Concat(obfuscation, secret))
	area := tpm2.TPMTPublic{
		Type: tpm2.TPMAlgKeyedHash, NameAlg: tpm2.TPMAlgSHA256,
		ObjectAttributes: tpm2.TPMAObject{UserWithAuth: true, NoDA: true, SignEncrypt: true},
		Parameters: tpm2.NewTPMUPublicParms(tpm2.TPMAlgKeyedHash, &tpm2.TPMSKeyedHashParms{Scheme: tpm2.TPMTKeyedHashScheme{
			Scheme:  tpm2.TPMAlgHMAC,
			Details: tpm2.NewTPMUSchemeKeyedHash(tpm2.TPMAlgHMAC, &tpm2.TPMSSchemeHMAC{HashAlg: tpm2.TPMAlgSHA256}),
		}}),
		Unique: tpm2.NewTPMUPublicID(tpm2.TPMAlgKeyedHash, &tpm2.TPM2BDigest{Buffer: unique[:]}),
	}
	name, err := tpm2.ObjectName(&area)
	if err != nil {
		return nil, nil, err
	}
	sensitive := tpm2.Marshal(tpm2.TPM2BData{Buffer: tpm2.Marshal(tpm2.TPMTSensitive{
		SensitiveType: tpm2.TPMAlgKeyedHash,
		SeedValue:     tpm2.TPM2BDigest{Buffer: obfuscation},
		Sensitive:     tpm2.NewTPMUSensitiveComposite(tpm2.TPMAlgKeyedHash, &tpm2.TPM2BSensitiveData{Buffer: secret}),
	})})
	integrity := sha256.Sum256(slices.Concat(sensitive, name.Buffer))
	plain := slices.Concat(tpm2.Marshal(tpm2.TPM2BDigest{Buffer: integrity[:]}), sensitive)
	block, err := aes.NewCipher(inner)
	if err != nil {
		return nil, nil, err
	}
	wrapped = make([]byte, len(plain))
	//lint:ignore SA1019 TPM 2.0 prescribes CFB; the integrity value stands in for authentication
	cipher.NewCFBEncrypter(block, make([]byte, aes.BlockSize)).XORKeyStream(wrapped, plain)
	return tpm2.Marshal(area), wrapped, nil
}
