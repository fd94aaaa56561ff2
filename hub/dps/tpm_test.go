package dps

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-tpm/tpm2"
)

// softTPM is as much of a TPM as a registration takes, written from the specification (TPM
// 2.0 part 1, sections 23 and 24).
type softTPM struct {
	key     *rsa.PrivateKey // of endorsement
	ek, srk tpm2.TPMTPublic
}

func newSoftTPM(t testing.TB) *softTPM {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	s := &softTPM{key: key, ek: tpm2.RSAEKTemplate, srk: tpm2.RSASRKTemplate}
	s.ek.Unique = tpm2.NewTPMUPublicID(tpm2.TPMAlgRSA, &tpm2.TPM2BPublicKeyRSA{Buffer: key.N.Bytes()})
	s.srk.Unique = tpm2.NewTPMUPublicID(tpm2.TPMAlgRSA, &tpm2.TPM2BPublicKeyRSA{Buffer: other.N.Bytes()})
	return s
}

// show is the public area of a key as devices send it.
func show(public tpm2.TPMTPublic) string {
	return base64.StdEncoding.EncodeToString(tpm2.Marshal(tpm2.New2B(public)))
}

// kdfa is KDFa with SHA-256.
func kdfa(key []byte, label string, context []byte, bits int) (out []byte) {
	for counter := uint32(1); len(out)*8 < bits; counter++ {
		mac := hmac.New(sha256.New, key)
		mac.Write(binary.BigEndian.AppendUint32(nil, counter))
		mac.Write(append([]byte(label), 0))
		mac.Write(context)
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(bits)))
		out = mac.Sum(out)
	}
	return out[:bits/8]
}

func decryptCFB(key, text []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(text))
	//lint:ignore SA1019 TPM 2.0 prescribes it
	cipher.NewCFBDecrypter(block, make([]byte, aes.BlockSize)).XORKeyStream(out, text)
	return out
}

// cut takes a sized buffer off the front of b.
func cut(b []byte) (head, rest []byte, err error) {
	if len(b) < 2 || len(b) < 2+int(binary.BigEndian.Uint16(b)) {
		return nil, nil, errors.New("buffer ends early")
	}
	n := 2 + int(binary.BigEndian.Uint16(b))
	return b[2:n], b[n:], nil
}

// activate takes the key out of a challenge, as TPM2_ActivateCredential and TPM2_Import do.
func (s *softTPM) activate(challenge string) ([]byte, error) {
	blob, err := base64.StdEncoding.DecodeString(challenge)
	if err != nil {
		return nil, err
	}
	var parts [6][]byte // credential, its seed, the object, its outer seed, its public area, data
	for i := range parts {
		if parts[i], blob, err = cut(blob); err != nil {
			return nil, err
		}
	}
	if len(blob) > 0 || len(parts[3]) > 0 {
		return nil, errors.New("more than is wanted")
	}
	inner, err := s.credential(parts[0], parts[1])
	if err != nil {
		return nil, err
	}
	return unwrap(inner, parts[2], parts[4])
}

func (s *softTPM) credential(id, encryptedSeed []byte) ([]byte, error) {
	seed, err := rsa.DecryptOAEP(sha256.New(), nil, s.key, encryptedSeed, []byte("IDENTITY\x00"))
	if err != nil {
		return nil, err
	}
	name, err := tpm2.ObjectName(&s.srk)
	if err != nil {
		return nil, err
	}
	integrity, encrypted, err := cut(id)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, kdfa(seed, "INTEGRITY", nil, 256))
	mac.Write(encrypted)
	mac.Write(name.Buffer)
	if !hmac.Equal(integrity, mac.Sum(nil)) {
		return nil, errors.New("integrity of the credential")
	}
	inner, _, err := cut(decryptCFB(kdfa(seed, "STORAGE", name.Buffer, 128), encrypted))
	return inner, err
}

