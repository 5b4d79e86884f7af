package utility_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const account tandem.AccountID = 7

// files keeps files in memory.
type files struct {
	mu   sync.Mutex
	kept map[string]kept
	most int64
}

type kept struct {
	file    body.File
	content []byte
}

func newFiles() *files { return &files{kept: map[string]kept{}, most: 1 << 30} }

func (f *files) Of(a tandem.AccountID) body.Files {
	if a != account {
		panic("files of another account")
	}
	return f
}

func (f *files) Create(_ context.Context, name, contentType string, r io.Reader) (body.File, error) {
	content, err := io.ReadAll(io.LimitReader(r, f.most+1))
	if err == nil && int64(len(content)) > f.most {
		err = errors.New("too long")
	}
	if err != nil {
		return body.File{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	file := body.File{FileName: name, ContentType: contentType, Size: int64(len(content)), File: "file:" + rand.Text()}
	f.kept[file.File] = kept{file, content}
	return file, nil
}

func (f *files) Open(_ context.Context, id string) (io.ReadCloser, body.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k, ok := f.kept[id]
	if !ok {
		return nil, body.File{}, errors.New("there is no such file")
	}
	return io.NopCloser(bytes.NewReader(k.content)), k.file, nil
}

// content is that of a file in a document.
func (f *files) content(t *testing.T, doc any) string {
	t.Helper()
	id, _ := at(doc, "File").(string)
	f.mu.Lock()
	defer f.mu.Unlock()
	k, ok := f.kept[id]
	if !ok {
		t.Fatalf("no file is kept of %v", doc)
	}
	return string(k.content)
}

// at is a member of a member … of a document; a number is a place in a list.
func at(doc any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := doc.(map[string]any)
			doc = m[p]
		case int:
			l, _ := doc.([]any)
			if p >= len(l) {
				return nil
			}
			doc = l[p]
		}
	}
	return doc
}

// world is the operations, and what they work with.
type world struct {
	files *files
	all   map[string]invoke.BuiltIn
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func newWorld(t *testing.T, o utility.NetworkOptions) *world { return dialing(t, o, loopback...) }

// dialing is a world from which these addresses can be reached.
func dialing(t *testing.T, o utility.NetworkOptions, allow ...netip.Prefix) *world {
	t.Helper()
	c := egress.New(egress.Options{Allow: allow})
	t.Cleanup(c.Close)
	f := newFiles()
	return &world{files: f, all: utility.New(utility.Network(c, f, o), utility.Delimited(f, utility.DelimitedOptions{}))}
}

type (
	doc    = map[string]any
	values = map[string]string
)

// run runs an operation, and sees to it that it leaves nothing running.
func (w *world) run(t *testing.T, name string, o invoke.Operation) (any, error) {
	t.Helper()
	o.Account = account
	operation, ok := w.all[name]
	if !ok {
		t.Fatalf("there is no operation %s", name)
	}
	answer, err := operation(t.Context(), o)
	if failed := (*invoke.Error)(nil); err != nil && !errors.As(err, &failed) {
		t.Errorf("%s: %T is not an *invoke.Error: %v", name, err, err)
	}
	return answer, err
}

func (w *world) must(t *testing.T, name string, o invoke.Operation) any {
	t.Helper()
	answer, err := w.run(t, name, o)
	for again := 0; again < 2 && lost(err); again++ { // as the engine would
		answer, err = w.run(t, name, o)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return answer
}

// lost says whether an operation failed for what may pass: a server that ends a
// connection may have it reset before all that it sent was read.
func lost(err error) bool {
	var failed *invoke.Error
	return errors.As(err, &failed) && failed.Kind == invoke.Transient
}

// fails runs an operation that must end in an error of a kind that has all texts.
func (w *world) fails(t *testing.T, name string, o invoke.Operation, kind invoke.Kind, texts ...string) {
	t.Helper()
	answer, err := w.run(t, name, o)
	var failed *invoke.Error
	if !errors.As(err, &failed) {
		t.Errorf("%s: %v, %v; want an error", name, answer, err)
		return
	}
	if failed.Kind != kind {
		t.Errorf("%s: %s (%v), want %s", name, failed.Kind, failed, kind)
	}
	for _, text := range texts {
		if !strings.Contains(failed.Error(), text) {
			t.Errorf("%s: %v, want it to say %q", name, failed, text)
		}
	}
	for _, secret := range []string{o.Password, o.Properties["PrivateKey"]} {
		if secret != "" && strings.Contains(fmt.Sprintf("%v %+v", failed, failed.Err), secret) {
			t.Errorf("%s: a secret is in %v", name, failed)
		}
	}
}

// settled waits until no more goroutines run than before.
func settled(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > before; {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, before %d:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// hostAndPort are the settings by which a server is reached.
func hostAndPort(address string) values {
	host, port, _ := net.SplitHostPort(address)
	return values{"Host": host, "Port": port}
}

func with(v values, more ...string) values {
	all := values{}
	for name, s := range v {
		all[name] = s
	}
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

// certificate is one for 127.0.0.1, and in PEM.
func certificate(t *testing.T) (*tls.Config, string) {
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
	own := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	return own, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// listen accepts connections until t ends, each of which serve has to itself.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[conn] = true
			mu.Unlock()
			wg.Go(func() {
				defer func() {
					_ = conn.Close()
					mu.Lock()
					defer mu.Unlock()
					delete(open, conn)
				}()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return l.Addr().String()
}
