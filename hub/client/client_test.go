package client_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinrig/hub/client"
)

const connectionString = "HostName=hub.example;SharedAccessKeyName=service;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// roundTrip answers calls in place of a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answering returns a client whose hub gives one answer, and where the last
// request is kept, as text.
func answering(t *testing.T, status int, header http.Header, body string) (*client.Client, *string) {
	t.Helper()
	var seen string
	c, err := client.New(connectionString, client.Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		seen = fmt.Sprintf("%s %s\n%s", r.Method, r.URL.RequestURI(), sent)
		for _, key := range []string{"If-Match", "Content-Type", "Iothub-Messageid", "Iothub-Properties", "Iothub-Expiry", "Iothub-Ack"} {
			if v := r.Header.Get(key); v != "" {
				seen += "\n" + key + ": " + v
			}
		}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}, nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	return c, &seen
}

func wantRequest(t *testing.T, got, want string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

func TestDeviceCalls(t *testing.T) {
	ctx, answer := t.Context(), `{"deviceId":"d/1","etag":"AAA=","status":"enabled","statusReason":null,"lastActivityTime":"0001-01-01T00:00:00Z",
		"authentication":{"type":"sas","symmetricKey":{"primaryKey":"cA==","secondaryKey":"cw=="},"x509Thumbprint":{"primaryThumbprint":null,"secondaryThumbprint":null}}}`
	c, seen := answering(t, 200, nil, answer)
	want := client.Device{ID: "d/1", ETag: "AAA=", Status: "enabled", Authentication: client.Authentication{
		Type: "sas", SymmetricKey: client.SymmetricKey{Primary: "cA==", Secondary: "cw=="}}}

	got, err := c.CreateDevice(ctx, client.Device{ID: "d/1"})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("CreateDevice: %v\n%s", err, diff)
	}
	wantRequest(t, *seen, `PUT /devices/d%2F1?api-version=2021-04-12
{"deviceId":"d/1","authentication":{"symmetricKey":{"primaryKey":"","secondaryKey":""},"x509Thumbprint":{}}}
Content-Type: application/json; charset=utf-8`)

	got.Status = "disabled"
	if _, err := c.UpdateDevice(ctx, got, got.ETag); err != nil {
		t.Error(err)
	}
	wantRequest(t, *seen, `PUT /devices/d%2F1?api-version=2021-04-12
{"deviceId":"d/1","etag":"AAA=","status":"disabled","authentication":{"type":"sas","symmetricKey":{"primaryKey":"cA==","secondaryKey":"cw=="},"x509Thumbprint":{}}}
If-Match: "AAA="
Content-Type: application/json; charset=utf-8`)

	if _, err := c.Device(ctx, "a%20?#"); err != nil {
		t.Error(err)
	}
	wantRequest(t, *seen, "GET /devices/a%2520%3F%23?api-version=2021-04-12\n")
	if err := c.DeleteDevice(ctx, "d"); err != nil {
		t.Error(err)
	}
	wantRequest(t, *seen, "DELETE /devices/d?api-version=2021-04-12\n\nIf-Match: \"*\"")

	list, seen := answering(t, 200, nil, "["+answer+"]")
	if all, err := list.Devices(ctx, 10); err != nil || len(all) != 1 || all[0].ID != "d/1" {
		t.Errorf("Devices: %+v, %v", all, err)
	}
	wantRequest(t, *seen, "GET /devices?api-version=2021-04-12&top=10\n")
}

