package api

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"

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
	how, err := a.importing(ctx, p, in.Draft, "folderid", in.FolderID)
	if err != nil {
		return nil, err
	}
	file, err := templateFile(in.RawBody)
	if err != nil {
		return nil, err
	}
	t, err := a.services.Files.Import(ctx, p, file, how)
	return a.template(ctx, t, err)
}

// importing says what becomes of a file, if who asks may have that. The folder, ""
// for none, is what a property of the request says.
func (a *API) importing(ctx context.Context, p tandem.PartnerID, draft bool, property, folder string) (how tandem.TemplateImport, err error) {
	if !draft {
		if err := mayPublish(ctx); err != nil {
			return how, err
		}
	}
	how.Draft = draft
	how.NoConnectors = managesCustom(ctx)
	how.Folder, err = a.importFolder(ctx, p, property, folder)
	return how, err
}

// importFolder finds the folder to import to; "" is none.
func (a *API) importFolder(ctx context.Context, p tandem.PartnerID, property, text string) (tandem.FolderID, error) {
	if text == "" {
		return "", nil
	}
	id, err := tandem.ParseGUID(property, text)
	if err != nil {
		return "", &tandem.Error{Code: tandem.Invalid, Field: property, Message: "Folder ID is invalid.", Err: err}
	}
	_, err = a.services.Folders.Get(ctx, p, tandem.FolderID(id))
	if tandem.ErrorCode(err) == tandem.NotFound {
		err = &tandem.Error{Code: tandem.Invalid, Field: property, Message: "Folder with provided ID could not be found.", Err: err}
	}
	return tandem.FolderID(id), err
}

// templateFile reads a file, and takes no property that it does not know.
func templateFile(data []byte) (file tandem.TemplateFile, err error) {
	data = withoutMark(data)
	if json.Unmarshal(data, new(tandem.TemplateFile)) != nil {
		data = loosened(data, reflect.TypeFor[tandem.TemplateFile]())
	}
	if err := unmarshal(data, &file); err != nil {
		field, why, ok := strings.Cut(err.Error(), fieldMark)
		if !ok {
			field, why = "body", err.Error()
		}
		return file, badFile(field, why)
	}
	if field := unknownIn(data, new(tandem.TemplateFile)); field != "" {
		return file, badFile(field, "a template file has no such property.")
	}
	return file, nil
}

// badFile says which property of a file is wrong.
func badFile(field, why string) error {
	return &tandem.Error{Code: tandem.Invalid, Message: "Failed to import template.", Field: field, Err: tandem.Invalidf(field, "%s: %s", field, why)}
}
