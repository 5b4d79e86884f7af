package tandem

import (
	"context"
	"time"
)

// Letter is a mail to one person. It is plain: how it looks, in HTML and in
// text, is the business of who sends it.
type Letter struct {
	To         string // one address
	Subject    string
	Paragraphs []string // plain text
	Link       string   // the one thing to do; "": none
	LinkText   string

	// Security is of letters about how somebody signs in. They have paces of their
	// own: however many others wait, those do not put them off.
	Security bool `json:",omitempty"`

	// Key makes a second letter with the same key, for the same partner, be
	// none. "" is no key.
	Key string
}

// Mail sends letters.
type Mail interface {
	// Ready says whether letters can be sent at all. If not, a link is shown
	// to who would have had it sent.
	Ready() bool
	// Send queues a letter, durably: it is tried until it is taken or a day
	// has passed. Errors: Invalid (To), Unavailable (not Ready), RateLimited
	// (many wait for that address already).
	Send(ctx context.Context, p PartnerID, l Letter) error
}

// MailState is how far a mail has come.
type MailState string

// The states of a mail. The last two are its end.
const (
	MailQueued  MailState = "Queued"
	MailSent    MailState = "Sent" // the server has taken it
	MailGivenUp MailState = "GivenUp"
)

// Mailing is a letter on its way, and afterwards the note that there was one.
type Mailing struct {
	ID       string // a GUID; the same at each attempt, and part of the Message-ID
	Partner  PartnerID
	To       string
	Subject  string
	Sealed   []byte // what it says, encrypted; forgotten at its end
	State    MailState
	Attempts int       // begun
	Reason   string    // why the last attempt failed
	Created  time.Time // when it was asked for
	Due      time.Time // from when on it may be sent, and when its day begins

	PartnerName string // as read
}

// Pace is how fast something may go: Burst at once, then one in Every.
type Pace struct {
	Name    string // of what
	Every   time.Duration
	Burst   int
	Longest time.Duration // that anything may be put off; 0: any time
	Refusal string        // for the person, when it would be longer
}
