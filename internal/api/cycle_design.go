package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

func (a *API) restoreCycle(ctx context.Context, at policy.Place, in *CyclePath) (*object[cycleShape], error) {
	c, err := a.services.Cycles.Restore(ctx, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}

// copyBody says how to call a copy.
type copyBody struct {
	Name string `json:",omitempty" doc:"Copy of the cycle's name, if you give none."`
}

func (a *API) copyCycle(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Body *copyBody
},
) (*object[cycleShape], error) {
	name := ""
	if in.Body != nil {
		name = in.Body.Name
	}
	c, err := a.services.Cycles.Copy(ctx, at.Account, in.ID.Value, name)
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}

func (a *API) upgradeCycle(ctx context.Context, at policy.Place, in *CyclePath) (*object[cycleShape], error) {
	up, err := a.services.Designs.Upgrade(ctx, at.Partner, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	c, err := a.services.Cycles.Get(ctx, at.Account, up.Cycle.ID) // with its figures
	if err != nil {
		return nil, err
	}
	shown, err := a.cycleShape(ctx, at, c)
	if err == nil {
		shown.Body.Lost = up.Lost
	}
	return shown, err
}

func (a *API) previewUpgrade(ctx context.Context, at policy.Place, in *CyclePath) (*object[*tandem.UpgradePreview], error) {
	return one(a.services.Designs.Preview(ctx, at.Partner, at.Account, in.ID.Value))
}

// listInstallations lists what was made of a template.
func (a *API) listInstallations(ctx context.Context, p tandem.PartnerID, in *struct {
	TemplatePath
	Paging
	Release     guid[tandem.ReleaseID] `query:"releaseId" doc:"Only those that are of this release."`
	Upgradeable bool                   `query:"upgradeable" doc:"Only those that can be upgraded, as another release is live."`
},
) (*list[tandem.InstalledCycle], error) {
	f := tandem.InstalledFilter{PageRequest: in.request(), Release: in.Release.Value, Upgradeable: in.Upgradeable}
	found, err := a.services.Designs.Installed(ctx, p, in.ID.Value, f)
	return page(in.request(), found, err, same)
}

func upgradeAnswers() []any {
	lost := []tandem.Lost{{Name: "Greeting", Reason: "The new release does not have it."}}
	missing := tandem.Prerequisite{ReasonCode: tandem.ReasonUnauthenticated, Reason: "Connector Mailing is not authenticated.", ObjectType: "AccountConnector", ObjectID: "2", StepID: stepB}
	return []any{
		tandem.UpgradePreview{Lost: lost, Prerequisites: []tandem.Prerequisite{missing}},
		tandem.InstalledCycle{
			AccountID: "page-turner", AccountName: "Page Turner Books", CycleID: exampleCycle, CycleName: "New contact to mailing list",
			Status: tandem.CycleRunning, ReleaseID: exampleRelease, Version: 1, Upgradeable: true,
		},
		tandem.TransactionPlace{AccountID: "page-turner", AccountName: "Page Turner Books", CycleID: exampleCycle},
	}
}

// toTemplateBody says what becomes of a cycle that is copied to a template.
type toTemplateBody struct {
	Name        string                            `json:",omitempty" doc:"The cycle's, if you give none."`
	Description string                            `json:",omitempty" doc:"The cycle's, if you give none."`
	FolderID    optional[guid[tandem.FolderID]]   `json:"FolderId,omitzero" doc:"Where to put a new template."`
	TemplateID  optional[guid[tandem.TemplateID]] `json:"TemplateId,omitzero" doc:"A template that gets a new draft, instead of a new template."`
}

func (a *API) copyCycleToTemplate(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Body *toTemplateBody
},
) (*object[templateShape], error) {
	var to tandem.CycleToTemplate
	if b := in.Body; b != nil {
		to = tandem.CycleToTemplate{Name: b.Name, Description: b.Description, Folder: b.FolderID.Value.Value, Template: b.TemplateID.Value.Value}
	}
	made, err := a.services.Designs.ToTemplate(ctx, at.Partner, at.Account, in.ID.Value, to)
	if err != nil {
		return nil, err
	}
	s, err := a.showTemplate(ctx, made.Template, true)
	s.Lost = made.Lost
	return one(s, err)
}