func unwrap(inner, object, area []byte) ([]byte, error) {
	public, err := tpm2.Unmarshal[tpm2.TPMTPublic](area)
	if err != nil {
		return nil, err
	}
	name, err := tpm2.ObjectName(public)
	if err != nil {
		return nil, err
	}
	integrity, sensitive, err := cut(decryptCFB(inner, object))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(slices.Concat(sensitive, name.Buffer)); !hmac.Equal(sum[:], integrity) {
		return nil, errors.New("integrity of the object")
	}
	text, _, err := cut(sensitive)
	if err != nil {
		return nil, err
	}
	parsed, err := tpm2.Unmarshal[tpm2.TPMTSensitive](text)
	if err != nil {
		return nil, err
	}
	secret, err := parsed.Sensitive.Bits()
	if err != nil {
		return nil, err
	}
	unique, err := public.Unique.KeyedHash()
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(slices.Concat(parsed.SeedValue.Buffer, secret.Buffer)); !hmac.Equal(sum[:], unique.Buffer) {
		return nil, errors.New("the public area is another object's")
	}
	return secret.Buffer, nil
}

func TestTPM(t *testing.T) {
	chip, stranger := newSoftTPM(t), newSoftTPM(t)
	inBubble(t, func(r *rig) {
		r.enroll("/enrollments/chip-1", fmt.Sprintf(`{"attestation":{"type":"tpm","tpm":{"endorsementKey":%q}}}`, show(chip.ek)))
		d := r.device("chip-1", "")
		body := func(s *softTPM) string {
			return fmt.Sprintf(`{"registrationId":"chip-1","tpm":{"endorsementKey":%q,"storageRootKey":%q}}`, show(s.ek), show(s.srk))
		}
		if a := d.challenge(body(stranger)); a != "" {
			t.Error("a stranger's TPM is challenged")
		}
		challenge := d.challenge(body(chip))
		if _, err := stranger.activate(challenge); err == nil {
			t.Error("another TPM takes the key")
		}
		key, err := chip.activate(challenge)
		if err != nil {
			t.Fatal(err)
		}
		d.key, d.body = base64.StdEncoding.EncodeToString(key), body(chip)
		a := d.register()
		if a.Status != assigned || a.State.TPM == nil {
			t.Fatalf("answered %+v", a)
		}
		again, err := chip.activate(a.State.TPM.Key)
		if err != nil || !slices.Equal(again, key) {
			t.Errorf("the key for the hub is %x, %v; want %x", again, err, key)
		}
		identity, err := r.hubs[a.State.Hub].Device(r.Context(), "chip-1")
		if err != nil || *identity.Authentication.SymmetricKey.Primary != d.key {
			t.Errorf("device is %+v, %v", identity.Authentication, err)
		}
		r.dps.Close()
		r.start()
		time.Sleep(time.Second)
		if b := d.register(); b.Status != assigned {
			t.Errorf("after a restart: %+v", b)
		}
		shownKeys := r.call(http.MethodGet, "/enrollments/chip-1", "")
		if shownKeys.Code != 200 {
			t.Errorf("%d %s", shownKeys.Code, shownKeys.Body)
		}
	})
}

// challenge asks for the key; it is empty when the service refuses.
func (d *device) challenge(body string) string {
	d.Helper()
	w := d.call(http.MethodPut, "/register", body)
	a := struct {
		Code int    `json:"errorCode"`
		Key  string `json:"authenticationKey"`
	}{}
	decodeInto(d.T, w.Body.Bytes(), &a)
	if w.Code != http.StatusUnauthorized || a.Code != 401002 {
		d.Errorf("challenge: %d %s", w.Code, w.Body)
	}
	return a.Key
}

func FuzzTPMKey(f *testing.F) {
	chip := newSoftTPM(f)
	f.Add(tpm2.Marshal(tpm2.New2B(chip.ek)), []byte{})
	f.Add(tpm2.Marshal(chip.ek), tpm2.Marshal(chip.srk))
	f.Add([]byte{0, 1, 0, 11}, []byte{0xff, 0xff})
	f.Fuzz(func(t *testing.T, ek, srk []byte) {
		text := base64.StdEncoding.EncodeToString
		blob, err := wrap(rand.Reader, text(ek), text(srk), make([]byte, 32))
		if err == nil && len(blob) == 0 {
			t.Error("nothing is wrapped")
		}
	})
}
