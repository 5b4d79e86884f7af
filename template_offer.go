package tandem

import (
	"context"
	"time"
)

// OfferLifetime is how long a template that is offered can be accepted.
const OfferLifetime = 7 * 24 * time.Hour

// TemplateOffer is a release that another partner may take, once.
type TemplateOffer struct {
	Code    Secret // of which only a hash is kept
	Expires time.Time
}

// TemplateOffers copy releases from one partner's library to another's. Neither
// learns of the other more than what the file of the release says.
type TemplateOffers interface {
	// Offer makes a code for a release as it is now. Errors: NotFound; Invalid
	// (it cannot be exported).
	Offer(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID) (*TemplateOffer, error)
	// Withdraw makes all codes of a release worthless. Errors: NotFound (also:
	// there are none).
	Withdraw(ctx context.Context, p PartnerID, id TemplateID, release ReleaseID) error
	// Accept imports what a code offers to p; the code is used up by that.
	// Errors: Invalid (the code; or as Import), how.NoConnectors.
	Accept(ctx context.Context, p PartnerID, code Secret, how TemplateImport) (*Template, error)
}
