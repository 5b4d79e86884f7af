package store

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// OnlyPartner is the partner of an installation that has just one.
//
// Errors: NotFound (there are several, or none).
func (s *Store) OnlyPartner(ctx context.Context) (tandem.PartnerID, error) {
	all, err := rows(ctx, s.read(), scanID[tandem.PartnerID], `SELECT id FROM partner ORDER BY id LIMIT 2`)
	if err == nil && len(all) != 1 {
		err = tandem.NotFoundf("The partner could not be found.")
	}
	if err != nil {
		return 0, err
	}
	return all[0], nil
}

// Partner errors: NotFound.
func (s *Store) Partner(ctx context.Context, p tandem.PartnerID) (tandem.Partner, error) {
	return row(ctx, s.read(), partnerName, func(r scanner) (found tandem.Partner, err error) {
		var created int64
		err = r.Scan(&found.ID, &found.Name, &created)
		found.Created = instant(created)
		return found, err
	}, `SELECT id, name, created_at FROM partner WHERE id = $1`, p)
}

// RenamePartner errors: NotFound.
func (s *Store) RenamePartner(ctx context.Context, p tandem.PartnerID, name string) error {
	return s.change(ctx, partnerName, `UPDATE partner SET name = $2 WHERE id = $1`, p, name)
}
