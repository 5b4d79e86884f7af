package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// sessionsSwept is how many ended sessions go with each new one.
const sessionsSwept = 10

// CreateSession keeps a session under the hash of its token, gives it its ID,
// and forgets some that have ended.
//
// Errors: Unauthenticated (the password has been changed since).
func (s *Store) CreateSession(ctx context.Context, hash []byte, n *tandem.Session) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := samePassword(ctx, tx, n.Who.ConsoleUser, n.Who.User, n.Passwords); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE id IN
			(SELECT id FROM session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`, micros(n.Created), sessionsSwept)
		if err != nil {
			return err
		}
		id, err := next(ctx, tx, "session")
		if err != nil {
			return err
		}
		n.ID = tandem.SessionID(id)
		_, err = tx.ExecContext(ctx, `INSERT INTO session (id, hash, partner, console_user, account, app_user, created_at, seen_at, expires_at, address, agent)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, n.ID, hash, n.Who.Partner, n.Who.ConsoleUser, n.Who.Account, n.Who.User,
			micros(n.Created), micros(n.Seen), micros(n.Expires), n.Address, n.Agent)
		return err
	})
}

// samePassword holds a person whose password was checked when it was their
// passwords-th; 0: none was. Whoever changes it closes what was opened before, and
// what would be opened after is refused.
//
// Errors: Unauthenticated.
func samePassword(ctx context.Context, tx *sql.Tx, c tandem.ConsoleUserID, u tandem.UserID, passwords int64) error {
	if passwords == 0 {
		return nil
	}
	table, id := "app_user", int64(u)
	if c != 0 {
		table, id = "console_user", int64(c)
	}
	r, err := tx.ExecContext(ctx, `UPDATE `+table+` SET passwords = passwords WHERE id = $1 AND passwords = $2`, id, passwords)
	if err = changed(r, err, "Password"); tandem.ErrorCode(err) == tandem.NotFound {
		return &tandem.Error{Code: tandem.Unauthenticated, Message: "Your password was changed just now. Sign in with the new one.", Err: err}
	}
	return err
}

// liveSessions are those that have not ended, of people who may still be where
// they are, with the rights that they have now.
const liveSessions = ` FROM session s
	LEFT JOIN console_user c ON c.id = s.console_user
	LEFT JOIN membership m ON m.account = s.account AND m.app_user = s.app_user
	LEFT JOIN account a ON a.id = s.account AND a.deleted_at = 0 AND a.enabled
	WHERE s.expires_at > $1 AND (c.id IS NOT NULL OR m.account IS NOT NULL AND a.id IS NOT NULL)`

const sessionColumns = `s.id, s.partner, s.console_user, s.account, s.app_user, s.created_at, s.seen_at, s.expires_at, s.address, s.agent,
	c.full_access, c.permissions, m.administrator`

func scanSession(r scanner) (n tandem.Session, err error) {
	var created, seen, expires int64
	var full, administrator sql.NullBool
	var permissions sql.NullString
	who := &n.Who
	err = r.Scan(&n.ID, &who.Partner, &who.ConsoleUser, &who.Account, &who.User, &created, &seen, &expires, &n.Address, &n.Agent,
		&full, &permissions, &administrator)
	if err != nil {
		return n, err
	}
	n.Created, n.Seen, n.Expires = instant(created), instant(seen), instant(expires)
	who.Session, who.Administrator = n.ID, administrator.Bool
	if who.ConsoleUser != 0 {
		who.Permissions, err = permissionsOf(full.Bool, permissions.String)
	}
	return n, err
}

// permissionsOf reads what a console user's row says of what they may do.
func permissionsOf(full bool, document string) (p tandem.Permissions, err error) {
	if full {
		return tandem.Everything(), nil
	}
	if err := json.Unmarshal([]byte(document), &p); err != nil {
		return p, fmt.Errorf("read permissions: %w", err)
	}
	return p, nil
}

// Session finds a live session by the hash of its token. Errors: NotFound.
func (s *Store) Session(ctx context.Context, hash []byte, now time.Time) (tandem.Session, error) {
	return row(ctx, s.read(), "Session", scanSession, `SELECT `+sessionColumns+liveSessions+` AND s.hash = $2`, micros(now), hash)
}

// TouchSession writes down a session's use, unless it has ended meanwhile.
func (s *Store) TouchSession(ctx context.Context, id tandem.SessionID, seen, expires time.Time) error {
	_, err := s.dialect.Writer().ExecContext(ctx, `UPDATE session SET seen_at = $2, expires_at = $3 WHERE id = $1`, id, micros(seen), micros(expires))
	return err
}

// listedColumns say also of an account user who and where that is.
const listedColumns = sessionColumns + `, a.api_id, a.name, (SELECT u.spelling FROM app_user u WHERE u.id = s.app_user AND u.kind < 2)`

func scanWhere(r scanner) (tandem.Session, error) {
	var account, name, user sql.NullString
	n, err := scanSession(further{r, []any{&account, &name, &user}})
	n.AccountID, n.AccountName, n.Username = account.String, name.String, user.String
	return n, err
}

// further scans what comes behind what it is asked for.
type further struct {
	scanner
	more []any
}

// Scan implements scanner.
func (f further) Scan(dst ...any) error { return f.scanner.Scan(append(dst, f.more...)...) }

// Sessions lists the live sessions of a partner's console users, newest first,
// or those of one of them, or of one account user, or in one account.
func (s *Store) Sessions(ctx context.Context, p tandem.PartnerID, of tandem.Principal, now time.Time) ([]tandem.Session, error) {
	who := ` AND s.console_user <> 0`
	args := []any{micros(now), p}
	switch {
	case of.ConsoleUser != 0:
		who, args = ` AND s.console_user = $3`, append(args, of.ConsoleUser)
	case of.User != 0:
		who, args = ` AND s.console_user = 0 AND s.app_user = $3`, append(args, of.User)
	case of.Account != 0:
		who, args = ` AND s.console_user = 0 AND s.account = $3`, append(args, of.Account)
	}
	return rows(ctx, s.read(), scanWhere, `SELECT `+listedColumns+liveSessions+` AND s.partner = $2`+who+` ORDER BY s.id DESC`, args...)
}

// EndSession forgets a session by the hash of its token, if there is one.
func (s *Store) EndSession(ctx context.Context, hash []byte) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE hash = $1`, hash)
		return err
	})
}

// DeleteSession errors: NotFound.
func (s *Store) DeleteSession(ctx context.Context, p tandem.PartnerID, id tandem.SessionID) error {
	return s.change(ctx, fmt.Sprintf("Session %d", id), `DELETE FROM session WHERE partner = $1 AND id = $2`, p, id)
}

// DeleteSessions forgets all sessions of a person but one.
func (s *Store) DeleteSessions(ctx context.Context, p tandem.PartnerID, of tandem.Principal, but tandem.SessionID) error {
	return s.write(ctx, func(tx *sql.Tx) error { return endSessions(ctx, tx, p, of, but) })
}

func endSessions(ctx context.Context, q querier, p tandem.PartnerID, of tandem.Principal, but tandem.SessionID) error {
	if of.ConsoleUser == 0 && of.User == 0 {
		return errors.New("end sessions: of nobody")
	}
	_, err := q.ExecContext(ctx, `DELETE FROM session WHERE partner = $1 AND console_user = $2 AND app_user = $3 AND id <> $4`, p, of.ConsoleUser, of.User, but)
	return err
}
