package tandem

import (
	"context"
	"time"
)

// TicketID names a ticket in lists; it opens nothing.
type TicketID int64

// Purpose is what a ticket is good for, and the only thing.
type Purpose string

// The purposes of tickets.
const (
	SignInTicket            Purpose = "SignIn"            // to an account, in a browser
	InvitationTicket        Purpose = "Invitation"        // to an account
	PasswordTicket          Purpose = "Password"          // a new one for an account user
	EmailTicket             Purpose = "Email"             // confirms an account user's new address
	ConsoleInvitationTicket Purpose = "ConsoleInvitation" // to the console
	ConsolePasswordTicket   Purpose = "ConsolePassword"   // a new one for a console user
	EntryTicket             Purpose = "Entry"             // to the console, the password being right
	SingleSignOnTicket      Purpose = "SingleSignOn"      // a sign-in that is under way elsewhere
	ChoiceTicket            Purpose = "Choice"            // of an account, by a person who has shown who they are
	OfferTicket             Purpose = "Offer"             // of a template, to another partner
	ConnectTicket           Purpose = "Connect"           // to a third party, for an account connector
	ConnectingTicket        Purpose = "Connecting"        // a sign-in to a third party that is under way there
	SetupTicket             Purpose = "Setup"             // of an account connector, by whoever has it
)

// TicketLifetime is how long a ticket for signing in works.
const TicketLifetime = 5 * time.Minute

// Ticket is what a one-time token stands for. Only a hash of the token is kept.
type Ticket struct {
	ID          TicketID
	Purpose     Purpose
	Partner     PartnerID
	Account     AccountID     // 0: none
	User        UserID        // 0: none
	ConsoleUser ConsoleUserID // 0: none
	Email       string        // of who was invited; lower case
	Detail      []byte        // JSON of the purpose's own; may be nil
	Created     time.Time
	Expires     time.Time
	Passwords   int64 // as in Session
}

// Tickets are one-time tokens: in links and mails, and for programs that sign
// people in.
type Tickets interface {
	// Issue keeps t and gives the token that stands for it. Errors:
	// Unauthenticated (the password has been changed since).
	Issue(ctx context.Context, t Ticket) (Secret, Ticket, error)
	// Look reads a ticket without using it. Errors: Gone, also for a token
	// that never was.
	Look(ctx context.Context, p Purpose, token Secret) (Ticket, error)
	// Use reads a ticket and uses it up: of many at once, one gets it. Errors:
	// Gone.
	Use(ctx context.Context, p Purpose, token Secret) (Ticket, error)
	// List gives the tickets of a purpose that can still be used, newest
	// first: a partner's, or those for one account.
	List(ctx context.Context, p PartnerID, a AccountID, purpose Purpose) ([]Ticket, error)
	// Revoke uses tickets up: those that have all that t has of ID, Account,
	// User, ConsoleUser and Email, and its Partner and Purpose. Errors:
	// NotFound when there is none.
	Revoke(ctx context.Context, t Ticket) error
}
