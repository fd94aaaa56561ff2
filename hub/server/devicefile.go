package server

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"twinrig/hub"
)

// DeviceSpec is a device a hub is to begin with.
type DeviceSpec struct {
	ID      string
	Keys    *KeySpec // nil = the hub makes them
	Tags    map[string]any
	Desired map[string]any

	origin string // "devices.yaml:7", for errors
}

// KeySpec is a pair of base64 keys of 16 to 64 bytes.
type KeySpec struct {
	Primary   string `yaml:"primary"`
	Secondary string `yaml:"secondary"`
}

type fileYAML struct {
	Devices []specYAML `yaml:"devices"`
}

// decode reads the file. The YAML decoder panics on some texts that are not YAML.
func (f *fileYAML) decode(text []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("not YAML that can be read")
		}
	}()
	return yaml.UnmarshalWithOptions(text, f, yaml.Strict())
}

// specYAML is a device in the file. It remembers its line.
type specYAML struct {
	ID      string         `yaml:"id"`
	Keys    *KeySpec       `yaml:"keys"`
	Tags    map[string]any `yaml:"tags"`
	Desired map[string]any `yaml:"desired"`
	line    int
}

// UnmarshalYAML notes the line of the device.
func (s *specYAML) UnmarshalYAML(node ast.Node) error {
	type plain specYAML
	if err := yaml.NodeToValue(node, (*plain)(s), yaml.Strict()); err != nil {
		return err
	}
	s.line = node.GetToken().Position.Line
	return nil
}

// ParseDevices reads a device file:
//
//	devices:
//	  - id: truck-1
//	  - id: truck-2
//	    keys: {primary: MDEy…, secondary: ZmVk…}
//	    tags: {site: depot}
//	    desired: {interval: 300}
//
// name is the file's, for errors, which carry line numbers and never a key.
func ParseDevices(name string, text []byte) ([]DeviceSpec, error) {
	var file fileYAML
	if err := file.decode(text); err != nil {
		return nil, yamlError(name, err)
	}
	return file.specs(name)
}

// specs checks the devices of a file called name.
func (f fileYAML) specs(name string) ([]DeviceSpec, error) {
	lines := map[string]int{}
	var specs []DeviceSpec
	for _, s := range f.Devices {
		spec := DeviceSpec{ID: s.ID, Keys: s.Keys, Tags: s.Tags, Desired: s.Desired, origin: fmt.Sprintf("%s:%d", name, s.line)}
		if err := spec.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", spec.origin, err)
		}
		if line, twice := lines[s.ID]; twice {
			return nil, fmt.Errorf("%s: device %s is in line %d already", spec.origin, s.ID, line)
		}
		lines[s.ID] = s.line
		specs = append(specs, spec)
	}
	return specs, nil
}

// yamlError leaves out the lines of the file that the parser would quote: keys stand
// in them.
func yamlError(name string, err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", name, at.GetToken().Position.Line, at.GetMessage())
	}
	return fmt.Errorf("%s: %w", name, err)
}

func (s DeviceSpec) check() error {
	if s.ID == "" {
		return errors.New("a device has no id")
	}
	if err := hub.CheckDeviceID(s.ID); err != nil {
		return err
	}
	if s.Keys != nil {
		for _, key := range []string{s.Keys.Primary, s.Keys.Secondary} {
			if b, err := base64.StdEncoding.DecodeString(key); err != nil || len(b) < 16 || len(b) > 64 {
				return fmt.Errorf("device %s: keys are a primary and a secondary, each the base64 text of 16 to 64 bytes", s.ID)
			}
		}
	}
	if _, err := s.twinPatch(); err != nil {
		return fmt.Errorf("device %s: %w", s.ID, err)
	}
	return nil
}

// twinPatch is the JSON that gives a new twin its content; nil when there is none.
func (s DeviceSpec) twinPatch() ([]byte, error) {
	patch := map[string]any{}
	if len(s.Tags) > 0 {
		patch["tags"] = s.Tags
	}
	if len(s.Desired) > 0 {
		patch["properties"] = map[string]any{"desired": s.Desired}
	}
	if len(patch) == 0 {
		return nil, nil
	}
	body, err := json.Marshal(patch)
	if err != nil {
		return nil, fmt.Errorf("tags or desired are not JSON values: %w", err)
	}
	return body, nil
}
