package tandem

import (
	"context"
	"time"
)

// PromotionKind is how a release of a connector goes live.
type PromotionKind string

// The kinds. A Minor one takes the place of the release that is live: what is
// installed moves to it at once, so it may take nothing away that is in use. A Major
// one is beside the one before, which is Deprecated: what is installed stays on that
// until it is moved.
const (
	MinorPromotion PromotionKind = "Minor"
	MajorPromotion PromotionKind = "Major"
)

// ConnectorPromotion is how and when a release went live.
type ConnectorPromotion struct {
	Kind       PromotionKind
	Version    string // of the release then
	Notes      string
	Promoted   time.Time `json:"PromotedOnUtc"`
	PromotedBy string
}

// ConnectorRelease is a release of one of a partner's own connectors.
type ConnectorRelease struct {
	CustomConnector
	Promotions []ConnectorPromotion // newest first
	Installed  int                  // how many account connectors are of it
}

// ConnectorReleases are those of a partner's own connectors: all that have one
// UniqueIdentifier are releases of one connector, each with its version.
type ConnectorReleases interface {
	// List gives all releases of the connector that id is one of, newest first.
	// Errors: NotFound.
	List(ctx context.Context, p PartnerID, id ConnectorID) ([]ConnectorRelease, error)
	// Draft begins a draft as release id is, of the next version. Errors: NotFound,
	// Conflict (there is a draft).
	Draft(ctx context.Context, p PartnerID, id ConnectorID) (*CustomConnector, error)
	// Promote makes the draft id live, and gives what is live then. Errors:
	// NotFound; Invalid (it cannot be installed; there is nothing yet that a Minor
	// one could take the place of; a Major one of no newer version); Conflict (it
	// is no draft; a Minor one would take away what is in use, all of which is told).
	Promote(ctx context.Context, p PartnerID, id ConnectorID, kind PromotionKind, notes string) (*CustomConnector, error)
}

// ConnectorMoves take installed connectors from release to release.
type ConnectorMoves interface {
	// Move moves one of a's own connectors to another release of the same
	// connector, with all cycles that use it. Its credentials stay if the way to
	// authenticate is the same. Errors: NotFound; Invalid (another connector, or
	// one that cannot be installed); Conflict (steps use what the release has not:
	// all of them are told, and nothing has moved).
	Move(ctx context.Context, a AccountID, id AccountConnectorID, to ConnectorID) (*AccountConnector, error)
}
