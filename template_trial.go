package tandem

import "context"

// TemplateTrials let releases of templates be run without being installed.
type TemplateTrials interface {
	// Try puts a release, in whichever state, into the account's test cycle of its
	// template, and gives that, paused. There is one at most: it is made when there
	// is none, runs of an earlier try are cancelled, and what was chosen in it
	// stays. It counts as no installation, is not upgraded, and nothing is
	// installed for it: its connectors are those that the account has. Errors:
	// NotFound (the release), Invalid.
	Try(ctx context.Context, p PartnerID, a AccountID, id TemplateID, release ReleaseID) (*Cycle, error)
}
