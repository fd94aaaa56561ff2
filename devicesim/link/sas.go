package link

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// sasToken is the shared access signature of a device's own key, the MQTT 3.1.1
// password: an HMAC over the resource and the expiry in Unix seconds.
func sasToken(key []byte, host, deviceID string, expiry time.Time) string {
	resource := escape(host + "/devices/" + deviceID)
	se := strconv.FormatInt(expiry.Unix(), 10)
	sig := base64.StdEncoding.EncodeToString(sign(key, resource+"\n"+se))
	return "SharedAccessSignature sr=" + resource + "&sig=" + escape(sig) + "&se=" + se
}

// signedConnect is the enhanced authentication of the MQTT 5 preview API. Times
// are in milliseconds since the epoch.
type signedConnect struct {
	at, expiry string
	signature  []byte // raw, the Authentication Data
}

func newSignedConnect(key []byte, host, clientID string, at, expiry time.Time) signedConnect {
	s := signedConnect{
		at:     strconv.FormatInt(at.UnixMilli(), 10),
		expiry: strconv.FormatInt(expiry.UnixMilli(), 10),
	}
	const policy = "" // a device signs with its own key
	text := strings.Join([]string{host, clientID, policy, s.at, s.expiry, ""}, "\n")
	s.signature = sign(key, text)
	return s
}

func sign(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
