package egress_test

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/egress"
)

func TestRoots(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
	t.Cleanup(s.Close)
	written := func(text string) string {
		file := filepath.Join(t.TempDir(), "roots.pem")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	own, other := block("CERTIFICATE", s.Certificate().Raw), block("CERTIFICATE", issue(t, "other").Certificate[0])

	for name, text := range map[string]string{"one": own, "the first of two": own + other, "the last of two": "# ours\n" + other + "\n# theirs\r\n" + own} {
		roots, err := egress.Roots(written(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if resp, err := get(t, client(t, egress.Options{Allow: loopback, Roots: roots}), s.URL); err != nil || string(resp.Body) != "hello" {
			t.Errorf("%s: %+v, %v", name, resp, err)
		}
	}
	roots, err := egress.Roots(written(other))
	if err != nil {
		t.Fatal(err)
	}
	if none, err := egress.Roots(""); none != nil || err != nil {
		t.Errorf("no file gives %v, %v", none, err)
	}
	for name, o := range map[string]egress.Options{"the system's": {Allow: loopback}, "another": {Allow: loopback, Roots: roots}} {
		if resp, err := get(t, client(t, o), s.URL); egress.KindOf(err) != egress.Network {
			t.Errorf("vouched for by %s: %+v, %v", name, resp, err)
		}
	}

	for want, file := range map[string]string{
		"no such file":                  filepath.Join(t.TempDir(), "missing.pem"),
		"there is no certificate in it": written(""),
		"PEM is wanted":                 written(string(s.Certificate().Raw)),
		"1 cannot be read":              written(own + strings.ReplaceAll(other, "-----END", "-----HALF")),
		"is a PRIVATE KEY":              written(own + block("PRIVATE KEY", []byte("x"))),
		"certificate 2 in it":           written(own + block("CERTIFICATE", []byte("x"))),
	} {
		if _, err := egress.Roots(file); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("%v, want %q and the file's name", err, want)
		}
	}
}
