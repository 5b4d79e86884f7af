package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

func (a *API) exportTemplate(ctx context.Context, p tandem.PartnerID, in *struct {
	TemplatePath
	ReleaseID guid[tandem.ReleaseID] `query:"releaseId" doc:"Another release than the live one."`
},
) (*object[tandem.TemplateFile], error) {
	return one(a.services.Files.Export(ctx, p, in.ID.Value, in.ReleaseID.Value))
}

func (a *API) importTemplate(ctx context.Context, p tandem.PartnerID, in *struct {
	FolderID string `query:"folderid" doc:"A folder's GUID."`
	Draft    bool   `query:"draft" doc:"As a draft that is not published, for someone to look at first. Else it is live and published, for which console users need Manage."`
	RawBody  []byte `contentType:"application/json"`
},
) (*object[templateShape], error) {
	if !in.Draft {
		if err := mayPublish(ctx); err != nil {
			return nil, err
		}
	}
	folder, err := a.importFolder(ctx, p, in.FolderID)
	if err != nil {
		return nil, err
	}
	file, err := templateFile(in.RawBody)
	if err != nil {
		return nil, err
	}
	t, err := a.services.Files.Import(ctx, p, file, tandem.TemplateImport{Folder: folder, Draft: in.Draft, NoConnectors: mayAddConnectors(ctx)})
	return a.template(ctx, t, err)
}

// mayAddConnectors says whether who asks may add to the partner's own connectors.
func mayAddConnectors(ctx context.Context) error {
	return tandem.Need{Area: tandem.AreaCustomConnectors, Level: tandem.EditLevel}.Check(by(ctx))
}

// importFolder finds the folder to import to; "" is none.
func (a *API) importFolder(ctx context.Context, p tandem.PartnerID, text string) (tandem.FolderID, error) {
	if text == "" {
		return "", nil
	}
	id, err := tandem.ParseGUID("folderid", text)
	if err != nil {
		return "", &tandem.Error{Code: tandem.Invalid, Field: "folderid", Message: "Folder ID is invalid.", Err: err}
	}
	_, err = a.services.Folders.Get(ctx, p, tandem.FolderID(id))
	if tandem.ErrorCode(err) == tandem.NotFound {
		err = &tandem.Error{Code: tandem.Invalid, Field: "folderid", Message: "Folder with provided ID could not be found.", Err: err}
	}
	return tandem.FolderID(id), err
}

// templateFile reads a file, and takes no property that it does not know.
func templateFile(data []byte) (file tandem.TemplateFile, err error) {
	data = withoutMark(data)
	failed := &tandem.Error{Code: tandem.Invalid, Message: "Failed to import template."}
	if failed.Err = unmarshal(data, &file); failed.Err != nil {
		return file, failed
	}
	if failed.Field = unknownIn(data, new(tandem.TemplateFile)); failed.Field != "" {
		failed.Err = tandem.Invalidf(failed.Field, "%s: a template file has no such property.", failed.Field)
		return file, failed
	}
	return file, nil
}
