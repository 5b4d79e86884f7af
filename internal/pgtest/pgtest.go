// Package pgtest gives tests a real PostgreSQL.
//
// [URL] returns the address of a fresh, empty database, which is dropped when
// the test ends. The server is, in this order:
//
//   - the one that the environment names in TANDEM_TEST_POSTGRES, a URL whose
//     user may create databases;
//   - otherwise a cluster made for the purpose in a temporary folder with the
//     PostgreSQL that is installed here, on a free port of the loopback
//     interface, with fsync on as in production, and removed afterwards.
//
// Making a cluster takes a second or two, so tests share one where they can:
// a package whose tests use many databases runs them through [Main], and the
// command pgrun keeps one cluster for all packages of a go test:
//
//	go run ./internal/pgtest/cmd/pgrun go test ./...
//
// [Copy] is for the many tests that begin with the same tables: these are made
// once in a package.
//
// Where PostgreSQL is not installed, tests are skipped; see package skip.
package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem/internal/skip"
)

// Env is the environment variable that names the server to use.
const Env = "TANDEM_TEST_POSTGRES"

// URL returns the address of a fresh, empty database for t, which is dropped
// when t ends, whoever is still connected to it.
func URL(t testing.TB) string {
	t.Helper()
	return database(t, serverURL(t), "")
}

// database makes a database for t on a server, in a way that SQL says.
func database(t testing.TB, server, how string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	name := databaseName(t.Name())
	if err := execute(ctx, server, "CREATE DATABASE "+name+" "+how); err != nil {
		t.Fatalf("make a database for %s: %v", t.Name(), err)
	}
	t.Cleanup(func() {
		// The test's own context is done by now.
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := execute(ctx, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop database %s: %v", name, err)
		}
	})
	return withDatabase(t, server, name)
}

// Main runs a package's tests with one cluster for all of them:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
func Main(m *testing.M) (code int) {
	server := os.Getenv(Env)
	if server == "" {
		cluster, err := Start(context.Background(), Options{})
		if errors.Is(err, ErrNotInstalled) {
			return m.Run() // URL skips or fails, as is right
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "pgtest:", err)
			return 1
		}
		defer cluster.Stop()
		server = cluster.URL()
	}
	templates := "template_" + strings.ToLower(rand.Text()[:16]) + "_"
	if err := errors.Join(os.Setenv(Env, server), os.Setenv(templatesEnv, templates)); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return 1
	}
	code = m.Run()
	if err := dropTemplates(server, templates); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return max(code, 1)
	}
	return code
}

// serverURL is the server to make t's database on, started if need be.
func serverURL(t testing.TB) string {
	t.Helper()
	if u := os.Getenv(Env); u != "" {
		return u
	}
	cluster, err := Start(t.Context(), Options{})
	if errors.Is(err, ErrNotInstalled) {
		skip.Missing(t, "%v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Stop)
	return cluster.URL()
}

// execute runs one statement on a connection of its own.
func execute(ctx context.Context, server, statement string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// databaseName makes a name that tells whose database it is, is unlike every
// other, and needs no quotes.
func databaseName(test string) string {
	test = notInName.ReplaceAllString(strings.ToLower(test), "_")
	test = test[max(0, len(test)-30):]
	return "t_" + test + "_" + strings.ToLower(rand.Text()[:16])
}

func withDatabase(t testing.TB, server, name string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is not a URL: %v", Env, err)
	}
	u.Path = "/" + name
	return u.String()
}
