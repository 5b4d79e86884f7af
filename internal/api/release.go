package api

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

// releaseShape is a release of a template.
type releaseShape struct {
	ID                            tandem.ReleaseID    `json:"Id"`
	TemplateID                    tandem.TemplateID   `json:"TemplateId"`
	Version                       int                 `doc:"Within the template, from 1."`
	State                         tandem.ReleaseState `doc:"Draft, Live or Deprecated. Only a draft can be changed."`
	Revision                      int64               `doc:"Counts changes. Send it with a change, to be refused if there was another one since."`
	Notes                         string
	CreatedOnUTC                  time.Time  `json:"CreatedOnUtc"`
	CreatedBy                     string     `doc:"An email address, or the name of an OAuth client."`
	PromotedOnUTC                 *time.Time `json:"PromotedOnUtc"`
	PromotedBy                    string
	StepDataSuccessRetentionHours *int          `doc:"null inherits."`
	StepDataErroredRetentionHours *int          `doc:"null inherits."`
	InstalledCount                *int          `json:",omitempty" doc:"In lists: how many cycles are of this release."`
	LastRunOnUTC                  *time.Time    `json:"LastRunOnUtc,omitempty" doc:"In lists: when the last of their transactions ended."`
	Graph                         *tandem.Graph `json:",omitempty" doc:"Not in lists."`
}

func showRelease(r *tandem.Release) releaseShape {
	return releaseShape{
		ID: r.ID, TemplateID: r.Template, Version: r.Version, State: r.State, Revision: r.Revision, Notes: r.Notes, CreatedOnUTC: r.Created,
		CreatedBy: r.CreatedBy, PromotedOnUTC: timeOrNull(r.Promoted), PromotedBy: r.PromotedBy,
		StepDataSuccessRetentionHours: r.Retention.Success, StepDataErroredRetentionHours: r.Retention.Errored,
	}
}

func listedRelease(r *tandem.Release) releaseShape {
	s := showRelease(r)
	s.InstalledCount, s.LastRunOnUTC = &r.Installed, timeOrNull(r.LastRun)
	return s
}

// revised is an answer that says which revision it shows.
type revised struct {
	ETag string `header:"ETag"`
	Body releaseShape
}

// shownRelease shows r, unless err.
func shownRelease(r *tandem.Release, err error) (*revised, error) {
	if err != nil {
		return nil, err
	}
	s := showRelease(r)
	s.Graph = &r.Graph
	return &revised{etag(r.Revision), s}, nil
}

// etag is a revision, as headers name it.
func etag(revision int64) string { return fmt.Sprintf("%q", strconv.FormatInt(revision, 10)) }

// graphBody is a whole graph, without a property that a graph does not have.
type graphBody struct{ tandem.Graph }

// UnmarshalJSON implements json.Unmarshaler.
func (g *graphBody) UnmarshalJSON(data []byte) error {
	if err := lenient(data, &g.Graph); err != nil {
		return explain(data, &g.Graph, err, "")
	}
	if name := unknownIn(loosened(data, reflect.TypeFor[tandem.Graph]()), new(tandem.Graph)); name != "" {
		return fmt.Errorf("%s: a graph has no such property", name)
	}
	return nil
}

// Schema implements huma.SchemaProvider.
func (graphBody) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[tandem.Graph](), true, "")
}

// releaseBody changes a draft.
type releaseBody struct {
	Revision                      optional[int64]     `json:",omitzero" doc:"That the change is of; or send If-Match. If the draft has been changed since: 409."`
	Notes                         optional[string]    `json:",omitzero"`
	StepDataSuccessRetentionHours optional[int]       `json:",omitzero" doc:"0 keeps nothing, null inherits; at most 744."`
	StepDataErroredRetentionHours optional[int]       `json:",omitzero" doc:"0 keeps nothing, null inherits; at most 744."`
	Graph                         optional[graphBody] `json:",omitzero" doc:"As a whole, in place of the one that it has."`
}

func (b *releaseBody) apply(r *tandem.Release) {
	b.Notes.Apply(&r.Notes)
	b.StepDataSuccessRetentionHours.ApplyPointer(&r.Retention.Success)
	b.StepDataErroredRetentionHours.ApplyPointer(&r.Retention.Errored)
	if b.Graph.Set {
		r.Graph = b.Graph.Value.Graph
	}
}

// RevisionMatch is the header that says what a change is of.
type RevisionMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag that the change is of."`
}

// revision is what a request asks for; 0: whichever it is.
func (m RevisionMatch) revision(body optional[int64]) (int64, error) {
	tag := strings.Trim(strings.TrimPrefix(strings.TrimSpace(m.IfMatch), "W/"), `"`)
	if tag == "" || tag == "*" {
		return body.Value, nil
	}
	n, err := strconv.ParseInt(tag, 10, 64)
	if err != nil {
		return 0, tandem.Invalidf("If-Match", "If-Match: %q is no ETag of a design.", m.IfMatch)
	}
	return n, nil
}

func (a *API) listReleases(ctx context.Context, p tandem.PartnerID, in *struct {
	TemplatePath
	Paging
},
) (*list[releaseShape], error) {
	found, err := a.services.Releases.List(ctx, p, in.ID.Value, in.request())
	return page(in.request(), found, err, listedRelease)
}

