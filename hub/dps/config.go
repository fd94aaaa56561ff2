package dps

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"twinrig/hub"
)

// Config of a Service.
type Config struct {
	IDScope    string   // tells this service from others on the same host
	HostNames  []string // the service's own, then other names and addresses clients use for it
	Policies   []Policy // who may use the service API
	Hubs       []Link   // to assign devices to
	Allocation string   // policy of enrollments that name none; "" = AllocateHashed
	Limits     Limits

	CheckToken     TokenCheck
	RetryAfter     time.Duration     // what devices are asked to wait between polls; 0 = 1 s
	WebhookTimeout time.Duration     // for a custom allocation; 0 = 5 s
	Webhook        http.RoundTripper // nil = connections of its own

	Random io.Reader    // for keys, etags, ids; nil = crypto/rand. Needs no lock of its own
	Log    *slog.Logger // nil = discard
}

// Link is a hub that devices are assigned to.
type Link struct {
	Hub      *hub.Hub
	HostName string        // told to devices; "" = the hub's own. Without a port: devices use the standard ones
	Weight   int           // share of devices under AllocateHashed, 1 to 100; 0 = 1
	Latency  time.Duration // what AllocateLatency goes by: within one process there is none to measure
}

// Limits of what devices may ask. 0 = no limit.
type Limits struct {
	Registrations int // within a minute, all devices together
	Polls         int // within ten seconds, each device
}

// AzureLimits are those of Azure.
var AzureLimits = Limits{Registrations: 1000, Polls: 5}

// TokenCheck checks a shared access signature for a path on one of the hosts. keys returns
// the base64 keys that may have signed it, by the policy the token names. The error is a
// *hub.Error of class 401.
type TokenCheck func(token, path string, hosts []string, keys func(policy string) []string) (expires time.Time, err error)

func (c Config) withDefaults() Config {
	if c.Allocation == "" {
		c.Allocation = AllocateHashed
	}
	if c.RetryAfter <= 0 {
		c.RetryAfter = time.Second
	}
	if c.WebhookTimeout <= 0 {
		c.WebhookTimeout = 5 * time.Second
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Hubs = slices.Clone(c.Hubs)
	for i := range c.Hubs {
		l := &c.Hubs[i]
		if l.HostName == "" {
			l.HostName = l.Hub.HostName()
		}
		l.Weight = max(l.Weight, 1)
	}
	return c
}

func (c Config) check() error {
	switch {
	case strings.Trim(strings.ToLower(c.IDScope), "abcdefghijklmnopqrstuvwxyz0123456789") != "" || c.IDScope == "":
		return fmt.Errorf("id scope %q: 1 or more letters and digits are expected", c.IDScope)
	case len(c.HostNames) == 0:
		return errors.New("no host name is given")
	case len(c.Hubs) == 0:
		return errors.New("no hub is linked")
	case c.CheckToken == nil:
		return errors.New("nothing to check tokens with")
	case !slices.Contains([]string{AllocateHashed, AllocateLatency, AllocateStatic}, c.Allocation):
		return fmt.Errorf("allocation policy %q is none that a service can have by default", c.Allocation)
	}
	seen := map[string]bool{}
	for _, l := range c.Hubs {
		name := strings.ToLower(l.HostName)
		if seen[name] {
			return fmt.Errorf("hub %s is linked twice", l.HostName)
		}
		if seen[name] = true; l.Weight > maxWeight {
			return fmt.Errorf("hub %s has weight %d; 1 to %d are allowed", l.HostName, l.Weight, maxWeight)
		}
	}
	return nil
}

const maxWeight = 100

// link returns the hub of that name.
func (c *Config) link(host string) (*Link, bool) {
	i := slices.IndexFunc(c.Hubs, func(l Link) bool { return strings.EqualFold(l.HostName, host) })
	if i < 0 {
		return nil, false
	}
	return &c.Hubs[i], true
}
