package template

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.TemplateFiles = (*Files)(nil)

// FileStore keeps templates that come as files, and gives releases that go.
type FileStore interface {
	// InsertTemplate errors: Invalid (FolderId).
	InsertTemplate(ctx context.Context, t *tandem.Template) error
	// Template errors: NotFound.
	Template(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (tandem.Template, error)
	// TemplateRelease errors: NotFound.
	TemplateRelease(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (tandem.Release, error)
}

// Files is the service that brings templates in and out. It is safe for
// concurrent use.
type Files struct {
	log     *slog.Logger
	store   FileStore
	library Library
}

// NewFiles makes the service.
func NewFiles(log *slog.Logger, store FileStore, library Library) *Files {
	return &Files{log: log, store: store, library: library}
}

// Import implements tandem.TemplateFiles.
func (s *Files) Import(ctx context.Context, p tandem.PartnerID, f tandem.TemplateFile, how tandem.TemplateImport) (*tandem.Template, error) {
	state := tandem.ReleaseLive
	if how.Draft {
		state = tandem.ReleaseDraft
	}
	t := newTemplate(p, tandem.Design{
		Graph: f.Graph, Retention: tandem.Retention{Success: f.StepDataSuccessRetentionHours, Errored: f.StepDataErroredRetentionHours},
	}, state)
	t.Name, t.Description, t.Tags, t.Folder = f.Name, f.Description, f.Tags, how.Folder
	shelf, err := s.library.Shelf(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("import template: %w", err)
	}
	if err := checkFile(shelf, &f, t); err != nil {
		return nil, refused(err)
	}
	if err := s.store.InsertTemplate(ctx, t); err != nil {
		return nil, fmt.Errorf("import template: %w", err)
	}
	s.log.InfoContext(ctx, "template imported", "partner", p, "template", t.ID)
	return t, nil
}

// refused says that a file was not taken, with the field and the reason, as
// the error beneath, for the person too.
func refused(why error) error {
	e := &tandem.Error{Code: tandem.Invalid, Message: "Failed to import template.", Err: why}
	if inner := (*tandem.Error)(nil); errors.As(why, &inner) {
		e.Field = inner.Field
	}
	return e
}

func checkFile(shelf tandem.Shelf, f *tandem.TemplateFile, t *tandem.Template) error {
	if f.Format != tandem.TemplateFileFormat {
		return tandem.Invalidf("Format", "Format: must be %q, not %q.", tandem.TemplateFileFormat, f.Format)
	}
	for i, c := range f.Connectors {
		if err := checkConnector(shelf, fmt.Sprintf("Connectors[%d]", i), c); err != nil {
			return err
		}
	}
	if err := apply(t, tandem.TemplateUpdate{}); err != nil {
		return err
	}
	if len(f.Graph.Steps) == 0 && t.Live() {
		return tandem.Invalidf("Graph.Steps", "Graph.Steps: there are none.")
	}
	return check(shelf, &t.Release.Design)
}

// checkConnector says which release that a file needs is missing, or is another.
func checkConnector(shelf tandem.Shelf, field string, c tandem.FileConnector) error {
	own := ""
	if c.Definition != nil {
		own = c.UniqueIdentifier
	}
	l, err := shelf.Release(tandem.ConnectorRef{Name: c.Name, Version: c.Version, UniqueIdentifier: own})
	if err != nil {
		return notThere(field, c.Name, c.Version, own)
	}
	if c.UniqueIdentifier != "" && !strings.EqualFold(c.UniqueIdentifier, l.UniqueIdentifier) {
		return tandem.Invalidf(field+".UniqueIdentifier", "%s.UniqueIdentifier: connector %s %s is another one in the library, %s.", field, c.Name, c.Version, l.UniqueIdentifier)
	}
	return nil
}

// Export implements tandem.TemplateFiles.
func (s *Files) Export(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (tandem.TemplateFile, error) {
	f, err := s.export(ctx, p, id, release)
	if err != nil {
		return f, fmt.Errorf("export template %s: %w", id, err)
	}
	return f, nil
}

func (s *Files) export(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (f tandem.TemplateFile, err error) {
	t, err := s.store.Template(ctx, p, id)
	if err != nil {
		return f, err
	}
	r := t.Release
	if release != "" {
		r, err = s.store.TemplateRelease(ctx, p, id, release)
	} else if !t.Live() {
		err = notLive(id)
	}
	if err != nil {
		return f, err
	}
	f = tandem.TemplateFile{
		Format: tandem.TemplateFileFormat, Name: t.Name, Description: t.Description, Tags: t.Tags,
		StepDataSuccessRetentionHours: r.Retention.Success, StepDataErroredRetentionHours: r.Retention.Errored, Graph: r.Graph,
	}
	f.Connectors, err = s.connectors(ctx, p, r.Graph.Connectors)
	return f, err
}

// connectors are the releases that refs mean, each once, in the order of names.
func (s *Files) connectors(ctx context.Context, p tandem.PartnerID, refs []tandem.ConnectorRef) ([]tandem.FileConnector, error) {
	shelf, err := s.library.Shelf(ctx, p)
	if err != nil {
		return nil, err
	}
	var all []tandem.FileConnector
	for _, ref := range refs {
		l, err := shelf.Release(ref)
		if err != nil {
			return nil, err
		}
		c := tandem.FileConnector{Name: l.Name, Version: l.Version, UniqueIdentifier: l.UniqueIdentifier}
		if l.Own {
			c.Definition = l.Connector.Unnumbered()
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b tandem.FileConnector) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version), cmp.Compare(a.UniqueIdentifier, b.UniqueIdentifier))
	})
	return slices.CompactFunc(all, func(a, b tandem.FileConnector) bool {
		return a.Name == b.Name && a.Version == b.Version && a.UniqueIdentifier == b.UniqueIdentifier
	}), nil
}
