package link

import (
	"encoding/base64"
	"testing"
	"time"
)

// The signatures were computed with Python's hmac and urllib from the rules of
// the IoT Hub documentation.
func TestSAS(t *testing.T) {
	key := []byte("secret of the truck")
	at := time.Unix(946684800, 0)
	got := sasToken(key, "hub.example", "truck 1%", at.Add(time.Hour))
	want := "SharedAccessSignature sr=hub.example%2Fdevices%2Ftruck%201%25&sig=0uHU5I7eIkd0WI9n%2FtUDVqQUwHwZ4DDS6UC9XPC2nQg%3D&se=946688400"
	if got != want {
		t.Errorf("token\n %s, want\n %s", got, want)
	}
	s := newSignedConnect(key, "hub.example", "truck-1", at, at.Add(time.Hour))
	if sig := base64.StdEncoding.EncodeToString(s.signature); sig != "L7xNae/IqSx8gHT6NviI9PLHpTjd6Vp75EmFd+6xSLQ=" || s.at != "946684800000" || s.expiry != "946688400000" {
		t.Errorf("signed CONNECT: %s at %s until %s", sig, s.at, s.expiry)
	}
}
