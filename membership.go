package tandem

import (
	"context"
	"time"
)

// Membership is a user's access to one account. Access to a parent gives nothing
// below it, nor the reverse.
type Membership struct {
	Account       AccountID `json:"-"`
	APIID         string    `json:"AccountId"`
	AccountName   string
	Administrator bool
	Enabled       bool `doc:"Of the account: access to one that is suspended gives nothing."`
}

// Member is a user as an account sees its own: without what else they may enter.
type Member struct {
	ID             UserID `json:"Id"`
	Username       string
	FirstName      string
	LastName       string
	Email          string
	APIUser        bool `json:"ApiUser"`
	Administrator  bool
	LastSignInDate *time.Time `doc:"To whichever account; null: never."`
}

// MemberChange is a change of what a user may do in an account.
type MemberChange struct {
	Remove        bool
	Administrator bool // if not Remove

	// Administrators is how many of them must be left, if the change is of
	// one.
	Administrators int
}

// Memberships say who may enter an account. API users of an account itself (see
// BuiltIn) are in no list.
type Memberships interface {
	// Usernames gives a page of an account's, sorted.
	Usernames(ctx context.Context, a AccountID, r PageRequest) (Page[string], error)
	// List gives an account's members, sorted by username. The filter's
	// account is not used.
	List(ctx context.Context, a AccountID, f UserFilter) (Page[Member], error)
	// Get is what a user may do in an account now. Errors: NotFound, also
	// when the account is suspended or deleted.
	Get(ctx context.Context, p PartnerID, a AccountID, u UserID) (Membership, error)
	// Add gives a user standard access to an account. A new one is made, a
	// person; password, which may be "", is for a new one alone. Errors:
	// NotFound (the account), Invalid.
	Add(ctx context.Context, p PartnerID, a AccountID, username string, password Secret) (User, error)
	// Admit is Add for who is let in by a token: a new one is an API user.
	Admit(ctx context.Context, p PartnerID, a AccountID, username string) (User, error)
	// BuiltIn is the account's own API user, who has standard access. It is
	// made when it is first asked for. Errors: NotFound (the account).
	BuiltIn(ctx context.Context, p PartnerID, a AccountID) (User, error)
	// Change errors: NotFound, Conflict (too few administrators would be
	// left).
	Change(ctx context.Context, p PartnerID, a AccountID, username string, c MemberChange) error
}

// UserAccess is how account users come in. Passwords that are right count for no
// limit.
type UserAccess interface {
	// SignIn checks a person's password, sent from a network address, and
	// notes the time. The username may be the email. Errors: Unauthenticated,
	// the same for an unknown user as for a wrong password and for an API
	// user; RateLimited, for this name from this address.
	SignIn(ctx context.Context, p PartnerID, username string, password Secret, address string) (User, error)
	// SignOn finds the person of an address that a provider has verified, and
	// notes the time. Errors: Forbidden (there is none).
	SignOn(ctx context.Context, who SignedOn) (User, error)
	// Enter is Admit with a password, for programs of the partner: it must be
	// a known user's own, API users included; a new user, an API user, is made
	// with it. Errors: as SignIn and Admit.
	Enter(ctx context.Context, p PartnerID, a AccountID, username string, password Secret, address string) (User, error)
	// MayEnter refuses what Enter would, and changes nothing. Errors: as Enter.
	MayEnter(ctx context.Context, p PartnerID, username string, password Secret, address string) error
	// SignedIn notes the time of a sign-in by token. Errors: NotFound.
	SignedIn(ctx context.Context, p PartnerID, u UserID) error

	// RequestReset mails a link for a new password to the person of a
	// username or email, if there is one. Its answer and time do not tell.
	// Errors: RateLimited, Unavailable (there is no mail).
	RequestReset(ctx context.Context, p PartnerID, username, address string) error
	// ResetPassword sets a password and ends the user's sessions. Errors:
	// Gone (the token), Invalid (Password; the token can be used again).
	ResetPassword(ctx context.Context, token, password Secret) error
}
