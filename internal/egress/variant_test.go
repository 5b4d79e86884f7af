package egress_test

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
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/egress"
)

// issue makes a certificate that vouches for itself.
func issue(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// A certificate is shown by its own client, and by no other.
func TestWithCertificate(t *testing.T) {
	ada := issue(t, "ada")
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		io.WriteString(w, r.TLS.PeerCertificates[0].Subject.CommonName)
	}))
	clients := x509.NewCertPool()
	clients.AddCert(ada.Leaf)
	s.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients}
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	plain := client(t, egress.Options{Allow: loopback, Roots: roots})
	own := plain.WithCertificate(ada)
	t.Cleanup(own.Close)
	resp, err := get(t, own, s.URL)
	if err != nil || string(resp.Body) != "ada" {
		t.Errorf("%+v, %v", resp, err)
	}
	if resp, err := get(t, own, s.URL+"?to=/other"); err != nil || string(resp.Body) != "ada" {
		t.Errorf("redirected on the same host: %+v, %v", resp, err)
	}
	elsewhere := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a certificate's client was led to another host") })
	if resp, err := get(t, own, s.URL+"?to="+elsewhere.URL); err != nil || resp.Status != http.StatusFound {
		t.Errorf("redirected to another host: %+v, %v", resp, err)
	}
	stranger := plain.WithCertificate(issue(t, "eve"))
	t.Cleanup(stranger.Close)
	for name, c := range map[string]*egress.Client{"none": plain, "another": stranger} {
		if _, err := get(t, c, s.URL); egress.KindOf(err) != egress.Network {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := get(t, client(t, egress.Options{}).WithCertificate(ada), s.URL); egress.KindOf(err) != egress.Refused {
		t.Errorf("a certificate lifts the guard: %v", err)
	}
}

// What is opened comes as it is sent, within the limits of its own.
func TestOpen(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		<-release
		io.WriteString(w, strings.Repeat("x", 100))
	})
	c := client(t, egress.Options{Allow: loopback, MaxBody: 10}).Within(50, time.Minute)
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Open(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "first" {
		t.Errorf("%q, %v", first, err)
	}
	close(release)
	_, err = io.ReadAll(resp.Body)
	var e *egress.Error
	if !errors.As(err, &e) || e.Kind != egress.TooLarge {
		t.Errorf("%v", err)
	}
	if _, err := client(t, egress.Options{}).Within(50, time.Minute).Open(req); egress.KindOf(err) != egress.Refused {
		t.Errorf("other limits lift the guard: %v", err)
	}
}
