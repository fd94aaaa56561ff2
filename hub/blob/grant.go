package blob

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"time"
)

// Grant implements hub.Blobs.
func (s *Store) Grant(name string, expires time.Time) string {
	se := strconv.FormatInt(expires.Unix(), 10)
	return url.Values{"sv": {"2021-08-06"}, "sr": {"b"}, "sp": {"rw"}, "se": {se}, "sig": {s.sign(name, se)}}.Encode()
}

// granted says whether a query lets its bearer at a blob.
func (s *Store) granted(name string, query url.Values) bool {
	se := query.Get("se")
	if !hmac.Equal([]byte(s.sign(name, se)), []byte(query.Get("sig"))) {
		return false
	}
	seconds, err := strconv.ParseInt(se, 10, 64)
	return err == nil && time.Now().Unix() < seconds
}

func (s *Store) sign(name, expires string) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("blob\n" + s.container + "\n" + name + "\n" + expires))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func digest(name string) []byte {
	sum := sha256.Sum256([]byte(name))
	return sum[:]
}
