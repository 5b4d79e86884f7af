package store

import (
	"context"
	"database/sql"
	"slices"

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
	o.Domains, o.Pending, err = domains(ctx, s.read(), p)
	return o, sealed, err
}

// domains are those that a partner has named, and which of them are not approved.
func domains(ctx context.Context, q querier, p tandem.PartnerID) (all, pending []string, err error) {
	all, err = rows(ctx, q, func(r scanner) (d string, err error) {
		var approved bool
		if err = r.Scan(&d, &approved); err == nil && !approved {
			pending = append(pending, d)
		}
		return d, err
	}, `SELECT domain, approved FROM sign_on_domain WHERE partner = $1 ORDER BY domain`, p)
	return all, pending, err
}

// SetSignOn changes how a partner's people sign in elsewhere; without an issuer
// they do not. Domains that stay are as approved as they were; others are if there
// is no other partner. Whom the issuer means is forgotten with the relation to it.
func (s *Store) SetSignOn(ctx context.Context, p tandem.PartnerID, o tandem.SignOn, sealed []byte) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE partner SET name = name WHERE id = $1`, p) // one change after the other
		if err := changed(r, err, "Partner"); err != nil {
			return err
		}
		approved, pending, err := domains(ctx, tx, p)
		if err != nil {
			return err
		}
		approved = slices.DeleteFunc(approved, func(d string) bool { return slices.Contains(pending, d) })
		_, err = tx.ExecContext(ctx, `DELETE FROM sign_on_subject WHERE partner = $1
			AND NOT EXISTS (SELECT 1 FROM single_sign_on WHERE partner = $1 AND issuer = $2 AND client_id = $3)`, p, o.Issuer, o.ClientID)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM single_sign_on WHERE partner = $1`, p); err != nil || o.Issuer == "" {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO single_sign_on (partner, issuer, client_id, sealed, for_console, for_accounts, create_users)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, p, o.Issuer, o.ClientID, sealed, o.Console, o.Accounts, o.CreateUsers)
		if err != nil {
			return err
		}
		for _, d := range o.Domains {
			_, err := tx.ExecContext(ctx, `INSERT INTO sign_on_domain (domain, partner, approved)
				SELECT $1, $2, $3 OR NOT EXISTS (SELECT 1 FROM partner WHERE id <> $2)`, d, p, slices.Contains(approved, d))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DomainClaims are the domains that partners have named, by domain.
func (s *Store) DomainClaims(ctx context.Context) ([]tandem.DomainClaim, error) {
	return rows(ctx, s.read(), func(r scanner) (c tandem.DomainClaim, err error) {
		return c, r.Scan(&c.Domain, &c.Partner, &c.Name, &c.Approved)
	}, `SELECT d.domain, d.partner, p.name, d.approved FROM sign_on_domain d JOIN partner p ON p.id = d.partner ORDER BY d.domain, d.partner`)
}

// ApproveDomain makes a domain that a partner has named that partner's, and no
// other's. Errors: NotFound.
func (s *Store) ApproveDomain(ctx context.Context, p tandem.PartnerID, domain string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE sign_on_domain SET approved = false WHERE domain = $1`, domain); err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `UPDATE sign_on_domain SET approved = true WHERE domain = $1 AND partner = $2`, domain, p)
		return changed(r, err, "Domain")
	})
}

// SignOnPartner is whose people with addresses of a domain sign in to the console
// elsewhere. Errors: NotFound.
func (s *Store) SignOnPartner(ctx context.Context, domain string) (tandem.PartnerID, error) {
	return row(ctx, s.read(), "Single sign-on", scanID[tandem.PartnerID], `SELECT s.partner FROM sign_on_domain d
		JOIN single_sign_on s ON s.partner = d.partner WHERE d.domain = $1 AND d.approved AND s.for_console`, domain)
}

// SignOnPerson is the console user or account user whom an issuer means by a
// subject. Errors: NotFound.
func (s *Store) SignOnPerson(ctx context.Context, kind tandem.SignOnKind, who tandem.SignedOn) (int64, error) {
	return row(ctx, s.read(), "Subject", scanID[int64], `SELECT person FROM sign_on_subject WHERE partner = $1 AND kind = $2 AND issuer = $3 AND subject = $4`,
		who.Partner, string(kind), who.Issuer, who.Subject)
}

// KnowSubject remembers whom an issuer means by a subject. Errors: Conflict (it
// means them by another, or somebody else by this).
func (s *Store) KnowSubject(ctx context.Context, kind tandem.SignOnKind, who tandem.SignedOn, person int64) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO sign_on_subject (partner, kind, issuer, subject, person) VALUES ($1, $2, $3, $4, $5)`,
			who.Partner, string(kind), who.Issuer, who.Subject, person)
		return err
	})
	if s.dialect.Duplicate(err) {
		return &tandem.Error{Code: tandem.Conflict, Message: "This address is known to be of somebody else.", Err: err}
	}
	return err
}

func forgetSubject(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, kind tandem.SignOnKind, person int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM sign_on_subject WHERE partner = $1 AND kind = $2 AND person = $3`, p, string(kind), person)
	return err
}
