package hub

import (
	"encoding/base64"
	"fmt"
	"io"
)

// Policy is a shared access policy of the hub: a name, two keys, and what their
// holder may do.
type Policy struct {
	Name         string
	PrimaryKey   string // base64
	SecondaryKey string // base64
	Rights       Rights
}

// Rights of a policy.
type Rights uint8

// The rights.
const (
	RegistryRead Rights = 1 << iota
	RegistryWrite
	ServiceConnect
	DeviceConnect
)

// Has reports whether r includes all of want. Registry write includes read.
func (r Rights) Has(want Rights) bool {
	if r&RegistryWrite != 0 {
		r |= RegistryRead
	}
	return r&want == want
}

// DefaultPolicies returns the five policies every hub begins with, with keys made from
// random.
func DefaultPolicies(random io.Reader) ([]Policy, error) {
	policies := []Policy{
		{Name: "iothubowner", Rights: RegistryRead | RegistryWrite | ServiceConnect | DeviceConnect},
		{Name: "service", Rights: ServiceConnect},
		{Name: "device", Rights: DeviceConnect},
		{Name: "registryRead", Rights: RegistryRead},
		{Name: "registryReadWrite", Rights: RegistryRead | RegistryWrite},
	}
	for i := range policies {
		p := &policies[i]
		for _, key := range []*string{&p.PrimaryKey, &p.SecondaryKey} {
			k, err := newKey(random)
			if err != nil {
				return nil, fmt.Errorf("make keys of policy %s: %w", p.Name, err)
			}
			*key = k
		}
	}
	return policies, nil
}

const keyBytes = 32

func newKey(random io.Reader) (string, error) {
	var key [keyBytes]byte
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(key[:]), nil
}
