package tandem

import (
	"context"

	"github.com/tandem-ipaas/tandem/connector"
)

// Categories copies categories of methods for the types of objects that an account
// has at a third party.
type Categories interface {
	// Copy copies a category for a type, unless there is such a copy. Errors:
	// NotFound (also of an inherited account connector), Invalid (a category that
	// cannot be copied, a name).
	Copy(ctx context.Context, a AccountID, id AccountConnectorID, o connector.CategoryCopy) (*AccountConnector, error)
	// Remove takes a copy away, by its ID. Errors: NotFound, Conflict (steps use
	// it).
	Remove(ctx context.Context, a AccountID, id AccountConnectorID, copied int64) error
}
