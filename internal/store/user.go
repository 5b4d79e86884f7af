package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// The kinds of users.
const (
	person  = 0
	apiUser = 1
	builtIn = 2 // an account's own; in no list
)

const userColumns = `u.id, u.partner, u.spelling, u.first_name, u.last_name, u.email, u.kind, u.created_at, u.signed_in_at, u.passwords`

func scanUser(s scanner) (u tandem.User, err error) {
	var kind, created, signedIn int64
	err = s.Scan(&u.ID, &u.Partner, &u.Username, &u.FirstName, &u.LastName, &u.Email, &kind, &created, &signedIn, &u.Passwords)
	u.APIUser, u.CreatedDate, u.LastSignInDate = kind != person, instant(created), moment(signedIn)
	return u, err
}

// moment is a time that may never have been.
func moment(us int64) *time.Time {
	if us == 0 {
		return nil
	}
	at := instant(us)
	return &at
}

// usernameKey is what a username is found by: usernames that fold to the same are
// one, and are shown as they were given.
func usernameKey(username string) string { return tandem.Fold(username) }

func userName(id tandem.UserID) string { return fmt.Sprintf("User %d", id) }

// User errors: NotFound.
func (s *Store) User(ctx context.Context, p tandem.PartnerID, id tandem.UserID) (tandem.User, error) {
	u, err := row(ctx, s.read(), userName(id), scanUser, `SELECT `+userColumns+` FROM app_user u WHERE u.partner = $1 AND u.id = $2 AND u.kind < $3`, p, id, builtIn)
	if err != nil {
		return u, err
	}
	all := []tandem.User{u}
	err = s.addAccounts(ctx, s.read(), all)
	return all[0], err
}

var userOrders = orders{
	"": {"u.username"}, "Username": {"u.username"}, "LastName": {"lower(u.last_name)", "u.username"}, "Email": {"u.email", "u.username"},
	"CreatedDate": {"u.created_at", "u.id"}, "LastSignInDate": {"u.signed_in_at", "u.id"},
}

// ListUsers lists the users of a partner, or, unless a is 0, those with access
// to an account, by username.
//
// Errors: Invalid (OrderBy).
func (s *Store) ListUsers(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, f tandem.UserFilter) (tandem.Page[tandem.User], error) {
	c := &conditions{}
	c.add("u.partner = ", p)
	c.add("u.kind < ", builtIn)
	if a != 0 {
		c.add("EXISTS (SELECT 1 FROM membership m WHERE m.app_user = u.id AND m.account = ", a)
		c.all[len(c.all)-1] += ")"
	}
	c.search(f.Query)
	found, err := page(ctx, s.read(), scanUser, userColumns, "app_user u", c, userOrders, f.PageRequest)
	if err != nil {
		return found, fmt.Errorf("list users: %w", err)
	}
	return found, s.addAccounts(ctx, s.read(), found.Rows)
}

// search narrows a list of users to those that have query in one of their names.
func (c *conditions) search(query string) {
	if query != "" {
		c.add("u.search LIKE ", "%"+likeFolded(query)+"%")
		c.all[len(c.all)-1] += ` ESCAPE '\'`
	}
}

// addAccounts says of each user which accounts they have access to.
func (s *Store) addAccounts(ctx context.Context, q querier, users []tandem.User) error {
	if len(users) == 0 {
		return nil
	}
	at := map[tandem.UserID]*tandem.User{}
	var places []string
	var args []any
	for i := range users {
		users[i].Accounts = []tandem.Membership{}
		at[users[i].ID] = &users[i]
		args = append(args, users[i].ID)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	_, err := rows(ctx, q, func(r scanner) (u tandem.UserID, err error) {
		var m tandem.Membership
		if err := r.Scan(&u, &m.Account, &m.APIID, &m.AccountName, &m.Administrator, &m.Enabled); err != nil {
			return u, err
		}
		at[u].Accounts = append(at[u].Accounts, m)
		return u, nil
	}, `SELECT m.app_user, `+membershipColumns+` WHERE m.app_user IN (`+strings.Join(places, ", ")+`) ORDER BY lower(a.name), a.id`, args...)
	if err != nil {
		return fmt.Errorf("list accounts of users: %w", err)
	}
	return nil
}

// CreateUser gives u its ID and keeps it, a person with access to u.Accounts.
//
// Errors: Invalid (Username or Email is in use).
func (s *Store) CreateUser(ctx context.Context, u *tandem.User, hash string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		made, err := insertUser(ctx, tx, u, person, hash)
		if err != nil {
			return err
		}
		if !made {
			return taken(ctx, tx, u)
		}
		for _, m := range u.Accounts {
			if err := addMembership(ctx, tx, m.Account, u.ID, m.Administrator); err != nil {
				return err
			}
		}
		return nil
	})
}

