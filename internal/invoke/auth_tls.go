package invoke

import (
	"crypto/sha256"
	"crypto/tls"

	"github.com/tandem-ipaas/tandem/internal/egress"
)

// mutualTLS shows a certificate to whom is called.
func (x *exchange) mutualTLS() error {
	v, err := x.need("Certificate", "PrivateKey")
	if err != nil {
		return err
	}
	x.access.client, err = x.certified.Load(sha256.Sum256([]byte(v[0]+"\x00"+v[1])), func() (*egress.Client, error) {
		certificate, err := tls.X509KeyPair([]byte(v[0]), []byte(v[1]))
		if err != nil {
			e := authError("the certificate and its private key are not PEM that belong together")
			e.Err = err
			return nil, e
		}
		return x.client.WithCertificate(certificate), nil
	})
	return err
}