func TestTwinAndMethodCalls(t *testing.T) {
	ctx := t.Context()
	c, seen := answering(t, 200, nil, `{"deviceId":"d","etag":"AAE=","version":3,"tags":{"site":"a"},"properties":{"desired":{"$version":2},"reported":{"$version":1}}}`)
	twin, err := c.PatchTwin(ctx, "d", map[string]any{"tags": map[string]any{"site": "a"}}, "")
	want := client.Twin{DeviceID: "d", ETag: "AAE=", Version: 3, Tags: []byte(`{"site":"a"}`),
		Properties: client.Properties{Desired: []byte(`{"$version":2}`), Reported: []byte(`{"$version":1}`)}}
	if diff := cmp.Diff(want, twin); err != nil || diff != "" {
		t.Errorf("PatchTwin: %v\n%s", err, diff)
	}
	wantRequest(t, *seen, "PATCH /twins/d?api-version=2021-04-12\n{\"tags\":{\"site\":\"a\"}}\nIf-Match: \"*\"\nContent-Type: application/json; charset=utf-8")
	if _, err := c.PatchTwin(ctx, "d", []byte(`{"tags":null}`), `"AAE="`); err != nil {
		t.Error(err)
	}
	wantRequest(t, *seen, "PATCH /twins/d?api-version=2021-04-12\n{\"tags\":null}\nIf-Match: \"AAE=\"\nContent-Type: application/json; charset=utf-8")

	c, seen = answering(t, 200, nil, `{"status":201,"payload":{"ok":true}}`)
	result, err := c.Invoke(ctx, "d", client.MethodCall{Name: "pump*stop", Payload: map[string]int{"speed": 3}, ConnectTimeout: 1500 * time.Millisecond})
	if diff := cmp.Diff(client.MethodResult{Status: 201, Payload: []byte(`{"ok":true}`)}, result); err != nil || diff != "" {
		t.Errorf("Invoke: %v\n%s", err, diff)
	}
	wantRequest(t, *seen, `POST /twins/d/methods?api-version=2021-04-12
{"methodName":"pump*stop","payload":{"speed":3},"responseTimeoutInSeconds":30,"connectTimeoutInSeconds":2}
Content-Type: application/json; charset=utf-8`)
}

func TestCommandCalls(t *testing.T) {
	c, seen := answering(t, 201, nil, `{"sequence":7,"messageId":"m","enqueued":"2000-01-01T00:00:00Z","expiry":"2000-01-01T01:00:00Z"}`)
	queued, err := c.SendCommand(t.Context(), "d", client.Command{
		Body: []byte("stop"), MessageID: "m", Ack: "full", Expiry: time.Date(2000, 1, 1, 1, 0, 0, 0, time.UTC),
		Properties: map[string]string{"Level": "ä b", "a&b": "+="},
	})
	if err != nil || queued.Sequence != 7 || queued.Expiry.Hour() != 1 {
		t.Errorf("SendCommand: %+v, %v", queued, err)
	}
	wantRequest(t, *seen, `POST /$twinrig/devices/d/messages?api-version=2021-04-12
stop
Iothub-Messageid: m
Iothub-Properties: Level=%C3%A4%20b&a%26b=%2B%3D
Iothub-Expiry: 2000-01-01T01:00:00Z
Iothub-Ack: full`)
	c, seen = answering(t, 200, nil, `{"deviceId":"d","moduleId":null,"totalMessagesPurged":3}`)
	if n, err := c.PurgeCommands(t.Context(), "d"); n != 3 || err != nil {
		t.Errorf("PurgeCommands: %d, %v", n, err)
	}
	wantRequest(t, *seen, "DELETE /devices/d/commands?api-version=2021-04-12\n")
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		why, body string
		status    int
		header    http.Header
		want      client.Error
		text      string
	}{
		{"the old shape", `{"Message":"ErrorCode:DeviceNotFound;Device d not registered.","ExceptionMessage":"Tracking ID:9c-G:5-TimeStamp:01/18/2017 08:11:45"}`, 404, nil,
			client.Error{Status: 404, Name: "DeviceNotFound", Message: "Device d not registered.", TrackingID: "9c-G:5-TimeStamp:01/18/2017 08:11:45"},
			"GET /twins/d: 404 DeviceNotFound: Device d not registered."},
		{"the newer shape", `{"Message":"{\"errorCode\":404103,\"trackingId\":\"9c\",\"message\":\"Timed out.\",\"info\":{\"timeout\":\"00:00:00\"}}","ExceptionMessage":""}`, 404,
			http.Header{"Iothub-Errorcode": {"DeviceNotOnline"}},
			client.Error{Status: 404, Code: 404103, Name: "DeviceNotOnline", Message: "Timed out.", TrackingID: "9c"}, "GET /twins/d: 404 DeviceNotOnline: Timed out."},
		{"the newer shape without a header", `{"Message":"{\"errorCode\":504101,\"message\":\"Timed out.\"}"}`, 504, nil,
			client.Error{Status: 504, Code: 504101, Message: "Timed out."}, "GET /twins/d: 504 504101: Timed out."},
		{"a proxy's page", strings.Repeat("<html>", 1000), 502, nil,
			client.Error{Status: 502, Message: strings.Repeat("<html>", 50)}, "GET /twins/d: 502 Bad Gateway: " + strings.Repeat("<html>", 50)},
	} {
		t.Run(c.why, func(t *testing.T) {
			cl, _ := answering(t, c.status, c.header, c.body)
			_, err := cl.Twin(t.Context(), "d")
			var got *client.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a *client.Error", err)
			}
			c.want.Call = "GET /twins/d"
			if diff := cmp.Diff(c.want, *got); diff != "" || err.Error() != c.text {
				t.Errorf("text %q, want %q\n%s", err, c.text, diff)
			}
		})
	}
}

