package tandem

import "context"

// UserChange is what a person changes of themselves. What is not set stays.
type UserChange struct {
	FirstName Optional[string]
	LastName  Optional[string]

	Password        Secret // a new one; "": it stays
	CurrentPassword Secret // if there is a new one
}

// UserProfile is what account users change of themselves. API users have nothing
// of the kind: Forbidden.
type UserProfile interface {
	// Update changes names and password; a new password ends all of the user's
	// sessions but who's. Errors: NotFound, Forbidden, Invalid, RateLimited.
	Update(ctx context.Context, who Principal, c UserChange, address string) error
	// RequestEmail mails a link to the address that a person, who knows their
	// password, wants to have. Errors: NotFound, Forbidden, Invalid (Password
	// is wrong, too), RateLimited, Unavailable (there is no mail).
	RequestEmail(ctx context.Context, p PartnerID, u UserID, email string, password Secret, address string) error
	// ConfirmEmail makes the new address the user's, and tells the old one.
	// Errors: Gone (the token), Invalid (in use by now).
	ConfirmEmail(ctx context.Context, token Secret) error
}
