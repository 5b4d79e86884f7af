package api

import (
	"context"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// folderShape is a folder of templates.
type folderShape struct {
	ID             tandem.FolderID `json:"Id"`
	Name           string
	ParentFolderID *string   `json:"ParentFolderId" doc:"null: it is at the top."`
	CreatedOnUTC   time.Time `json:"CreatedOnUtc"`
}

func showFolder(f *tandem.Folder) folderShape {
	return folderShape{ID: f.ID, Name: f.Name, ParentFolderID: textOrNull(f.Parent), CreatedOnUTC: f.Created}
}

// shownFolder shows f, unless err.
func shownFolder(f *tandem.Folder, err error) (*object[folderShape], error) {
	if err != nil {
		return nil, err
	}
	return one(showFolder(f), nil)
}

type folderBody struct {
	Name           optional[string]                `json:",omitzero" doc:"Required. Names differ within a folder."`
	ParentFolderID optional[guid[tandem.FolderID]] `json:"ParentFolderId,omitzero" doc:"null: at the top. Folders may be 10 levels deep."`
}

func (b folderBody) update() tandem.FolderUpdate {
	return tandem.FolderUpdate{Name: b.Name.Optional, Parent: idOf(b.ParentFolderID)}
}

// top is what stands for no folder in a query.
const top = "top"

// place reads a query that names a folder, or the top; "" says nothing.
func place(field, text string) (tandem.Optional[tandem.FolderID], error) {
	switch {
	case text == "":
		return tandem.Optional[tandem.FolderID]{}, nil
	case strings.EqualFold(text, top):
		return tandem.Some[tandem.FolderID](""), nil
	}
	id, err := tandem.ParseGUID(field, text)
	return tandem.Some(tandem.FolderID(id)), err
}

func (a *API) listFolders(ctx context.Context, p tandem.PartnerID, in *struct {
	Paging
	Query  string `query:"query" doc:"Part of the name."`
	Parent string `query:"parentFolderId" doc:"Only those right in this folder, or, top, in none."`
},
) (*list[folderShape], error) {
	parent, err := place("parentFolderId", in.Parent)
	if err != nil {
		return nil, err
	}
	found, err := a.services.Folders.List(ctx, p, tandem.FolderFilter{PageRequest: in.request(), Query: in.Query, Parent: parent})
	return page(in.request(), found, err, showFolder)
}

func (a *API) createFolder(ctx context.Context, p tandem.PartnerID, in *struct{ Body folderBody }) (*object[folderShape], error) {
	return shownFolder(a.services.Folders.Create(ctx, p, in.Body.update()))
}

func (a *API) getFolder(ctx context.Context, p tandem.PartnerID, in *FolderPath) (*object[folderShape], error) {
	return shownFolder(a.services.Folders.Get(ctx, p, in.ID.Value))
}

func (a *API) updateFolder(ctx context.Context, p tandem.PartnerID, in *struct {
	FolderPath
	Body folderBody
},
) (*object[folderShape], error) {
	return shownFolder(a.services.Folders.Update(ctx, p, in.ID.Value, in.Body.update()))
}

func (a *API) deleteFolder(ctx context.Context, p tandem.PartnerID, in *struct {
	FolderPath
	MoveTo string `query:"moveTo" doc:"The folder, or top, that takes what is in it. Without this it must be empty."`
},
) (*empty, error) {
	to, err := place("moveTo", in.MoveTo)
	if err != nil {
		return nil, err
	}
	return done(a.services.Folders.Delete(ctx, p, in.ID.Value, to))
}
