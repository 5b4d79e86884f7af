package app

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// keys gives master keys that are all of one byte, in this order.
func masterKeys(bytes ...string) tandem.Secret {
	var all []string
	for _, b := range bytes {
		all = append(all, base64.StdEncoding.EncodeToString([]byte(strings.Repeat(b, 32))))
	}
	return tandem.Secret(strings.Join(all, ","))
}

// The master key is replaced step by step, as docs/operations.md says, with a
// start for each step.
func TestRotation(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		c := config(t, database)
		c.Listen, c.MasterKey = "", masterKeys("1")
		var installed *tandem.AccountConnector
		open := func(keys ...string) *App {
			t.Helper()
			c.MasterKey = masterKeys(keys...)
			a, err := New(t.Context(), logger(t), c)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		check := func(a *App) string {
			t.Helper()
			value, err := a.store.Setting(t.Context(), keyCheck)
			if err != nil {
				t.Fatal(err)
			}
			return string(value)
		}
		// rotated runs the component until the check value is another, or for
		// as long as patience lasts.
		rotated := func(a *App, patience time.Duration) bool {
			t.Helper()
			was := check(a)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			ended := make(chan error)
			go func() { ended <- a.rotate(ctx) }()
			for check(a) == was && ctx.Err() == nil {
				time.Sleep(10 * time.Millisecond)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			return check(a) != was
		}
		a := open("1")
		p, err := a.Setup(t.Context(), "Acme Software", "ada@acme.test")
		if err != nil {
			t.Fatal(err)
		}
		account, err := a.Accounts.Create(t.Context(), p.PartnerID, tandem.AccountUpdate{APIID: "books", Name: tandem.Some("Books")})
		if err != nil {
			t.Fatal(err)
		}
		crm, err := a.Library.ByName(t.Context(), p.PartnerID, "Bookshelf CRM", "")
		if err == nil {
			installed, err = a.Connectors.Install(t.Context(), account.ID, &crm[0], tandem.ConnectorInstall{AuthValue: "the key"})
		}
		if err := a.Close(err); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			keys    []string
			rotates bool
		}{{[]string{"1", "2"}, false}, {[]string{"2", "1"}, true}, {[]string{"2", "1"}, false}, {[]string{"2"}, false}} {
			a := open(step.keys...)
			patience := time.Minute
			if !step.rotates {
				patience = 200 * time.Millisecond
			}
			if got := rotated(a, patience); got != step.rotates {
				t.Errorf("with the keys %v: rotated %t", step.keys, got)
			}
			got, err := a.Connectors.Get(t.Context(), account.ID, installed.ID)
			if err != nil || got.State != tandem.Authenticated {
				t.Errorf("with the keys %v: %+v, %v", step.keys, got, err)
			}
			if err := a.Close(nil); err != nil {
				t.Error(err)
			}
		}
		c.MasterKey = masterKeys("1", "2")
		if a, err := New(t.Context(), logger(t), c); !errors.Is(err, errReplaced) {
			t.Errorf("with the old key first again: %v", err)
			if err == nil {
				_ = a.Close(nil)
			}
		}
	})
}
