package notify_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// postOffice is a mail server on loopback.
type postOffice struct {
	smtp     *smtp.Server
	address  string
	password string       // "": everybody may send
	answer   func() error // to what was written; nil: takes it

	mu     sync.Mutex
	taken  []*mail.Message
	bodies []string
	asked  int
}

func open(t *testing.T, change func(*postOffice)) *postOffice {
	t.Helper()
	o := &postOffice{}
	o.smtp = smtp.NewServer(o)
	o.smtp.AllowInsecureAuth, o.smtp.Domain = true, "localhost"
	if change != nil {
		change(o)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.address = l.Addr().String()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = o.smtp.Serve(l)
	}()
	t.Cleanup(func() {
		_ = o.smtp.Close()
		<-ended
	})
	return o
}

func (o *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &visit{office: o, known: o.password == ""}, nil
}

// mails are what it has taken, and their bodies.
func (o *postOffice) mails() ([]*mail.Message, []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.taken, o.bodies
}

// visit is a session.
type visit struct {
	office *postOffice
	known  bool
	to     []string
}

func (*visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if v.known = user == "amy" && password == v.office.password; !v.known {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (v *visit) Reset()      { v.to = nil }
func (*visit) Logout() error { return nil }

func (v *visit) Mail(string, *smtp.MailOptions) error {
	if !v.known {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = append(v.to, to)
	return nil
}

func (v *visit) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	o := v.office
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	if o.answer != nil {
		if err := o.answer(); err != nil {
			return err
		}
	}
	m, err := mail.ReadMessage(strings.NewReader(string(text)))
	if err != nil {
		return err
	}
	if len(v.to) != 1 || m.Header.Get("To") != "<"+v.to[0]+">" {
		return errors.New("the envelope says otherwise")
	}
	body, err := io.ReadAll(m.Body)
	o.taken, o.bodies = append(o.taken, m), append(o.bodies, string(body))
	return err
}

// certificate is one for 127.0.0.1, and who trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// tls0 listens for TLS from the first byte.
func tls0(own *tls.Config) (net.Listener, error) { return tls.Listen("tcp", "127.0.0.1:0", own) }
