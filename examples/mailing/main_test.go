package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestRun starts the program on a free port, uses it at the address that it
// prints, and stops it.
func TestRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"--listen", "127.0.0.1:0", "--user", "ann", "--password", "s3cret", "--lists", "News, Customers"}, in, io.Discard)
		in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v; run: %v", err, <-ended)
	}
	c := client{t, strings.TrimSpace(line)}
	var got []string
	for _, l := range c.lists() {
		got = append(got, l.Name)
	}
	if strings.Join(got, "|") != "News|Customers" {
		t.Errorf("lists %q", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := http.Get(c.base); err == nil {
		t.Error("still listens after it stopped")
	}
}

func TestRunWantsCredentials(t *testing.T) {
	if err := run(t.Context(), []string{"--listen", "127.0.0.1:0", "--user", "ann"}, io.Discard, io.Discard); err == nil {
		t.Error("started without a password")
	}
}
