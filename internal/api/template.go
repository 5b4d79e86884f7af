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
	FolderID          *string             `json:"FolderId" doc:"null: it is in none."`
	TemplateReleaseID tandem.ReleaseID    `json:"TemplateReleaseId" doc:"The live release; as long as there is none, the draft."`
	ReleaseState      tandem.ReleaseState `doc:"Of that release: Live or Draft."`
	Version           int                 `doc:"Of that release, from 1."`
	DraftReleaseID    *string             `json:"DraftReleaseId" doc:"The release that is being worked on, if there is one."`
	CreatedOnUTC      time.Time           `json:"CreatedOnUtc"`
	CreatedBy         string              `doc:"An email address, or the name of an OAuth client."`
	DeletedOnUTC      *time.Time          `json:"DeletedOnUtc,omitempty" doc:"When it was put into the recycle bin, where it stays for 90 days."`
	Connectors        []usedConnector     `doc:"Of that release."`
	Prerequisites     *[]tandem.SetupItem `json:",omitempty" doc:"If asked for: what a cycle of that release would need."`
	InstalledCount    *int                `json:",omitempty" doc:"If asked for: how many cycles were made of it, in all accounts."`
	UpgradeableCount  *int                `json:",omitempty" doc:"If asked for: how many of these are of another release than the live one."`
	Lost              []tandem.Lost       `json:",omitempty" doc:"Of a cycle that was copied to it: values that stayed behind."`
}

// usedConnector is a connector that a design uses.
type usedConnector struct {
	ID                 tandem.ConnectorID        `json:"Id" doc:"0: it is not in the library."`
	AccountConnectorID tandem.AccountConnectorID `json:"AccountConnectorId" doc:"0: not one of an account."`
	Name               string
	Version            string
	Authenticated      bool
	StepCount          int
	Icon               string `doc:"Empty unless asked for."`
}

