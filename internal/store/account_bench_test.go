package store_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// manyAccounts is what lists, searches and reads have to stay fast with.
const manyAccounts = 100_000

// BenchmarkAccounts measures lists, searches and reads of 100,000 accounts on
// SQLite, every tenth of them below another, while one in a hundred requests
// follows a change. The first list of a process reads them all, and is apart.
func BenchmarkAccounts(b *testing.B) {
	s, err := store.Open(b.Context(), "", b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	p, err := s.CreatePartner(b.Context(), "acme", tandem.ConsoleUser{Email: "a@acme.test"}, "", tandem.OAuthClient{ID: "client", SecretHash: []byte{1}})
	if err != nil {
		b.Fatal(err)
	}
	insertAccounts(b, s.Dialect().Writer(), p)
	list := func(f tandem.AccountFilter) func(int) error {
		return func(int) error { _, err := s.ListAccounts(b.Context(), p, 0, f); return err }
	}
	began := time.Now()
	if err := list(tandem.AccountFilter{})(0); err != nil {
		b.Fatal(err)
	}
	b.Logf("first list: %v", time.Since(began))
	deep := tandem.PageRequest{Page: manyAccounts / 50, PageSize: 50}
	for _, c := range []struct {
		name string
		do   func(i int) error
	}{
		{"list", list(tandem.AccountFilter{})},
		{"list by date, descending", list(tandem.AccountFilter{PageRequest: tandem.PageRequest{OrderBy: "CreatedDate", Descend: true}})},
		{"deep page", list(tandem.AccountFilter{PageRequest: deep})},
		{"page of 1000", list(tandem.AccountFilter{PageRequest: tandem.PageRequest{PageSize: 1000}})},
		{"search one", func(i int) error {
			return list(tandem.AccountFilter{Query: fmt.Sprintf("kunde %06d", i%manyAccounts)})(i)
		}},
		{"search that all match", list(tandem.AccountFilter{Query: "KUNDE"})},
		{"search that none matches", list(tandem.AccountFilter{Query: "école"})},
		{"suspended ones", list(tandem.AccountFilter{Enabled: new(false)})},
		{"read", func(i int) error {
			_, err := s.Account(b.Context(), p, fmt.Sprint("k", rand.IntN(manyAccounts)))
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				if i%100 == 99 {
					_, err := s.UpdateAccount(b.Context(), p, fmt.Sprint("k", i), func(a *tandem.Account) error { a.Name = fmt.Sprint("Kunde anders ", i); return nil })
					if err != nil {
						b.Fatal(err)
					}
				}
				began := time.Now()
				if err := c.do(i); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

func insertAccounts(b *testing.B, db *sql.DB, p tandem.PartnerID) {
	b.Helper()
	tx, err := db.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	insert, err := tx.PrepareContext(b.Context(), `INSERT INTO account (id, partner, api_id, parent, name, timezone, next_bill_at, error_webhook_enabled,
		error_webhook_warnings, enabled, data_key, created_at, deleted_at) VALUES ($1, $2, $3, $4, $5, 'UTC', 0, false, false, true, x'00', $6, 0)`)
	if err != nil {
		b.Fatal(err)
	}
	defer insert.Close()
	for i := range manyAccounts {
		parent := 0
		if i%10 == 9 {
			parent = i // which is its id
		}
		_, err := insert.ExecContext(b.Context(), i+1, p, fmt.Sprint("k", i), parent, fmt.Sprintf("Kunde %06d aus Köln %d", i*7919%manyAccounts, i), 1_000_000*i)
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}
