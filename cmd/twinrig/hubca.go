package main

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"time"

	"github.com/spf13/cobra"

	"twinrig/hub/client"
	"twinrig/scenarios"
)

// caOptions are the flags of `twinrig hub ca`.
type caOptions struct {
	verified bool
	key      string
}

func hubCACommand() *cobra.Command {
	var o caOptions
	cmd := &cobra.Command{
		Use:   "ca",
		Short: "The CA certificates by which devices may be certified",
		Long: `A device of authentication type certificateAuthority connects with a certificate
whose common name is its id and whose chain, as the device sends it, ends in a CA
certificate of this list. One counts once its owner has proved that he has the key.`,
		Example: `  twinrig hub ca add acme acme-ca.pem
  twinrig hub ca prove acme --key acme-ca-key.pem
or, where the key is on another machine, first for the common name of a certificate to
make there, then with that certificate:
  twinrig hub ca code acme
  twinrig hub ca verify acme proof.pem`,
	}
	cmd.AddCommand(o.list(), o.add(), o.prove(), o.code(), o.verify(), o.remove())
	return cmd
}

func (*caOptions) read(what, path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &scenarios.UsageError{Subject: what, Err: err, Hint: "give a PEM file"}
	}
	return text, nil
}

// command is a sub-command that talks to the hub and may show a CA certificate.
func (o *caOptions) command(use, short string, args int, run func(*cobra.Command, *client.Client, []string) (client.Authority, error)) *cobra.Command {
	return serviceCommand(&cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(args)}, func(cmd *cobra.Command, s *service, args []string) error {
		a, err := run(cmd, s.Client, args)
		if err == nil && a.Name != "" {
			err = s.showAuthority(a)
		}
		return err
	})
}

func (s *service) showAuthority(a client.Authority) error {
	if s.json {
		return s.printJSON(a)
	}
	state := "verified"
	switch {
	case a.Code != "" && !a.Verified:
		state = "wants proof with the common name " + a.Code
	case !a.Verified:
		state = "not verified"
	}
	_, err := fmt.Fprintf(s.out, "%s  %s  until %s  %s\n", a.Name, a.Subject, a.Expires.Format(time.DateOnly), state)
	return err
}

func (o *caOptions) list() *cobra.Command {
	return serviceCommand(&cobra.Command{Use: "list", Short: "Show all", Args: cobra.NoArgs}, func(cmd *cobra.Command, s *service, _ []string) error {
		all, err := s.Authorities(cmd.Context())
		for _, a := range all {
			err = errors.Join(err, s.showAuthority(a))
		}
		return err
	})
}

func (o *caOptions) add() *cobra.Command {
	cmd := o.command("add <name> <file>", "Register a CA certificate", 2, func(cmd *cobra.Command, c *client.Client, args []string) (a client.Authority, err error) {
		text, err := o.read("CA certificate", args[1])
		if err != nil {
			return a, err
		}
		return c.RegisterAuthority(cmd.Context(), args[0], text, o.verified)
	})
	cmd.Flags().BoolVar(&o.verified, "verified", false, "let it count without a proof")
	return cmd
}

func (o *caOptions) code() *cobra.Command {
	return o.command("code <name>", "Ask for a verification code", 1, func(cmd *cobra.Command, c *client.Client, args []string) (client.Authority, error) {
		return c.IssueCode(cmd.Context(), args[0])
	})
}

func (o *caOptions) verify() *cobra.Command {
	return o.command("verify <name> <file>", "Give the proof: a certificate with the code as its common name", 2,
		func(cmd *cobra.Command, c *client.Client, args []string) (a client.Authority, err error) {
			text, err := o.read("proof", args[1])
			if err != nil {
				return a, err
			}
			return c.VerifyAuthority(cmd.Context(), args[0], text)
		})
}

func (o *caOptions) remove() *cobra.Command {
	return o.command("rm <name>", "Delete a CA certificate; devices connected by it are cut off", 1,
		func(cmd *cobra.Command, c *client.Client, args []string) (none client.Authority, err error) {
			return none, c.DeleteAuthority(cmd.Context(), args[0])
		})
}

func (o *caOptions) prove() *cobra.Command {
	cmd := o.command("prove <name>", "Ask for a code, make the proof with the CA's key, and give it", 1,
		func(cmd *cobra.Command, c *client.Client, args []string) (a client.Authority, err error) {
			text, err := o.read("--key", o.key)
			if err != nil {
				return a, err
			}
			if a, err = c.IssueCode(cmd.Context(), args[0]); err != nil {
				return a, err
			}
			proof, err := makeProof(a, text)
			if err != nil {
				return a, &scenarios.UsageError{Subject: "--key " + o.key, Err: err, Hint: "give the private key of the CA certificate, PEM"}
			}
			return c.VerifyAuthority(cmd.Context(), args[0], proof)
		})
	cmd.Flags().StringVar(&o.key, "key", "", "private key of the CA, PEM")
	return cmd
}

// makeProof makes the certificate that shows possession of the CA's key.
func makeProof(a client.Authority, keyPEM []byte) ([]byte, error) {
	ca, err := x509.ParseCertificate(a.Certificate)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}), keyPEM)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	proof := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: a.Code},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	return x509.CreateCertificate(rand.Reader, proof, ca, ca.PublicKey, pair.PrivateKey)
}
