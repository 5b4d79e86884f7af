package main

import (
	"io"
	"net/http"
	"testing"

	"github.com/tandem-ipaas/tandem/examples/internal/resttest"
)

// TestRun starts the program on a free port, uses it at the address that it
// prints, and stops it.
func TestRun(t *testing.T) {
	url, stop := resttest.Run(t, run, "--listen", "127.0.0.1:0", "--api-key", testKey)
	c := client{t, url}
	if status := c.do("GET", "/api/contacts", nil, nil); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	stop()
}

func TestRunWantsKey(t *testing.T) {
	if err := run(t.Context(), []string{"--listen", "127.0.0.1:0"}, io.Discard, io.Discard); err == nil {
		t.Error("started without a key")
	}
}
