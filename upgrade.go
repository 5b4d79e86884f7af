package tandem

import "context"

// Lost is something of a cycle that did not come with it: to its template's next
// release, or to a template. It names what it was, never its value.
type Lost struct {
	StepID   StepID `json:"StepId,omitempty"`
	StepName string `json:",omitempty"`
	Name     string `json:",omitempty" doc:"A parameter, a field's location or a variable; none is the step itself."`
	Reason   string
}

// Upgrade is a cycle on its template's live release.
type Upgrade struct {
	Cycle *Cycle
	Lost  []Lost
}

// UpgradePreview is what an upgrade of a cycle would come to.
type UpgradePreview struct {
	Lost          []Lost         `doc:"What the live release has no place for."`
	Prerequisites []Prerequisite `doc:"What the cycle will lack, and does not lack now."`
	Refusal       string         `doc:"Why it cannot be upgraded as it is now; empty: it can."`
}

// InstalledCycle is a cycle that was made of a template, in whichever account.
type InstalledCycle struct {
	AccountID   string `json:"AccountId"`
	AccountName string
	CycleID     CycleID `json:"CycleId"`
	CycleName   string
	Status      CycleStatus `doc:"Paused, Running, or Finishing: no new transactions, those at work go on."`
	ReleaseID   ReleaseID   `json:"ReleaseId" doc:"That it is of."`
	Version     int         `doc:"Of that release."`
	Upgradeable bool        `doc:"Another release of the template is live."`
}

// InstalledFilter narrows a list of installations.
type InstalledFilter struct {
	PageRequest
	Release     ReleaseID // "": any
	Upgradeable bool      // those only
}

// CycleToTemplate says what becomes of a cycle that is copied to a template.
type CycleToTemplate struct {
	Name        string     // "": the cycle's
	Description string     // "": the cycle's
	Folder      FolderID   // "": in none
	Template    TemplateID // "": a new one; else its draft
}

// TemplateOfCycle is a template that was made of a cycle.
type TemplateOfCycle struct {
	Template *Template
	Lost     []Lost
}

// CycleDesigns are what cycles are made of, as a whole.
type CycleDesigns interface {
	// Redesign replaces the design of a cycle that does not run. Errors: NotFound,
	// Invalid (the design), Conflict (running, or another revision).
	Redesign(ctx context.Context, p PartnerID, a AccountID, id CycleID, d CycleDesign) (*Cycle, error)
	// Upgrade moves a cycle to the live release of its template. What its
	// customer chose stays; transactions under way end on the release that
	// they began on. A running cycle goes on running, if nothing is missing
	// that the release needs. Errors: NotFound; Conflict (finishing); Invalid
	// (no template, no newer release, prerequisites, another trigger).
	Upgrade(ctx context.Context, p PartnerID, a AccountID, id CycleID) (*Upgrade, error)
	// Preview tells what Upgrade would do, and does nothing. Errors: NotFound;
	// Invalid (no template, no live release).
	Preview(ctx context.Context, p PartnerID, a AccountID, id CycleID) (*UpgradePreview, error)
	// Installed lists the cycles of a template over all accounts, by account.
	// Errors: NotFound (the template), Invalid (OrderBy).
	Installed(ctx context.Context, p PartnerID, id TemplateID, f InstalledFilter) (Page[InstalledCycle], error)
	// ToTemplate copies a cycle's design. Secrets and what its customer chose
	// stay behind. Errors: NotFound (cycle), Invalid (folder, template).
	ToTemplate(ctx context.Context, p PartnerID, a AccountID, id CycleID, to CycleToTemplate) (*TemplateOfCycle, error)
}
