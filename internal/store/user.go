package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

func scanText(s scanner) (text string, err error) { return text, s.Scan(&text) }

// Members lists the usernames of an account, sorted.
func (s *Store) Members(ctx context.Context, a tandem.AccountID) ([]string, error) {
	return rows(ctx, s.read(), scanText, `SELECT u.username FROM membership m JOIN app_user u ON u.id = m.app_user
		WHERE m.account = $1 ORDER BY u.username`, a)
}

// AddMember gives a user standard access to an account of the same partner. A
// new user is made with the password hash; that of a known one stays.
//
// Errors: NotFound (the account).
func (s *Store) AddMember(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username, hash string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := holdAccount(ctx, tx, p, a); err != nil {
			return err
		}
		id, err := user(ctx, tx, p, username)
		if errors.Is(err, sql.ErrNoRows) {
			id, err = addUser(ctx, tx, p, username, hash)
		}
		if err != nil {
			return fmt.Errorf("add user to account %d: %w", a, err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO membership (account, app_user, administrator) VALUES ($1, $2, false)
			ON CONFLICT (account, app_user) DO NOTHING`, a, id)
		return err
	})
}

func user(ctx context.Context, q querier, p tandem.PartnerID, username string) (id tandem.UserID, err error) {
	return id, q.QueryRowContext(ctx, `SELECT id FROM app_user WHERE partner = $1 AND username = $2`, p, username).Scan(&id)
}

// addUser makes a user, or finds the one that another node has made meanwhile.
func addUser(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, username, hash string) (tandem.UserID, error) {
	n, err := next(ctx, tx, "user")
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO app_user (id, partner, username, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (partner, username) DO NOTHING`, n, p, username, hash, micros(time.Now()))
	if err != nil {
		return 0, err
	}
	return user(ctx, tx, p, username)
}

// RemoveMember takes a user's access to an account away. Errors: NotFound.
func (s *Store) RemoveMember(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM membership WHERE account = $1
			AND account IN (SELECT id FROM account WHERE partner = $2 AND deleted_at = 0)
			AND app_user IN (SELECT id FROM app_user WHERE partner = $2 AND username = $3)`, a, p, username)
		return changed(r, err, fmt.Sprintf("User %q", username))
	})
}

// SetUserPassword errors: NotFound.
func (s *Store) SetUserPassword(ctx context.Context, p tandem.PartnerID, username, hash string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE app_user SET password_hash = $3 WHERE partner = $1 AND username = $2`, p, username, hash)
		return changed(r, err, fmt.Sprintf("User %q", username))
	})
}
