package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/app"
)

// The first partner's domains are its own; with a second there is somebody to ask.
func TestDomain(t *testing.T) {
	dir := t.TempDir()
	tandemWith := func(want int, args ...string) string {
		t.Helper()
		var out, said bytes.Buffer
		if code := run(t.Context(), append(args, "--data", dir), &out, &said); code != want {
			t.Fatalf("tandem %v: %d, want %d\n%s%s", args, code, want, &out, &said)
		}
		return out.String() + said.String()
	}
	name := func(partner tandem.NewPartner, domain string) {
		t.Helper()
		a, err := app.New(t.Context(), slog.New(slog.DiscardHandler), app.Config{Data: dir, Listen: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- a.Run(ctx) }()
		err = client.New(a.URL(), partner.ClientID, tandem.Secret(partner.ClientSecret)).Do(t.Context(), http.MethodPut, "/settings/sso", map[string]any{
			"Issuer": "https://login.test", "ClientId": "tandem", "ClientSecret": "x", "Domains": []string{domain},
		}, nil)
		stop()
		if stopped := <-ended; err != nil || stopped != nil {
			t.Fatal(err, stopped)
		}
	}
	var partners [2]tandem.NewPartner
	for i, email := range []string{"ada@acme.test", "ada@acme.test"} { // who may be of both teams
		if err := json.Unmarshal([]byte(tandemWith(0, "init", "--partner", "Partner", "--email", email, "--json")), &partners[i]); err != nil {
			t.Fatal(err)
		}
		name(partners[i], "acme.test")
	}
	if got, want := tandemWith(0, "domain", "list"), "DOMAIN     PARTNER  NAME     APPROVED\nacme.test  1        Partner  true\nacme.test  2        Partner  false\n"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	tandemWith(0, "domain", "approve", "acme.test", "--partner", "2")
	if got := tandemWith(0, "domain", "list"); !strings.Contains(got, "1        Partner  false") || !strings.Contains(got, "2        Partner  true") {
		t.Errorf("after approval:\n%s", got)
	}
	if got := tandemWith(1, "domain", "approve", "bolt.test", "--partner", "2"); !strings.Contains(got, "Partner 2 has not named the domain bolt.test.") {
		t.Error(got)
	}
}