// showTemplate shows t and the connectors that it uses, those that are in the
// library with their ids.
func (a *API) showTemplate(ctx context.Context, t *tandem.Template, icons bool) (templateShape, error) {
	s := templateShape{
		ID: t.ID, Name: t.Name, Description: t.Description, Tags: list0(t.Tags), Published: t.Published,
		FolderID: textOrNull(t.Folder), TemplateReleaseID: t.Release.ID, ReleaseState: t.Release.State, Version: t.Release.Version,
		DraftReleaseID: textOrNull(t.DraftID), CreatedOnUTC: t.Created, CreatedBy: t.Author, DeletedOnUTC: timeOrNull(t.Deleted), Connectors: []usedConnector{},
	}
	if t.Installs != nil {
		s.InstalledCount, s.UpgradeableCount = &t.Installs.All, &t.Installs.Older
	}
	shelf, err := a.services.Library.Shelf(ctx, t.Partner)
	if err != nil {
		return s, fmt.Errorf("connectors of template %s: %w", t.ID, err)
	}
	for _, ref := range t.Release.Graph.Connectors {
		u := usedConnector{Name: ref.Name, Version: ref.Version, StepCount: stepCount(t.Release.Graph, ref.Ref)}
		if l, err := shelf.Release(ref); err == nil {
			u.release(l, icons)
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

// timeOrNull is null for no time.
func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// SetupQuery asks for what has to be set up.
type SetupQuery struct {
	Prerequisites bool `query:"includePrerequisites" doc:"With what a cycle of it would need: connectors to authenticate, and values."`
	Optional      bool `query:"includeOptional" doc:"And with the values that the installing customer may choose, but need not."`
	CustomFields  bool `query:"lookupCustomFields" doc:"Custom fields belong to connectors that are installed in an account, so a template by itself has none to look up."`
}

// withSetup adds to s what was asked for of t.
func (a *API) withSetup(ctx context.Context, s *templateShape, t *tandem.Template, q SetupQuery) error {
	if !q.Prerequisites && !q.Optional {
		return nil
	}
	items, err := a.services.Templates.Setup(ctx, t, q.Optional)
	s.Prerequisites = &items
	return err
}

// LibraryQuery shows more than customers see.
type LibraryQuery struct {
	Query       string                `query:"query" doc:"Part of the name."`
	Unpublished bool                  `query:"includeUnpublished" doc:"With templates that are not published, or have no live release yet. Not for who works for one account only; nor are deleted, folderId and includeInstalls."`
	Deleted     bool                  `query:"deleted" doc:"The recycle bin instead."`
	FolderID    guid[tandem.FolderID] `query:"folderId" doc:"Only templates right in this folder."`
	Installs    bool                  `query:"includeInstalls" doc:"With InstalledCount and UpgradeableCount."`
}

// check errors: Forbidden (more than by may see).
func (q LibraryQuery) check(by policy.Reader) error {
	for _, more := range []struct {
		name  string
		asked bool
	}{{"includeUnpublished", q.Unpublished}, {"deleted", q.Deleted}, {"folderId", q.FolderID.Value != ""}, {"includeInstalls", q.Installs}} {
		if more.asked && by.Restricted() {
			return &tandem.Error{Code: tandem.Forbidden, Field: more.name, Message: more.name + ": this is not for who may act in one account only."}
		}
	}
	return nil
}

func (a *API) listTemplates(ctx context.Context, by policy.Reader, in *struct {
	Paging
	DesignQuery
	LibraryQuery
	SetupQuery
},
) (*list[templateShape], error) {
	if err := in.check(by); err != nil {
		return nil, err
	}
	f := tandem.TemplateFilter{
		PageRequest: in.request(), Tag: in.Tag, ConnectorName: in.ConnectorName, ConnectorVersion: in.ConnectorVersion,
		Query: in.Query, Library: in.Unpublished, Deleted: in.Deleted, Installs: in.Installs,
	}
	if in.FolderID.Value != "" {
		f.Folder = tandem.Some(in.FolderID.Value)
	}
	found, err := a.services.Templates.List(ctx, by.Partner, f)
	if err != nil {
		return nil, err
	}
	shapes := tandem.Page[templateShape]{Total: found.Total}
	for i := range found.Rows {
		s, err := a.showTemplate(ctx, &found.Rows[i], in.IncludeIcons)
		if err == nil {
			err = a.withSetup(ctx, &s, &found.Rows[i], in.SetupQuery)
		}
		if by.Restricted() {
			s.forAccounts()
		}
		if err != nil {
			return nil, err
		}
		shapes.Rows = append(shapes.Rows, s)
	}
	return page(in.request(), shapes, nil, same)
}

func (a *API) getTemplate(ctx context.Context, by policy.Reader, in *struct {
	TemplatePath
	SetupQuery
},
) (*object[templateShape], error) {
	t, err := a.findTemplate(ctx, by.Partner, in.ID.Value, by.Restricted())
	shown, err := a.template(ctx, t, err)
	if err != nil {
		return nil, err
	}
	if by.Restricted() {
		shown.Body.forAccounts()
	}
	return shown, a.withSetup(ctx, &shown.Body, t, in.SetupQuery)
}

// findTemplate finds a template; of those that are for accounts only, if restricted.
// Errors: NotFound.
func (a *API) findTemplate(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, restricted bool) (*tandem.Template, error) {
	t, err := a.services.Templates.Get(ctx, p, id)
	if err == nil && restricted && !(t.Published && t.Live()) {
		return nil, tandem.NotFoundf("Template %s could not be found.", id)
	}
	return t, err
}

// forAccounts leaves out what is only for who designs templates.
func (s *templateShape) forAccounts() {
	s.FolderID, s.DraftReleaseID, s.CreatedBy, s.Lost = nil, nil, "", nil
}

func (a *API) installTemplate(ctx context.Context, at policy.Place, in *TemplatePath) (*object[cycleShape], error) {
	if _, err := a.findTemplate(ctx, at.Partner, in.ID.Value, at.Restricted); err != nil {
		return nil, err
	}
	c, err := a.services.Templates.Install(ctx, at.Partner, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}
