package store

import (
	"context"
	"database/sql"

	"github.com/tandem-ipaas/tandem"
)

// SignOn gives how a partner's people sign in elsewhere, with the sealed secret.
// Errors: NotFound.
func (s *Store) SignOn(ctx context.Context, p tandem.PartnerID) (o tandem.SignOn, sealed []byte, err error) {
	_, err = row(ctx, s.read(), "Single sign-on", func(r scanner) (struct{}, error) {
		return struct{}{}, r.Scan(&o.Issuer, &o.ClientID, &sealed, &o.Console, &o.Accounts, &o.CreateUsers)
	}, `SELECT issuer, client_id, sealed, for_console, for_accounts, create_users FROM single_sign_on WHERE partner = $1`, p)
	if err != nil {
		return o, nil, err
	}
	o.Domains, err = rows(ctx, s.read(), scanID[string], `SELECT domain FROM sign_on_domain WHERE partner = $1 ORDER BY domain`, p)
	return o, sealed, err
}

// SetSignOn changes how a partner's people sign in elsewhere; without an issuer
// they do not.
func (s *Store) SetSignOn(ctx context.Context, p tandem.PartnerID, o tandem.SignOn, sealed []byte) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM single_sign_on WHERE partner = $1`, p); err != nil || o.Issuer == "" {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO single_sign_on (partner, issuer, client_id, sealed, for_console, for_accounts, create_users)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, p, o.Issuer, o.ClientID, sealed, o.Console, o.Accounts, o.CreateUsers)
		if err != nil {
			return err
		}
		for _, d := range o.Domains {
			if _, err := tx.ExecContext(ctx, `INSERT INTO sign_on_domain (domain, partner) VALUES ($1, $2)`, d, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// SignOnPartners are those whose people with addresses of a domain sign in
// elsewhere.
func (s *Store) SignOnPartners(ctx context.Context, kind tandem.SignOnKind, domain string) ([]tandem.PartnerID, error) {
	return rows(ctx, s.read(), scanID[tandem.PartnerID], `SELECT s.partner FROM sign_on_domain d JOIN single_sign_on s ON s.partner = d.partner
		WHERE d.domain = $1 AND CASE WHEN $2 = 'console' THEN s.for_console ELSE s.for_accounts END ORDER BY s.partner`, domain, string(kind))
}
