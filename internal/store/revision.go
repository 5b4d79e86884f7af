package store

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.Revisions = (*Store)(nil)

// ReleaseRevision implements tandem.Revisions.
func (s *Store) ReleaseRevision(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (int64, error) {
	return row(ctx, s.read(), releaseName(release), scanRevision,
		`SELECT r.revision FROM template_release r JOIN template t ON t.partner = r.partner AND t.id = r.template AND t.deleted_at = 0
		WHERE r.partner = $1 AND r.template = $2 AND r.id = $3`, p, id, release)
}

// CycleRevision implements tandem.Revisions.
func (s *Store) CycleRevision(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (int64, error) {
	return row(ctx, s.read(), cycleName(id), scanRevision,
		`SELECT revision FROM cycle WHERE account = $1 AND id = $2 AND deleted_at = 0`, a, id)
}

func scanRevision(r scanner) (revision int64, err error) {
	err = r.Scan(&revision)
	return revision, err
}
