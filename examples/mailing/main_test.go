package main

import (
	"io"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/examples/internal/resttest"
)

// TestRun starts the program on a free port, uses it at the address that it
// prints, and stops it.
func TestRun(t *testing.T) {
	url, stop := resttest.Run(t, run, "--listen", "127.0.0.1:0", "--user", "ann", "--password", "s3cret", "--lists", "News, Customers")
	c := client{t, url}
	var got []string
	for _, l := range c.lists() {
		got = append(got, l.Name)
	}
	if strings.Join(got, "|") != "News|Customers" {
		t.Errorf("lists %q", got)
	}
	stop()
}

func TestRunWantsCredentials(t *testing.T) {
	if err := run(t.Context(), []string{"--listen", "127.0.0.1:0", "--user", "ann"}, io.Discard, io.Discard); err == nil {
		t.Error("started without a password")
	}
}
