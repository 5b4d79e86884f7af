package api

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

type templateShape struct {
	ID                tandem.TemplateID `json:"Id"`
	Name              string
	Description       string
	Tags              []string
	Published         bool
	TemplateReleaseID tandem.ReleaseID `json:"TemplateReleaseId" doc:"The live release."`
	Version           int              `doc:"Of the live release, from 1."`
	CreatedOnUTC      time.Time        `json:"CreatedOnUtc"`
	Connectors        []usedConnector
	Lost              []tandem.Lost `json:",omitempty" doc:"Of a cycle that was copied to it: values that stayed behind."`
}

// usedConnector is a connector that a design uses.
type usedConnector struct {
	ID                 tandem.ConnectorID        `json:"Id,omitempty"`
	AccountConnectorID tandem.AccountConnectorID `json:"AccountConnectorId,omitempty"`
	Name               string
	Version            string
	Authenticated      bool
	StepCount          int
	Icon               string `json:",omitempty"`
}

// showTemplate shows t and the connectors that it uses, those that are in the
// library with their ids.
func (a *API) showTemplate(ctx context.Context, t *tandem.Template, icons bool) (templateShape, error) {
	s := templateShape{
		ID: t.ID, Name: t.Name, Description: t.Description, Tags: list0(t.Tags), Published: t.Published,
		TemplateReleaseID: t.Release.ID, Version: t.Release.Version, CreatedOnUTC: t.Created, Connectors: []usedConnector{},
	}
	for _, ref := range t.Release.Graph.Connectors {
		u := usedConnector{Name: ref.Name, Version: ref.Version, StepCount: stepCount(t.Release.Graph, ref.Ref)}
		found, err := a.services.Library.ByName(ctx, t.Partner, ref.Name, ref.Version)
		if err != nil {
			return s, fmt.Errorf("connectors of template %s: %w", t.ID, err)
		}
		if len(found) > 0 {
			u.release(&found[0], icons)
		}
		s.Connectors = append(s.Connectors, u)
	}
	return s, nil
}

// release says which release of the library u is.
func (u *usedConnector) release(l *tandem.LibraryConnector, icons bool) {
	u.ID = l.ID
	if icons {
		u.Icon = l.Icon
	}
}

// template shows t, unless err.
func (a *API) template(ctx context.Context, t *tandem.Template, err error) (*object[templateShape], error) {
	if err != nil {
		return nil, err
	}
	return one(a.showTemplate(ctx, t, true))
}

// stepCount is how many steps use a connector.
func stepCount(g tandem.Graph, ref string) (n int) {
	for _, s := range g.Steps {
		if s.Connector == ref {
			n++
		}
	}
	return n
}

func (a *API) listTemplates(ctx context.Context, p tandem.PartnerID, in *struct {
	Paging
	DesignQuery
},
) (*list[templateShape], error) {
	found, err := a.services.Templates.List(ctx, p, tandem.TemplateFilter{
		PageRequest: in.request(), Tag: in.Tag, ConnectorName: in.ConnectorName, ConnectorVersion: in.ConnectorVersion,
	})
	if err != nil {
		return nil, err
	}
	shapes := tandem.Page[templateShape]{Total: found.Total}
	for i := range found.Rows {
		s, err := a.showTemplate(ctx, &found.Rows[i], in.IncludeIcons)
		if err != nil {
			return nil, err
		}
		shapes.Rows = append(shapes.Rows, s)
	}
	return page(in.request(), shapes, nil, same)
}

func (a *API) getTemplate(ctx context.Context, p tandem.PartnerID, in *TemplatePath) (*object[templateShape], error) {
	t, err := a.services.Templates.Get(ctx, p, in.ID.Value)
	return a.template(ctx, t, err)
}

func (a *API) exportTemplate(ctx context.Context, p tandem.PartnerID, in *TemplatePath) (*object[tandem.TemplateFile], error) {
	return one(a.services.Files.Export(ctx, p, in.ID.Value, ""))
}

func (a *API) importTemplate(ctx context.Context, p tandem.PartnerID, in *struct {
	FolderID string `query:"folderid" doc:"A folder's GUID."`
	RawBody  []byte `contentType:"application/json"`
},
) (*object[templateShape], error) {
	if in.FolderID != "" {
		if _, err := tandem.ParseGUID("folderid", in.FolderID); err != nil {
			return nil, &tandem.Error{Code: tandem.Invalid, Field: "folderid", Message: "Folder ID is invalid.", Err: err}
		}
		// There are no folders yet, so that none can be found.
		return nil, tandem.Invalidf("folderid", "Folder with provided ID could not be found.")
	}
	var file tandem.TemplateFile
	if err := unmarshal(in.RawBody, &file); err != nil {
		return nil, &tandem.Error{Code: tandem.Invalid, Message: "Failed to import template.", Err: err}
	}
	if name := unknownIn(in.RawBody, new(tandem.TemplateFile)); name != "" {
		return nil, tandem.Invalidf(name, "Failed to import template. %s: a template file has no such property.", name)
	}
	t, err := a.services.Files.Import(ctx, p, file, tandem.TemplateImport{})
	return a.template(ctx, t, err)
}

func (a *API) installTemplate(ctx context.Context, at policy.Place, in *TemplatePath) (*object[cycleShape], error) {
	c, err := a.services.Templates.Install(ctx, at.Partner, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}
