package store

import (
	"context"
	"database/sql"

	"github.com/tandem-ipaas/tandem"
)

const oauthClientQuery = `SELECT id, partner, name, secret_hash, created_at FROM oauth_client`

const oauthClientName = "OAuth client"

func scanOAuthClient(r scanner) (c tandem.OAuthClient, err error) {
	var created int64
	err = r.Scan(&c.ID, &c.Partner, &c.Name, &c.SecretHash, &created)
	c.Created = instant(created)
	return c, err
}

// OAuthClient errors: NotFound.
func (s *Store) OAuthClient(ctx context.Context, id string) (tandem.OAuthClient, error) {
	return row(ctx, s.read(), oauthClientName, scanOAuthClient, oauthClientQuery+` WHERE id = $1`, id)
}

// OAuthClientOf is OAuthClient for a partner's own. Errors: NotFound.
func (s *Store) OAuthClientOf(ctx context.Context, p tandem.PartnerID, id string) (tandem.OAuthClient, error) {
	return row(ctx, s.read(), oauthClientName, scanOAuthClient, oauthClientQuery+` WHERE partner = $1 AND id = $2`, p, id)
}

// OAuthClients lists a partner's, by name.
func (s *Store) OAuthClients(ctx context.Context, p tandem.PartnerID) ([]tandem.OAuthClient, error) {
	return rows(ctx, s.read(), scanOAuthClient, oauthClientQuery+` WHERE partner = $1 ORDER BY name, id`, p)
}

// CreateOAuthClient errors: Invalid (there are tandem.MaxOAuthClients).
func (s *Store) CreateOAuthClient(ctx context.Context, c tandem.OAuthClient) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		// The partner is held, so that two at once are counted one by one.
		r, err := tx.ExecContext(ctx, `UPDATE partner SET name = name WHERE id = $1`, c.Partner)
		if err := changed(r, err, "Partner"); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM oauth_client WHERE partner = $1`, c.Partner).Scan(&n); err != nil {
			return err
		}
		if n >= tandem.MaxOAuthClients {
			return tandem.Invalidf("", "There can be at most %d OAuth clients. Delete one first.", tandem.MaxOAuthClients)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO oauth_client (id, partner, secret_hash, name, created_at) VALUES ($1, $2, $3, $4, $5)`,
			c.ID, c.Partner, c.SecretHash, c.Name, micros(c.Created))
		return err
	})
}

// RenameOAuthClient errors: NotFound.
func (s *Store) RenameOAuthClient(ctx context.Context, p tandem.PartnerID, id, name string) error {
	return s.change(ctx, oauthClientName, `UPDATE oauth_client SET name = $3 WHERE partner = $1 AND id = $2`, p, id, name)
}

// SetClientSecret gives a client another secret, and forgets its tokens.
// Errors: NotFound.
func (s *Store) SetClientSecret(ctx context.Context, p tandem.PartnerID, id string, hash []byte) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE oauth_client SET secret_hash = $3 WHERE partner = $1 AND id = $2`, p, id, hash)
		if err := changed(r, err, oauthClientName); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM access_token WHERE client = $1`, id)
		return err
	})
}

// DeleteOAuthClient forgets a client with its tokens. Errors: NotFound.
func (s *Store) DeleteOAuthClient(ctx context.Context, p tandem.PartnerID, id string) error {
	return s.change(ctx, oauthClientName, `DELETE FROM oauth_client WHERE partner = $1 AND id = $2`, p, id)
}
