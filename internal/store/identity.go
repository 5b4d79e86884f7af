package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// CreatePartner makes a partner, its first console user u and OAuth client c,
// and gives their ids.
func (s *Store) CreatePartner(ctx context.Context, name string, u tandem.ConsoleUser, passwordHash string, c tandem.OAuthClient) (tandem.PartnerID, error) {
	var p tandem.PartnerID
	err := s.write(ctx, func(tx *sql.Tx) error {
		n, err := next(ctx, tx, "partner")
		if err != nil {
			return err
		}
		p = tandem.PartnerID(n)
		if _, err := tx.ExecContext(ctx, `INSERT INTO partner (id, name, created_at) VALUES ($1, $2, $3)`, p, name, micros(c.Created)); err != nil {
			return err
		}
		if n, err = next(ctx, tx, "console_user"); err != nil {
			return err
		}
		u.ID, u.Partner, u.Created = tandem.ConsoleUserID(n), p, c.Created
		if err := insertConsoleUser(ctx, tx, u, passwordHash); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO oauth_client (id, partner, secret_hash, name, created_at) VALUES ($1, $2, $3, $4, $5)`,
			c.ID, p, c.SecretHash, c.Name, micros(c.Created))
		return err
	})
	return p, err
}

// tokensSwept is how many expired tokens go with each new one.
const tokensSwept = 10

// SaveToken keeps the hash of a token that client c was given, restricted to
// account a unless 0, and forgets some that are past their time.
//
// Errors: NotFound (the account, or it is disabled); Unauthenticated (the client
// has another secret by now).
func (s *Store) SaveToken(ctx context.Context, hash []byte, c tandem.OAuthClient, a tandem.AccountID, issued, expires time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		// Held: a new secret takes away the tokens that were got by the former.
		r, err := tx.ExecContext(ctx, `UPDATE oauth_client SET name = name WHERE id = $1 AND secret_hash = $2`, c.ID, c.SecretHash)
		if err := changed(r, err, oauthClientName); tandem.ErrorCode(err) == tandem.NotFound {
			return &tandem.Error{Code: tandem.Unauthenticated, Message: "The client has another secret.", Err: err}
		} else if err != nil {
			return err
		}
		if a != 0 {
			r, err := tx.ExecContext(ctx, `UPDATE account SET deleted_at = 0 WHERE partner = $1 AND id = $2 AND deleted_at = 0 AND enabled`, c.Partner, a)
			if err := changed(r, err, "Account"); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM access_token WHERE hash IN
			(SELECT hash FROM access_token WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`, micros(issued), tokensSwept)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO access_token (hash, client, partner, account, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			hash, c.ID, c.Partner, a, micros(issued), micros(expires))
		return err
	})
}

// Token finds whose a token is. Errors: NotFound, also when it is past its
// time, or its account is disabled or deleted.
func (s *Store) Token(ctx context.Context, hash []byte, now time.Time) (tandem.Principal, error) {
	return row(ctx, s.read(), "Token", func(r scanner) (p tandem.Principal, err error) {
		return p, r.Scan(&p.Partner, &p.Account, &p.Client)
	}, `SELECT t.partner, t.account, t.client FROM access_token t
		WHERE t.hash = $1 AND t.expires_at > $2
		AND (t.account = 0 OR EXISTS (SELECT 1 FROM account a WHERE a.id = t.account AND a.deleted_at = 0 AND a.enabled))`, hash, micros(now))
}
