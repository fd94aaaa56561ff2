package hub

import (
	"crypto/x509"
	"errors"
	"fmt"
)

// CheckChain says whether a client's certificate chain, leaf first and as the client sent
// it, leads to one of roots: authorities that are trusted as they are, be they self-signed
// or not. Dates and constraints of the chain count; its extended key usages do not, as the
// tools that make device certificates leave them out or put in what they like.
func CheckChain(chain, roots []*x509.Certificate) error {
	if len(chain) == 0 {
		return errors.New("check certificate chain: there is no certificate")
	}
	options := x509.VerifyOptions{
		Roots: pool(roots), Intermediates: pool(chain[1:]),
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	for _, root := range roots {
		if root.Equal(chain[0]) {
			return errors.New("check certificate chain: the client presents the authority itself, not a certificate made by it")
		}
	}
	if _, err := chain[0].Verify(options); err != nil {
		return fmt.Errorf("check certificate chain: %w", err)
	}
	return nil
}

func pool(certificates []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certificates {
		p.AddCert(c)
	}
	return p
}
