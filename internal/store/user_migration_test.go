package store

import (
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// People from before there were addresses get theirs, and nobody gets Full Access
// by an oversight.
func TestPeopleOfOld(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{"SQLite": func(*testing.T) string { return "" }, "Postgres": func(t *testing.T) string { return pgtest.URL(t) }} {
		t.Run(name, func(t *testing.T) {
			url, dir := url(t), t.TempDir()
			peopleOfOld(t, url, dir)
			s, err := Open(t.Context(), url, dir)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for name, email := range map[string]string{"amy@x.test": "amy@x.test", "ben": "", "a@b@x.test": "", "@x.test": "", "taken@x.test": "", "other": "taken@x.test", "program@x.test": ""} {
				if u, err := userOf(t.Context(), s.read(), 1, name); err != nil || u.Email != email {
					t.Errorf("%s: %q, %v; want %q", name, u.Email, err, email)
				}
			}
			for id, full := range map[int]bool{1: true, 2: false} {
				var is bool
				if err := s.read().QueryRowContext(t.Context(), `SELECT full_access FROM console_user WHERE id = $1`, id).Scan(&is); err != nil || is != full {
					t.Errorf("console user %d: full access %v, %v", id, is, err)
				}
			}
			const forgetful = `INSERT INTO console_user (id, partner, email, name, password_hash, created_at) VALUES (3, 1, 'c@x.test', 'c', '', 5)`
			if _, err := s.dialect.Writer().ExecContext(t.Context(), forgetful); err != nil {
				t.Fatal(err)
			}
			var full bool
			if err := s.read().QueryRowContext(t.Context(), `SELECT full_access FROM console_user WHERE id = 3`).Scan(&full); err != nil || full {
				t.Errorf("of whom nothing was said: full access %v, %v", full, err)
			}
		})
	}
}

// peopleOfOld makes a database of the version before, with people.
func peopleOfOld(t *testing.T, url, dir string) {
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
	exec := func(statements ...string) {
		t.Helper()
		for _, statement := range statements {
			if _, err := d.Writer().ExecContext(t.Context(), statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
	}
	if _, err := p.UpTo(t.Context(), 12); err != nil {
		t.Fatal(err)
	}
	exec(`INSERT INTO partner (id, name, created_at) VALUES (1, 'p', 5)`,
		`INSERT INTO console_user (id, partner, email, name, password_hash, created_at, full_access) VALUES (1, 1, 'a@x.test', 'a', '', 5, true), (2, 1, 'b@x.test', 'b', '', 5, false)`)
	if _, err := p.UpTo(t.Context(), 20); err != nil {
		t.Fatal(err)
	}
	exec(`INSERT INTO app_user (id, partner, username, password_hash, created_at, kind, email) VALUES
		(1, 1, 'amy@x.test', '', 5, 0, ''), (2, 1, 'ben', '', 5, 0, ''), (3, 1, 'a@b@x.test', '', 5, 0, ''), (4, 1, '@x.test', '', 5, 0, ''),
		(5, 1, 'taken@x.test', '', 5, 0, ''), (6, 1, 'other', '', 5, 0, 'taken@x.test'), (7, 1, 'program@x.test', '', 5, 1, '')`)
}
