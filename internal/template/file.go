package template

import (
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
	// ImportTemplate adds a template, and connectors to its partner's own, in
	// one commit. Errors: Invalid (FolderId), Conflict (there is such a
	// connector by now).
	ImportTemplate(ctx context.Context, t *tandem.Template, own []tandem.NewConnector) error
	// Template errors: NotFound.
	Template(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (tandem.Template, error)
	// TemplateRelease errors: NotFound.
	TemplateRelease(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, release tandem.ReleaseID) (tandem.Release, error)
}

// FileLibrary brings connectors in and out with the templates that use them.
type FileLibrary interface {
	Library
	// Pack gives the releases that refs mean, each once, in the order of names.
	// Errors: Invalid (one is not there any more, or cannot be used).
	Pack(ctx context.Context, p tandem.PartnerID, refs []tandem.ConnectorRef) ([]tandem.FileConnector, error)
	// Unpack gives the shelf that p has with what a file brings, and what of
	// that is new to p. Errors: Invalid.
	Unpack(ctx context.Context, p tandem.PartnerID, all []tandem.FileConnector) (tandem.Shelf, []tandem.NewConnector, error)
	// Forget has what p has read again.
	Forget(p tandem.PartnerID)
}

// maxConnectors is how many connectors a file may bring.
const maxConnectors = 100

// Files is the service that brings templates in and out. It is safe for
// concurrent use.
type Files struct {
	log     *slog.Logger
	store   FileStore
	library FileLibrary
}

// NewFiles makes the service.
func NewFiles(log *slog.Logger, store FileStore, library FileLibrary) *Files {
	return &Files{log: log, store: store, library: library}
}

// Import implements tandem.TemplateFiles.
func (s *Files) Import(ctx context.Context, p tandem.PartnerID, f tandem.TemplateFile, how tandem.TemplateImport) (*tandem.Template, error) {
	t, err := s.take(ctx, p, f, how, func() error { return nil })
	if err != nil {
		return nil, fmt.Errorf("import template: %w", err)
	}
	return t, nil
}

// take takes a file in, unless first, which is called when nothing is wrong with
// the file, is against it.
func (s *Files) take(ctx context.Context, p tandem.PartnerID, f tandem.TemplateFile, how tandem.TemplateImport, first func() error) (*tandem.Template, error) {
	in, err := s.read(ctx, p, &f, how)
	if err == nil {
		err = first()
	}
	if err != nil {
		return nil, err
	}
	err = s.keep(ctx, in)
	if tandem.ErrorCode(err) == tandem.Conflict {
		// Somebody else has just added a connector of the same name: it may be
		// the same one.
		s.library.Forget(p)
		if in, err = s.read(ctx, p, &f, how); err == nil {
			err = s.keep(ctx, in)
		}
	}
	return in.Template, err
}

// incoming is what a file brings.
type incoming struct {
	*tandem.Template
	connectors []tandem.NewConnector
}

// keep takes in what was read.
func (s *Files) keep(ctx context.Context, in incoming) error {
	if err := s.store.ImportTemplate(ctx, in.Template, in.connectors); err != nil {
		return err
	}
	if len(in.connectors) > 0 {
		s.library.Forget(in.Partner)
	}
	s.log.InfoContext(ctx, "template imported", "partner", in.Partner, "template", in.ID, "connectors", len(in.connectors))
	return nil
}

// read makes a template of a file, and changes nothing.
func (s *Files) read(ctx context.Context, p tandem.PartnerID, f *tandem.TemplateFile, how tandem.TemplateImport) (in incoming, err error) {
	state := tandem.ReleaseLive
	if how.Draft {
		state = tandem.ReleaseDraft
	}
	in.Template = newTemplate(p, tandem.Design{
		Graph: f.Graph, Retention: tandem.Retention{Success: f.StepDataSuccessRetentionHours, Errored: f.StepDataErroredRetentionHours},
	}, state)
	in.Name, in.Description, in.Tags, in.Folder = f.Name, f.Description, f.Tags, how.Folder
	if err := checkFile(f); err != nil {
		return in, refused(err)
	}
	shelf, connectors, err := s.library.Unpack(ctx, p, f.Connectors)
	if err == nil {
		in.connectors = connectors
		err = checkImport(shelf, in.Template)
	}
	if err != nil {
		return in, refused(err)
	}
	if len(connectors) > 0 {
		err = how.NoConnectors
	}
	return in, err
}

// refused says that a file was not taken, with the field and the reason, as
// the error beneath, for the person too.
func refused(why error) error {
	inner := (*tandem.Error)(nil)
	if !errors.As(why, &inner) {
		return why
	}
	return &tandem.Error{Code: tandem.Invalid, Message: "Failed to import template.", Field: inner.Field, Err: why}
}

// checkFile checks what a file says of itself.
func checkFile(f *tandem.TemplateFile) error {
	if f.Format != tandem.TemplateFileFormat {
		return tandem.Invalidf("Format", "Format: must be %q, not %q.", tandem.TemplateFileFormat, f.Format)
	}
	if len(f.Connectors) > maxConnectors {
		return tandem.Invalidf("Connectors", "Connectors: there are %d, and may be %d at most.", len(f.Connectors), maxConnectors)
	}
	for i, c := range f.Connectors {
		used := func(ref tandem.ConnectorRef) bool {
			return ref.Version == c.Version && (strings.EqualFold(ref.UniqueIdentifier, c.UniqueIdentifier) || ref.UniqueIdentifier == "" && strings.EqualFold(ref.Name, c.Name))
		}
		if c.Definition != nil && !slices.ContainsFunc(f.Graph.Connectors, used) {
			return tandem.Invalidf(fmt.Sprintf("Connectors[%d]", i), "Connectors[%d]: the graph does not use connector %s %s.", i, c.Name, c.Version)
		}
	}
	return nil
}

// checkImport checks a template that is not there yet.
func checkImport(shelf tandem.Shelf, t *tandem.Template) error {
	if err := apply(t, tandem.TemplateUpdate{}); err != nil {
		return err
	}
	if len(t.Release.Graph.Steps) == 0 && t.Live() {
		return tandem.Invalidf("Graph.Steps", "Graph.Steps: there are none.")
	}
	return check(shelf, &t.Release.Design)
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
	if f.Connectors, err = s.library.Pack(ctx, p, r.Graph.Connectors); err != nil {
		return f, err
	}
	shelf, err := s.library.Shelf(ctx, p)
	if err == nil {
		strip(shelf, &f.Graph, nil)
	}
	return f, err
}
