package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

func scanMarketplace(s scanner) (m tandem.Marketplace, err error) {
	return m, s.Scan(&m.Partner, &m.ID, &m.Name, &m.Description)
}

func marketplaceName(id tandem.MarketplaceID) string { return fmt.Sprintf("Marketplace %d", id) }

var marketplaceOrders = orders{"": {"lower(name)", "id"}, "Name": {"lower(name)", "id"}, "Id": {"id"}}

// Marketplaces lists a partner's by name. Errors: Invalid (OrderBy).
func (s *Store) Marketplaces(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.Marketplace], error) {
	c, err := s.having(ctx, "marketplace", "name || ' ' || description", p, f.Query)
	if err != nil {
		return tandem.Page[tandem.Marketplace]{}, err
	}
	return page(ctx, s.read(), scanMarketplace, "partner, id, name, description", "marketplace", c, marketplaceOrders, f.PageRequest)
}

// Marketplace errors: NotFound.
func (s *Store) Marketplace(ctx context.Context, p tandem.PartnerID, id tandem.MarketplaceID) (tandem.Marketplace, error) {
	return row(ctx, s.read(), marketplaceName(id), scanMarketplace,
		`SELECT partner, id, name, description FROM marketplace WHERE partner = $1 AND id = $2`, p, id)
}

// PutMarketplace changes a marketplace under change, which sees it as it is; one
// with the id 0 is new.
//
// Errors: NotFound, and change's.
func (s *Store) PutMarketplace(ctx context.Context, p tandem.PartnerID, id tandem.MarketplaceID, change func(*tandem.Marketplace) error) (m tandem.Marketplace, err error) {
	m.Partner = p
	err = s.write(ctx, func(tx *sql.Tx) error {
		if id != 0 {
			// The write holds the row until the commit.
			if m, err = row(ctx, tx, marketplaceName(id), scanMarketplace, `UPDATE marketplace SET name = name
				WHERE partner = $1 AND id = $2 RETURNING partner, id, name, description`, p, id); err != nil {
				return err
			}
		}
		if err := change(&m); err != nil {
			return err
		}
		if m.ID != 0 {
			_, err = tx.ExecContext(ctx, `UPDATE marketplace SET name = $3, description = $4 WHERE partner = $1 AND id = $2`, p, m.ID, m.Name, m.Description)
			return err
		}
		n, err := next(ctx, tx, "marketplace")
		if err != nil {
			return err
		}
		m.ID = tandem.MarketplaceID(n)
		_, err = tx.ExecContext(ctx, `INSERT INTO marketplace (partner, id, name, description, created_at) VALUES ($1, $2, $3, $4, $5)`,
			p, m.ID, m.Name, m.Description, micros(time.Now()))
		return err
	})
	return m, err
}

// DeleteMarketplace deletes its packages too. Errors: NotFound.
func (s *Store) DeleteMarketplace(ctx context.Context, p tandem.PartnerID, id tandem.MarketplaceID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM marketplace WHERE partner = $1 AND id = $2`, p, id)
		return changed(r, err, marketplaceName(id))
	})
}

const packageColumns = `id, name, description, templates, place`

func scanPackage(s scanner) (p tandem.Package, err error) {
	var templates []byte
	if err := s.Scan(&p.ID, &p.Name, &p.Description, &templates, &p.Order); err != nil {
		return p, err
	}
	return p, decode(templates, &p.Templates)
}

func packageName(id tandem.PackageID) string { return fmt.Sprintf("Package %d", id) }

// Packages lists a marketplace's, in order.
func (s *Store) Packages(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID) ([]tandem.Package, error) {
	return rows(ctx, s.read(), scanPackage, `SELECT `+packageColumns+` FROM marketplace_package
		WHERE partner = $1 AND marketplace = $2 ORDER BY place, lower(name), id`, p, of)
}

// Package errors: NotFound.
func (s *Store) Package(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID, id tandem.PackageID) (tandem.Package, error) {
	return row(ctx, s.read(), packageName(id), scanPackage, `SELECT `+packageColumns+` FROM marketplace_package
		WHERE partner = $1 AND marketplace = $2 AND id = $3`, p, of, id)
}

// PutPackage changes a package under change, which sees it as it is; one with
// the id 0 is new.
//
// Errors: NotFound (the marketplace too), and change's.
func (s *Store) PutPackage(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID, id tandem.PackageID, change func(*tandem.Package) error) (k tandem.Package, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE marketplace SET name = name WHERE partner = $1 AND id = $2`, p, of) // holds it, so that it stays
		if err := changed(r, err, marketplaceName(of)); err != nil {
			return err
		}
		if id != 0 {
			if k, err = row(ctx, tx, packageName(id), scanPackage, `SELECT `+packageColumns+` FROM marketplace_package
				WHERE partner = $1 AND marketplace = $2 AND id = $3`, p, of, id); err != nil {
				return err
			}
		}
		if err := change(&k); err != nil {
			return err
		}
		return savePackage(ctx, tx, p, of, &k)
	})
	return k, err
}

// savePackage writes k, and numbers it if it is new.
func savePackage(ctx context.Context, tx *sql.Tx, p tandem.PartnerID, of tandem.MarketplaceID, k *tandem.Package) error {
	docs, err := encode(k.Templates)
	if err != nil {
		return err
	}
	if k.ID == 0 {
		n, err := next(ctx, tx, "marketplace_package")
		if err != nil {
			return err
		}
		k.ID = tandem.PackageID(n)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO marketplace_package (partner, marketplace, `+packageColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (partner, marketplace, id) DO UPDATE SET name = excluded.name, description = excluded.description,
			templates = excluded.templates, place = excluded.place`,
		p, of, k.ID, k.Name, k.Description, docs[0], k.Order)
	return err
}

// DeletePackage errors: NotFound.
func (s *Store) DeletePackage(ctx context.Context, p tandem.PartnerID, of tandem.MarketplaceID, id tandem.PackageID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM marketplace_package WHERE partner = $1 AND marketplace = $2 AND id = $3`, p, of, id)
		return changed(r, err, packageName(id))
	})
}
