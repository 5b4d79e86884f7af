package tandem

import (
	"context"
	"time"
)

// ConsoleUser is a member of the partner's own team.
type ConsoleUser struct {
	ID          ConsoleUserID `json:"Id"`
	Partner     PartnerID     `json:"-"`
	Email       string        // lower case
	Name        string
	FullAccess  bool        // also to areas that are yet to come
	Permissions Permissions // with FullAccess: Everything
	TwoFactor   bool        // codes are asked for at sign-in
	Invited     bool        // and has not come in yet
	Created     time.Time   `json:"CreatedDate"`
	PartnerName string      `json:"-"` // as read; for people to see where they are
	Passwords   int64       `json:"-"` // how many they have had: see Session
}

// ConsoleUserUpdate is what is to be changed of a console user.
type ConsoleUserUpdate struct {
	Email       string // of an invitation only
	Name        Optional[string]
	FullAccess  Optional[bool]
	Permissions Optional[Permissions]
}

// ConsoleUsers are a partner's own team. Nobody gives others more than they
// have, changes who has more, or changes themselves; one user with Full Access
// stays.
type ConsoleUsers interface {
	// List gives them by email, and searches that and Name.
	List(ctx context.Context, p PartnerID, f Search) (Page[ConsoleUser], error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id ConsoleUserID) (ConsoleUser, error)
	// Invite makes a user who has yet to choose a password, and mails the
	// link to do so; it is given only if there is no mail. Errors: Invalid,
	// Conflict (the email is taken), Forbidden.
	Invite(ctx context.Context, by Principal, u ConsoleUserUpdate) (ConsoleUser, string, error)
	// Reinvite sends another link, and ends the one before. Errors: NotFound,
	// Conflict (the invitation was accepted), Forbidden.
	Reinvite(ctx context.Context, by Principal, id ConsoleUserID) (ConsoleUser, string, error)
	// Update errors: NotFound, Invalid, Forbidden, Conflict (the last one with
	// Full Access).
	Update(ctx context.Context, by Principal, id ConsoleUserID, u ConsoleUserUpdate) (ConsoleUser, error)
	// Remove errors: as Update.
	Remove(ctx context.Context, by Principal, id ConsoleUserID) error
	// ResetTwoFactor takes away the second factor of somebody who has lost it;
	// they may have had none. They are told. Errors: NotFound, Forbidden.
	ResetTwoFactor(ctx context.Context, by Principal, id ConsoleUserID) error
}

// SignIn is an attempt to sign in to the console.
type SignIn struct {
	Email    string
	Password Secret
	Partner  PartnerID // 0: of any
	Address  string    // network address that it comes from
	Device   Secret    // what Entry gave this browser before; "": nothing
}

// EntryStep is what is left to do before somebody is signed in.
type EntryStep string

// The steps.
const (
	EntryDone   EntryStep = ""
	EntryChoose EntryStep = "Choose" // one of Partners: to sign in again, naming it
	EntryCode   EntryStep = "Code"   // a code of the second factor, or a recovery code
	EntryEnrol  EntryStep = "Enrol"  // a second factor is to be set up first
)

// Entry is how far somebody has come. Only with EntryDone may a session begin.
type Entry struct {
	User          ConsoleUser
	Next          EntryStep
	Token         Secret        // for the next step; minutes
	Device        Secret        // for the browser to keep: it is known from now on
	RecoveryCodes []string      // of a second factor that was set up just now
	Partners      []ConsoleUser // with EntryChoose: who somebody is, at each
}

// Enrolment is a new second factor (RFC 6238), for an app to take up.
type Enrolment struct {
	Secret string
	URL    string `json:"Url"` // otpauth://…
}

// Entrance is how console users come in.
type Entrance interface {
	// SignIn checks a password. Errors: Unauthenticated, the same for an
	// unknown email as for a wrong password; RateLimited; Forbidden (not from
	// this address).
	SignIn(ctx context.Context, s SignIn) (Entry, error)
	// Enrol begins the second factor of who must have one. Errors: Gone.
	Enrol(ctx context.Context, token Secret) (Enrolment, error)
	// Confirm takes the code that EntryCode or EntryEnrol asks for. Errors:
	// Unauthenticated (a wrong code), RateLimited, Gone.
	Confirm(ctx context.Context, token Secret, code, address string) (Entry, error)
	// Invitation says who is invited. Errors: Gone.
	Invitation(ctx context.Context, token Secret) (ConsoleUser, error)
	// Accept ends an invitation. Errors: Gone, Invalid.
	Accept(ctx context.Context, token Secret, name string, password Secret, address string) (Entry, error)
	// Forgot mails a link to choose a new password, if there is such a user.
	// It does not tell. Errors: RateLimited.
	Forgot(ctx context.Context, email, address string) error
	// Reset sets a new password, and ends all of the user's sessions. The
	// browser is known from then on by device, as after SignIn. Errors:
	// Gone, Invalid.
	Reset(ctx context.Context, token, password Secret) (device Secret, err error)
}

// Profile is what console users change of themselves.
type Profile interface {
	// Rename errors: Invalid.
	Rename(ctx context.Context, who Principal, name string) error
	// SetPassword ends all of the user's sessions but this one. Errors:
	// Invalid (the present one is wrong, the new one too weak), RateLimited.
	SetPassword(ctx context.Context, who Principal, present, password Secret) error
	// Enrol makes a second factor, which holds once it is confirmed. Errors:
	// Conflict (there is one), Invalid and RateLimited for the password.
	Enrol(ctx context.Context, who Principal, present Secret) (Enrolment, error)
	// Confirm takes a code of it, and gives the recovery codes. Errors:
	// Invalid (a wrong code), RateLimited, Conflict (there is nothing to confirm).
	Confirm(ctx context.Context, who Principal, code string) ([]string, error)
	// Recover gives new recovery codes; those before are void. Errors: Invalid,
	// RateLimited, Conflict (there is no second factor).
	Recover(ctx context.Context, who Principal, present Secret, code string) ([]string, error)
	// Disable takes the second factor away. Errors: as Recover; Forbidden (it
	// is required).
	Disable(ctx context.Context, who Principal, present Secret, code string) error
}
