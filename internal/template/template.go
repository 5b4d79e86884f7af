package template

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

var _ tandem.Templates = (*Templates)(nil)

// Limits of what people type.
const (
	maxTag  = 255 // bytes
	maxTags = 50
)

// Store keeps templates.
type Store interface {
	// InsertTemplate adds a template with its one release, and fills in who
	// made them. Errors: Invalid (FolderId).
	InsertTemplate(ctx context.Context, t *tandem.Template) error
	// Template errors: NotFound.
	Template(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (tandem.Template, error)
	Templates(ctx context.Context, p tandem.PartnerID, f tandem.TemplateFilter) (tandem.Page[tandem.Template], error)
	// UpdateTemplate errors: NotFound, Invalid (FolderId), and change's.
	UpdateTemplate(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, change func(*tandem.Template) error) (tandem.Template, error)
	DeleteTemplate(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, at time.Time) error
	RestoreTemplate(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) error
}

// Library gives the connectors that a partner may use.
type Library interface {
	Shelf(ctx context.Context, p tandem.PartnerID) (tandem.Shelf, error)
}

// Connections lists and installs the connectors of an account.
type Connections interface {
	// List gives the account's own first, then those that it inherits.
	List(ctx context.Context, a tandem.AccountID) ([]tandem.AccountConnector, error)
	Install(ctx context.Context, a tandem.AccountID, c *tandem.LibraryConnector, in tandem.ConnectorInstall) (*tandem.AccountConnector, error)
	// Copy copies a category, unless there is such a copy. Errors: NotFound, Invalid.
	Copy(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, o connector.CategoryCopy) (*tandem.AccountConnector, error)
}

// Cycles takes new cycles in.
type Cycles interface {
	// Add fills in what is new: version, status and time, and an id, if there is
	// none. Errors: Invalid.
	Add(ctx context.Context, c *tandem.Cycle) error
}

// Templates is the service. It is safe for concurrent use.
type Templates struct {
	log         *slog.Logger
	store       Store
	library     Library
	connections Connections
	cycles      Cycles
}

// New makes the service.
func New(log *slog.Logger, store Store, library Library, connections Connections, cycles Cycles) *Templates {
	return &Templates{log: log, store: store, library: library, connections: connections, cycles: cycles}
}

// Create implements tandem.Templates.
func (s *Templates) Create(ctx context.Context, p tandem.PartnerID, u tandem.TemplateUpdate, d tandem.Design) (*tandem.Template, error) {
	t := newTemplate(p, d, tandem.ReleaseDraft)
	if err := apply(t, u); err != nil {
		return nil, fmt.Errorf("create template: %w", err)
	}
	shelf, err := s.library.Shelf(ctx, p)
	if err == nil {
		err = check(shelf, &t.Release.Design)
	}
	if err != nil {
		return nil, fmt.Errorf("create template: %w", err)
	}
	if err := s.store.InsertTemplate(ctx, t); err != nil {
		return nil, fmt.Errorf("create template: %w", err)
	}
	s.log.InfoContext(ctx, "template created", "partner", p, "template", t.ID)
	return t, nil
}

// newTemplate is a template whose first release is in a state.
func newTemplate(p tandem.PartnerID, d tandem.Design, state tandem.ReleaseState) *tandem.Template {
	t := &tandem.Template{ID: tandem.TemplateID(tandem.NewGUID()), Partner: p, Created: time.Now().UTC().Truncate(time.Microsecond)}
	t.Release = newRelease(t.ID, d)
	t.Release.Version, t.Release.State = 1, state
	if state == tandem.ReleaseDraft {
		t.DraftID = t.Release.ID
	} else {
		t.Published, t.Release.Promoted = true, t.Release.Created
	}
	return t
}

// apply changes t. Errors: Invalid.
func apply(t *tandem.Template, u tandem.TemplateUpdate) error {
	u.Name.Apply(&t.Name)
	u.Description.Apply(&t.Description)
	u.Tags.Apply(&t.Tags)
	u.Published.Apply(&t.Published)
	u.Folder.Apply(&t.Folder)
	if err := tandem.CheckName(&t.Name); err != nil {
		return err
	}
	return checkTags(&t.Tags)
}

// checkTags trims tags, and drops those that are empty or there twice, without
// regard to case.
func checkTags(tags *[]string) error {
	var kept []string
	for _, tag := range *tags {
		tag = strings.TrimSpace(tag)
		same := func(other string) bool { return strings.EqualFold(other, tag) }
		if tag == "" || slices.ContainsFunc(kept, same) {
			continue
		}
		if len(tag) > maxTag {
			return tandem.Invalidf("Tags", "Tags: each may have %d bytes at most.", maxTag)
		}
		kept = append(kept, tag)
	}
	if len(kept) > maxTags {
		return tandem.Invalidf("Tags", "Tags: there may be %d at most.", maxTags)
	}
	*tags = kept
	return nil
}

// Get implements tandem.Templates.
func (s *Templates) Get(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (*tandem.Template, error) {
	t, err := s.store.Template(ctx, p, id)
	if err != nil {
		return nil, fmt.Errorf("get template %s: %w", id, err)
	}
	return &t, nil
}

// List implements tandem.Templates.
func (s *Templates) List(ctx context.Context, p tandem.PartnerID, f tandem.TemplateFilter) (tandem.Page[tandem.Template], error) {
	page, err := s.store.Templates(ctx, p, f)
	if err != nil {
		return page, fmt.Errorf("list templates: %w", err)
	}
	return page, nil
}

// Update implements tandem.Templates.
func (s *Templates) Update(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, u tandem.TemplateUpdate) (*tandem.Template, error) {
	t, err := s.store.UpdateTemplate(ctx, p, id, func(t *tandem.Template) error { return apply(t, u) })
	if err != nil {
		return nil, fmt.Errorf("update template %s: %w", id, err)
	}
	return &t, nil
}

// Delete implements tandem.Templates.
func (s *Templates) Delete(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) error {
	if err := s.store.DeleteTemplate(ctx, p, id, time.Now()); err != nil {
		return fmt.Errorf("delete template %s: %w", id, err)
	}
	s.log.InfoContext(ctx, "template deleted", "partner", p, "template", id)
	return nil
}

// Restore implements tandem.Templates.
func (s *Templates) Restore(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (*tandem.Template, error) {
	if err := s.store.RestoreTemplate(ctx, p, id); err != nil {
		return nil, fmt.Errorf("restore template %s: %w", id, err)
	}
	return s.Get(ctx, p, id)
}
