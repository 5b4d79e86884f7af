package fake

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// Swish stands for cpc.getswish.net, on a server of its own, which admits only who
// shows the merchant's certificate, and for mpc.getswish.net, which anybody may ask.
type Swish struct {
	*httptest.Server
	Number                  string // the merchant's
	Certificate, PrivateKey string // PEM

	mu   sync.Mutex
	kept map[string]object // payments and refunds, by path
	Made int
}

// NewSwish ends with the test.
func NewSwish(t testing.TB, number string) *Swish {
	t.Helper()
	s := &Swish{Number: number, kept: map[string]object{}}
	var merchant *x509.Certificate
	merchant, s.Certificate, s.PrivateKey = Certificate(t, number)
	clients := x509.NewCertPool()
	clients.AddCert(merchant)
	s.Server = httptest.NewUnstartedServer(s)
	s.Server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of who is not let in
	s.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// Roots are what vouches for the server, as PEM.
func (s *Swish) Roots() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Server.Certificate().Raw})
}

// Certificate makes a certificate of a client, and its key.
func Certificate(t testing.TB, name string) (_ *x509.Certificate, certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return leaf, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}))
}

// Hosts are those that ask for no certificate.
func (s *Swish) Hosts() []Host { return []Host{{"mpc.getswish.net", http.HandlerFunc(s.picture)}} }

// Pay is what a payer does.
func (s *Swish) Pay(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.kept["paymentrequests/"+id]
	p["status"], p["paymentReference"] = "PAID", "1E2FC19E5E5E4E18916609B7F8911C12"
}

func (s *Swish) fail(w http.ResponseWriter, code, message string) {
	write(w, http.StatusUnprocessableEntity, []object{{"errorCode": code, "errorMessage": message, "additionalInformation": nil}})
}

var instruction = regexp.MustCompile(`^/swish-cpcapi/api/(v[12])/((?:paymentrequests|refunds)/[0-9A-F]{32})$`)

// ServeHTTP implements http.Handler.
func (s *Swish) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := instruction.FindStringSubmatch(r.URL.Path)
	if m == nil || (m[1] == "v2") != (r.Method == http.MethodPut) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	kind, id, _ := strings.Cut(m[2], "/")
	kept := s.kept[m[2]]
	switch {
	case r.Method == http.MethodPut:
		s.create(w, r, kind, id)
	case kept == nil:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodPatch:
		var patch []struct{ Op, Path, Value string }
		err := json.NewDecoder(r.Body).Decode(&patch)
		switch {
		case r.Header.Get("Content-Type") != "application/json-patch+json":
			w.WriteHeader(http.StatusUnsupportedMediaType)
		case err != nil || len(patch) != 1 || patch[0].Op != "replace" || patch[0].Path != "/status" || patch[0].Value != "cancelled":
			s.fail(w, "PA01", "Parameter is not correct.")
		case kept["status"] != "CREATED":
			s.fail(w, "RP07", "Payment request is not in a state that allows it to be cancelled.")
		default:
			kept["status"] = "CANCELLED"
			write(w, http.StatusOK, kept)
		}
	default:
		write(w, http.StatusOK, kept)
	}
}

func (s *Swish) create(w http.ResponseWriter, r *http.Request, kind, id string) {
	in := object{}
	err := json.NewDecoder(r.Body).Decode(&in)
	merchant, call := "payeeAlias", fmt.Sprint(in["callbackUrl"])
	if kind == "refunds" {
		merchant = "payerAlias"
	}
	amount, _ := in["amount"].(float64)
	switch {
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
		return
	case s.kept[kind+"/"+id] != nil:
		s.fail(w, "RP09", "InstructionUUID not available.")
	case !strings.HasPrefix(call, "https://"):
		s.fail(w, "RP03", "Callback URL is missing or does not use HTTPS.")
	case in[merchant] != s.Number:
		s.fail(w, "PA02", "Alias is missing or not correct.")
	case amount < 1:
		s.fail(w, "AM06", "Amount value is too low.")
	case in["currency"] != "SEK":
		s.fail(w, "AM03", "Invalid or missing currency.")
	case kind == "refunds" && !s.paid(fmt.Sprint(in["originalPaymentReference"])):
		s.fail(w, "RF02", "Original Payment not found or original payment is more than 13 months old.")
	default:
		in["id"], in["status"], in["dateCreated"] = id, "CREATED", "2026-01-02T03:04:05.000Z"
		if kind == "refunds" {
			in["status"] = "VALIDATED"
		}
		s.kept[kind+"/"+id] = in
		s.Made++
		w.Header().Set("Location", s.URL+"/swish-cpcapi/api/v1/"+kind+"/"+id)
		if kind == "paymentrequests" && in["payerAlias"] == nil {
			w.Header().Set("PaymentRequestToken", "f34DS34lfd0d03fdDselkfd3ffk21")
		}
		w.WriteHeader(http.StatusCreated)
	}
}

func (s *Swish) paid(reference string) bool {
	for _, o := range s.kept {
		if o["paymentReference"] == reference {
			return true
		}
	}
	return false
}

// picture draws a QR code, more or less.
func (s *Swish) picture(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Token, Format string
		Size          int
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Token == "" || in.Size < 300 {
		http.Error(w, `{"error":"token, format and size are required"}`, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "image/"+in.Format)
	_, _ = io.WriteString(w, "\x89PNG of "+in.Token)
}
