package egress

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// Roots are the certificates that vouch for servers on this system, and those of a
// file in PEM besides; the file "" is none, and gives nil, the system's alone. What
// is left out of such a file in silence would be missed much later, so all of it has
// to be certificates that can be read.
func Roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("the system's certificates: %w", err)
	}
	if err := addRoots(roots, text); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return roots, nil
}

func addRoots(to *x509.CertPool, text []byte) error {
	begun := bytes.Count(text, []byte("-----BEGIN "))
	if begun == 0 {
		return errors.New("there is no certificate in it; PEM is wanted, with -----BEGIN CERTIFICATE-----")
	}
	for n := 1; n <= begun; n++ {
		block, rest := pem.Decode(text)
		if block == nil {
			return fmt.Errorf("of what is in it, %d cannot be read", begun-n+1)
		}
		if block.Type != "CERTIFICATE" {
			return fmt.Errorf("number %d in it is a %s, and certificates alone are wanted", n, block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("certificate %d in it: %w", n, err)
		}
		to.AddCert(certificate)
		text = rest
	}
	return nil
}
