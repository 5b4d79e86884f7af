package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Template is a template of the library.
type Template struct {
	ID                tandem.TemplateID `json:"Id"`
	Name              string
	Description       string
	Tags              []string
	Published         bool
	FolderID          tandem.FolderID  `json:"FolderId"`          // "": in none
	TemplateReleaseID tandem.ReleaseID `json:"TemplateReleaseId"` // the live release; as long as there is none, the draft
	ReleaseState      tandem.ReleaseState
	Version           int              // of that release, from 1
	DraftReleaseID    tandem.ReleaseID `json:"DraftReleaseId"` // "": there is none
	CreatedOnUTC      time.Time        `json:"CreatedOnUtc"`
}

// Templates lists the templates that are published; those with a tag, unless it is
// "".
func (c *Client) Templates(ctx context.Context, tag string) iter.Seq2[Template, error] {
	return each[Template](ctx, c, "/templates", values(map[string]any{"tag": tag}))
}

// Template reads a template.
func (c *Client) Template(ctx context.Context, id tandem.TemplateID) (Template, error) {
	return call[Template](ctx, c, http.MethodGet, path("templates", id), nil)
}

// ImportTemplate makes a template of a file, live and published.
func (c *Client) ImportTemplate(ctx context.Context, file any) (tandem.TemplateID, error) {
	t, err := call[Template](ctx, c, http.MethodPost, "/templates/import", file)
	return t.ID, err
}

// ExportTemplate gives the live release of a template as a file.
func (c *Client) ExportTemplate(ctx context.Context, id tandem.TemplateID) (json.RawMessage, error) {
	return call[json.RawMessage](ctx, c, http.MethodGet, path("templates", id, "export"), nil)
}

// TemplateOffer is a release that another partner may take, once.
type TemplateOffer struct {
	Code         string
	ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
}

// OfferTemplate makes a code for a release, for another partner.
func (c *Client) OfferTemplate(ctx context.Context, id tandem.TemplateID, release tandem.ReleaseID) (TemplateOffer, error) {
	return call[TemplateOffer](ctx, c, http.MethodPost, path("templates", id, "releases", release, "offer"), nil)
}

// AcceptTemplate makes a template of what another partner offers under a code, live
// and published.
func (c *Client) AcceptTemplate(ctx context.Context, code string) (Template, error) {
	return call[Template](ctx, c, http.MethodPost, "/templates/accept", map[string]string{"Code": code})
}

// DeleteTemplate puts a template into the recycle bin.
func (c *Client) DeleteTemplate(ctx context.Context, id tandem.TemplateID) error {
	return c.Do(ctx, http.MethodDelete, path("templates", id), nil, nil)
}

// InstallTemplate makes a cycle of a template in the account.
func (c *Client) InstallTemplate(ctx context.Context, id tandem.TemplateID) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodPost, path("templates", id, "install"), nil)
}
