package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"testing/fstest"

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
}

// migrate brings the schema up to date; nodes that start together take turns.
func migrate(ctx context.Context, d Dialect) error {
	if s, ok := d.(sharer); ok {
		return s.Alone(ctx, migrationLock, func(ctx context.Context) error { return migrateAlone(ctx, d) })
	}
	return migrateAlone(ctx, d)
}

func migrateAlone(ctx context.Context, d Dialect) error {
	texts, err := schema(d)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(gooseDialects[d.Name()], d.Writer(), texts)
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

// schema is the migrations in the dialect's words.
func schema(d Dialect) (fs.FS, error) {
	out := fstest.MapFS{}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out[name[len("migrations/"):]] = &fstest.MapFile{Data: []byte(d.Schema(string(text)))}
	}
	return out, nil
}