func (a *API) getRelease(ctx context.Context, p tandem.PartnerID, in *ReleasePath) (*revised, error) {
	return shownRelease(a.services.Releases.Get(ctx, p, in.ID.Value, in.ReleaseID.Value))
}

// createDraftBody says what a draft begins as.
type createDraftBody struct {
	FromReleaseID optional[guid[tandem.ReleaseID]] `json:"FromReleaseId,omitzero" doc:"Of the same template; default: the live one."`
}

func (a *API) createDraft(ctx context.Context, p tandem.PartnerID, in *struct {
	TemplatePath
	Body *createDraftBody
},
) (*revised, error) {
	var from tandem.ReleaseID
	if in.Body != nil {
		from = in.Body.FromReleaseID.Value.Value
	}
	r, err := a.release(ctx, p, in.ID.Value, from)
	if err != nil {
		return nil, err
	}
	return shownRelease(a.services.Releases.Draft(ctx, p, in.ID.Value, r.Design))
}

// release finds one of a template that a body names; "" is the live one, or as
// long as there is none, the draft.
func (a *API) release(ctx context.Context, p tandem.PartnerID, id tandem.TemplateID, named tandem.ReleaseID) (*tandem.Release, error) {
	t, err := a.services.Templates.Get(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if named == "" {
		return &t.Release, nil
	}
	r, err := a.services.Releases.Get(ctx, p, id, named)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil, tandem.Invalidf("FromReleaseId", "FromReleaseId: release %s could not be found.", named)
	}
	return r, err
}

func (a *API) updateRelease(ctx context.Context, p tandem.PartnerID, in *struct {
	ReleasePath
	RevisionMatch
	Body releaseBody
},
) (*revised, error) {
	revision, err := in.revision(in.Body.Revision)
	if err != nil {
		return nil, err
	}
	return shownRelease(a.services.Releases.Edit(ctx, p, in.ID.Value, in.ReleaseID.Value, revision, in.Body.apply))
}

func (a *API) listReleasePrerequisites(ctx context.Context, p tandem.PartnerID, in *struct {
	ReleasePath
	Slicing
},
) (*list[tandem.Prerequisite], error) {
	missing, err := a.services.Releases.Prerequisites(ctx, p, in.ID.Value, in.ReleaseID.Value)
	return whole(in.Slicing, missing, err)
}

func (a *API) discardRelease(ctx context.Context, p tandem.PartnerID, in *ReleasePath) (*empty, error) {
	return done(a.services.Releases.Discard(ctx, p, in.ID.Value, in.ReleaseID.Value))
}

type promotionBody struct {
	Notes    optional[string] `json:",omitzero" doc:"In place of those that the draft has."`
	Revision optional[int64]  `json:",omitzero" doc:"That was looked at; or send If-Match. If the draft has been changed since: 409."`
}

func (a *API) promoteRelease(ctx context.Context, p tandem.PartnerID, in *struct {
	ReleasePath
	RevisionMatch
	Body *promotionBody
},
) (*revised, error) {
	var b promotionBody
	if in.Body != nil {
		b = *in.Body
	}
	revision, err := in.revision(b.Revision)
	if err != nil {
		return nil, err
	}
	return shownRelease(a.services.Releases.Promote(ctx, p, in.ID.Value, in.ReleaseID.Value, tandem.Promotion{Notes: b.Notes.Optional, Revision: revision}))
}

// releaseCopyBody says where a copy of a release goes.
type releaseCopyBody struct {
	TemplateID optional[guid[tandem.TemplateID]] `json:"TemplateId,omitzero" doc:"Into this template, as its draft. Without it a new template is made."`
	Name       optional[string]                  `json:",omitzero" doc:"Of a new template; default: Copy of, and the name."`
	FolderID   optional[guid[tandem.FolderID]]   `json:"FolderId,omitzero" doc:"Of a new template; default: where the template is."`
}

func (a *API) copyRelease(ctx context.Context, p tandem.PartnerID, in *struct {
	ReleasePath
	Body *releaseCopyBody
},
) (*revised, error) {
	var b releaseCopyBody
	if in.Body != nil {
		b = *in.Body
	}
	r, err := a.services.Releases.Get(ctx, p, in.ID.Value, in.ReleaseID.Value)
	if err != nil {
		return nil, err
	}
	if to := b.TemplateID.Value.Value; to != "" {
		draft, err := a.services.Releases.Draft(ctx, p, to, r.Design)
		if tandem.ErrorCode(err) == tandem.NotFound {
			err = tandem.Invalidf("TemplateId", "Template with provided ID could not be found.")
		}
		return shownRelease(draft, err)
	}
	of, err := a.services.Templates.Get(ctx, p, in.ID.Value)
	if err != nil {
		return nil, err
	}
	u := tandem.TemplateUpdate{
		Name: tandem.Some("Copy of " + of.Name), Description: tandem.Some(of.Description), Tags: tandem.Some(of.Tags), Folder: tandem.Some(of.Folder),
	}
	if b.Name.Set {
		u.Name = b.Name.Optional
	}
	if b.FolderID.Set {
		u.Folder = idOf(b.FolderID)
	}
	t, err := a.services.Templates.Create(ctx, p, u, r.Design)
	if err != nil {
		return nil, err
	}
	return shownRelease(&t.Release, nil)
}
