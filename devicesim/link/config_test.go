package link

import (
	"strings"
	"testing"
)

func TestParseConnectionString(t *testing.T) {
	got, err := ParseConnectionString("DeviceId=truck-1; SharedAccessKey=c2VjcmV0Cg==;HostName=hub.example;")
	if err != nil || got.HostName != "hub.example" || got.DeviceID != "truck-1" || got.Key != "c2VjcmV0Cg==" {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, c := range []struct{ why, in, hint string }{
		{"nothing", "", "want HostName"},
		{"no key", "HostName=h;DeviceId=d", "want HostName"},
		{"empty key", "HostName=h;DeviceId=d;SharedAccessKey=", "want HostName"},
		{"no pair", "HostName=h;DeviceId", "no '='"},
		{"a service's", "HostName=h;SharedAccessKeyName=service;SharedAccessKey=a2V5", "service's connection string"},
		{"truncated key", "HostName=h;DeviceId=d;SharedAccessKey=c2VjcmV0Cg", "'=' at the end"},
		{"X.509", "HostName=h;DeviceId=d;x509=true", "not supported"},
		{"twice", "HostName=h;DeviceId=d;DeviceId=e;SharedAccessKey=a2V5", "twice"},
	} {
		_, err := ParseConnectionString(c.in)
		if err == nil || !strings.Contains(err.Error(), c.hint) {
			t.Errorf("%s: error %v, want a hint at %q", c.why, err, c.hint)
		}
		if err != nil && (strings.Contains(err.Error(), "c2VjcmV0") || strings.Contains(err.Error(), "a2V5")) {
			t.Errorf("%s: the error shows the key: %v", c.why, err)
		}
	}
}

func FuzzParseConnectionString(f *testing.F) {
	f.Add("HostName=h;DeviceId=d;SharedAccessKey=a2V5")
	f.Add(";=;x509")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseConnectionString(s)
		if err == nil && (c.HostName == "" || c.DeviceID == "" || c.Key == "") {
			t.Errorf("%q reads %+v", s, c)
		}
	})
}
