package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"twinrig/hub/server"
	"twinrig/scenarios"
)

// tlsOptions are the flags of `twinrig hub` that concern TLS.
type tlsOptions struct {
	certificates []string
	keys         []string
	profile      string
}

func (o *tlsOptions) addTo(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.certificates, "tls-certificate", nil, "PEM file with a server certificate and its chain, in place of those by the hub's own CA;\nread again when it changes. Repeat it to offer RSA and ECDSA")
	f.StringArrayVar(&o.keys, "tls-key", nil, "PEM file with the key of --tls-certificate")
	f.StringVar(&o.profile, "tls-profile", "", fmt.Sprintf("%q also takes the old cipher suite of the ThreadX quickstarts of development kits", server.DevkitLegacy))
}

// override puts the flags that were given in the place of c. It pairs certificates with
// keys.
func (o *tlsOptions) override(c *server.TLS) error {
	if o.profile != "" {
		c.Profile = server.Profile(o.profile)
	}
	if len(o.certificates) != len(o.keys) {
		return &scenarios.UsageError{Subject: "--tls-key", Err: errors.New("each --tls-certificate needs one"), Hint: "give the flags in pairs"}
	}
	if len(o.keys) > 0 {
		c.Certificates = nil
	}
	for i, chain := range o.certificates {
		c.Certificates = append(c.Certificates, server.CertificateFile{Chain: chain, Key: o.keys[i]})
	}
	return nil
}
