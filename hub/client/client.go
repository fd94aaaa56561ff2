package client

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// apiVersion is the one the current service SDKs ask for.
const apiVersion = "2021-04-12"

// maxAnswer bounds what is read of one answer.
const maxAnswer = 64 << 20

// Client talks to one hub. It is safe for concurrent use.
type Client struct {
	base    string // scheme and host
	http    http.Client
	tokens  tokenSource
	timeout time.Duration
}

// New returns a client for the hub and policy of a service connection string.
// It does not connect yet.
func New(connectionString string, o Options) (*Client, error) {
	id, err := parseConnectionString(connectionString)
	if err != nil {
		return nil, err
	}
	o = o.withDefaults()
	return &Client{
		base:    o.Scheme + "://" + id.host,
		http:    http.Client{Transport: o.Transport},
		tokens:  tokenSource{identity: id},
		timeout: o.Timeout,
	}, nil
}

// Close ends idle connections. Calls under way go on, and a later call opens a
// new connection.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// call is one request. Segments of the path are not encoded yet.
type call struct {
	method  string
	path    []string
	query   url.Values
	header  http.Header
	body    []byte
	timeout time.Duration // beyond the client's own
}

func (c call) String() string {
	return c.method + " /" + strings.Join(c.path, "/")
}

// do makes the call and decodes the JSON answer into answer unless that is nil.
func (c *Client) do(ctx context.Context, k call, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout+k.timeout)
	defer cancel()
	resp, err := c.send(ctx, k)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("%v: read answer: %w", k, err)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return fmt.Errorf("%v: decode answer: %w", k, err)
	}
	return nil
}

// send makes the call and returns the answer if the hub agreed.
func (c *Client) send(ctx context.Context, k call) (*http.Response, error) {
	req, err := c.request(ctx, k)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", k, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", k, bare(err))
	}
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("%v: read error answer: %w", k, err)
	}
	return nil, newError(k.String(), resp, body)
}

func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	target := c.base
	for _, segment := range k.path {
		target += "/" + url.PathEscape(segment)
	}
	query := url.Values{"api-version": {apiVersion}}
	for key, values := range k.query {
		query[key] = values
	}
	req, err := http.NewRequestWithContext(ctx, k.method, target+"?"+query.Encode(), bytes.NewReader(k.body))
	if err != nil {
		return nil, err
	}
	for key, values := range k.header {
		req.Header[key] = values
	}
	req.Header.Set("Authorization", c.tokens.authorization())
	return req, nil
}

// bare drops the method and URL that package net/http puts before a cause, for
// the call is named already, and adds a hint where one helps.
func bare(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	var untrusted x509.UnknownAuthorityError
	if errors.As(err, &untrusted) {
		return fmt.Errorf("%w (a hub with its own CA: put that certificate into Options.RootCAs)", err)
	}
	return err
}

// jsonBody encodes v; bytes are taken to be JSON already.
func jsonBody(v any) ([]byte, error) {
	if raw, ok := v.([]byte); ok {
		v = json.RawMessage(raw)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	return b, nil
}

// jsonHeader is the header of a call with a JSON body; etag may be empty.
func jsonHeader(etag string) http.Header {
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	if etag != "" {
		h.Set("If-Match", quote(etag))
	}
	return h
}

func quote(etag string) string {
	return `"` + strings.Trim(etag, `"`) + `"`
}
