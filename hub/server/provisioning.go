package server

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"twinrig/hub/auth"
	"twinrig/hub/dps"
)

// Provisioning configures the device provisioning service that answers beside the hub, on
// the same listeners.
type Provisioning struct {
	IDScope  string     // names the service to devices; "" = the one of the data directory, made at the first start
	HostName string     // in connection strings and tokens; "" = the hub's
	Limits   dps.Limits // of what devices may ask; zero = none

	Weight  int           // the hub's share of devices, where others are linked; 0 = 1
	Latency time.Duration // what allocation by latency goes by
}

// provisioningJSON is what the data directory keeps of the service, where a user may edit
// it.
type provisioningJSON struct {
	IDScope  string       `json:"idScope"`
	Policies []policyJSON `json:"policies"`
}

var provisioningRights = map[string]dps.Rights{
	"ServiceConfig":           dps.ServiceConfig,
	"EnrollmentRead":          dps.EnrollmentRead,
	"EnrollmentWrite":         dps.EnrollmentWrite,
	"RegistrationStatusRead":  dps.RegistrationStatusRead,
	"RegistrationStatusWrite": dps.RegistrationStatusWrite,
}

func (s *Server) openProvisioning(ctx context.Context) (err error) {
	kept, err := s.dir.provisioning(s.cfg.Random)
	if err != nil {
		return err
	}
	cfg := dps.Config{
		IDScope: s.cfg.Provisioning.IDScope, HostNames: s.provisioningNames(),
		Hubs: s.links(), Limits: s.cfg.Provisioning.Limits,
		CheckToken: auth.CheckToken, Random: s.cfg.Random, Log: s.cfg.Log,
	}
	if cfg.IDScope == "" {
		cfg.IDScope = kept.IDScope
	}
	if cfg.Policies, err = kept.parse(); err != nil {
		return fmt.Errorf("read %s: %w", s.dir.path(provisioningFile), err)
	}
	if s.dps, err = dps.New(ctx, cfg, s.store.Documents()); err != nil {
		return err
	}
	s.dpsPolicies = cfg.Policies
	return nil
}

// certificateNames are the names under which clients may look for what is served here.
func (s *Server) certificateNames() []string {
	names := s.provisioningNames()
	for _, l := range s.linked {
		names = append(names, l.HostName)
	}
	return names
}

// provisioningNames are the names of the service: its own, then all of the hub's.
func (s *Server) provisioningNames() []string {
	names := s.names()
	if own := s.cfg.Provisioning.HostName; own != "" {
		names = slices.Insert(names, 0, own)
	}
	return names
}

// provisioning reads what the data directory keeps, or makes it at the first start.
func (d dataDir) provisioning(random io.Reader) (kept provisioningJSON, err error) {
	text, err := d.read(provisioningFile)
	if errors.Is(err, fs.ErrNotExist) {
		return d.makeProvisioning(random)
	}
	if err != nil {
		return kept, fmt.Errorf("read provisioning service: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&kept); err != nil {
		return kept, fmt.Errorf("read %s: %w", d.path(provisioningFile), err)
	}
	return kept, nil
}

func (d dataDir) makeProvisioning(random io.Reader) (made provisioningJSON, err error) {
	var scope [4]byte
	if _, err := io.ReadFull(random, scope[:]); err != nil {
		return made, fmt.Errorf("make id scope: %w", err)
	}
	made.IDScope = fmt.Sprintf("0ne%X", scope)
	policies, err := dps.DefaultPolicies(random)
	if err != nil {
		return made, err
	}
	for _, p := range policies {
		j := policyJSON{Name: p.Name, PrimaryKey: p.PrimaryKey, SecondaryKey: p.SecondaryKey}
		for _, name := range slices.Sorted(maps.Keys(provisioningRights)) {
			if p.Rights&provisioningRights[name] != 0 {
				j.Rights = append(j.Rights, name)
			}
		}
		made.Policies = append(made.Policies, j)
	}
	text, err := json.MarshalIndent(made, "", "  ")
	if err != nil {
		return made, fmt.Errorf("encode provisioning service: %w", err)
	}
	return made, d.write(provisioningFile, append(text, '\n'), secretMode)
}

// parse refuses what it does not know: a right misspelt would be one not given.
func (p provisioningJSON) parse() (policies []dps.Policy, err error) {
	for _, j := range p.Policies {
		made := dps.Policy{Name: j.Name, PrimaryKey: j.PrimaryKey, SecondaryKey: j.SecondaryKey}
		for _, key := range []string{j.PrimaryKey, j.SecondaryKey} {
			if b, err := base64.StdEncoding.DecodeString(key); err != nil || len(b) == 0 {
				return nil, fmt.Errorf("policy %q: a key is not base64", j.Name)
			}
		}
		for _, name := range j.Rights {
			right, ok := provisioningRights[name]
			if !ok {
				known := slices.Sorted(maps.Keys(provisioningRights))
				return nil, fmt.Errorf("policy %q: right %q is unknown; there are %v", j.Name, name, known)
			}
			made.Rights |= right
		}
		policies = append(policies, made)
	}
	return policies, nil
}

// ProvisioningHost is where devices that have no hub ask for it.
func (s *Server) ProvisioningHost() string {
	if own := s.cfg.Provisioning.HostName; own != "" {
		return own
	}
	return s.cfg.HostName
}

// IDScope is what devices name the provisioning service by.
func (s *Server) IDScope() string { return s.dps.IDScope() }

// Provisioning returns the provisioning service.
func (s *Server) Provisioning() *dps.Service { return s.dps }

// ProvisioningConnectionString is for the tools of a service: it has all rights. The host
// has a port when that is not 443. It is empty when the owner's policy was edited away.
func (s *Server) ProvisioningConnectionString() string {
	for _, p := range s.dpsPolicies {
		if p.Name == dps.OwnerPolicy {
			host := s.hostWithPort(s.httpListener, standardHTTP)
			host = s.ProvisioningHost() + strings.TrimPrefix(host, s.cfg.HostName)
			return fmt.Sprintf("HostName=%s;SharedAccessKeyName=%s;SharedAccessKey=%s", host, p.Name, p.PrimaryKey)
		}
	}
	return ""
}

func (s *Server) onlyProvisioning(host string) bool {
	own := s.cfg.Provisioning.HostName
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return own != "" && !strings.EqualFold(own, s.cfg.HostName) && strings.EqualFold(host, own)
}
