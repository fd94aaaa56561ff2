package dps

import (
	"context"
	"crypto/x509"
	"slices"
	"strings"
	"time"

	"twinrig/hub"
)

// registrant is a device that has proved who it is.
type registrant struct {
	id         string
	enrollment Enrollment
	expires    time.Time // of its token; zero = never

	storageRoot string // of its TPM, base64

	// One of these: what the device will show to its hub.
	keys *SymmetricKey
	leaf *x509.Certificate
}

// AuthenticateRegistrant checks a device where its connection begins.
func (s *Service) AuthenticateRegistrant(ctx context.Context, r hub.Registrant) (expires time.Time, err error) {
	who, err := s.authenticate(ctx, r)
	return who.expires, err
}

// authenticate finds the enrollment that a device's credential fits. An individual
// enrollment, when there is one, decides alone.
func (s *Service) authenticate(ctx context.Context, r hub.Registrant) (registrant, error) {
	if !strings.EqualFold(r.Scope, s.cfg.IDScope) {
		return registrant{}, unauthorized.errorf("Unauthorized: there is no id scope %q here", r.Scope)
	}
	if err := checkID("registrationId", r.ID); err != nil {
		return registrant{}, argumentInvalid.errorf("%v.", err)
	}
	e, _, err := s.individuals.get(ctx, r.ID)
	switch {
	case err == nil:
		return s.asIndividual(ctx, r, e)
	case !isCode(err, notFound):
		return registrant{}, err
	case len(r.Credential.Certificates) > 0 && r.Credential.Token == "":
		return s.byChain(ctx, r)
	}
	return s.byDerivedKey(ctx, r)
}

func (s *Service) asIndividual(ctx context.Context, r hub.Registrant, e Enrollment) (registrant, error) {
	who := registrant{id: r.ID, enrollment: e}
	switch e.Attestation.Type {
	case bySymmetricKey:
		who.keys = e.Attestation.SymmetricKey
	case byTPM:
		key := s.tpmKey(&e)
		who.keys = &SymmetricKey{key, key}
	default:
		return who.byLeaf(ctx, s, r)
	}
	expires, err := s.signed(r, who.keys)
	who.expires = expires
	return who, err
}

// signed checks the token of a device against its keys.
func (s *Service) signed(r hub.Registrant, keys *SymmetricKey) (expires time.Time, err error) {
	if r.Credential.Token == "" {
		return time.Time{}, unauthorized.errorf("Unauthorized: device %s gave no token", r.ID)
	}
	allKeys := func(string) []string { return keys.both() }
	expires, err = s.cfg.CheckToken(r.Credential.Token, "registrations/"+r.ID, []string{s.cfg.IDScope}, allKeys)
	if err != nil {
		return time.Time{}, asUnauthorized(err)
	}
	return expires, nil
}

// byLeaf checks the certificate of a device that has an enrollment to itself.
func (who registrant) byLeaf(ctx context.Context, s *Service, r hub.Registrant) (registrant, error) {
	leaf, err := leafOf(r)
	if err != nil {
		return registrant{}, err
	}
	who.leaf = leaf
	x := who.enrollment.Attestation.X509
	if x.Client == nil {
		_, err := s.chainLength(ctx, r.Credential.Certificates, x)
		return who, err
	}
	known, err := x.Client.parse()
	if err != nil {
		return registrant{}, err
	}
	if !slices.ContainsFunc(known, leaf.Equal) {
		return registrant{}, unauthorized.errorf("Unauthorized: the certificate is not one of enrollment %s", r.ID)
	}
	return who, nil
}

// leafOf returns a device's certificate, which has to bear its registration id.
func leafOf(r hub.Registrant) (*x509.Certificate, error) {
	if len(r.Credential.Certificates) == 0 {
		return nil, unauthorized.errorf("Unauthorized: device %s gave no certificate", r.ID)
	}
	leaf := r.Credential.Certificates[0]
	if fold(leaf.Subject.CommonName) != fold(r.ID) {
		return nil, unauthorized.errorf("Unauthorized: the common name of the certificate is not %s", r.ID)
	}
	return leaf, nil
}

// chainLength says how far it is from a client's certificate to the authority of x.
func (s *Service) chainLength(ctx context.Context, chain []*x509.Certificate, x *X509) (int, error) {
	roots, err := s.roots(ctx, x)
	if err != nil {
		return 0, err
	}
	way, err := hub.VerifyChain(chain, roots)
	if err != nil {
		return 0, unauthorized.errorf("Unauthorized: %v", err)
	}
	return len(way), nil
}

// roots are the certificates that vouch for the devices of an enrollment.
func (s *Service) roots(ctx context.Context, x *X509) (roots []*x509.Certificate, err error) {
	if x.References == nil {
		return x.Signing.parse()
	}
	for _, name := range x.References.names() {
		a, err := s.authorities.Authority(ctx, name)
		if isCode(err, authorityMissing) || err == nil && !a.Verified {
			continue // vouches for nobody
		}
		if err != nil {
			return nil, err
		}
		c, err := a.Certificate()
		if err != nil {
			return nil, err
		}
		roots = append(roots, c)
	}
	return roots, nil
}

// byChain finds the group whose authority has certified a device; of several the one
// whose certificate is nearest to the device's.
func (s *Service) byChain(ctx context.Context, r hub.Registrant) (registrant, error) {
	leaf, err := leafOf(r)
	if err != nil {
		return registrant{}, err
	}
	groups, err := s.groups.all(ctx)
	if err != nil {
		return registrant{}, err
	}
	who, nearest := registrant{id: r.ID, leaf: leaf}, 0
	for _, g := range groups {
		if g.Attestation.Type != byX509 {
			continue
		}
		length, err := s.chainLength(ctx, r.Credential.Certificates, g.Attestation.X509)
		if isCode(err, unauthorized) {
			continue
		}
		if err != nil {
			return registrant{}, err
		}
		if nearest == 0 || length < nearest {
			who.enrollment, nearest = g, length
		}
	}
	if nearest == 0 {
		return registrant{}, unauthorized.errorf("Unauthorized: no enrollment fits the certificate of device %s", r.ID)
	}
	return who, nil
}

// byDerivedKey finds the group from whose key a device has its own. The id may have been
// derived from as it is written or in small letters.
func (s *Service) byDerivedKey(ctx context.Context, r hub.Registrant) (registrant, error) {
	groups, err := s.groups.all(ctx)
	if err != nil {
		return registrant{}, err
	}
	refusal := error(unauthorized.errorf("Unauthorized: no enrollment fits device %s", r.ID))
	for _, g := range groups {
		if g.Attestation.Type != bySymmetricKey {
			continue
		}
		for _, id := range []string{r.ID, fold(r.ID)} {
			keys := g.Attestation.SymmetricKey.derive(id)
			var expires time.Time
			if expires, err = s.signed(r, keys); err == nil {
				return registrant{id: r.ID, enrollment: g, expires: expires, keys: keys}, nil
			}
			refusal = err
		}
	}
	return registrant{}, refusal
}
