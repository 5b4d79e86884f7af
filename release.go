package tandem

import (
	"context"
	"time"
)

// ReleaseState is the state of a release; docs/states.md draws the transitions.
type ReleaseState string

// The states of a release. A template has at most one Draft and one Live
// release, and always one of them.
const (
	ReleaseDraft      ReleaseState = "Draft"      // may be edited
	ReleaseLive       ReleaseState = "Live"       // locked; what is installed
	ReleaseDeprecated ReleaseState = "Deprecated" // locked; was live
)

// Design is what a release holds, and an installed cycle begins with.
type Design struct {
	Graph     Graph
	Retention Retention // of the cycle's transactions; nil inherits the account's
}

// Release is a version of a template.
type Release struct {
	Template TemplateID
	ID       ReleaseID
	Version  int // within the template, from 1
	State    ReleaseState
	Revision int64 // counts changes, from 1: who changes a draft can tell whether it is as they read it
	Notes    string

	Created    time.Time
	CreatedBy  string // email address, or name of an OAuth client; "": not known
	Promoted   time.Time
	PromotedBy string

	Design // without its graph in lists

	// As listed: how many cycles are installed of it, and when the last of
	// their transactions ended.
	Installed int
	LastRun   time.Time
}

// Promotion is what goes with making a draft live.
type Promotion struct {
	Notes    Optional[string] // null keeps those that the draft has
	Revision int64            // that was looked at; 0: whichever it is
}

// Releases are the versions of a partner's templates. None of a template in the
// recycle bin is found.
type Releases interface {
	// List gives the newest first. Errors: NotFound (the template).
	List(ctx context.Context, p PartnerID, id TemplateID, page PageRequest) (Page[Release], error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID) (*Release, error)
	// Live is what is installed now. Errors: NotFound (also: never promoted).
	Live(ctx context.Context, p PartnerID, id TemplateID) (*Release, error)
	// Draft begins a draft with a design, which may be of another release, of
	// another template or of a cycle. Errors: NotFound, Invalid (the design),
	// Conflict (there is a draft).
	Draft(ctx context.Context, p PartnerID, id TemplateID, d Design) (*Release, error)
	// Edit changes design and notes of a draft that is at a revision; 0:
	// whichever it is. Other changes wait for edit. Errors: NotFound, Invalid,
	// Conflict (locked, or another revision).
	Edit(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID, revision int64, edit func(*Release)) (*Release, error)
	// Promote makes a draft live, and what was live deprecated. Errors:
	// NotFound, Invalid (it has no steps), Conflict (no draft, or another
	// revision).
	Promote(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID, how Promotion) (*Release, error)
	// Prerequisites lists what a release lacks for cycles of it to run, apart from
	// what customers are asked for. Errors: NotFound.
	Prerequisites(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID) ([]Prerequisite, error)
	// Discard deletes a draft. Errors: NotFound, Conflict (no draft, or the
	// only release).
	Discard(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID) error
}
