package tandem

import (
	"context"
	"time"
)

// TemplateBinDays is how long a deleted template stays in the recycle bin.
const TemplateBinDays = 90

// Template is an integration designed by the partner.
type Template struct {
	ID          TemplateID
	Partner     PartnerID
	Folder      FolderID // "": in none
	Name        string
	Description string
	Tags        []string
	Published   bool   // offered to customers, once it has a live release
	Author      string // as Release.CreatedBy
	Created     time.Time
	Deleted     time.Time // zero: it is not in the recycle bin

	Release Release   // the live one; as long as there is none, the draft
	DraftID ReleaseID // "": there is no draft

	Installs *Installs // nil: they were not asked for
}

// Installs counts the cycles that were made of a template.
type Installs struct {
	All   int
	Older int // of another release than the live one
}

// Live says whether the template can be installed.
func (t *Template) Live() bool { return t.Release.State == ReleaseLive }

// TemplateUpdate changes a template, or makes one. What is not set stays.
type TemplateUpdate struct {
	Name        Optional[string]
	Description Optional[string]
	Tags        Optional[[]string]
	Published   Optional[bool]
	Folder      Optional[FolderID] // null or "": in none
}

// TemplateFilter narrows a list of templates.
type TemplateFilter struct {
	PageRequest
	Tag              string
	ConnectorName    string
	ConnectorVersion string // of ConnectorName, or of any
	Query            string // part of the name, without regard to case

	// Library lists all that the partner has, not only what is published and
	// live, and Deleted what is in the recycle bin instead.
	Library bool
	Deleted bool
	Folder  Optional[FolderID] // only those right in it; null or "": in none

	Installs bool // with the Installs of each
}

// SetupItem is something to do or to choose in a cycle that was just installed.
type SetupItem struct {
	Prerequisite
	IsOptional bool // it can be activated as it is
}

// Templates are the partner's designs.
type Templates interface {
	// Create makes a template, whose first release is a draft of d. Errors:
	// Invalid (Name is required, Tags, FolderId, the design).
	Create(ctx context.Context, p PartnerID, u TemplateUpdate, d Design) (*Template, error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id TemplateID) (*Template, error)
	// List gives what is published and live, unless the filter says otherwise.
	List(ctx context.Context, p PartnerID, f TemplateFilter) (Page[Template], error)
	// Update errors: NotFound, Invalid.
	Update(ctx context.Context, p PartnerID, id TemplateID, u TemplateUpdate) (*Template, error)
	// Delete puts a template into the recycle bin, from where it goes after
	// TemplateBinDays. Cycles stay. Errors: NotFound.
	Delete(ctx context.Context, p PartnerID, id TemplateID) error
	// Restore takes it out again; to the top, if its folder is gone. Errors:
	// NotFound (in the recycle bin).
	Restore(ctx context.Context, p PartnerID, id TemplateID) (*Template, error)
	// Install makes a cycle of the live release in an account, using the
	// connectors that the account has or inherits and installing those
	// that are missing. Errors: NotFound (also: never promoted), Invalid.
	Install(ctx context.Context, p PartnerID, a AccountID, id TemplateID) (*Cycle, error)
	// Setup lists what a cycle of a template's release would need: connectors
	// to authenticate, and values. With optional, it lists what the installing
	// customer may choose, too.
	Setup(ctx context.Context, t *Template, optional bool) ([]SetupItem, error)
}
