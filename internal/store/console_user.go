package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/tandem-ipaas/tandem"
)

// consoleUserQuery reads users, with more columns, if need be.
func consoleUserQuery(more string) string {
	return `SELECT u.id, u.partner, u.email, u.name, u.full_access, u.permissions, u.invited, u.created_at, u.passwords, p.name,
		EXISTS (SELECT 1 FROM factor f WHERE f.console_user = u.id AND f.confirmed)` + more + `
		FROM console_user u JOIN partner p ON p.id = u.partner`
}

func scanConsoleUser(r scanner) (u tandem.ConsoleUser, err error) {
	var permissions string
	var created int64
	err = r.Scan(&u.ID, &u.Partner, &u.Email, &u.Name, &u.FullAccess, &permissions, &u.Invited, &created, &u.Passwords, &u.PartnerName, &u.TwoFactor)
	if err != nil {
		return u, err
	}
	u.Created = instant(created)
	u.Permissions, err = permissionsOf(u.FullAccess, permissions)
	return u, err
}

func consoleUserName(id tandem.ConsoleUserID) string { return fmt.Sprintf("Console user %d", id) }

// ConsoleUser errors: NotFound.
func (s *Store) ConsoleUser(ctx context.Context, id tandem.ConsoleUserID) (tandem.ConsoleUser, error) {
	return row(ctx, s.read(), consoleUserName(id), scanConsoleUser, consoleUserQuery("")+` WHERE u.id = $1`, id)
}

// ConsoleUserOf is ConsoleUser for a partner's own. Errors: NotFound.
func (s *Store) ConsoleUserOf(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID) (tandem.ConsoleUser, error) {
	return row(ctx, s.read(), consoleUserName(id), scanConsoleUser, consoleUserQuery("")+` WHERE u.partner = $1 AND u.id = $2`, p, id)
}

var consoleUserOrders = orders{"": {"u.email"}, "Email": {"u.email"}, "Name": {"lower(u.name)", "u.email"}, "CreatedDate": {"u.created_at", "u.id"}}

// ListConsoleUsers lists a partner's, by email. Errors: Invalid (OrderBy).
func (s *Store) ListConsoleUsers(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.ConsoleUser], error) {
	var page tandem.Page[tandem.ConsoleUser]
	by, err := consoleUserOrders.by(f.PageRequest)
	if err != nil {
		return page, err
	}
	c, err := s.having(ctx, "console_user", "name || ' ' || email", p, f.Query)
	if err != nil {
		return page, err
	}
	found := `FROM console_user` + c.where()
	if err := s.read().QueryRowContext(ctx, `SELECT count(*) `+found, c.args...).Scan(&page.Total); err != nil {
		return page, err
	}
	page.Rows, err = rows(ctx, s.read(), scanConsoleUser,
		fmt.Sprintf(`%s WHERE u.id IN (SELECT id %s)%s LIMIT %d OFFSET %d`, consoleUserQuery(""), found, by, f.Limit(), f.Offset()), c.args...)
	return page, err
}

// CreateConsoleUser gives u its ID. Errors: Conflict (the email is taken).
func (s *Store) CreateConsoleUser(ctx context.Context, u *tandem.ConsoleUser) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		n, err := next(ctx, tx, "console_user")
		if err != nil {
			return err
		}
		u.ID = tandem.ConsoleUserID(n)
		return insertConsoleUser(ctx, tx, *u, "")
	})
	if s.dialect.Duplicate(err) {
		return &tandem.Error{Code: tandem.Conflict, Field: "Email", Message: "Email already in use", Err: err}
	}
	return err
}

func insertConsoleUser(ctx context.Context, tx *sql.Tx, u tandem.ConsoleUser, passwordHash string) error {
	permissions, err := json.Marshal(u.Permissions)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO console_user (id, partner, email, name, full_access, permissions, invited, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, u.ID, u.Partner, u.Email, u.Name, u.FullAccess, string(permissions), u.Invited, passwordHash, micros(u.Created))
	return err
}

// ChangeConsoleUser changes name and permissions of a user under change, which
// sees them as they are and cannot be overtaken, or removes the user if it says
// so. Nobody else of the partner's team is changed meanwhile.
//
// Errors: NotFound, Conflict (nobody would have Full Access), and change's.
func (s *Store) ChangeConsoleUser(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID, change func(*tandem.ConsoleUser) (remove bool, err error)) (u tandem.ConsoleUser, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE partner SET name = name WHERE id = $1`, p)
		if err := changed(r, err, "Partner"); err != nil {
			return err
		}
		u, err = row(ctx, tx, consoleUserName(id), scanConsoleUser, consoleUserQuery("")+` WHERE u.partner = $1 AND u.id = $2`, p, id)
		if err != nil {
			return err
		}
		remove, err := change(&u)
		if err != nil {
			return err
		}
		if remove {
			err = deleteConsoleUser(ctx, tx, u)
		} else {
			err = updateConsoleUser(ctx, tx, u)
		}
		if err != nil {
			return err
		}
		return oneHasFullAccess(ctx, tx, p)
	})
	return u, err
}

func updateConsoleUser(ctx context.Context, tx *sql.Tx, u tandem.ConsoleUser) error {
	permissions, err := json.Marshal(u.Permissions)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE console_user SET name = $2, full_access = $3, permissions = $4 WHERE id = $1`,
		u.ID, u.Name, u.FullAccess, string(permissions))
	return err
}

