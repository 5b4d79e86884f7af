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