// insertUser makes a user, unless somebody has the username or the email.
func insertUser(ctx context.Context, tx *sql.Tx, u *tandem.User, kind int, hash string) (made bool, err error) {
	n, err := next(ctx, tx, "user")
	if err != nil {
		return false, err
	}
	u.ID, u.APIUser, u.Passwords = tandem.UserID(n), kind != person, 1
	r, err := tx.ExecContext(ctx, `INSERT INTO app_user (id, partner, username, spelling, first_name, last_name, email, search, kind, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
		u.ID, u.Partner, usernameKey(u.Username), u.Username, u.FirstName, u.LastName, u.Email, searched(u), kind, hash, micros(u.CreatedDate))
	if err != nil {
		return false, fmt.Errorf("make user: %w", err)
	}
	count, err := r.RowsAffected()
	return count == 1, err
}

// searched is all that a user is found by.
func searched(u *tandem.User) string {
	return folded(u.Username) + "\n" + folded(u.FirstName+" "+u.LastName) + "\n" + folded(u.Email)
}

// taken says what of u somebody else has.
func taken(ctx context.Context, tx *sql.Tx, u *tandem.User) error {
	switch _, err := userOf(ctx, tx, u.Partner, u.Username); {
	case err == nil:
		return tandem.Invalidf("Username", "Username already in use")
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	return errEmailTaken()
}

func errEmailTaken() error { return tandem.Invalidf("Email", "Email already in use") }

func userOf(ctx context.Context, q querier, p tandem.PartnerID, username string) (tandem.User, error) {
	return scanUser(q.QueryRowContext(ctx, `SELECT `+userColumns+` FROM app_user u WHERE u.partner = $1 AND u.username = $2`, p, usernameKey(username)))
}

// UpdateUser changes names, email and accounts of a user under change, which sees
// them as they are and cannot be overtaken.
//
// Errors: NotFound, Invalid (Email is in use), and change's.
func (s *Store) UpdateUser(ctx context.Context, p tandem.PartnerID, id tandem.UserID, change func(*tandem.User) error) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE app_user SET id = id WHERE partner = $1 AND id = $2 AND kind < $3`, p, id, builtIn)
		if err := changed(r, err, userName(id)); err != nil {
			return err
		}
		u, err := scanUser(tx.QueryRowContext(ctx, `SELECT `+userColumns+` FROM app_user u WHERE u.id = $1`, id))
		if err != nil {
			return err
		}
		had := []tandem.User{u}
		if err := s.addAccounts(ctx, tx, had); err != nil {
			return err
		}
		u.Accounts = had[0].Accounts
		if err := change(&u); err != nil {
			return err
		}
		if err := replaceMemberships(ctx, tx, id, had[0].Accounts, u.Accounts); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE app_user SET first_name = $2, last_name = $3, email = $4, search = $5 WHERE id = $1`,
			id, u.FirstName, u.LastName, u.Email, searched(&u))
		return err
	})
	if s.dialect.Duplicate(err) {
		return errEmailTaken()
	}
	return err
}

// DeleteUser errors: NotFound.
func (s *Store) DeleteUser(ctx context.Context, p tandem.PartnerID, id tandem.UserID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM membership WHERE app_user IN (SELECT id FROM app_user WHERE partner = $1 AND id = $2 AND kind < $3)`, p, id, builtIn)
		if err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `DELETE FROM app_user WHERE partner = $1 AND id = $2 AND kind < $3`, p, id, builtIn)
		if err := changed(r, err, userName(id)); err != nil {
			return err
		}
		if err := forgetSubject(ctx, tx, p, tandem.AccountSignOn, int64(id)); err != nil {
			return err
		}
		return closeUser(ctx, tx, p, id, 0)
	})
}
