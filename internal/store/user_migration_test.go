package store

import (
	"testing"
)

// People from before there were addresses get theirs, and nobody gets Full Access
// by an oversight.
func TestPeopleOfOld(t *testing.T) {
	ofOld(t, peopleOfOld, func(t *testing.T, s *Store) {
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

// peopleOfOld are in a database of the version before.
func peopleOfOld(a aged) {
	a.to(12, `INSERT INTO partner (id, name, created_at) VALUES (1, 'p', 5)`,
		`INSERT INTO console_user (id, partner, email, name, password_hash, created_at, full_access) VALUES (1, 1, 'a@x.test', 'a', '', 5, true), (2, 1, 'b@x.test', 'b', '', 5, false)`)
	a.to(20, `INSERT INTO app_user (id, partner, username, password_hash, created_at, kind, email) VALUES
		(1, 1, 'amy@x.test', '', 5, 0, ''), (2, 1, 'ben', '', 5, 0, ''), (3, 1, 'a@b@x.test', '', 5, 0, ''), (4, 1, '@x.test', '', 5, 0, ''),
		(5, 1, 'taken@x.test', '', 5, 0, ''), (6, 1, 'other', '', 5, 0, 'taken@x.test'), (7, 1, 'program@x.test', '', 5, 1, '')`)
}
