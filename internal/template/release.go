package template

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

var _ tandem.Releases = (*Releases)(nil)

// maxNotes is the longest that notes may be, in bytes.
const maxNotes = 64 << 10

// ReleaseStore keeps the releases of templates that are not in the recycle bin.
type ReleaseStore interface {
	// Template errors: NotFound.
	Template(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (tandem.Template, error)
	// TemplateReleases errors: NotFound.
	TemplateReleases(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, page tandem.PageRequest) (tandem.Page[tandem.Release], error)
	// TemplateRelease errors: NotFound.
	TemplateRelease(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (tandem.Release, error)
	// InsertDraft fills in version and author. Errors: NotFound, Conflict.
	InsertDraft(ctx context.Context, p tandem.PartnerID, r *tandem.Release) error
	// ChangeRelease makes deprecated what was live, when change makes the
	// release live. Errors: NotFound, and change's.
	ChangeRelease(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID, change func(*tandem.Release) error) (tandem.Release, error)
	// DeleteDraft errors: NotFound, Conflict.
	DeleteDraft(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) error
}

// Releases is the service of templates' releases. It is safe for concurrent use.
type Releases struct {
	log     *slog.Logger
	store   ReleaseStore
	library Library
}

// NewReleases makes the service.
func NewReleases(log *slog.Logger, store ReleaseStore, library Library) *Releases {
	return &Releases{log: log, store: store, library: library}
}

// newRelease is a draft of a design.
func newRelease(id tandem.TemplateID, d tandem.Design) tandem.Release {
	return tandem.Release{
		Template: id, ID: tandem.ReleaseID(tandem.NewGUID()), State: tandem.ReleaseDraft, Revision: 1, Created: time.Now().UTC().Truncate(time.Microsecond), Design: d,
	}
}

// List implements tandem.Releases.
func (s *Releases) List(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, of tandem.PageRequest) (tandem.Page[tandem.Release], error) {
	page, err := s.store.TemplateReleases(ctx, p, id, of)
	if err != nil {
		return page, fmt.Errorf("list releases of template %s: %w", id, err)
	}
	return page, nil
}

// Get implements tandem.Releases.
func (s *Releases) Get(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (*tandem.Release, error) {
	r, err := s.store.TemplateRelease(ctx, p, id, release)
	if err != nil {
		return nil, fmt.Errorf("get release %s of template %s: %w", release, id, err)
	}
	return &r, nil
}

// Live implements tandem.Releases.
func (s *Releases) Live(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (*tandem.Release, error) {
	t, err := s.store.Template(ctx, p, id)
	if err == nil && !t.Live() {
		err = notLive(id)
	}
	if err != nil {
		return nil, fmt.Errorf("live release of template %s: %w", id, err)
	}
	return &t.Release, nil
}

func notLive(id tandem.TemplateID) error {
	return tandem.NotFoundf("Template %s has no live release.", id)
}

// Draft implements tandem.Releases.
func (s *Releases) Draft(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, d tandem.Design) (*tandem.Release, error) {
	r := newRelease(id, d)
	shelf, err := s.library.Shelf(ctx, p)
	if err == nil {
		err = check(shelf, &r.Design)
	}
	if err == nil {
		err = s.store.InsertDraft(ctx, p, &r)
	}
	if err != nil {
		return nil, fmt.Errorf("draft of template %s: %w", id, err)
	}
	s.log.InfoContext(ctx, "release begun", "partner", p, "template", id, "release", r.ID)
	return &r, nil
}

// Edit implements tandem.Releases.
func (s *Releases) Edit(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID, revision int64, edit func(*tandem.Release)) (*tandem.Release, error) {
	shelf, err := s.library.Shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	r, err := s.store.ChangeRelease(ctx, p, id, release, func(r *tandem.Release) error {
		if err := changeable(r, revision); err != nil {
			return err
		}
		was := *r
		edit(r)
		was.Design, was.Notes = r.Design, r.Notes
		*r = was
		if err := checkNotes(r.Notes); err != nil {
			return err
		}
		return check(shelf, &r.Design)
	})
	if err != nil {
		return nil, fmt.Errorf("edit release %s of template %s: %w", release, id, err)
	}
	return &r, nil
}

// changeable says whether r may be changed by who has read a revision of it; 0:
// whichever it is. Errors: Conflict.
func changeable(r *tandem.Release, revision int64) error {
	switch {
	case r.State != tandem.ReleaseDraft:
		return tandem.Conflictf("The release is %s, and so it is locked.", r.State)
	case revision != 0 && revision != r.Revision:
		return tandem.Conflictf("The draft has been changed since: it is at revision %d.", r.Revision)
	}
	return nil
}

func checkNotes(notes string) error {
	if len(notes) > maxNotes {
		return tandem.Invalidf("Notes", "Notes: may have %d bytes at most.", maxNotes)
	}
	return nil
}

// Promote implements tandem.Releases.
func (s *Releases) Promote(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID, how tandem.Promotion) (*tandem.Release, error) {
	shelf, err := s.library.Shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	r, err := s.store.ChangeRelease(ctx, p, id, release, func(r *tandem.Release) error {
		if err := changeable(r, how.Revision); err != nil {
			return err
		}
		if how.Notes.Set && !how.Notes.Null {
			r.Notes = how.Notes.Value
		}
		if err := checkNotes(r.Notes); err != nil {
			return err
		}
		if len(r.Graph.Steps) == 0 {
			return tandem.Invalidf("Graph.Steps", "Graph.Steps: there are none.")
		}
		r.State, r.Promoted = tandem.ReleaseLive, time.Now().UTC().Truncate(time.Microsecond)
		return check(shelf, &r.Design) // the library may have changed since
	})
	if err != nil {
		return nil, fmt.Errorf("promote release %s of template %s: %w", release, id, err)
	}
	s.log.InfoContext(ctx, "release promoted", "partner", p, "template", id, "release", release)
	return &r, nil
}

// Prerequisites implements tandem.Releases.
func (s *Releases) Prerequisites(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) ([]tandem.Prerequisite, error) {
	shelf, err := s.library.Shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	r, err := s.Get(ctx, p, id, release)
	if err != nil {
		return nil, err
	}
	missing := workflow.CheckTemplate(&r.Graph, shelf.Resolve)
	for i := range missing {
		if missing[i].ObjectType == tandem.ObjectCycle {
			missing[i].ObjectID = string(id) // which stands for the cycles of it
		}
	}
	return missing, nil
}

// Discard implements tandem.Releases.
func (s *Releases) Discard(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) error {
	if err := s.store.DeleteDraft(ctx, p, id, release); err != nil {
		return fmt.Errorf("discard release %s of template %s: %w", release, id, err)
	}
	s.log.InfoContext(ctx, "release discarded", "partner", p, "template", id, "release", release)
	return nil
}
