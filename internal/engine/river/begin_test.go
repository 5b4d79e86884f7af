package river_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// TestBeginsWhenTheDatabaseIsThere: a node that is told to run while its database is
// away waits for it.
func TestBeginsWhenTheDatabaseIsThere(t *testing.T) {
	database := pgtest.URL(t)
	at, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	name := pgx.Identifier{strings.TrimPrefix(at.Path, "/")}.Sanitize()
	at.Path = "/postgres"
	beside, err := pgx.Connect(t.Context(), at.String())
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close(context.WithoutCancel(t.Context()))
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := beside.Exec(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	e := newEngine(t, openStore(t, database), options)
	if _, err := e.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: "c"}); err != nil {
		t.Fatal(err)
	}
	exec(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS false`)
	exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, strings.Trim(name, `"`))
	ran := make(chan bool, 1)
	start(t, e, func(ctx context.Context, l engine.Lease, _ journal.Txn) (engine.Yield, error) {
		ran <- true
		return finish(ctx, l)
	})
	select {
	case <-ran:
		t.Fatal("it runs something without a database")
	case <-time.After(500 * time.Millisecond): // several tries
	}
	exec(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS true`)
	select {
	case <-ran:
	case <-time.After(30 * time.Second):
		t.Fatal("it does not begin")
	}
}
