package tandem

import (
	"context"
	"time"
)

// MaxFolderDepth is how many levels the tree of folders may have.
const MaxFolderDepth = 10

// Folder is a place for templates in a partner's library.
type Folder struct {
	ID      FolderID  `json:"Id"`
	Partner PartnerID `json:"-"`
	Name    string
	Parent  FolderID // "": at the top
	Created time.Time
}

// FolderUpdate changes a folder, or makes one. What is not set stays.
type FolderUpdate struct {
	Name   Optional[string]
	Parent Optional[FolderID] // null or "": at the top
}

// FolderFilter narrows a list of folders.
type FolderFilter struct {
	PageRequest
	Query  string             // part of the name, without regard to case
	Parent Optional[FolderID] // only those right in it; null or "": at the top
}

// Folders is the tree of folders of a partner. Names differ within a folder,
// without regard to case.
type Folders interface {
	// Create errors: Invalid (Name, ParentFolderId).
	Create(ctx context.Context, p PartnerID, u FolderUpdate) (*Folder, error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id FolderID) (*Folder, error)
	List(ctx context.Context, p PartnerID, f FolderFilter) (Page[Folder], error)
	// Update renames and moves. Errors: NotFound, Invalid (Name,
	// ParentFolderId, which may not be the folder itself nor beneath it).
	Update(ctx context.Context, p PartnerID, id FolderID, u FolderUpdate) (*Folder, error)
	// Delete moves what is in the folder to another, or, null or "", to the top;
	// if to is not set the folder must be empty. Errors: NotFound, Invalid
	// (to, a name that is there twice), Conflict (not empty).
	Delete(ctx context.Context, p PartnerID, id FolderID, to Optional[FolderID]) error
}
