package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// membershipColumns are with their tables: what is in deleted accounts is not
// seen, and comes back with them.
const membershipColumns = `a.id, a.api_id, a.name, m.administrator, a.enabled FROM membership m JOIN account a ON a.id = m.account AND a.deleted_at = 0`

// Membership is what a user may do in an account. Errors: NotFound, also when
// the account is suspended or deleted.
func (s *Store) Membership(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, u tandem.UserID) (tandem.Membership, error) {
	return row(ctx, s.read(), userName(u), func(r scanner) (m tandem.Membership, err error) {
		return m, r.Scan(&m.Account, &m.APIID, &m.AccountName, &m.Administrator, &m.Enabled)
	}, `SELECT `+membershipColumns+` WHERE a.partner = $1 AND m.account = $2 AND m.app_user = $3 AND a.enabled`, p, a, u)
}

// Members lists who has access to an account, by username. Errors: Invalid
// (OrderBy).
func (s *Store) Members(ctx context.Context, a tandem.AccountID, f tandem.UserFilter) (tandem.Page[tandem.Member], error) {
	c := &conditions{}
	c.add("m.account = ", a)
	c.add("u.kind < ", builtIn)
	c.search(f.Query)
	found, err := page(ctx, s.read(), func(r scanner) (m tandem.Member, err error) {
		var kind, signedIn int64
		err = r.Scan(&m.ID, &m.Username, &m.FirstName, &m.LastName, &m.Email, &kind, &m.Administrator, &signedIn)
		m.APIUser, m.LastSignInDate = kind != person, moment(signedIn)
		return m, err
	}, `u.id, u.spelling, u.first_name, u.last_name, u.email, u.kind, m.administrator, u.signed_in_at`,
		`membership m JOIN app_user u ON u.id = m.app_user`, c, userOrders, f.PageRequest)
	if err != nil {
		return found, fmt.Errorf("list members of account %d: %w", a, err)
	}
	return found, nil
}

func addMembership(ctx context.Context, tx *sql.Tx, a tandem.AccountID, u tandem.UserID, administrator bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO membership (account, app_user, administrator) VALUES ($1, $2, $3) ON CONFLICT (account, app_user)
		DO UPDATE SET administrator = membership.administrator OR excluded.administrator`, a, u, administrator)
	if err != nil {
		return fmt.Errorf("give user %d access to account %d: %w", u, a, err)
	}
	return nil
}

// replaceMemberships takes what a user had and is not to have, and gives what
// they had not. It leaves alone what they had and keep: of that, others decide.
func replaceMemberships(ctx context.Context, tx *sql.Tx, u tandem.UserID, had, want []tandem.Membership) error {
	for _, m := range without(had, want) {
		if _, err := tx.ExecContext(ctx, `DELETE FROM membership WHERE account = $1 AND app_user = $2`, m.Account, u); err != nil {
			return fmt.Errorf("take user %d access to account %d: %w", u, m.Account, err)
		}
	}
	for _, m := range without(want, had) {
		if err := addMembership(ctx, tx, m.Account, u, m.Administrator); err != nil {
			return err
		}
	}
	return nil
}

// without are those of all in accounts that others are not in.
func without(all, others []tandem.Membership) (left []tandem.Membership) {
	for _, m := range all {
		if !slices.ContainsFunc(others, func(o tandem.Membership) bool { return o.Account == m.Account }) {
			left = append(left, m)
		}
	}
	return left
}

// AddMember gives a user access to an account of the same partner; who has it
// keeps what they have, and gets what is more. Errors: NotFound.
func (s *Store) AddMember(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, u tandem.UserID, administrator bool) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := holdAccount(ctx, tx, p, a); err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `UPDATE app_user SET id = id WHERE partner = $1 AND id = $2`, p, u) // held until it is a member
		if err := changed(r, err, userName(u)); err != nil {
			return err
		}
		return addMembership(ctx, tx, a, u, administrator)
	})
}

// AdmitUser gives the user of u's username standard access to an account of the
// same partner, and gives them as they are. If there is none, u is made, with the
// password hash, and without the email if somebody else has it.
//
// Errors: NotFound (the account).
func (s *Store) AdmitUser(ctx context.Context, a tandem.AccountID, u tandem.User, hash string) (tandem.User, error) {
	kind := person
	if u.APIUser {
		kind = apiUser
	}
	return s.admit(ctx, a, u, kind, hash)
}

// BuiltInUser gives an account its own user, in no list, of a username that
// nobody else can have. Errors: NotFound (the account).
func (s *Store) BuiltInUser(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string) (tandem.User, error) {
	return s.admit(ctx, a, tandem.User{Partner: p, Username: username, CreatedDate: time.Now()}, builtIn, "")
}

func (s *Store) admit(ctx context.Context, a tandem.AccountID, u tandem.User, kind int, hash string) (is tandem.User, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := holdAccount(ctx, tx, u.Partner, a); err != nil {
			return err
		}
		is, err = findOrInsert(ctx, tx, u, kind, hash)
		if err != nil {
			return fmt.Errorf("admit user to account %d: %w", a, err)
		}
		return addMembership(ctx, tx, a, is.ID, false)
	})
	return is, err
}

// findOrInsert finds the user of u's username, also one that another node makes
// meanwhile, or makes u.
func findOrInsert(ctx context.Context, tx *sql.Tx, u tandem.User, kind int, hash string) (tandem.User, error) {
	for _, email := range []string{u.Email, ""} {
		is, err := userOf(ctx, tx, u.Partner, u.Username)
		if !errors.Is(err, sql.ErrNoRows) {
			return is, err
		}
		u.Email = email
		if _, err := insertUser(ctx, tx, &u, kind, hash); err != nil {
			return u, err
		}
	}
	return userOf(ctx, tx, u.Partner, u.Username)
}

// ChangeMember changes what a user of that name may do in an account.
//
// Errors: NotFound, Conflict (too few administrators would be left).
func (s *Store) ChangeMember(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string, c tandem.MemberChange) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := holdAccount(ctx, tx, p, a); err != nil {
			return err
		}
		name := fmt.Sprintf("User %q", username)
		u, err := row(ctx, tx, name, scanID[tandem.UserID], // held: who changes the user meanwhile must not give back what is taken
			`UPDATE app_user SET id = id WHERE partner = $1 AND username = $2 AND kind < $3 RETURNING id`, p, usernameKey(username), builtIn)
		if err != nil {
			return err
		}
		was, err := row(ctx, tx, name, func(r scanner) (was bool, err error) { return was, r.Scan(&was) },
			`SELECT administrator FROM membership WHERE account = $1 AND app_user = $2`, a, u)
		if err != nil {
			return err
		}
		if c.Remove {
			_, err = tx.ExecContext(ctx, `DELETE FROM membership WHERE account = $1 AND app_user = $2`, a, u)
		} else {
			_, err = tx.ExecContext(ctx, `UPDATE membership SET administrator = $3 WHERE account = $1 AND app_user = $2`, a, u, c.Administrator)
		}
		if err != nil || !was {
			return err
		}
		return checkAdministrators(ctx, tx, a, c.Administrators)
	})
}

// checkAdministrators errors: Conflict (an account, which is held, has fewer).
func checkAdministrators(ctx context.Context, tx *sql.Tx, a tandem.AccountID, least int) error {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM membership WHERE account = $1 AND administrator`, a).Scan(&n); err != nil {
		return err
	}
	if n < least {
		return tandem.Conflictf("An account keeps at least one administrator. Make somebody else one first.")
	}
	return nil
}
