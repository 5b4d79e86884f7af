package tandem

import (
	"context"
	"time"
)

// User is an account user: a person, or an API user, who has no sign-in page and
// is let in by a partner's program. Users are their partner's; what they may enter
// is given account by account.
type User struct {
	ID             UserID    `json:"Id"`
	Partner        PartnerID `json:"-"`
	Username       string    // lower case; unique within the partner
	FirstName      string
	LastName       string
	Email          string // lower case; unique within the partner; "": none
	APIUser        bool   `json:"ApiUser"`
	CreatedDate    time.Time
	LastSignInDate *time.Time // nil: never

	Accounts []Membership // sorted by name
}

// NewUser says whom to make.
type NewUser struct {
	Username  string
	FirstName string
	LastName  string
	Email     string   // "": the username, if that is an address
	Password  Secret   // "": cannot sign in until one is set
	Accounts  []string // API IDs; access without Administrator
}

// UserUpdate changes a user. What is not set stays.
type UserUpdate struct {
	Username  string // "" or as it is: it cannot be changed
	FirstName Optional[string]
	LastName  Optional[string]
	Email     Optional[string]
	Accounts  Optional[[]string] // API IDs; access to others ends
}

// UserFilter narrows a list of users.
type UserFilter struct {
	PageRequest
	Query   string // part of the username, names or email, without regard to case
	Account string // API ID: only those with access to it
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
