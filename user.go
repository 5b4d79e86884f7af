package tandem

import (
	"context"
	"time"
)

// User is an account user. Membership of an account is given per account;
// access to a parent gives nothing below it, nor the reverse.
type User struct {
	ID       UserID
	Partner  PartnerID
	Username string
	Created  time.Time
}

// Users are the people of a partner's accounts.
type Users interface {
	// List gives the usernames of an account's members, sorted.
	List(ctx context.Context, a AccountID) ([]string, error)
	// Add gives a user standard access to an account; the user is made if
	// new. Errors: Invalid (Username, or a password that is too weak).
	Add(ctx context.Context, p PartnerID, a AccountID, username string, password Secret) error
	// Remove takes access away. Errors: NotFound.
	Remove(ctx context.Context, p PartnerID, a AccountID, username string) error
	// SetPassword errors: NotFound, Invalid.
	SetPassword(ctx context.Context, p PartnerID, username string, password Secret) error
}
