package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Authority is a CA certificate by which devices may be certified, once it is verified.
type Authority struct {
	Name        string    `json:"name"`
	ETag        string    `json:"etag"`
	Certificate []byte    `json:"certificate"` // DER
	Subject     string    `json:"subject"`
	Expires     time.Time `json:"expires"`
	Verified    bool      `json:"verified"`
	Code        string    `json:"verificationCode"` // asked for and not yet proved
}

func authorityPath(more ...string) []string {
	return append([]string{"$twinrig", "authorities"}, more...)
}

// Authorities lists the CA certificates of the hub.
func (c *Client) Authorities(ctx context.Context) (all []Authority, err error) {
	err = c.do(ctx, call{method: http.MethodGet, path: authorityPath()}, &all)
	return all, err
}

// RegisterAuthority registers a CA certificate, PEM or DER. When verified is false, it
// counts after VerifyAuthority only.
func (c *Client) RegisterAuthority(ctx context.Context, name string, certificate []byte, verified bool) (a Authority, err error) {
	err = c.do(ctx, call{
		method: http.MethodPut, path: authorityPath(name), body: certificate,
		query: url.Values{"verified": {strconv.FormatBool(verified)}},
	}, &a)
	return a, err
}

// IssueCode asks for the code that is to be the common name of the certificate for
// VerifyAuthority.
func (c *Client) IssueCode(ctx context.Context, name string) (a Authority, err error) {
	err = c.do(ctx, call{method: http.MethodPost, path: authorityPath(name, "code")}, &a)
	return a, err
}

// VerifyAuthority proves possession of the CA's key by a certificate, PEM or DER, that it
// has signed.
func (c *Client) VerifyAuthority(ctx context.Context, name string, proof []byte) (a Authority, err error) {
	err = c.do(ctx, call{method: http.MethodPost, path: authorityPath(name, "verify"), body: proof}, &a)
	return a, err
}

// DeleteAuthority removes a CA certificate; devices connected by it are cut off.
func (c *Client) DeleteAuthority(ctx context.Context, name string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: authorityPath(name)}, nil)
}
