package dps

import (
	"encoding/base64"
	"fmt"
	"io"
)

// Rights of a shared access policy.
type Rights uint8

// The rights.
const (
	ServiceConfig Rights = 1 << iota
	EnrollmentRead
	EnrollmentWrite
	RegistrationStatusRead
	RegistrationStatusWrite

	allRights = ServiceConfig | EnrollmentRead | EnrollmentWrite | RegistrationStatusRead | RegistrationStatusWrite
)

// OwnerPolicy is the policy every service begins with.
const OwnerPolicy = "provisioningserviceowner"

// Policy is a shared access policy: a name, two base64 keys, and what their holder may do.
type Policy struct {
	Name         string
	PrimaryKey   string
	SecondaryKey string
	Rights       Rights
}

// has reports whether r includes all of want. Write includes read.
func (r Rights) has(want Rights) bool {
	if r&EnrollmentWrite != 0 {
		r |= EnrollmentRead
	}
	if r&RegistrationStatusWrite != 0 {
		r |= RegistrationStatusRead
	}
	return r&want == want
}

// DefaultPolicies returns the owner's policy with keys made from random.
func DefaultPolicies(random io.Reader) ([]Policy, error) {
	p := Policy{Name: OwnerPolicy, Rights: allRights}
	for _, key := range []*string{&p.PrimaryKey, &p.SecondaryKey} {
		made, err := newKey(random)
		if err != nil {
			return nil, fmt.Errorf("make keys of policy %s: %w", p.Name, err)
		}
		*key = made
	}
	return []Policy{p}, nil
}

const keyBytes = 64

func newKey(random io.Reader) (string, error) {
	var key [keyBytes]byte
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(key[:]), nil
}

// authorize checks the Authorization header of a service that needs the rights given.
func (s *Service) authorize(authorization string, need Rights) error {
	if authorization == "" {
		return unauthorized.errorf("Unauthorized: the Authorization header is missing")
	}
	var used *Policy
	_, err := s.cfg.CheckToken(authorization, "", s.cfg.HostNames, func(name string) []string {
		for i := range s.cfg.Policies {
			if p := &s.cfg.Policies[i]; p.Name == name {
				used = p
				return []string{p.PrimaryKey, p.SecondaryKey}
			}
		}
		return nil
	})
	if err != nil {
		return asUnauthorized(err)
	}
	if !used.Rights.has(need) {
		return forbidden.errorf("Unauthorized: policy %q lacks a right that this call needs", used.Name)
	}
	return nil
}
