package app

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// private is an address whose certificate only the operator's file vouches for.
type private struct {
	net.Listener
	file  string
	greet chan error // of each connection: how its handshake ended
}

// newPrivate answers nobody, and ends with t.
func newPrivate(t *testing.T) *private {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.StartTLS()
	t.Cleanup(s.Close)
	p := &private{file: filepath.Join(t.TempDir(), "roots.pem"), greet: make(chan error, 100)}
	if err := os.WriteFile(p.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if p.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	go func() {
		for {
			conn, err := p.Accept()
			if err != nil {
				return
			}
			guest := tls.Server(conn, &tls.Config{Certificates: s.TLS.Certificates})
			_ = conn.SetDeadline(time.Now().Add(stopLimit))
			p.greet <- guest.Handshake() // which fails when the guest does not trust the certificate
			_ = conn.Close()
		}
	}()
	return p
}

// trusted says whether the next guest goes on after it has seen the certificate.
func (p *private) trusted(t *testing.T) bool {
	t.Helper()
	select {
	case err := <-p.greet:
		return err == nil
	case <-time.After(stopLimit):
		t.Fatal("nobody came")
		return false
	}
}

// Whatever is called by TLS is vouched for by the operator's certificates too: by
// methods, by utilities, and the operator's own mail server.
func TestPrivateAuthority(t *testing.T) {
	p := newPrivate(t)
	host, port, err := net.SplitHostPort(p.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, roots := range []string{p.file, ""} {
		c := config(t, "")
		c.EgressRoots, c.SMTPURL, c.MailFrom = roots, "smtps://"+p.Addr().String(), "tandem@acme.test"
		r := start(t, c)
		if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "a", Name: "A"}); err != nil {
			t.Fatal(err)
		}
		account := r.acme.Account("a")
		for way, goes := range map[string]func() error{
			"mail": func() error {
				return r.mailer.Send(t.Context(), r.partner.PartnerID, tandem.Letter{To: "bob@acme.test", Subject: "Hello"})
			},
			"a request": func() error {
				return fails(account.Do(t.Context(), http.MethodPost, "/account/connectors/custom/import", map[string]any{"Url": "https://" + p.Addr().String()}, nil))
			},
			"a utility": func() error { // which is tried when it is installed
				_, err := account.InstallConnector(t.Context(), "FTPS", client.Install{AuthValue: "YTpi", Properties: []client.Property{
					{Name: "Host", Value: host}, {Name: "Port", Value: port}, {Name: "Encryption", Value: "Implicit"},
				}})
				return err
			},
		} {
			if err := goes(); err != nil {
				t.Errorf("%s: %v", way, err)
			}
			if got := p.trusted(t); got != (roots != "") {
				t.Errorf("%s, with roots %q: trusted %t", way, roots, got)
			}
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
	}
}

// fails is what is wrong when something does not fail.
func fails(err error) error {
	if err == nil {
		return errors.New("it went well, with a server that says nothing")
	}
	return nil
}
