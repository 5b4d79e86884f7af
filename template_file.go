package tandem

import (
	"context"

	"github.com/tandem-ipaas/tandem/connector"
)

// TemplateFileFormat names the format of a [TemplateFile].
const TemplateFileFormat = "tandem-template/1"

// TemplateFile is a template's release as one JSON document. It holds no ids of
// accounts or installed connectors, and no secrets.
type TemplateFile struct {
	Format      string
	Name        string
	Description string   `json:",omitempty"`
	Tags        []string `json:",omitempty"`

	// Hours to keep step data; nil inherits the account's, 0 keeps nothing.
	StepDataSuccessRetentionHours *int `json:",omitempty"`
	StepDataErroredRetentionHours *int `json:",omitempty"`

	Graph Graph
	// Connectors are the releases that the graph needs, each once, in the order
	// of names. A file may leave them out.
	Connectors []FileConnector `json:",omitempty"`
}

// FileConnector is a connector release that a file needs.
type FileConnector struct {
	Name             string
	Version          string
	UniqueIdentifier string // tells connectors of the same name apart

	// Definition and Icon are there of a partner's own connectors; those of the
	// library are known by what is above.
	Icon       string               `json:",omitempty"` // PNG, as a data URL
	Definition *connector.Connector `json:",omitempty"`
}

// TemplateImport says what becomes of a file.
type TemplateImport struct {
	Folder FolderID // "": in none
	Draft  bool     // not published, for someone to look at first

	// NoConnectors is the error if the file brings connectors that the partner
	// lacks; nil: they become the partner's own.
	NoConnectors error
}

// TemplateFiles bring templates in and out.
type TemplateFiles interface {
	// Import makes a published template with a live release, or a draft, and
	// those of the file's connectors that the partner lacks, all or nothing.
	// Errors: Invalid ("Failed to import template.", and why, in Err and
	// Field; "Folder with provided ID could not be found."), how.NoConnectors.
	Import(ctx context.Context, p PartnerID, f TemplateFile, how TemplateImport) (*Template, error)
	// Export gives a release, "": the live one, as a file. The same release
	// gives the same bytes, wherever it was imported. Errors: NotFound,
	// Invalid (a connector that is not there any more, or cannot be used).
	Export(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID) (TemplateFile, error)
}
