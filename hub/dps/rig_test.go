package dps

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	cryptorand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
	"twinrig/hub/store"
)

func TestMain(m *testing.M) {
	store.Register()
	os.Exit(m.Run())
}

const (
	scope   = "0neTEST"
	host    = "dps.example"
	version = "2021-06-01"
	owner   = "b3duZXJvd25lcm93bmVyb3duZXJvd25lcg=="
	reader  = "cmVhZGVycmVhZGVycmVhZGVycmVhZGVy"
	keyA    = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="
	keyB    = "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI="
)

// rig is a provisioning service with two hubs in virtual time.
type rig struct {
	*testing.T
	dps   *Service
	cfg   Config
	hubs  map[string]*hub.Hub
	store *store.Store // of the service
}

func inBubble(t *testing.T, test func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{T: t, hubs: map[string]*hub.Hub{}}
		r.cfg = Config{
			IDScope: scope, HostNames: []string{host}, CheckToken: auth.CheckToken, Random: rand.NewChaCha8([32]byte{7}),
			Policies: []Policy{{OwnerPolicy, owner, owner, allRights}, {"reader", reader, reader, EnrollmentRead}},
		}
		for _, name := range []string{"a.example", "b.example"} {
			r.addHub(name)
		}
		r.start()
		t.Cleanup(func() { r.dps.Close() })
		test(r)
	})
}

func (r *rig) addHub(name string) {
	r.Helper()
	s, err := store.Open(r.Context(), store.Options{})
	if err != nil {
		r.Fatal(err)
	}
	h, err := hub.New(hub.Config{HostName: name, Random: rand.NewChaCha8([32]byte{name[0]}), Partitions: 1}, s)
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() {
		if err := h.Close(context.Background()); err != nil {
			r.Error(err)
		}
		if err := s.Close(); err != nil {
			r.Error(err)
		}
	})
	if r.store == nil {
		r.store = s
	}
	r.hubs[name] = h
	r.cfg.Hubs = append(r.cfg.Hubs, Link{Hub: h})
}

// start starts the service, again after Close.
func (r *rig) start() {
	r.Helper()
	s, err := New(r.Context(), r.cfg, r.store.Documents())
	if err != nil {
		r.Fatal(err)
	}
	r.dps = s
}

// call makes a call of a service with all rights.
func (r *rig) call(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r.Helper()
	q := httptest.NewRequest(method, path+"?api-version=2021-10-01", strings.NewReader(body))
	q.Header.Set("Authorization", r.token(host, OwnerPolicy, owner))
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	r.dps.ServeHTTP(answer, q)
	return answer
}

func (r *rig) token(resource, policy, key string) string {
	r.Helper()
	text, err := auth.Sign(resource, policy, key, time.Now().Add(time.Hour))
	if err != nil {
		r.Fatal(err)
	}
	return text
}

// enroll writes an enrollment, or a group, and returns it as answered.
func (r *rig) enroll(path, body string) Enrollment {
	r.Helper()
	answer := r.call(http.MethodPut, path, body)
	var e Enrollment
	if err := json.Unmarshal(answer.Body.Bytes(), &e); answer.Code != 200 || err != nil {
		r.Fatalf("PUT %s: %d %s, %v", path, answer.Code, answer.Body, err)
	}
	return e
}

// device is one that registers over HTTPS.
type device struct {
	*rig
	id     string
	key    string
	chain  []*x509.Certificate
	body   string
	api    string
	forced bool
}

func (r *rig) device(id, key string) *device { return &device{rig: r, id: id, key: key} }

func (d *device) call(method, path, body string) *httptest.ResponseRecorder {
	d.Helper()
	api := d.api
	if api == "" {
		api = version
	}
	q := httptest.NewRequest(method, "/"+scope+"/registrations/"+d.id+path+"?api-version="+api, strings.NewReader(body))
	if d.forced {
		q.URL.RawQuery += "&forceRegistration=true"
	}
	if d.key != "" {
		q.Header.Set("Authorization", d.token(scope+"/registrations/"+d.id, "registration", d.key))
	}
	q.TLS = &tls.ConnectionState{PeerCertificates: d.chain}
	answer := httptest.NewRecorder()
	d.dps.ServeHTTP(answer, q)
	return answer
}

// answer is what a device hears.
type answer struct {
	Operation string `json:"operationId"`
	Status    string `json:"status"`
	State     struct {
		Hub          string          `json:"assignedHub"`
		Device       string          `json:"deviceId"`
		Status       string          `json:"status"`
		Substatus    string          `json:"substatus"`
		ErrorCode    int             `json:"errorCode"`
		ErrorMessage string          `json:"errorMessage"`
		Payload      json.RawMessage `json:"payload"`
		TPM          *wrappedKey     `json:"tpm"`
	} `json:"registrationState"`
	ErrorCode int    `json:"errorCode"`
	Message   string `json:"message"`

	http int
	wait time.Duration
}

func (d *device) parse(w *httptest.ResponseRecorder) (a answer) {
	d.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		d.Fatalf("%s answered %q: %v", d.id, w.Body, err)
	}
	a.http = w.Code
	if seconds, err := strconv.Atoi(w.Header().Get("Retry-After")); err == nil {
		a.wait = time.Duration(seconds) * time.Second
	}
	return a
}

func (d *device) begin() answer {
	d.Helper()
	return d.parse(d.call(http.MethodPut, "/register", d.body))
}

func (d *device) poll(operation string) answer {
	d.Helper()
	return d.parse(d.call(http.MethodGet, "/operations/"+operation, "{}"))
}

// register goes the whole way, as SDKs do.
func (d *device) register() answer {
	d.Helper()
	a := d.begin()
	for range 40 {
		if a.http != http.StatusAccepted {
			return a
		}
		if a.Status != assigning || a.wait != time.Second {
			d.Fatalf("%s: %+v while assigning", d.id, a)
		}
		time.Sleep(a.wait)
		a = d.poll(a.Operation)
	}
	d.Fatalf("%s is never assigned", d.id)
	return a
}

// twin is tags, desired and reported properties without what the hub adds.
func (r *rig) twin(hubName, id string) string {
	r.Helper()
	t, err := r.hubs[hubName].Twin(r.Context(), id)
	if err != nil {
		return fmt.Sprint(err)
	}
	plain := func(text json.RawMessage) json.RawMessage {
		var v map[string]json.RawMessage
		if err := json.Unmarshal(text, &v); err != nil {
			r.Fatal(err)
		}
		delete(v, "$metadata")
		delete(v, "$version")
		b, err := json.Marshal(v)
		if err != nil {
			r.Fatal(err)
		}
		return b
	}
	return fmt.Sprintf("%s %s %s", t.Tags, plain(t.Properties.Desired), plain(t.Properties.Reported))
}

// signer is a certificate with its key.
type signer struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// certify makes a certificate; without a parent it signs itself.
func certify(t testing.TB, name string, ca bool, parent *signer) *signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := cryptorand.Int(cryptorand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, BasicConstraintsValid: true, IsCA: ca,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	if parent == nil {
		parent = &signer{template, key}
	}
	der, err := x509.CreateCertificate(cryptorand.Reader, template, parent.Certificate, &key.PublicKey, parent.key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{c, key}
}

// pem is the certificate as a JSON string.
func (s *signer) pem() string {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Raw})
	quoted, _ := json.Marshal(string(bytes.TrimSpace(text)))
	return string(quoted)
}
