package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/client"
)

// TestRotation replaces the master key under a running server, which is killed
// in the middle: what was encrypted before works with the new key alone.
func TestRotation(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	in := install(t, "--data", data)
	address := freeAddresses(t, 1)[0]
	p := in.serve(address)
	acme := in.partner("http://" + address)
	_, err := acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"})
	must(t, err)
	installed, err := acme.Account("books").InstallConnector(t.Context(), "Bookshelf CRM", client.Install{AuthValue: "the key"})
	must(t, err)

	file := filepath.Join(data, "master.key")
	before, err := os.ReadFile(file)
	must(t, err)
	out, err := exec.Command(filepath.Join(bin, "tandem"), "keys", "rotate", "--data", data).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p.kill()
	in.serve(address)
	text := []byte{}
	for range 300 {
		if text, err = os.ReadFile(file); err != nil || strings.Count(string(text), "\n") == 1 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil || len(text) != len(before) || bytes.Equal(text, before) {
		t.Fatalf("%v: the file has %d lines, and had one", err, strings.Count(string(text), "\n"))
	}
	got, err := acme.Account("books").Connectors(t.Context())
	if err != nil || len(got) != 1 || got[0].ID != installed.ID || !got[0].Authenticated {
		t.Errorf("%+v, %v", got, err)
	}
}
