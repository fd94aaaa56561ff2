package server

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"twinrig/hub"
)

// policyJSON is a policy in the data directory, where a user may edit it.
type policyJSON struct {
	Name         string   `json:"name"`
	PrimaryKey   string   `json:"primaryKey"`
	SecondaryKey string   `json:"secondaryKey"`
	Rights       []string `json:"rights"`
}

var rightNames = []struct {
	name  string
	right hub.Rights
}{
	{"RegistryRead", hub.RegistryRead},
	{"RegistryWrite", hub.RegistryWrite},
	{"ServiceConnect", hub.ServiceConnect},
	{"DeviceConnect", hub.DeviceConnect},
}

// policies reads the policies of the data directory, or makes them at the first start.
func (d dataDir) policies(random io.Reader) ([]hub.Policy, error) {
	text, err := d.read(policyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return d.makePolicies(random)
	}
	if err != nil {
		return nil, fmt.Errorf("read policies: %w", err)
	}
	policies, err := parsePolicies(text)
	if err != nil {
		return nil, fmt.Errorf("read policies of %s: %w", d.path(policyFile), err)
	}
	return policies, nil
}

func (d dataDir) makePolicies(random io.Reader) ([]hub.Policy, error) {
	policies, err := hub.DefaultPolicies(random)
	if err != nil {
		return nil, err
	}
	var out []policyJSON
	for _, p := range policies {
		j := policyJSON{Name: p.Name, PrimaryKey: p.PrimaryKey, SecondaryKey: p.SecondaryKey}
		for _, r := range rightNames {
			if p.Rights&r.right != 0 {
				j.Rights = append(j.Rights, r.name)
			}
		}
		out = append(out, j)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode policies: %w", err)
	}
	return policies, d.write(policyFile, append(text, '\n'), secretMode)
}

// parsePolicies refuses what it does not know: a right misspelt would be one not given.
func parsePolicies(text []byte) (policies []hub.Policy, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var in []policyJSON
	if err := decoder.Decode(&in); err != nil {
		return nil, err
	}
	for _, j := range in {
		p, err := j.policy()
		if err != nil {
			return nil, err
		}
		policies = append(policies, p)
	}
	return policies, nil
}

func (j policyJSON) policy() (hub.Policy, error) {
	p := hub.Policy{Name: j.Name, PrimaryKey: j.PrimaryKey, SecondaryKey: j.SecondaryKey}
	for _, key := range []string{j.PrimaryKey, j.SecondaryKey} {
		if b, err := base64.StdEncoding.DecodeString(key); err != nil || len(b) == 0 {
			return p, fmt.Errorf("policy %q: a key is not base64", j.Name)
		}
	}
	for _, name := range j.Rights {
		right, err := parseRight(name)
		if err != nil {
			return p, fmt.Errorf("policy %q: %w", j.Name, err)
		}
		p.Rights |= right
	}
	return p, nil
}

func parseRight(name string) (hub.Rights, error) {
	var known []string
	for _, r := range rightNames {
		if r.name == name {
			return r.right, nil
		}
		known = append(known, r.name)
	}
	slices.Sort(known)
	return 0, fmt.Errorf("right %q is unknown; there are %v", name, known)
}
