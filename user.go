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
	Username       string    // as it was given; unique within the partner without regard to case
	FirstName      string
	LastName       string
	Email          string // lower case; unique within the partner; "": none
	APIUser        bool   `json:"ApiUser" doc:"Let in by the partner's program alone: cannot sign in by password."`
	CreatedDate    time.Time
	LastSignInDate *time.Time `doc:"null: never."`
	Passwords      int64      `json:"-"` // how many they have had: see Session

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

// Users are the people of a partner's accounts, all together: User Management.
type Users interface {
	// List errors: NotFound (the filter's account).
	List(ctx context.Context, p PartnerID, f UserFilter) (Page[User], error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id UserID) (User, error)
	// Create errors: Invalid (Username or Email: malformed or in use;
	// Password: too weak; Accounts: not there).
	Create(ctx context.Context, p PartnerID, n NewUser) (User, error)
	// Update tells the old address of a new one. Errors: NotFound, Invalid.
	Update(ctx context.Context, p PartnerID, id UserID, u UserUpdate) (User, error)
	// Delete ends a user's sessions and access. Errors: NotFound.
	Delete(ctx context.Context, p PartnerID, id UserID) error
	// SetPassword sets a password, ends the user's sessions, and makes a
	// person of an API user. Errors: NotFound, Invalid.
	SetPassword(ctx context.Context, p PartnerID, username string, password Secret) error
}
