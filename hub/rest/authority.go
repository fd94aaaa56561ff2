package rest

import (
	"net/http"
	"strconv"
	"time"

	"twinrig/hub"
)

// maxCertificateBody is above the hub's own limit, which it answers with a better text.
const maxCertificateBody = 64<<10 + 1

// authority is a CA certificate as our own calls show it.
type authority struct {
	Name        string    `json:"name"`
	ETag        string    `json:"etag"`
	Certificate []byte    `json:"certificate"` // DER
	Subject     string    `json:"subject"`
	Expires     time.Time `json:"expires"`
	Verified    bool      `json:"verified"`
	Code        string    `json:"verificationCode,omitempty"`
}

func asAuthority(a hub.Authority) (authority, error) {
	c, err := a.Certificate()
	if err != nil {
		return authority{}, err
	}
	return authority{
		Name: a.Name, ETag: a.ETag, Certificate: a.Raw, Subject: c.Subject.String(), Expires: c.NotAfter.UTC(),
		Verified: a.Verified, Code: a.Code,
	}, nil
}

// replyAuthority answers with a CA certificate, or with the error there was.
func (x *exchange) replyAuthority(status int, a hub.Authority, err error) error {
	var shown authority
	if err == nil {
		shown, err = asAuthority(a)
	}
	if err != nil {
		return err
	}
	return x.reply(status, a.ETag, shown)
}

func listAuthorities(x *exchange) error {
	all, err := x.handler.hub.Authorities().List(x.r.Context())
	if err != nil {
		return err
	}
	shown := make([]authority, len(all))
	for i, a := range all {
		if shown[i], err = asAuthority(a); err != nil {
			return err
		}
	}
	return x.reply(http.StatusOK, "", shown)
}

func getAuthority(x *exchange) error {
	a, err := x.handler.hub.Authorities().Authority(x.r.Context(), x.last())
	return x.replyAuthority(http.StatusOK, a, err)
}

// registerAuthority takes a certificate, PEM or DER. With verified=true the caller vouches
// for its owner himself.
func registerAuthority(x *exchange) error {
	verified := false
	if text := x.r.URL.Query().Get("verified"); text != "" {
		var err error
		if verified, err = strconv.ParseBool(text); err != nil {
			return refuse(400004, "ArgumentInvalid", "verified is %q; true or false is wanted.", text)
		}
	}
	body, err := x.body(maxCertificateBody)
	if err != nil {
		return err
	}
	a, err := x.handler.hub.Authorities().Register(x.r.Context(), x.last(), body, verified)
	return x.replyAuthority(http.StatusCreated, a, err)
}

// issueCode begins the proof of possession.
func issueCode(x *exchange) error {
	ifMatch, _, err := x.ifMatch()
	if err != nil {
		return err
	}
	a, err := x.handler.hub.Authorities().Issue(x.r.Context(), x.last(), ifMatch)
	return x.replyAuthority(http.StatusOK, a, err)
}

// verifyAuthority ends it: the body is a certificate with the code as its common name.
func verifyAuthority(x *exchange) error {
	ifMatch, _, err := x.ifMatch()
	if err != nil {
		return err
	}
	body, err := x.body(maxCertificateBody)
	if err != nil {
		return err
	}
	a, err := x.handler.hub.Authorities().Verify(x.r.Context(), x.last(), ifMatch, body)
	return x.replyAuthority(http.StatusOK, a, err)
}

func deleteAuthority(x *exchange) error {
	ifMatch, _, err := x.ifMatch()
	if err != nil {
		return err
	}
	if err := x.handler.hub.Authorities().Delete(x.r.Context(), x.last(), ifMatch); err != nil {
		return err
	}
	return x.replyEmpty()
}
