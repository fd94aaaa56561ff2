package server

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"time"
)

// RSA because some device firmwares have no other; 2048 bits because some have little
// room for a chain.
const keyBits = 2048

const (
	authorityLife = 10 * 365 * 24 * time.Hour
	backdate      = time.Hour // clocks of devices may be behind
)

// authority is the hub's own certificate authority.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
	pem  []byte
}

// authority reads the certificate authority of the data directory, or makes it at the
// first start. It is never renewed by itself: clients trust this one.
func (d dataDir) authority() (*authority, error) {
	certPEM, err := d.read(caFile)
	if errors.Is(err, fs.ErrNotExist) {
		return d.makeAuthority()
	}
	if err != nil {
		return nil, fmt.Errorf("read certificate authority: %w", err)
	}
	keyPEM, err := d.read(caKeyFile)
	if err != nil {
		return nil, fmt.Errorf("read key of the certificate authority: %w (remove %s as well to get a new one, which clients must then trust)", err, caFile)
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, fmt.Errorf("read certificate authority %s: %w", d.path(caFile), err)
	}
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok || !pair.Leaf.IsCA {
		return nil, fmt.Errorf("read certificate authority %s: it is not one", d.path(caFile))
	}
	if time.Now().After(pair.Leaf.NotAfter) {
		return nil, fmt.Errorf("certificate authority %s expired on %s (remove it to get a new one, which clients must then trust)",
			d.path(caFile), pair.Leaf.NotAfter.Format(time.DateOnly))
	}
	return &authority{cert: pair.Leaf, key: key, pem: certPEM}, nil
}

func (d dataDir) makeAuthority() (*authority, error) {
	template := &x509.Certificate{
		Subject:  pkix.Name{CommonName: "twinrig hub CA", Organization: []string{"twinrig"}},
		NotAfter: time.Now().Add(authorityLife),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		IsCA:     true, MaxPathLenZero: true, BasicConstraintsValid: true,
	}
	key, err := newRSAKey()
	if err != nil {
		return nil, fmt.Errorf("make key of the certificate authority: %w", err)
	}
	made, err := issue(template, key, nil)
	if err != nil {
		return nil, fmt.Errorf("make certificate authority: %w", err)
	}
	// The key first: a certificate without its key would need help.
	if err := d.write(caKeyFile, made.keyPEM, secretMode); err != nil {
		return nil, err
	}
	if err := d.write(caFile, made.certPEM, publicMode); err != nil {
		return nil, err
	}
	return &authority{cert: made.cert, key: made.key, pem: made.certPEM}, nil
}

func newRSAKey() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, keyBits) }

func newECDSAKey() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// issued is a new certificate with its key.
type issued struct {
	cert            *x509.Certificate
	key             crypto.Signer
	certPEM, keyPEM []byte
}

// issue has the parent, or the key itself without one, sign the template.
func issue(template *x509.Certificate, key crypto.Signer, parent *authority) (_ issued, err error) {
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil {
		return issued{}, err
	}
	template.NotBefore = time.Now().Add(-backdate)
	issuer, signer := template, key
	if parent != nil {
		issuer, signer = parent.cert, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), signer)
	if err != nil {
		return issued{}, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return issued{}, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return issued{}, err
	}
	return issued{
		cert: cert, key: key,
		certPEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		keyPEM:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
	}, nil
}
