package template

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.Folders = (*Folders)(nil)

// FolderStore keeps folders.
type FolderStore interface {
	// Folder errors: NotFound.
	Folder(ctx context.Context, p tandem.PartnerID, id tandem.FolderID) (tandem.Folder, error)
	Folders(ctx context.Context, p tandem.PartnerID, f tandem.FolderFilter) (tandem.Page[tandem.Folder], error)
	// InsertFolder errors: Invalid (Name, ParentFolderId).
	InsertFolder(ctx context.Context, f tandem.Folder) error
	// UpdateFolder errors: NotFound, Invalid (Name, ParentFolderId), and change's.
	UpdateFolder(ctx context.Context, p tandem.PartnerID, id tandem.FolderID, change func(*tandem.Folder) error) (tandem.Folder, error)
	// DeleteFolder errors: NotFound, Invalid (MoveTo), Conflict (not empty).
	DeleteFolder(ctx context.Context, p tandem.PartnerID, id tandem.FolderID, to tandem.Optional[tandem.FolderID]) error
}

// Folders is the service of the library's folders.
type Folders struct{ store FolderStore }

// NewFolders makes the service.
func NewFolders(store FolderStore) *Folders { return &Folders{store} }

// Create implements tandem.Folders.
func (s *Folders) Create(ctx context.Context, p tandem.PartnerID, u tandem.FolderUpdate) (*tandem.Folder, error) {
	f := tandem.Folder{Partner: p, ID: tandem.FolderID(tandem.NewGUID()), Created: time.Now().UTC().Truncate(time.Microsecond)}
	err := applyFolder(&f, u)
	if err == nil {
		err = s.store.InsertFolder(ctx, f)
	}
	if err != nil {
		return nil, fmt.Errorf("create folder: %w", err)
	}
	return &f, nil
}

func applyFolder(f *tandem.Folder, u tandem.FolderUpdate) error {
	u.Name.Apply(&f.Name)
	u.Parent.Apply(&f.Parent)
	return tandem.CheckName(&f.Name)
}

// Get implements tandem.Folders.
func (s *Folders) Get(ctx context.Context, p tandem.PartnerID, id tandem.FolderID) (*tandem.Folder, error) {
	f, err := s.store.Folder(ctx, p, id)
	if err != nil {
		return nil, fmt.Errorf("get folder %s: %w", id, err)
	}
	return &f, nil
}

// List implements tandem.Folders.
func (s *Folders) List(ctx context.Context, p tandem.PartnerID, f tandem.FolderFilter) (tandem.Page[tandem.Folder], error) {
	page, err := s.store.Folders(ctx, p, f)
	if err != nil {
		return page, fmt.Errorf("list folders: %w", err)
	}
	return page, nil
}

// Update implements tandem.Folders.
func (s *Folders) Update(ctx context.Context, p tandem.PartnerID, id tandem.FolderID, u tandem.FolderUpdate) (*tandem.Folder, error) {
	f, err := s.store.UpdateFolder(ctx, p, id, func(f *tandem.Folder) error { return applyFolder(f, u) })
	if err != nil {
		return nil, fmt.Errorf("update folder %s: %w", id, err)
	}
	return &f, nil
}

// Delete implements tandem.Folders.
func (s *Folders) Delete(ctx context.Context, p tandem.PartnerID, id tandem.FolderID, to tandem.Optional[tandem.FolderID]) error {
	if err := s.store.DeleteFolder(ctx, p, id, to); err != nil {
		return fmt.Errorf("delete folder %s: %w", id, err)
	}
	return nil
}