// deleteConsoleUser forgets a user with what hangs on it.
func deleteConsoleUser(ctx context.Context, tx *sql.Tx, u tandem.ConsoleUser) error {
	if err := endSessions(ctx, tx, u.Partner, tandem.Principal{ConsoleUser: u.ID}, 0); err != nil {
		return err
	}
	if err := deleteConsoleTickets(ctx, tx, u.Partner, u.ID); err != nil {
		return err
	}
	if err := forgetSubject(ctx, tx, u.Partner, tandem.ConsoleSignOn, int64(u.ID)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM console_user WHERE id = $1`, u.ID)
	return err
}

// oneHasFullAccess errors: Conflict.
func oneHasFullAccess(ctx context.Context, tx *sql.Tx, p tandem.PartnerID) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM console_user WHERE partner = $1 AND full_access AND NOT invited`, p).Scan(&n)
	if err == nil && n == 0 {
		return tandem.Conflictf("Somebody must keep Full Access.")
	}
	return err
}

// RenameConsoleUser errors: NotFound.
func (s *Store) RenameConsoleUser(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID, name string) error {
	return s.change(ctx, consoleUserName(id), `UPDATE console_user SET name = $3 WHERE partner = $1 AND id = $2`, p, id, name)
}

// ConsoleUserByEmail finds one of a partner's by email, in lower case, with the
// hash of the password.
//
// Errors: NotFound.
func (s *Store) ConsoleUserByEmail(ctx context.Context, p tandem.PartnerID, email string) (u tandem.ConsoleUser, hash string, err error) {
	u, err = row(ctx, s.read(), "Console user", func(r scanner) (tandem.ConsoleUser, error) { return scanConsoleUser(with{r, &hash}) },
		consoleUserQuery(`, u.password_hash`)+` WHERE u.partner = $1 AND u.email = $2`, p, email)
	return u, hash, err
}

// ConsoleUsersByEmail are those of all partners that have an email, with the
// hashes of their passwords: those with a password first, and no more than most.
func (s *Store) ConsoleUsersByEmail(ctx context.Context, email string, most int) (all []tandem.ConsoleUser, hashes []string, err error) {
	all, err = rows(ctx, s.read(), func(r scanner) (tandem.ConsoleUser, error) {
		var hash string
		u, err := scanConsoleUser(with{r, &hash})
		hashes = append(hashes, hash)
		return u, err
	}, consoleUserQuery(`, u.password_hash`)+` WHERE u.email = $1 ORDER BY CASE WHEN u.password_hash = '' THEN 1 ELSE 0 END, u.id LIMIT `+strconv.Itoa(most), email)
	return all, hashes, err
}

// MostConsoleUsers is how many console users with a password there are of the
// email that most have.
func (s *Store) MostConsoleUsers(ctx context.Context) (n int, err error) {
	err = s.read().QueryRowContext(ctx, `SELECT COALESCE(max(n), 0) FROM
		(SELECT count(*) AS n FROM console_user WHERE password_hash <> '' GROUP BY email) AS each`).Scan(&n)
	return n, err
}

// SetConsolePassword gives a user another password. All that the former one
// opened is closed: sessions but one, links, and what is known of browsers.
//
// Errors: NotFound.
func (s *Store) SetConsolePassword(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID, hash string, but tandem.SessionID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE console_user SET password_hash = $3, passwords = passwords + 1, invited = false WHERE partner = $1 AND id = $2`, p, id, hash)
		if err := changed(r, err, consoleUserName(id)); err != nil {
			return err
		}
		return closeAll(ctx, tx, p, id, but)
	})
}

// AcceptInvitation gives who was invited, and comes in by that, a name and a
// password. Errors: NotFound, also when they have come in already.
func (s *Store) AcceptInvitation(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID, name, hash string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE console_user SET password_hash = $3, passwords = passwords + 1, name = $4, invited = false
			WHERE partner = $1 AND id = $2 AND invited`, p, id, hash, name)
		if err := changed(r, err, consoleUserName(id)); err != nil {
			return err
		}
		return closeAll(ctx, tx, p, id, 0)
	})
}

// closeAll closes what a password opened: sessions but one, links, and what is
// known of browsers.
func closeAll(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.ConsoleUserID, but tandem.SessionID) error {
	if err := endSessions(ctx, tx, p, tandem.Principal{ConsoleUser: id}, but); err != nil {
		return err
	}
	if err := deleteConsoleTickets(ctx, tx, p, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM known_device WHERE console_user = $1`, id)
	return err
}

func deleteConsoleTickets(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, id tandem.ConsoleUserID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM ticket WHERE partner = $1 AND console_user = $2`, p, id)
	return err
}

// AcceptConsoleUser writes down that who was invited has come in, by other means
// than the invitation, whose links end.
func (s *Store) AcceptConsoleUser(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE console_user SET invited = false WHERE partner = $1 AND id = $2`, p, id)
		if err := changed(r, err, consoleUserName(id)); err != nil {
			return err
		}
		return deleteConsoleTickets(ctx, tx, p, id)
	})
}
