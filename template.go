package tandem

import (
	"context"
	"time"
)

// Template is an integration designed by the partner, with one live release.
type Template struct {
	ID          TemplateID
	Partner     PartnerID
	Name        string
	Description string
	Tags        []string
	Published   bool
	ReleaseID   ReleaseID // the live one
	Version     int       // of the live release, from 1
	Graph       Graph     // of the live release
	Created     time.Time
}

// TemplateFileFormat names the format of a [TemplateFile].
const TemplateFileFormat = "tandem-template/1"

// TemplateFile is a template as one JSON document. It holds no ids of
// accounts or installed connectors, and no secrets.
type TemplateFile struct {
	Format      string
	Name        string
	Description string   `json:",omitempty"`
	Tags        []string `json:",omitempty"`
	Graph       Graph
}

// TemplateFilter narrows a list of templates.
type TemplateFilter struct {
	PageRequest
	Tag              string
	ConnectorName    string
	ConnectorVersion string // of ConnectorName, or of any
}

// Templates are the partner's designs.
type Templates interface {
	// Import errors: Invalid ("Failed to import template." and why, in Err
	// and Field).
	Import(ctx context.Context, p PartnerID, f TemplateFile) (*Template, error)
	// Export errors: NotFound.
	Export(ctx context.Context, p PartnerID, id TemplateID) (TemplateFile, error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id TemplateID) (*Template, error)
	// List gives the published templates.
	List(ctx context.Context, p PartnerID, f TemplateFilter) (Page[Template], error)
	// Install makes a cycle of the live release in an account, using the
	// connectors that the account has or inherits and installing those
	// that are missing. Errors: NotFound, Invalid.
	Install(ctx context.Context, p PartnerID, a AccountID, id TemplateID) (*Cycle, error)
}
