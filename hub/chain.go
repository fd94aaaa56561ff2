package hub

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
)

// CheckChain says whether a client's certificate chain, leaf first and as the client sent
// it, leads to one of roots: authorities that are trusted as they are, be they self-signed
// or not. Dates and constraints of the chain count; its extended key usages do not, as the
// tools that make device certificates leave them out or put in what they like.
func CheckChain(chain, roots []*x509.Certificate) error {
	_, err := VerifyChain(chain, roots)
	return err
}

// VerifyChain is CheckChain for those who want to know the way: it returns the shortest
// from the leaf to one of roots, both included.
func VerifyChain(chain, roots []*x509.Certificate) ([]*x509.Certificate, error) {
	if len(chain) == 0 {
		return nil, errors.New("check certificate chain: there is no certificate")
	}
	for _, root := range roots {
		if root.Equal(chain[0]) {
			return nil, errors.New("check certificate chain: the client presents the authority itself, not a certificate made by it")
		}
	}
	ways, err := chain[0].Verify(x509.VerifyOptions{
		Roots: pool(roots), Intermediates: pool(chain[1:]),
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return nil, fmt.Errorf("check certificate chain: %w", err)
	}
	return slices.MinFunc(ways, func(a, b []*x509.Certificate) int { return len(a) - len(b) }), nil
}

func pool(certificates []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certificates {
		p.AddCert(c)
	}
	return p
}
