package pgtest

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// templatesEnv is what the names of the databases begin with that this package's
// tests copy. [Main] sets it, and drops them at the end.
const templatesEnv = "TANDEM_TEST_POSTGRES_TEMPLATES"

// templateLock keeps two tests from making a template at once.
const templateLock = 0x74616e64656d7467

// Copy is [URL] for a database that begins as fill has left another. Tests of a
// package that runs them through [Main] share that other one, by its name, as a
// copy is made much faster. Fill must close what it opens.
func Copy(t testing.TB, name string, fill func(ctx context.Context, url string) error) string {
	t.Helper()
	prefix, server := os.Getenv(templatesEnv), os.Getenv(Env)
	if prefix == "" || server == "" {
		url := URL(t)
		if err := fill(t.Context(), url); err != nil {
			t.Fatalf("fill a database for %s: %v", t.Name(), err)
		}
		return url
	}
	template := prefix + name
	if err := makeTemplate(t, server, template, fill); err != nil {
		t.Fatalf("make the database %s for tests to copy: %v", template, err)
	}
	return database(t, server, "TEMPLATE "+template)
}

// makeTemplate makes a database to copy, unless it is there.
func makeTemplate(t testing.TB, server, name string, fill func(ctx context.Context, url string) error) error {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) // and with it the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(templateLock)); err != nil {
		return err
	}
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return err
	}
	// Under its name it is whole.
	unfinished := name + "_unfinished"
	for _, step := range []func() error{
		func() error { return drop(ctx, conn, unfinished) },
		func() error { return run(ctx, conn, "CREATE DATABASE "+unfinished) },
		func() error { return fill(ctx, withDatabase(t, server, unfinished)) },
		func() error { return run(ctx, conn, "ALTER DATABASE "+unfinished+" RENAME TO "+name) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// dropTemplates drops the databases whose names begin with prefix.
func dropTemplates(server, prefix string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := drop(ctx, conn, name); err != nil {
			return fmt.Errorf("drop %s: %w", name, err)
		}
	}
	return nil
}

func drop(ctx context.Context, conn *pgx.Conn, name string) error {
	return run(ctx, conn, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
}

func run(ctx context.Context, conn *pgx.Conn, statement string) error {
	_, err := conn.Exec(ctx, statement)
	return err
}
