package server

import (
	"log/slog"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"twinrig/hub"
	"twinrig/hub/mqtt"
)

// What stands behind a # without a single space is a setting; prose has the space.
var settingOff = regexp.MustCompile(`(?m)^#(\S|  )`)

// everything is the example with nothing behind a #.
func everything() string { return settingOff.ReplaceAllString(ConfigExample, "$1") }

func parseConfig(t *testing.T, text string) File {
	t.Helper()
	f, err := ParseConfig("hub.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var ignoreOrigin = cmpopts.IgnoreUnexported(DeviceSpec{})

// The example loads as it stands, and says what holds without it.
func TestConfigExampleIsTheDefaults(t *testing.T) {
	got, want := parseConfig(t, ConfigExample), parseConfig(t, "")
	want.Config.HostName, want.Config.DataDir = "localhost", "hubdata"
	want.Config.Aliases = []string{}
	want.Config.Partitions, want.Config.PartitionBytes = hub.DefaultPartitions, 8<<30
	want.Config.Limits = Limits{Strangers: defaultStrangers, AuthenticationWithin: 30 * time.Second}
	want.Config.Front = mqtt.Config{WriteTimeout: 30 * time.Second, MaxPacketSize: 256 << 10, ReceiveMaximum: 16, TopicAliasMaximum: 10}
	if diff := cmp.Diff(want, got, ignoreOrigin); diff != "" {
		t.Errorf("-the defaults +the example:\n%s", diff)
	}
	if got.Config.MQTT.Address != "127.0.0.1:8883" || got.Config.HTTP.Address != "127.0.0.1:443" || got.LogLevel != slog.LevelWarn {
		t.Errorf("defaults are %+v", got)
	}
}

// Every setting arrives, wherever it goes.
func TestConfigEverySetting(t *testing.T) {
	f := parseConfig(t, everything())
	c := f.Config
	want := &hub.Limits{Registry: 1.67, Connections: 100, Telemetry: 100, CommandSends: 1.67, CommandFetches: 16.7, Uploads: 1.67,
		MethodBytes: 163840, Queries: 0.33, TwinReads: 100, TwinUpdates: 50, DailyMessages: 400000, MessageUnit: 4096}
	if diff := cmp.Diff(want, c.Quotas); diff != "" {
		t.Error(diff)
	}
	if len(c.Policies) != 1 || c.Policies[0].Rights != hub.RegistryRead|hub.RegistryWrite|hub.ServiceConnect|hub.DeviceConnect {
		t.Errorf("policies %+v", c.Policies)
	}
	if len(c.Devices) != 1 || c.Devices[0].Keys == nil || c.Devices[0].Tags["site"] != "depot" {
		t.Errorf("devices %+v", c.Devices)
	}
	if diff := cmp.Diff([]LinkedHub{{"east.local", 2, 20 * time.Millisecond}}, c.Linked); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]CertificateFile{{"hub.pem", "hub-key.pem"}}, c.TLS.Certificates); diff != "" {
		t.Error(diff)
	}
	if c.Admin.Address != "127.0.0.1:9090" || c.Provisioning.IDScope != "0ne0012AB" || c.Provisioning.HostName != "dps.local" || c.Front.MaxKeepAlive != 10*time.Minute {
		t.Errorf("got %+v", c)
	}
	f = parseConfig(t, `{hostName: h, aliases: [a, 10.0.0.1], listen: {address: 0.0.0.0, mqtt: 0, https: 8443}, data: {directory: /srv/d, sync: true, partitions: 2},
  tls: {profile: devkit-legacy}, connections: {max: -1}, uploads: false, feedbackDelay: 15s, quotas: {tier: S1, units: 2, telemetry: 1}, log: {level: debug, format: json}}`)
	c = f.Config
	if c.MQTT.Address != "0.0.0.0:0" || c.HTTP.Address != "0.0.0.0:8443" || c.DataDir != "/srv/d" || !c.Sync || c.Partitions != 2 || c.TLS.Profile != DevkitLegacy ||
		c.Limits.Connections != -1 || !c.NoUploads || c.FeedbackDelay != 15*time.Second || c.Quotas.Telemetry != 1 || c.Quotas.DailyMessages != 800_000 ||
		f.LogLevel != slog.LevelDebug || !f.LogJSON || c.Admin.Address != "" {
		t.Errorf("got %+v with quotas %+v", f, c.Quotas)
	}
}

func TestConfigPathsAreOfTheFile(t *testing.T) {
	f, err := ParseConfig("/etc/twinrig/hub.yaml", []byte("data: {directory: data}\ntls:\n  certificates: [{chain: a.pem, key: /k.pem}]\n"))
	if err != nil || f.Config.DataDir != "/etc/twinrig/data" || f.Config.TLS.Certificates[0] != (CertificateFile{"/etc/twinrig/a.pem", "/k.pem"}) {
		t.Errorf("%+v, %v", f.Config, err)
	}
}

