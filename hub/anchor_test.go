package hub

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
)

// A session ends when what its grant rests on is taken away, and goes on when something
// else is.
func TestSessionRestsOnItsCredential(t *testing.T) {
	const a, b, c = "MDEyMzQ1Njc4OWFiY2RlZg==", "YmNkZWYwMTIzNDU2Nzg5YQ==", "Y2RlZjAxMjM0NTY3ODlhYg=="
	keys := func(primary, secondary string) Authentication {
		return Authentication{Type: AuthSAS, SymmetricKey: SymmetricKey{Primary: &primary, Secondary: &secondary}}
	}
	prints := func(primary, secondary string) Authentication {
		return Authentication{Type: AuthSelfSigned, X509Thumbprint: Thumbprint{Primary: &primary, Secondary: &secondary}}
	}
	p, q, r := strings.Repeat("AB", 20), strings.Repeat("CD", 32), strings.Repeat("EF", 32)
	for _, row := range []struct {
		why       string
		anchor    Anchor
		old, next Authentication
		ends      bool
	}{
		{"its key is replaced", KeyAnchor(a), keys(a, b), keys(c, b), true},
		{"the other key is replaced", KeyAnchor(b), keys(a, b), keys(c, b), false},
		{"the keys change places", KeyAnchor(a), keys(a, b), keys(b, a), false},
		{"keys become certificates", KeyAnchor(a), keys(a, b), prints(p, q), true},
		{"a policy's token does not rest on the device's keys", PolicyAnchor(), keys(a, b), keys(c, c), false},
		{"a front end that does not say loses the session", Anchor{}, keys(a, b), keys(a, c), true},
		{"its thumbprint is replaced", ThumbprintAnchor(p), prints(p, q), prints(r, q), true},
		{"the other thumbprint is replaced", ThumbprintAnchor(p), prints(p, q), prints(p, r), false},
		{"its thumbprint is written in another way", ThumbprintAnchor(p), prints(p, q), prints("ab:"+strings.ToLower(p[2:]), q), false},
		{"certificates become keys", ThumbprintAnchor(p), prints(p, q), keys(a, b), true},
	} {
		t.Run(row.why, func(t *testing.T) {
			inBubble(t, func(rig *rig) {
				_, err := rig.hub.CreateDevice(t.Context(), Device{ID: "d", Authentication: row.old})
				rig.check(err)
				s := &recorder{}
				_, err = rig.hub.Connect(t.Context(), ConnectInfo{DeviceID: "d", Anchor: row.anchor}, s)
				rig.check(err)
				_, err = rig.hub.UpdateDevice(t.Context(), Device{ID: "d", Authentication: row.next}, "")
				rig.check(err)
				want := ""
				if row.ends {
					want = fmt.Sprint("close ", CloseCredentialsChanged)
				}
				if s.String() != want {
					t.Errorf("session heard %q, want %q", s, want)
				}
			})
		})
	}
}

// What was authenticated before a change does not connect after it.
func TestCredentialReplacedWhileConnecting(t *testing.T) {
	inBubble(t, func(r *rig) {
		old := KeyAnchor(*r.create("d").Authentication.SymmetricKey.Primary)
		key := "MDEyMzQ1Njc4OWFiY2RlZg=="
		_, err := r.hub.UpdateDevice(t.Context(), Device{ID: "d", Authentication: Authentication{Type: AuthSAS, SymmetricKey: SymmetricKey{&key, &key}}}, "")
		r.check(err)
		_, err = r.hub.Connect(t.Context(), ConnectInfo{DeviceID: "d", Anchor: old}, &recorder{})
		r.wantCode("connect by the old key", err, 401002)
		c, err := r.hub.Connect(t.Context(), ConnectInfo{DeviceID: "d", Anchor: KeyAnchor(key)}, &recorder{})
		r.check(err)
		r.wantCode("renew by the old key", c.Renew(t.Context(), old), 401002)
		r.check(c.Renew(t.Context(), PolicyAnchor()))
		r.create("gone")
		r.check(r.hub.DeleteDevice(t.Context(), "d", ""))
		r.wantCode("renew of a deleted device", c.Renew(t.Context(), PolicyAnchor()), 404001)
	})
}

func TestDeletedAuthorityEndsItsSessions(t *testing.T) {
	inBubble(t, func(r *rig) {
		mine, other := certify(t, "mine", true, nil), certify(t, "other", true, nil)
		sessions := map[string]*recorder{}
		for name, ca := range map[string]*signer{"mine": mine, "other": other} {
			_, err := r.hub.Authorities().Register(t.Context(), name, ca.Raw, true)
			r.check(err)
			_, err = r.hub.CreateDevice(t.Context(), Device{ID: name, Authentication: Authentication{Type: AuthCA}})
			r.check(err)
			sessions[name] = &recorder{}
			_, err = r.hub.Connect(t.Context(), certifiedBy(name, ca.Certificate), sessions[name])
			r.check(err)
		}
		r.check(r.hub.Authorities().Delete(t.Context(), "mine", ""))
		if got := sessions["mine"].String(); got != fmt.Sprint("close ", CloseCredentialsChanged) {
			t.Errorf("session of the deleted CA heard %q", got)
		}
		if got := sessions["other"].String(); got != "" {
			t.Errorf("session of the other CA heard %q", got)
		}
		_, err := r.hub.Connect(t.Context(), certifiedBy("mine", mine.Certificate), &recorder{})
		r.wantCode("connect by a CA that was deleted meanwhile", err, 401002)
		if c := r.hub.sessions.count(); c != 1 {
			t.Errorf("%d devices are connected, want 1", c)
		}
	})
}

func certifiedBy(id string, ca *x509.Certificate) ConnectInfo {
	return ConnectInfo{DeviceID: id, Anchor: AuthorityAnchor(ca)}
}

func TestOnDelete(t *testing.T) {
	inBubble(t, func(r *rig) {
		var gone []string
		r.hub.OnDelete(func(id string) { gone = append(gone, id) })
		r.create("d")
		r.create("d/m")
		r.check(r.hub.DeleteDevice(t.Context(), "d", ""))
		if fmt.Sprint(gone) != "[d/m d]" {
			t.Errorf("heard of %v", gone)
		}
	})
}

// The last message of a connection is stored although the hub has closed it.
func TestWillAfterClose(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		c.Close()
		done := make(chan error, 1)
		c.Will(Message{Body: []byte("gone")}, func(err error) { done <- err })
		r.check(<-done)
		p := r.hub.partition("d")
		for e, err := range r.hub.Events(t.Context(), p, 0, false) {
			if err != nil || string(e.Body) != "gone" || e.Device != "d" {
				t.Errorf("event %+v, %v", e, err)
			}
			return
		}
		t.Error("nothing was stored")
	})
}
