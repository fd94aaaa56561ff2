package client

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"sync"
	"time"
)

// A token lives an hour and is replaced when ten minutes are left, which is
// more than the difference of clocks a hub allows.
const (
	tokenLife  = time.Hour
	tokenSpare = 10 * time.Minute
)

// tokenSource makes the Authorization header and keeps it while it is good.
type tokenSource struct {
	identity

	mu      sync.Mutex
	header  string
	expires time.Time
}

func (s *tokenSource) authorization() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); s.header == "" || s.expires.Sub(now) < tokenSpare {
		s.expires = now.Add(tokenLife)
		s.header = s.sign(s.expires)
	}
	return s.header
}

func (s *tokenSource) sign(expires time.Time) string {
	resource := url.PathEscape(s.host)
	mac := hmac.New(sha256.New, s.key)
	fmt.Fprintf(mac, "%s\n%d", resource, expires.Unix())
	signature := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return fmt.Sprintf("SharedAccessSignature sr=%s&sig=%s&se=%d&skn=%s",
		resource, url.QueryEscape(signature), expires.Unix(), url.PathEscape(s.policy))
}
