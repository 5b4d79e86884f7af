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

	// Definition is there of a partner's own connectors; those of the library
	// are known by what is above.
	Definition *connector.Connector `json:",omitempty"`
}

// TemplateImport says what becomes of a file.
type TemplateImport struct {
	Folder FolderID // "": in none
	Draft  bool     // not published, for someone to look at first
}

// TemplateFiles bring templates in and out.
type TemplateFiles interface {
	// Import makes a published template with a live release, or a draft.
	// Errors: Invalid ("Failed to import template.", and why, in Err and
	// Field; "Folder with provided ID could not be found.").
	Import(ctx context.Context, p PartnerID, f TemplateFile, how TemplateImport) (*Template, error)
	// Export gives a release, "": the live one, as a file. The same release
	// gives the same bytes, wherever it was imported. Errors: NotFound.
	Export(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID) (TemplateFile, error)
}
