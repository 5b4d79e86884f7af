package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// UserByName finds a user by username, or else a person by email, with the hash
// of the password; "" is of none.
//
// Errors: NotFound.
func (s *Store) UserByName(ctx context.Context, p tandem.PartnerID, name string) (tandem.User, string, error) {
	return s.userWith(ctx, `u.partner = $1 AND (u.username = $2 AND u.kind < $3 OR u.email = $2 AND u.email <> '' AND u.kind = $4)
		ORDER BY CASE WHEN u.username = $2 THEN 0 ELSE 1 END LIMIT 1`, p, usernameKey(name), builtIn, person)
}

// UserByEmail is the person that has an address. Errors: NotFound.
func (s *Store) UserByEmail(ctx context.Context, p tandem.PartnerID, email string) (tandem.User, string, error) {
	return s.userWith(ctx, `u.partner = $1 AND u.email = $2 AND u.email <> '' AND u.kind = $3`, p, email, person)
}

// UserWithPassword errors: NotFound.
func (s *Store) UserWithPassword(ctx context.Context, p tandem.PartnerID, id tandem.UserID) (tandem.User, string, error) {
	return s.userWith(ctx, `u.partner = $1 AND u.id = $2 AND u.kind < $3`, p, id, builtIn)
}

func (s *Store) userWith(ctx context.Context, condition string, args ...any) (tandem.User, string, error) {
	var hash string
	u, err := row(ctx, s.read(), "User", func(r scanner) (tandem.User, error) { return scanUser(with{r, &hash}) },
		`SELECT `+userColumns+`, u.password_hash FROM app_user u WHERE `+condition, args...)
	if err != nil {
		return u, "", err
	}
	all := []tandem.User{u}
	err = s.addAccounts(ctx, s.read(), all)
	return all[0], hash, err
}

// with is a row with one more column.
type with struct {
	scanner
	last any
}

// Scan implements scanner.
func (w with) Scan(dst ...any) error { return w.scanner.Scan(append(dst, w.last)...) }

// SetUserPassword makes hash that of a user, who is a person from then on. All
// that the former one opened is closed: sessions but one, and links.
//
// Errors: NotFound.
func (s *Store) SetUserPassword(ctx context.Context, p tandem.PartnerID, id tandem.UserID, hash string, but tandem.SessionID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE app_user SET password_hash = $3, kind = $4, passwords = passwords + 1
			WHERE partner = $1 AND id = $2 AND kind < $5`, p, id, hash, person, builtIn)
		if err := changed(r, err, userName(id)); err != nil {
			return err
		}
		return closeUser(ctx, tx, p, id, but)
	})
}

// closeUser closes what is open for a user: sessions but one, and links.
func closeUser(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.UserID, but tandem.SessionID) error {
	if err := endSessions(ctx, tx, p, tandem.Principal{User: id}, but); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM ticket WHERE partner = $1 AND app_user = $2`, p, id)
	return err
}

// UserSignedIn notes when a user was last let in. Errors: NotFound.
func (s *Store) UserSignedIn(ctx context.Context, p tandem.PartnerID, id tandem.UserID, at time.Time) error {
	r, err := s.dialect.Writer().ExecContext(ctx, `UPDATE app_user SET signed_in_at = $3 WHERE partner = $1 AND id = $2`, p, id, micros(at))
	return changed(r, err, userName(id))
}

// ClaimReset notes that a user is mailed a link for a new password. Of many at
// once, one gets true; and none if somebody has since the time given.
func (s *Store) ClaimReset(ctx context.Context, p tandem.PartnerID, id tandem.UserID, at, since time.Time) (bool, error) {
	r, err := s.dialect.Writer().ExecContext(ctx, `UPDATE app_user SET reset_at = $3 WHERE partner = $1 AND id = $2 AND reset_at < $4`,
		p, id, micros(at), micros(since))
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
