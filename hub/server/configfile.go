package server

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"reflect"
	"strconv"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"twinrig/hub/mqtt"
)

// ConfigSchema is the JSON schema of configuration files, for editors.
//
//go:embed config.schema.json
var ConfigSchema string

// ConfigExample is a configuration file with every setting, explained; what it sets are
// the defaults.
//
//go:embed config.example.yaml
var ConfigExample string

// maxConfig bounds a configuration file.
const maxConfig = 8 << 20

// File is what a configuration file says.
type File struct {
	Config   Config
	LogLevel slog.Level
	LogJSON  bool
}

// configFile is a configuration file being read.
type configFile struct {
	path string
	tree *ast.File
	in   configYAML
	out  File
}

// ParseConfig reads a configuration file; an empty text gives the defaults. path is the
// file's, for errors, which name the line and never a key; paths in the file are relative to
// its folder.
func ParseConfig(path string, text []byte) (File, error) {
	f := &configFile{path: path}
	if len(text) > maxConfig {
		return File{}, fmt.Errorf("%s: %d bytes; at most %d are read", path, len(text), maxConfig)
	}
	if err := f.decode(text); err != nil {
		return File{}, configError(path, err)
	}
	for _, step := range []func() error{f.names, f.listeners, f.broker, f.data, f.tls, f.connections, f.mqtt, f.policies, f.devices, f.provisioning, f.linked, f.quotas, f.admin, f.log} {
		if err := step(); err != nil {
			return File{}, err
		}
	}
	f.out.Config.NoUploads = f.in.Uploads != nil && !*f.in.Uploads
	f.out.Config.FeedbackDelay = time.Duration(f.in.FeedbackDelay)
	return f.out, f.notNegative("feedbackDelay", int64(f.in.FeedbackDelay))
}

// decode reads the YAML. The decoder panics on some texts that are not YAML.
func (f *configFile) decode(text []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("not YAML that can be read")
		}
	}()
	if f.tree, err = parser.ParseBytes(text, 0); err != nil {
		return err
	}
	err = yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&f.in)
	if errors.Is(err, io.EOF) { // nothing but comments
		return nil
	}
	return err
}

// configError names the line and the value, in words that know no Go, and leaves out the
// excerpt: keys stand in the file.
func configError(path string, err error) error {
	var kind *yaml.TypeError
	var at yaml.Error
	if errors.As(err, &kind) && kind.Token != nil {
		return fmt.Errorf("%s:%d: %s is wanted here", path, kind.Token.Position.Line, inWords(kind.DstType))
	}
	if errors.As(err, &at) && at.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", path, at.GetToken().Position.Line, at.GetMessage())
	}
	return fmt.Errorf("%s: %w", path, err)
}

// inWords is what people call a type in a file.
func inWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Float64:
		return "a number"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "a mapping of keys to values"
	}
	return "text"
}

// wrong is a mistake at a place in the file, such as "quotas.tier" or "policies[1].rights".
func (f *configFile) wrong(place, format string, args ...any) error {
	at := f.path
	if p, err := yaml.PathString("$." + place); err == nil {
		if node, err := p.FilterFile(f.tree); err == nil && node != nil {
			at = fmt.Sprintf("%s:%d", f.path, node.GetToken().Position.Line)
		}
	}
	return fmt.Errorf("%s: %s: %w", at, place, fmt.Errorf(format, args...))
}

func (f *configFile) notNegative(place string, v int64) error {
	if v < 0 {
		return f.wrong(place, "is negative; leave it out for the default")
	}
	return nil
}

// file is a path of the file.
func (f *configFile) file(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(f.path), name)
}

func (f *configFile) names() error {
	f.out.Config.HostName, f.out.Config.Aliases = f.in.HostName, f.in.Aliases
	if f.in.HostName != "" {
		if err := checkHost(f.in.HostName); err != nil {
			return f.wrong("hostName", "%q %w", f.in.HostName, err)
		}
	}
	for i, name := range f.in.Aliases {
		if err := checkHost(name); err != nil {
			return f.wrong(fmt.Sprintf("aliases[%d]", i), "%q %w", name, err)
		}
	}
	return nil
}

