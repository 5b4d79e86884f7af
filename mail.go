package tandem

import "context"

// Letter is a mail to one person. It is plain: how it looks, in HTML and in
// text, is the business of who sends it.
type Letter struct {
	To         string // one address
	Subject    string
	Paragraphs []string // plain text
	Link       string   // the one thing to do; "": none
	LinkText   string
}

// Mail sends letters.
type Mail interface {
	// Ready says whether letters can be sent at all. If not, a link is shown
	// to who would have had it sent.
	Ready() bool
	// Send queues a letter, durably: it is tried until it is taken or a day
	// has passed. Errors: Invalid (To), Unavailable (not Ready).
	Send(ctx context.Context, p PartnerID, l Letter) error
}
