package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

func openAudited(t testing.TB, url, dir string, keep bool) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if !keep {
		return s
	}
	v, err := vault.Unlock(vault.Source{Path: filepath.Join(dir, "master.key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.KeepAudit(v)
	return s
}

func auditedPartner(t testing.TB, s *store.Store) tandem.PartnerID {
	t.Helper()
	p, err := s.CreatePartner(t.Context(), "Acme", tandem.ConsoleUser{Email: "a@acme.test", Name: "a"}, "x",
		tandem.OAuthClient{ID: "client", Name: "client", SecretHash: []byte{1}, Created: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	a := &tandem.Account{Partner: p, APIID: "books", Name: "books", Timezone: "UTC", Enabled: true}
	if err := s.CreateAccount(t.Context(), a, func(tandem.AccountID) ([]byte, error) { return []byte("key"), nil }); err != nil {
		t.Fatal(err)
	}
	return p
}

func changeAudited(ctx context.Context, s *store.Store, p tandem.PartnerID, name string) error {
	act := &tandem.Act{Who: tandem.Principal{Partner: p, Client: "client"}, Name: name, Object: "/v1.0/accounts/books", AccountAPIID: "books", Sent: []byte(`{"Name":"x"}`)}
	_, err := s.UpdateAccount(tandem.WithAct(ctx, act), p, "books", func(a *tandem.Account) error { a.Name = name; return nil })
	return err
}

// Nodes that begin a partner's log at once, and write to it at once, make one
// chain.
func TestAuditOfManyNodes(t *testing.T) {
	url, dir := pgtest.URL(t), t.TempDir()
	nodes := make([]*store.Store, 3)
	for i := range nodes {
		nodes[i] = openAudited(t, url, dir, true)
	}
	p := auditedPartner(t, nodes[0])
	const each = 20
	var all sync.WaitGroup
	for i, n := range nodes {
		all.Go(func() {
			for j := range each {
				if err := changeAudited(t.Context(), n, p, fmt.Sprint(i, j)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for _, n := range nodes {
		proof, err := n.VerifyAudit(t.Context(), p, tandem.AuditHead{})
		if err != nil || !proof.Intact || proof.Head.ID != each*int64(len(nodes)) {
			t.Errorf("%+v, %v", proof, err)
		}
	}
}

// What an entry adds to a change.
func BenchmarkAudit(b *testing.B) {
	for name, keep := range map[string]bool{"without": false, "with": true} {
		b.Run(name, func(b *testing.B) {
			s := openAudited(b, "", b.TempDir(), keep)
			p := auditedPartner(b, s)
			for b.Loop() {
				if err := changeAudited(b.Context(), s, p, "name"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
