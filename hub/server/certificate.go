package server

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

const (
	leafLife    = 365 * 24 * time.Hour
	leafSpare   = 30 * 24 * time.Hour // renewed when less is left
	maxCNLength = 64
)

// anyAzureName lets a client that is sent here under a hub's real name find it in the
// certificate.
const anyAzureName = "*.azure-devices.net"

// leafKind is one of the server certificates, of which a client gets the first whose
// algorithms it has.
type leafKind struct {
	file, keyFile string
	key           func() (crypto.Signer, error)
}

var (
	ecdsaLeaf = leafKind{"server-ecdsa.pem", "server-ecdsa-key.pem", newECDSAKey} // a tenth of the work
	rsaLeaf   = leafKind{leafFile, leafKeyFile, newRSAKey}
)

// leaves are the server certificates by the hub's own CA, with it behind each.
func (d dataDir) leaves(a *authority, names []string) (pairs []tls.Certificate, err error) {
	for _, kind := range []leafKind{ecdsaLeaf, rsaLeaf} {
		pair, err := d.leaf(kind, a, names)
		if err != nil {
			return nil, err
		}
		pair.Certificate = append(pair.Certificate, a.cert.Raw)
		pairs = append(pairs, pair)
	}
	return pairs, nil
}

// leaf reads the server certificate, or makes one when there is none that serves.
func (d dataDir) leaf(kind leafKind, a *authority, names []string) (tls.Certificate, error) {
	if pair, ok := d.readLeaf(kind); ok && serves(pair.Leaf, a, names) {
		return pair, nil
	}
	key, err := kind.key()
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make key of the server certificate: %w", err)
	}
	template := &x509.Certificate{
		NotAfter:    time.Now().Add(leafLife),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if template.NotAfter.After(a.cert.NotAfter) {
		template.NotAfter = a.cert.NotAfter
	}
	if len(names[0]) <= maxCNLength { // some firmwares compare it, and a longer one is not allowed
		template.Subject = pkix.Name{CommonName: names[0]}
	}
	template.DNSNames, template.IPAddresses = splitNames(names)
	made, err := issue(template, key, a)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make server certificate: %w", err)
	}
	if err := d.write(kind.keyFile, made.keyPEM, secretMode); err != nil {
		return tls.Certificate{}, err
	}
	if err := d.write(kind.file, made.certPEM, publicMode); err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(made.certPEM, made.keyPEM)
}

// readLeaf takes no notice of errors: a server certificate can always be made anew.
func (d dataDir) readLeaf(kind leafKind) (tls.Certificate, bool) {
	cert, err := d.read(kind.file)
	if err != nil {
		return tls.Certificate{}, false
	}
	key, err := d.read(kind.keyFile)
	if err != nil {
		return tls.Certificate{}, false
	}
	pair, err := tls.X509KeyPair(cert, key)
	return pair, err == nil
}

func serves(leaf *x509.Certificate, a *authority, names []string) bool {
	if leaf.CheckSignatureFrom(a.cert) != nil || time.Until(leaf.NotAfter) < leafSpare && leaf.NotAfter.Before(a.cert.NotAfter) {
		return false
	}
	dns, ips := splitNames(names)
	hasName := func(name string) bool { return slices.Contains(leaf.DNSNames, name) }
	hasIP := func(ip net.IP) bool { return slices.ContainsFunc(leaf.IPAddresses, ip.Equal) }
	return !slices.ContainsFunc(dns, func(n string) bool { return !hasName(n) }) &&
		!slices.ContainsFunc(ips, func(ip net.IP) bool { return !hasIP(ip) })
}

// splitNames parts names from addresses and adds the name Azure's hubs have.
func splitNames(names []string) (dns []string, ips []net.IP) {
	for _, name := range append(slices.Clone(names), anyAzureName) {
		if ip := net.ParseIP(name); ip != nil {
			ips = append(ips, ip)
		} else {
			dns = append(dns, strings.ToLower(name))
		}
	}
	return dns, ips
}