// A mistake is named with its line, and no key is ever quoted.
func TestConfigErrors(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"unknown setting", "hostName: h\nlisten:\n  port: 1\n", `hub.yaml:3: unknown field "port"`},
		{"a word for a number", "listen:\n  mqtt: many\n", "hub.yaml:2: a whole number is wanted here"},
		{"a number for a duration", "connections:\n  authenticateWithin: soon\n", `hub.yaml:2: "soon" is no duration; write one such as 30s or 5m`},
		{"no YAML", "a: [", "hub.yaml:1: "},
		{"host name with a port", "\nhostName: h:443", `hub.yaml:2: hostName: "h:443" has a port`},
		{"alias that is a URL", "aliases:\n  - a\n  - http://b\n", `hub.yaml:3: aliases[1]: "http://b" is neither`},
		{"port", "listen:\n  https: 70000\n", "hub.yaml:2: listen.https: there is no port 70000; 1 to 65535"},
		{"address with a port", "listen:\n  address: 1.2.3.4:80\n", "hub.yaml:2: listen.address: "},
		{"partitions", "data:\n  partitions: 999\n", "hub.yaml:2: data.partitions: 999; 1 to 128"},
		{"profile", "tls:\n  profile: ancient\n", `hub.yaml:2: tls.profile: "ancient" is unknown; there are modern and devkit-legacy`},
		{"half a certificate", "tls:\n  certificates:\n    - chain: a\n", "hub.yaml:3: tls.certificates[0]: needs a chain and a key"},
		{"right", "policies:\n  - {name: p, primaryKey: cHJpbWFyeQ==, secondaryKey: cHJpbWFyeQ==, rights: [All]}\n", `hub.yaml:2: policies[0]: policy "p": right "All" is unknown; there are [DeviceConnect`},
		{"key", "policies:\n  - {name: p, primaryKey: sec-ret, secondaryKey: sec-ret, rights: []}\n", `hub.yaml:2: policies[0]: policy "p": a key is not base64`},
		{"policy twice", "policies:\n  - {name: p, primaryKey: aaaa, secondaryKey: aaaa}\n  - {name: p, primaryKey: aaaa, secondaryKey: aaaa}\n", "hub.yaml:3: policies[1]: each policy has a name of its own"},
		{"device", "devices:\n  - id: a\n  - id: a b\n", "hub.yaml:3: "},
		{"device twice", "devices:\n  - id: a\n  - id: a\n", "hub.yaml:3: device a is in line 2 already"},
		{"linked hub", "linkedHubs:\n  - weight: 1\n", `hub.yaml:2: linkedHubs[0]: host name "" is neither`},
		{"tier", "quotas:\n  units: 2\n  tier: S9\n", `hub.yaml:3: quotas.tier: there is no tier "S9"; F1, B1`},
		{"units", "quotas:\n  units: 2\n", "hub.yaml:2: quotas.units: units are those of a tier"},
		{"rate", "quotas:\n  queries: -1\n", "hub.yaml:2: quotas.queries: a rate per second"},
		{"delay", "feedbackDelay: -1s\n", "hub.yaml:1: feedbackDelay: is negative"},
		{"admin without a port", "admin:\n  address: 0.0.0.0\n", "hub.yaml:2: admin.address: has no effect without admin.port"},
		{"level", "log:\n  level: loud\n", `hub.yaml:2: log.level: "loud" is unknown; there are debug`},
		{"format", "log:\n  format: xml\n", `hub.yaml:2: log.format: "xml" is unknown`},
	} {
		_, err := ParseConfig("hub.yaml", []byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", c.why, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "sec-ret") {
			t.Errorf("%s: a key is quoted: %v", c.why, err)
		}
	}
}

func configSchema(t *testing.T) (*jsonschema.Schema, any) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(ConfigSchema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("config.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := compiler.Compile("config.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s, doc
}

// The schema knows the settings the program knows, no more and no less, the example shows
// all of them, and what is wrong for one is wrong for the other.
func TestConfigSchema(t *testing.T) {
	schema, doc := configSchema(t)
	var known, described []string
	settings(reflect.TypeFor[configYAML](), "", &known)
	properties(doc, "", &described)
	slices.Sort(known)
	slices.Sort(described)
	if diff := cmp.Diff(known, described); diff != "" {
		t.Errorf("-settings +schema:\n%s", diff)
	}
	for _, name := range known {
		last := name[strings.LastIndexAny(name, ".")+1:]
		if !regexp.MustCompile(`\b` + last + `:`).MatchString(ConfigExample) {
			t.Errorf("the example does not show %s", name)
		}
	}
	for text, good := range map[string]bool{
		ConfigExample: true, everything(): true,
		"listen: {port: 1}": false, "listen: {mqtt: 70000}": false, "feedbackDelay: -1s": false, "quotas: {tier: S9}": false,
		"tls: {profile: ancient}": false, "log: {level: loud}": false, "policies: [{name: p}]": false,
	} {
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); (err == nil) != good {
			t.Errorf("%.40q: %v", text, err)
		}
		if _, err := ParseConfig("hub.yaml", []byte(text)); (err == nil) != good {
			t.Errorf("%.40q: the program says %v", text, err)
		}
	}
}

// settings lists the paths of all settings of a struct.
func settings(v reflect.Type, prefix string, out *[]string) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		if name := v.Field(i).Tag.Get("yaml"); name != "" {
			*out = append(*out, prefix+name)
			settings(v.Field(i).Type, prefix+name+".", out)
		}
	}
}

// properties lists those of a schema in the same way.
func properties(schema any, prefix string, out *[]string) {
	s, _ := schema.(map[string]any)
	if items, ok := s["items"]; ok {
		properties(items, prefix, out)
	}
	inner, _ := s["properties"].(map[string]any)
	for name, p := range inner {
		*out = append(*out, prefix+name)
		properties(p, prefix+name+".", out)
	}
}

func FuzzParseConfig(f *testing.F) {
	for _, text := range []string{"", "hostName: h", "listen: {mqtt: 1}", "policies: [{name: p}]", "devices:\n- id: a\n", "quotas: {tier: S1}", "a: [", "- 1"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { _, _ = ParseConfig("hub.yaml", text) })
}
