package template

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

var _ tandem.Templates = (*Templates)(nil)

// Store keeps templates.
type Store interface {
	InsertTemplate(ctx context.Context, t tandem.Template) error
	// Template errors: NotFound.
	Template(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (tandem.Template, error)
	// Templates lists the published ones.
	Templates(ctx context.Context, p tandem.PartnerID, f tandem.TemplateFilter) (tandem.Page[tandem.Template], error)
}

// Library finds connectors and their methods.
type Library interface {
	// Release errors: NotFound.
	Release(ref tandem.ConnectorRef) (*tandem.LibraryConnector, error)
	// Resolve finds a method by its GUID. Errors: NotFound.
	Resolve(ref tandem.ConnectorRef, method string) (*connector.Connector, *connector.Method, error)
}

// Connections lists and installs the connectors of an account.
type Connections interface {
	// List gives the account's own first, then those that it inherits.
	List(ctx context.Context, a tandem.AccountID) ([]tandem.AccountConnector, error)
	Install(ctx context.Context, a tandem.AccountID, c *tandem.LibraryConnector, in tandem.ConnectorInstall) (*tandem.AccountConnector, error)
}

// Cycles takes new cycles in.
type Cycles interface {
	// Add fills in what is new: id, version, status and time. Errors: Invalid.
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

// Import implements tandem.Templates.
func (s *Templates) Import(ctx context.Context, p tandem.PartnerID, f tandem.TemplateFile) (*tandem.Template, error) {
	f.Name = strings.TrimSpace(f.Name)
	if err := s.check(&f); err != nil {
		return nil, refused(err)
	}
	t := tandem.Template{
		ID: tandem.TemplateID(tandem.NewGUID()), Partner: p, Name: f.Name, Description: f.Description, Tags: f.Tags, Published: true,
		ReleaseID: tandem.ReleaseID(tandem.NewGUID()), Version: 1, Graph: f.Graph, Created: time.Now().UTC(),
	}
	if err := s.store.InsertTemplate(ctx, t); err != nil {
		return nil, fmt.Errorf("import template: %w", err)
	}
	s.log.InfoContext(ctx, "template imported", "partner", p, "template", t.ID)
	return &t, nil
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

// check refuses a file that is not sound. What is left to fill in is for the
// prerequisites of the cycles made of it.
func (s *Templates) check(f *tandem.TemplateFile) error {
	switch {
	case f.Format != tandem.TemplateFileFormat:
		return tandem.Invalidf("Format", "Format: must be %q, not %q.", tandem.TemplateFileFormat, f.Format)
	case f.Name == "":
		return tandem.Invalidf("Name", "Name: is required.")
	case len(f.Graph.Steps) == 0:
		return tandem.Invalidf("Graph.Steps", "Graph.Steps: there are none.")
	}
	for i, ref := range f.Graph.Connectors {
		if _, err := s.library.Release(ref); err != nil {
			field := fmt.Sprintf("Graph.Connectors[%d]", i)
			return tandem.Invalidf(field, "%s: connector %s %s is not in the library.", field, ref.Name, ref.Version)
		}
	}
	if f.Graph.Edges == nil {
		f.Graph.Edges = []tandem.Edge{}
	}
	err := workflow.Validate(&f.Graph, s.library.Resolve)
	if e := (*tandem.Error)(nil); errors.As(err, &e) && e.Field != "" {
		return tandem.Invalidf("Graph."+e.Field, "Graph.%s", e.Message)
	}
	return err
}

// Export implements tandem.Templates.
func (s *Templates) Export(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID) (tandem.TemplateFile, error) {
	t, err := s.store.Template(ctx, p, id)
	if err != nil {
		return tandem.TemplateFile{}, fmt.Errorf("export template %s: %w", id, err)
	}
	return tandem.TemplateFile{Format: tandem.TemplateFileFormat, Name: t.Name, Description: t.Description, Tags: t.Tags, Graph: t.Graph}, nil
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
