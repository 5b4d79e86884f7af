package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// templateBody is what may be said of a template.
type templateBody struct {
	Name        optional[string]                `json:",omitzero" doc:"Required."`
	Description optional[string]                `json:",omitzero"`
	Tags        optional[[]string]              `json:",omitzero"`
	Published   optional[bool]                  `json:",omitzero" doc:"Offer it to customers, once it has a live release. Console users need Manage for it."`
	FolderID    optional[guid[tandem.FolderID]] `json:"FolderId,omitzero" doc:"null: in no folder."`
}

func (b templateBody) update() tandem.TemplateUpdate {
	return tandem.TemplateUpdate{
		Name: b.Name.Optional, Description: b.Description.Optional, Tags: b.Tags.Optional, Published: b.Published.Optional, Folder: idOf(b.FolderID),
	}
}

// idOf is an optional id, as services know it.
func idOf[T ~string](o optional[guid[T]]) tandem.Optional[T] {
	return tandem.Optional[T]{Set: o.Set, Null: o.Null, Value: o.Value.Value}
}

// mayPublish says whether who asks may put templates before customers.
func mayPublish(ctx context.Context) error {
	return tandem.Need{Area: tandem.AreaTemplates, Level: tandem.ManageLevel}.Check(by(ctx))
}

func (a *API) createTemplate(ctx context.Context, p tandem.PartnerID, in *struct{ Body templateBody }) (*object[templateShape], error) {
	if in.Body.Published.Value {
		if err := mayPublish(ctx); err != nil {
			return nil, err
		}
	}
	t, err := a.services.Templates.Create(ctx, p, in.Body.update(), tandem.Design{})
	return a.template(ctx, t, err)
}

func (a *API) updateTemplate(ctx context.Context, p tandem.PartnerID, in *struct {
	TemplatePath
	Body templateBody
},
) (*object[templateShape], error) {
	if in.Body.Published.Set {
		if err := mayPublish(ctx); err != nil {
			return nil, err
		}
	}
	t, err := a.services.Templates.Update(ctx, p, in.ID.Value, in.Body.update())
	return a.template(ctx, t, err)
}

func (a *API) deleteTemplate(ctx context.Context, p tandem.PartnerID, in *TemplatePath) (*empty, error) {
	return done(a.services.Templates.Delete(ctx, p, in.ID.Value))
}

func (a *API) restoreTemplate(ctx context.Context, p tandem.PartnerID, in *TemplatePath) (*object[templateShape], error) {
	t, err := a.services.Templates.Restore(ctx, p, in.ID.Value)
	return a.template(ctx, t, err)
}
