package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem/internal/skip"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

func connect(t *testing.T, server string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestURLGivesADatabaseOfOnesOwn(t *testing.T) {
	one, two := connect(t, URL(t)), connect(t, URL(t))
	if _, err := one.Exec(t.Context(), "CREATE TABLE thing (id bigint)"); err != nil {
		t.Fatal(err)
	}
	var tables int
	const count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
	if err := two.QueryRow(t.Context(), count).Scan(&tables); err != nil {
		t.Fatal(err)
	}
	if tables != 0 {
		t.Errorf("a fresh database has %d tables, want none", tables)
	}
	var fsync string
	if err := two.QueryRow(t.Context(), "SHOW fsync").Scan(&fsync); err != nil || fsync != "on" {
		t.Errorf("fsync = %q, %v; want on, as in production", fsync, err)
	}
}

func TestURLDropsTheDatabaseAtTheEnd(t *testing.T) {
	var name string
	server := serverURL(t)
	t.Setenv(Env, server)
	t.Run("user", func(t *testing.T) {
		u, err := url.Parse(URL(t))
		if err != nil {
			t.Fatal(err)
		}
		name = strings.TrimPrefix(u.Path, "/")
		connect(t, u.String()) // still connected when the database is dropped
	})
	var left int
	row := connect(t, server).QueryRow(t.Context(), "SELECT count(*) FROM pg_database WHERE datname = $1", name)
	if err := row.Scan(&left); err != nil || left != 0 || name == "" {
		t.Errorf("database %q: %d left, %v; want it dropped", name, left, err)
	}
}

func TestDatabaseNameNeedsNoQuotes(t *testing.T) {
	a := databaseName("TestStore/PostgreSQL/a very long name, \"quoted\"; DROP TABLE x")
	b := databaseName("TestStore/PostgreSQL/a very long name, \"quoted\"; DROP TABLE x")
	if notInName.MatchString(strings.ReplaceAll(a, "_", "")) || len(a) > 63 || a == b {
		t.Errorf("names %q and %q: want them plain, short and different", a, b)
	}
}

func TestStopEndsTheServerAndLeavesNothing(t *testing.T) {
	c := startCluster(t)
	if err := execute(t.Context(), c.URL(), "SELECT 1"); err != nil {
		t.Fatal(err)
	}
	c.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := execute(ctx, c.URL(), "SELECT 1"); err == nil {
		t.Error("the server still answers after Stop")
	}
	if _, err := os.Stat(c.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("folder %s is still there: %v", c.dir, err)
	}
}

func TestStartReportsWhatPostgreSQLSays(t *testing.T) {
	needPostgreSQL(t)
	_, err := Start(t.Context(), Options{Settings: []string{"no_such_setting=1"}})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("error %v; want it to name the setting", err)
	}
}

func needPostgreSQL(t *testing.T) {
	t.Helper()
	if _, err := binaries(); err != nil {
		skip.Missing(t, "%v", err)
	}
}

func startCluster(t *testing.T) *Cluster {
	t.Helper()
	needPostgreSQL(t)
	c, err := Start(t.Context(), Options{Settings: []string{"fsync=off"}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCopyFillsOnce(t *testing.T) {
	needPostgreSQL(t)
	filled := 0
	fill := func(ctx context.Context, url string) error {
		filled++
		return execute(ctx, url, "CREATE TABLE thing (id bigint)")
	}
	one, two := connect(t, Copy(t, "thing", fill)), connect(t, Copy(t, "thing", fill))
	if _, err := one.Exec(t.Context(), "INSERT INTO thing VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := two.QueryRow(t.Context(), "SELECT count(*) FROM thing").Scan(&rows); err != nil || rows != 0 || filled != 1 {
		t.Errorf("%d rows of the other's, %v; filled %d times, want once", rows, err, filled)
	}
}

func TestMainDropsWhatWasCopied(t *testing.T) {
	server := serverURL(t)
	t.Setenv(Env, server)
	t.Setenv(templatesEnv, "dropped_"+strings.ToLower(rand.Text()[:16])+"_")
	half := errors.New("half way")
	if err := makeTemplate(t, server, os.Getenv(templatesEnv)+"half", func(context.Context, string) error { return half }); !errors.Is(err, half) {
		t.Errorf("filled half: %v", err)
	}
	connect(t, Copy(t, "whole", func(context.Context, string) error { return nil }))
	left := func() (n int) {
		const count = "SELECT count(*) FROM pg_database WHERE starts_with(datname, $1)"
		if err := connect(t, server).QueryRow(t.Context(), count, os.Getenv(templatesEnv)).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left(); n != 2 {
		t.Errorf("%d databases to copy, want the whole and the half", n)
	}
	if err := dropTemplates(server, os.Getenv(templatesEnv)); err != nil || left() != 0 {
		t.Errorf("%d are left, %v", left(), err)
	}
}
