package tandem

import (
	"context"
	"time"
)

// InvitationLifetime is how long an invitation can be accepted.
const InvitationLifetime = 7 * 24 * time.Hour

// MaxInvitations is how many of an account may be open at once.
const MaxInvitations = 100

// Invitation is an offer of access to an account, to the one who reads the mail
// of an address.
type Invitation struct {
	ID            TicketID `json:"Id"`
	Email         string   // lower case
	Administrator bool
	CreatedDate   time.Time
	ExpiresAtUTC  time.Time `json:"ExpiresAtUtc"`

	// Link is for who invites to pass on, there being no mail; else "".
	Link string `json:"InvitationUrl,omitempty" doc:"To pass on; only where there is no mail."`
}

// OpenInvitation is an invitation as the one who was invited sees it.
type OpenInvitation struct {
	Invitation
	Partner     PartnerID
	Account     AccountID
	AccountName string
	Known       bool // there is a user of this address: their password is asked for
}

// Acceptance is what the one who was invited answers.
type Acceptance struct {
	FirstName string // of a new user
	LastName  string
	Password  Secret // a new user's to be, or a known user's own
}

// Invitations bring people into an account by mail.
type Invitations interface {
	// Invite mails a link; an open invitation of the same address is replaced.
	// Errors: NotFound (the account), Invalid (Email: malformed, or a member's),
	// RateLimited (too many are open, or were sent to this address).
	Invite(ctx context.Context, p PartnerID, a AccountID, email string, administrator bool) (Invitation, error)
	// List gives an account's open invitations, newest first.
	List(ctx context.Context, p PartnerID, a AccountID) ([]Invitation, error)
	// Resend replaces an invitation by a new one. Errors: NotFound, RateLimited.
	Resend(ctx context.Context, p PartnerID, a AccountID, id TicketID) (Invitation, error)
	// Revoke errors: NotFound.
	Revoke(ctx context.Context, p PartnerID, a AccountID, id TicketID) error
	// Look reads an invitation without using it. Errors: Gone, also when the
	// account is suspended or deleted.
	Look(ctx context.Context, token Secret) (OpenInvitation, error)
	// Accept gives access, to a user who is made if there is none of the
	// invitation's address, and gives the session to begin. Who merely
	// holds the link does not become somebody who is there: a known user's
	// password is asked for. Errors: Gone; Unauthenticated (a wrong password),
	// RateLimited; Conflict (the known user has no password yet, or somebody
	// else has the address as a username); Invalid. After all but Gone the
	// token can be used again.
	Accept(ctx context.Context, token Secret, by Acceptance, address string) (Session, error)
}
