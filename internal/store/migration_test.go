package store

import (
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// aged is a database whose migrations are run one after the other, with rows put
// in between.
type aged struct {
	t  *testing.T
	d  Dialect
	up *goose.Provider
}

// to migrates up to a version, and then executes statements.
func (a aged) to(version int64, statements ...string) {
	a.t.Helper()
	if _, err := a.up.UpTo(a.t.Context(), version); err != nil {
		a.t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := a.d.Writer().ExecContext(a.t.Context(), statement); err != nil {
			a.t.Fatalf("%s: %v", statement, err)
		}
	}
}

// ofOld makes a database as it was, on either kind, and opens it as it is now.
func ofOld(t *testing.T, fill func(aged), check func(*testing.T, *Store)) {
	for name, url := range map[string]func(*testing.T) string{"SQLite": func(*testing.T) string { return "" }, "Postgres": func(t *testing.T) string { return pgtest.URL(t) }} {
		t.Run(name, func(t *testing.T) {
			url, dir := url(t), t.TempDir()
			age(t, url, dir, fill)
			s, err := Open(t.Context(), url, dir)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			check(t, s)
		})
	}
}

func age(t *testing.T, url, dir string, fill func(aged)) {
	t.Helper()
	d, err := open(t.Context(), url, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	all, err := schema(d)
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(gooseDialects[d.Name()], d.Writer(), nil, goose.WithGoMigrations(all...))
	if err != nil {
		t.Fatal(err)
	}
	fill(aged{t, d, p})
}
