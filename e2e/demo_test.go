package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// secrets are those of the sample applications, which the demo's account
// connectors hold.
var secrets = []string{"crm-key-7b1f4c", "mailing-password-9d2e", "acme:mailing-password-9d2e"}

// TestDemo runs the demo twice in the same folder, and then looks for secrets
// in everything that it left there.
func TestDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	for range 2 {
		out := runDemo(t, dir)
		for _, want := range []string{"page-turner-books", "brighton", "tasks", "The last subscriber appeared", "curl "} {
			if !strings.Contains(out, want) {
				t.Errorf("the demo did not print %q:\n%s", want, out)
			}
		}
	}
	if found := findSecrets(t, dir, secrets); len(found) > 0 {
		t.Errorf("secrets in plain text: %v", found)
	}
	// The search can find: a secret planted in each of its forms, as it is and
	// compressed.
	compress, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range forms(secrets[0]) {
		for _, text := range [][]byte{[]byte(form), compress.EncodeAll([]byte(strings.Repeat(form, 20)), nil)} {
			if err := os.WriteFile(filepath.Join(dir, "planted"), slices.Concat([]byte("before "), text, []byte(" after")), 0o600); err != nil {
				t.Fatal(err)
			}
			if len(findSecrets(t, dir, secrets)) == 0 {
				t.Errorf("the search does not find %q", form)
			}
		}
	}
}

func runDemo(t *testing.T, dir string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "tandem"), "demo", "--once", "--data", dir, "--listen", "127.0.0.1:0")
	dieWithParent(cmd)
	out, err := cmd.CombinedOutput()
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "tandem.log")) // as a help only
		t.Fatalf("tandem demo --once: %v\n%s\n%s", err, out, log)
	}
	return string(out)
}

// findSecrets lists files under dir that hold a secret in any of its forms.
func findSecrets(t *testing.T, dir string, secrets []string) (found []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text = append(text, expand(t, text)...)
		for _, s := range secrets {
			for _, form := range forms(s) {
				if bytes.Contains(text, []byte(form)) {
					found = append(found, filepath.Base(path)+" holds "+form)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 3 {
		t.Fatalf("only %d files in %s: nothing was searched", files, dir)
	}
	return found
}

// forms are the ways in which a secret may stand in a file.
func forms(secret string) []string {
	b := []byte(secret)
	return []string{
		secret, url.QueryEscape(secret), hex.EncodeToString(b),
		base64.StdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b),
	}
}

// expand is what the compressed data within text says: step data is kept so.
func expand(t *testing.T, text []byte) (all []byte) {
	t.Helper()
	magic := []byte{0x28, 0xb5, 0x2f, 0xfd}
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for i := bytes.Index(text, magic); i >= 0; i = bytes.Index(text, magic) {
		if err := d.Reset(bytes.NewReader(text[i:])); err != nil {
			t.Fatal(err)
		}
		// What follows the data is something else: the error is expected.
		frame, _ := io.ReadAll(d)
		all = append(all, frame...)
		text = text[i+len(magic):]
	}
	return all
}