func TestConnectionStringsRefused(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"empty", "", "HostName is missing"},
		{"a device's", "HostName=h;DeviceId=d;SharedAccessKey=SECRET", "device's"},
		{"no pairs", "SECRET", "name=value"},
		{"no policy", "HostName=h;SharedAccessKey=SECRET", "SharedAccessKeyName is missing"},
		{"key no base64", "HostName=h;SharedAccessKeyName=p;SharedAccessKey=SECRET!", "not base64"},
		{"a URL", "HostName=https://h/;SharedAccessKeyName=p;SharedAccessKey=cA==", "not a URL"},
	} {
		_, err := client.New(c.text, client.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: error %v, want one saying %q", c.why, err, c.want)
		}
	}
	if _, err := client.New(" sharedaccesskey=cA==; SharedAccessKeyName=p;HOSTNAME=h;", client.Options{}); err != nil {
		t.Errorf("other order and case: %v", err)
	}
}

func FuzzConnectionString(f *testing.F) {
	f.Add(connectionString)
	f.Add("HostName==;;=;SharedAccessKey=")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := client.New(text, client.Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return nil, io.ErrUnexpectedEOF
		})})
		if err != nil {
			return
		}
		if _, err := c.Device(t.Context(), "d"); err == nil {
			t.Error("a call without a hub succeeded")
		}
	})
}

// The signature is the one of
//
//	printf 'hub.example\n946688400' | openssl dgst -sha256 -mac HMAC -macopt key:0123456789abcdef0123456789abcdef -binary | base64
//
// 946688400 is one hour after a bubble's beginning.
func TestTokensAreRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var headers []string
		c, err := client.New(connectionString, client.Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			headers = append(headers, r.Header.Get("Authorization"))
			return &http.Response{StatusCode: 204, Body: http.NoBody}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 { // at 0, 50 and 100 minutes
			if err := c.DeleteDevice(t.Context(), "d"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(50 * time.Minute)
		}
		first := "SharedAccessSignature sr=hub.example&sig=KSQ2zwPpZdhVZDjSY%2FJLI9NewCSEQdLpXWrEKfMgs4U%3D&se=946688400&skn=service"
		if headers[0] != first {
			t.Errorf("got  %s\nwant %s", headers[0], first)
		}
		if headers[1] != first || headers[2] == first {
			t.Errorf("want the same token with 10 minutes left and another one later:\n%s", strings.Join(headers, "\n"))
		}
	})
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := client.New(connectionString, client.Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})})
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			why  string
			call func() error
			want time.Duration
		}{
			{"a plain call", func() error { return c.DeleteDevice(t.Context(), "d") }, 30 * time.Second},
			{"a method waits for the device first", func() error {
				_, err := c.Invoke(t.Context(), "d", client.MethodCall{Name: "m", ConnectTimeout: 10 * time.Second})
				return err
			}, 70 * time.Second},
		} {
			start := time.Now()
			if err := step.call(); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v, want a deadline", step.why, err)
			}
			if took := time.Since(start); took != step.want {
				t.Errorf("%s gave up after %v, want %v", step.why, took, step.want)
			}
		}
	})
}

func TestUntrustedCertificateNamesTheRemedy(t *testing.T) {
	hub := httptest.NewUnstartedServer(http.NotFoundHandler())
	hub.Config.ErrorLog = quiet()
	hub.StartTLS()
	defer hub.Close()
	text := strings.Replace(connectionString, "hub.example", hub.Listener.Addr().String(), 1)
	c, err := client.New(text, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Device(t.Context(), "d"); err == nil || !strings.Contains(err.Error(), "RootCAs") {
		t.Errorf("got %v, want an error that names RootCAs", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(hub.Certificate())
	trusting, err := client.New(text, client.Options{RootCAs: roots})
	if err != nil {
		t.Fatal(err)
	}
	defer trusting.Close()
	var refusal *client.Error
	if _, err := trusting.Device(t.Context(), "d"); !errors.As(err, &refusal) || refusal.Status != 404 {
		t.Errorf("got %v, want the 404 of a server reached", err)
	}
}
