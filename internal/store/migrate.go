package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"regexp"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

var gooseDialects = map[string]goose.Dialect{"sqlite": goose.DialectSQLite3, "postgres": goose.DialectPostgres}

// migrationLock keeps two nodes from migrating at once.
const migrationLock = 0x74616e64656d0003

// sharer is a dialect whose database other processes may use too.
type sharer interface {
	Alone(ctx context.Context, lock int64, do func(context.Context) error) error
	Locked(ctx context.Context, lock int64) (bool, error) // somebody runs what has the lock
}

// alone has do run alone where other processes may use the same database.
func alone(ctx context.Context, d Dialect, lock int64, do func(context.Context) error) error {
	if s, ok := d.(sharer); ok {
		return s.Alone(ctx, lock, do)
	}
	return do(ctx)
}

// migrate brings the schema up to date; nodes that start together take turns.
func migrate(ctx context.Context, d Dialect) error {
	return alone(ctx, d, migrationLock, func(ctx context.Context) error { return migrateAlone(ctx, d) })
}

func migrateAlone(ctx context.Context, d Dialect) error {
	all, err := schema(d)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(gooseDialects[d.Name()], d.Writer(), nil, goose.WithGoMigrations(all...))
	if err != nil {
		return err
	}
	have, want, err := versions(ctx, p)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("the schema has version %d, and this program knows %d at most: run a newer tandem", have, want)
	}
	_, err = p.Up(ctx)
	return err
}

func versions(ctx context.Context, p *goose.Provider) (have, want int64, err error) {
	have, err = p.GetDBVersion(ctx)
	for _, s := range p.ListSources() {
		want = max(want, s.Version)
	}
	return have, want, err
}

// schema is the migrations in the dialect's words: comments that are meant for it
// are opened.
func schema(d Dialect) ([]*goose.Migration, error) {
	marked := regexp.MustCompile(`/\*` + d.Name() + `: (.*?) \*/`)
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var all []*goose.Migration
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, err
		}
		up := func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, marked.ReplaceAllString(string(text), "$1"))
			return err
		}
		all = append(all, goose.NewGoMigration(version, &goose.GoFunc{RunTx: up}, nil))
	}
	return all, nil
}