func (f *configFile) listeners() (err error) {
	if f.out.Config.MQTT.Address, err = f.address("listen", "listen.mqtt", f.in.Listen.Address, f.in.Listen.MQTT, standardMQTT); err != nil {
		return err
	}
	https := standardHTTP
	if f.in.Profile == ProfileBroker {
		https = BrokerHTTPS
	}
	f.out.Config.HTTP.Address, err = f.address("listen", "listen.https", f.in.Listen.Address, f.in.Listen.HTTPS, https)
	return err
}

// address makes host:port; the default host is this machine alone.
func (f *configFile) address(section, place, host string, port *int, standard string) (string, error) {
	if host == "" {
		host = "127.0.0.1"
	}
	if net.ParseIP(host) == nil && checkHost(host) != nil {
		return "", f.wrong(section+".address", "%q is neither an IP address nor a name; ports have settings of their own", host)
	}
	if port == nil {
		return net.JoinHostPort(host, standard), nil
	}
	if *port < 0 || *port > 65535 {
		return "", f.wrong(place, "there is no port %d; 1 to 65535, or 0 for a free one", *port)
	}
	return net.JoinHostPort(host, strconv.Itoa(*port)), nil
}

func (f *configFile) data() error {
	c, d := &f.out.Config, f.in.Data
	c.DataDir, c.Sync, c.Partitions, c.PartitionBytes = f.file(d.Directory), d.Sync, d.Partitions, d.BytesPerPartition
	if d.Partitions < 0 || d.Partitions > maxPartitions {
		return f.wrong("data.partitions", "%d; 1 to %d are possible", d.Partitions, maxPartitions)
	}
	return f.notNegative("data.bytesPerPartition", d.BytesPerPartition)
}

func (f *configFile) tls() error {
	for i, c := range f.in.TLS.Certificates {
		if c.Chain == "" || c.Key == "" {
			return f.wrong(fmt.Sprintf("tls.certificates[%d]", i), "needs a chain and a key, both PEM files")
		}
		f.out.Config.TLS.Certificates = append(f.out.Config.TLS.Certificates, CertificateFile{f.file(c.Chain), f.file(c.Key)})
	}
	f.out.Config.TLS.Profile = Profile(f.in.TLS.Profile)
	if f.in.TLS.Profile == "modern" {
		f.out.Config.TLS.Profile = Modern
	}
	if err := f.out.Config.TLS.Profile.check(); err != nil {
		return f.wrong("tls.profile", "%q is unknown; there are modern and %s", f.in.TLS.Profile, DevkitLegacy)
	}
	return nil
}

func (f *configFile) connections() error {
	c := f.in.Connections
	f.out.Config.Limits = Limits{
		Connections: c.Max, Strangers: c.Strangers, StrangersPerAddress: c.StrangersPerAddress,
		RequestsPerSecond: c.RequestsPerSecond, AuthenticationWithin: time.Duration(c.AuthenticateWithin),
	}
	return errors.Join(
		f.notNegative("connections.strangersPerAddress", int64(c.StrangersPerAddress)),
		f.notNegative("connections.requestsPerSecond", int64(c.RequestsPerSecond)),
		f.notNegative("connections.authenticateWithin", int64(c.AuthenticateWithin)))
}

func (f *configFile) mqtt() error {
	m := f.in.MQTT
	f.out.Config.Front = mqtt.Config{
		WriteTimeout: time.Duration(m.WriteTimeout), MaxKeepAlive: time.Duration(m.MaxKeepAlive), MaxPacketSize: m.MaxPacketSize,
		ReceiveMaximum: m.ReceiveMaximum, TopicAliasMaximum: m.TopicAliasMaximum,
	}
	if m.ReceiveMaximum > 65535 {
		return f.wrong("mqtt.receiveMaximum", "%d; at most 65535", m.ReceiveMaximum)
	}
	if m.TopicAliasMaximum > 65535 {
		return f.wrong("mqtt.topicAliasMaximum", "%d; at most 65535", m.TopicAliasMaximum)
	}
	return errors.Join(
		f.notNegative("mqtt.writeTimeout", int64(m.WriteTimeout)),
		f.notNegative("mqtt.maxKeepAlive", int64(m.MaxKeepAlive)),
		f.notNegative("mqtt.maxPacketSize", int64(m.MaxPacketSize)),
		f.notNegative("mqtt.receiveMaximum", int64(m.ReceiveMaximum)),
		f.notNegative("mqtt.topicAliasMaximum", int64(m.TopicAliasMaximum)))
}
