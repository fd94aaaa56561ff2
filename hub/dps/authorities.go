package dps

import "twinrig/hub"

// Calls for the CA certificates that enrollments refer to. In Azure they belong to the
// resource manager, which no device SDK knows; these are of the same shape.

// uploadedCA is the body of a PUT. Verified says that no proof of possession is wanted.
type uploadedCA struct {
	Certificate string `json:"certificate"` // PEM or base64 DER
	Verified    bool   `json:"isVerified"`
}

func (x *exchange) listAuthorities() error {
	all, err := x.service.authorities.List(x.r.Context())
	if err != nil {
		return err
	}
	if all == nil {
		all = []hub.Authority{}
	}
	return x.reply("", all)
}

func (x *exchange) getAuthority() error {
	return x.replyAuthority(x.service.authorities.Authority(x.r.Context(), x.params[0]))
}

func (x *exchange) putAuthority() error {
	var up uploadedCA
	if err := x.decode(&up); err != nil {
		return err
	}
	return x.replyAuthority(x.service.authorities.Register(x.r.Context(), x.params[0], []byte(up.Certificate), up.Verified))
}

func (x *exchange) deleteAuthority() error {
	if err := x.service.authorities.Delete(x.r.Context(), x.params[0], x.r.Header.Get("If-Match")); err != nil {
		return err
	}
	return x.replyEmpty()
}

// issueCode answers with the certificate, which has the verification code.
func (x *exchange) issueCode() error {
	return x.replyAuthority(x.service.authorities.Issue(x.r.Context(), x.params[0], x.r.Header.Get("If-Match")))
}

func (x *exchange) verifyAuthority() error {
	var proof uploadedCA
	if err := x.decode(&proof); err != nil {
		return err
	}
	return x.replyAuthority(x.service.authorities.Verify(x.r.Context(), x.params[0], x.r.Header.Get("If-Match"), []byte(proof.Certificate)))
}

func (x *exchange) replyAuthority(a hub.Authority, err error) error {
	if err != nil {
		return err
	}
	return x.reply(etag(a.ETag), a)
}
