package mqtt

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinrig/hub"
)

func TestParseUsername(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      username
	}{
		{"Node, with a model id as it is", "127.0.0.77/dev-1/?api-version=2021-04-12&model-id=dtmi:com:example:Thermostat;1&DeviceClientType=azure-iot-device%2F1.18.4%20(node%20v20)",
			username{"127.0.0.77", "dev-1", "", "2021-04-12", "dtmi:com:example:Thermostat;1"}},
		{"Node, with a port", "127.0.0.77:18883/dev-1/?api-version=2021-04-12", username{"127.0.0.77:18883", "dev-1", "", "2021-04-12", ""}},
		{"Python, with a model id encoded", "host/dev-1/?api-version=2020-09-30&DeviceClientType=azure-iot-device-iothub-py%2F2.14.0%28x%29&model-id=dtmi%3Acom%3Aexample%3AThermostat%3B1",
			username{"host", "dev-1", "", "2020-09-30", "dtmi:com:example:Thermostat;1"}},
		{"Go, without a question mark", "host/dev/api-version=2020-09-30", username{"host", "dev", "", "2020-09-30", ""}},
		{"a module", "host/dev/mod/?api-version=2018-06-30", username{"host", "dev", "mod", "2018-06-30", ""}},
		{"a module, without a question mark", "host/dev/mod/api-version=2018-06-30", username{"host", "dev", "mod", "2018-06-30", ""}},
		{"preview version and keys nobody knows", "host/dev/?api-version=2020-05-31-preview&auth-chain=x&mc=1&iothub-no-client-cert=true",
			username{"host", "dev", "", "2020-05-31-preview", ""}},
		{"plus stays plus", "host/dev/?api-version=2020-09-30&model-id=a+b", username{"host", "dev", "", "2020-09-30", "a+b"}},
		{"a question mark in the device id", "host/de?v/?api-version=2020-09-30", username{"host", "de?v", "", "2020-09-30", ""}},
	} {
		t.Run(c.why, func(t *testing.T) {
			got, err := parseUsername(c.text)
			if err != nil || got != c.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	for _, text := range []string{
		"", "host", "host/dev", "host/dev/?", "host/dev/?api-version=", "host/dev/?api-version=latest", "/dev/?api-version=2020-09-30",
		"host//?api-version=2020-09-30", "host/?api-version=2020-09-30", "host/a/b/c/?api-version=2020-09-30", "host/dev/?model-id=%zz&api-version=2020-09-30",
	} {
		if u, err := parseUsername(text); err == nil {
			t.Errorf("%q is accepted: %+v", text, u)
		}
	}
}

func FuzzParseUsername(f *testing.F) {
	f.Add("host/dev/?api-version=2020-09-30&model-id=a%20b")
	f.Add("host/dev/mod/api-version=2020-09-30")
	f.Fuzz(func(t *testing.T, text string) {
		u, err := parseUsername(text)
		if err == nil && (u.host == "" || u.device == "" || strings.Contains(u.device, "/")) {
			t.Errorf("%q: %+v", text, u)
		}
	})
}

func TestParseTopic(t *testing.T) {
	for _, c := range []struct {
		topic string
		want  request
	}{
		{"devices/d/messages/events", request{op: opTelemetry}},
		{"devices/d/messages/events/", request{op: opTelemetry}},
		{"devices/d/messages/events/a=b&c=d", request{op: opTelemetry, bag: "a=b&c=d"}},
		{"devices/d/messages/events/a=b/", request{op: opTelemetry, bag: "a=b"}},
		{"devices/d/messages/eventsx", request{}},
		{"devices/e/messages/events/", request{}},
		{"devices/d/modules/m/messages/events/", request{}},
		{"devices/d/messages/devicebound/", request{}},
		{"$iothub/twin/GET/?$rid=7", request{op: opTwinGet, rid: "7"}},
		{"$iothub/twin/GET/?$rid=a%20b", request{op: opTwinGet, rid: "a%20b"}},
		{"$iothub/twin/GET/", request{}},
		{"$iothub/twin/get/?$rid=7", request{}},
		{"$iothub/twin/PATCH/properties/reported/?$rid=7", request{op: opTwinPatch, rid: "7"}},
		{"$iothub/twin/PATCH/properties/reported/?$rid=7&$version=3", request{op: opTwinPatch, rid: "7", version: "3"}},
		{"$iothub/twin/PATCH/properties/desired/?$rid=7", request{}},
		{"$iothub/methods/res/200/?$rid=1f", request{op: opMethodResponse, rid: "1f", status: 200}},
		{"$iothub/methods/res/-1/?$rid=1f", request{op: opMethodResponse, rid: "1f", status: -1}},
		{"$iothub/methods/res/x/?$rid=1f", request{}},
		{"$iothub/methods/res/200/", request{}},
		{"", request{}},
	} {
		if got := parseTopic("devices/d", c.topic); got != c.want {
			t.Errorf("%s: %+v", c.topic, got)
		}
	}
}

func FuzzParseTopic(f *testing.F) {
	f.Add("devices/d/messages/events/%24.ct=application%2Fjson&a=1/")
	f.Add("$iothub/methods/res/200/?$rid=1f&$version=2")
	f.Fuzz(func(t *testing.T, topic string) {
		r := parseTopic("devices/d", topic)
		if r.op != opTelemetry && r.op != opUnknown && !strings.Contains(topic, r.rid) {
			t.Errorf("%q: rid %q is not in the topic", topic, r.rid)
		}
	})
}

func TestParseBag(t *testing.T) {
	system, application, err := parseBag("%24.mid=1&$.cid=2&%24.ct=text%2Fplain&%24.exp=2030-01-01T02:00:00%2B02:00&a%20b=c+d&x=&y&&%24.cdid=e")
	wantSystem := hub.SystemProperties{MessageID: "1", CorrelationID: "2", ContentType: "text/plain", Expiry: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	want := []hub.Property{{Key: "a b", Value: "c+d"}, {Key: "x"}, {Key: "y"}, {Key: "$.cdid", Value: "e"}}
	if err != nil || cmp.Diff(wantSystem, system) != "" || cmp.Diff(want, application) != "" {
		t.Errorf("%v\n%s%s", err, cmp.Diff(wantSystem, system), cmp.Diff(want, application))
	}
	for _, bag := range []string{"a=%", "%zz=1", "a=%ff", "%24.exp=tomorrow"} {
		if _, _, err := parseBag(bag); err == nil {
			t.Errorf("%q is accepted", bag)
		}
	}
}

// The shape that every parser in the field accepts, letter by letter.
func TestCommandBag(t *testing.T) {
	m := hub.Message{System: hub.SystemProperties{
		To: "/devices/dev/messages/deviceBound", MessageID: "m 1", CorrelationID: "c+1", ContentType: "application/json", ContentEncoding: "utf-8",
		Expiry: time.Date(2026, 11, 23, 3, 40, 34, 0, time.UTC), Ack: "full",
	}, Properties: []hub.Property{{Key: "prop1", Value: "v1"}, {Key: "empty"}, {Key: "ü", Value: "a=b&c/d"}}}
	want := "%24.to=%2Fdevices%2Fdev%2Fmessages%2FdeviceBound&%24.mid=m%201&%24.cid=c%2B1&%24.ct=application%2Fjson&%24.ce=utf-8" +
		"&%24.exp=2026-11-23T03%3A40%3A34.0000000Z&iothub-ack=full&prop1=v1&%C3%BC=a%3Db%26c%2Fd"
	if got := commandBag(m); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Whatever properties a message has, the bag is a legal topic and reads back as they were.
func TestCommandBagReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(1, 12, 40)
		m := hub.Message{System: hub.SystemProperties{To: "/devices/d/messages/deviceBound", MessageID: text.Draw(t, "mid"), ContentType: text.Draw(t, "ct")}}
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			m.Properties = append(m.Properties, hub.Property{Key: "k" + text.Draw(t, "key"), Value: text.Draw(t, "value")})
		}
		bag := commandBag(m)
		if strings.ContainsAny(bag, "+#/ \x00") {
			t.Fatalf("bag %q", bag)
		}
		system, application, err := parseBag(bag)
		if err != nil || cmp.Diff(m.System, system) != "" || cmp.Diff(m.Properties, application) != "" {
			t.Fatalf("%q: %v\n%s%s", bag, err, cmp.Diff(m.System, system), cmp.Diff(m.Properties, application))
		}
	})
}

func FuzzParseBag(f *testing.F) {
	f.Add("%24.mid=1&a=b&%24.exp=2030-01-01T00:00:00Z&c&d=")
	f.Fuzz(func(t *testing.T, bag string) {
		system, application, err := parseBag(bag)
		if err != nil {
			return
		}
		again, _, err := parseBag(commandBag(hub.Message{System: system, Properties: application}))
		if err != nil {
			t.Fatalf("%q does not read back: %v", bag, err)
		}
		if system.MessageID != again.MessageID || !system.Expiry.Truncate(100).Equal(again.Expiry) {
			t.Errorf("%q: %+v became %+v", bag, system, again)
		}
	})
}
