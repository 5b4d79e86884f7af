package tandem

import "context"

// Revisions tell whether a design has changed, without reading it.
type Revisions interface {
	// ReleaseRevision is that of a template's release. Errors: NotFound.
	ReleaseRevision(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID) (int64, error)
	// CycleRevision is that of a cycle's design. Errors: NotFound.
	CycleRevision(ctx context.Context, a AccountID, id CycleID) (int64, error)
}
