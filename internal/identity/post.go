package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// resetTime is how long a link to choose a new password works.
const resetTime = time.Hour

// post writes to console users.
type post struct {
	mail    tandem.Mail
	tickets tandem.Tickets
	url     string // that links begin with
}

// link makes a ticket for u, and the link to use it. The token stands behind #,
// which browsers keep to themselves.
func (p *post) link(ctx context.Context, u tandem.ConsoleUser, purpose tandem.Purpose, life time.Duration, page string) (string, error) {
	t := tandem.Ticket{Purpose: purpose, Partner: u.Partner, ConsoleUser: u.ID, Expires: time.Now().Add(life)}
	token, _, err := p.tickets.Issue(ctx, t)
	if err != nil {
		return "", err
	}
	return p.url + "/console/" + page + "#" + string(token), nil
}

// invite writes an invitation, in place of those before. The link is given if
// there is no mail.
func (p *post) invite(ctx context.Context, u tandem.ConsoleUser) (link string, err error) {
	before := tandem.Ticket{Purpose: tandem.ConsoleInvitationTicket, Partner: u.Partner, ConsoleUser: u.ID}
	if err := p.tickets.Revoke(ctx, before); err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		return "", err
	}
	link, err = p.link(ctx, u, tandem.ConsoleInvitationTicket, tandem.InvitationLifetime, "invitation")
	if err != nil || !p.mail.Ready() {
		return link, err
	}
	return "", p.send(ctx, u, tandem.Letter{
		Subject:    "You are invited to the console of " + u.PartnerName,
		Paragraphs: []string{"You are invited to work in the console of " + u.PartnerName + ".", "Choose a password to come in. The link works for seven days, once."},
		Link:       link, LinkText: "Accept the invitation",
	})
}

// reset writes a link for a new password. Those before stay good until one is
// used: whoever asks again and again does not keep u from using theirs.
func (p *post) reset(ctx context.Context, u tandem.ConsoleUser) error {
	link, err := p.link(ctx, u, tandem.ConsolePasswordTicket, resetTime, "reset")
	if err != nil {
		return err
	}
	return p.send(ctx, u, tandem.Letter{
		Security:   true,
		Subject:    "Choose a new password",
		Paragraphs: []string{"Somebody, probably you, asked for a new password for the console of " + u.PartnerName + ".", "The link works for an hour, once. If it was not you, do nothing: your password stays as it is."},
		Link:       link, LinkText: "Choose a new password",
	})
}

// changed tells u of a change in how they sign in.
func (p *post) changed(ctx context.Context, u tandem.ConsoleUser, what string) error {
	if !p.mail.Ready() {
		return nil
	}
	return p.send(ctx, u, tandem.Letter{
		Security:   true,
		Subject:    what,
		Paragraphs: []string{what + ", in the console of " + u.PartnerName + ".", "If that was not you, choose a new password at once, and tell who looks after your security."},
	})
}

// taken tells u of a code that was taken, if it is a recovery code.
func (p *post) taken(ctx context.Context, u tandem.ConsoleUser, code string) error {
	if !isRecoveryCode(code) {
		return nil
	}
	return p.changed(ctx, u, "One of your recovery codes was used")
}

// send leaves it at that when too many letters wait for the same person.
func (p *post) send(ctx context.Context, u tandem.ConsoleUser, l tandem.Letter) error {
	l.To = u.Email
	if err := p.mail.Send(ctx, u.Partner, l); err != nil && !errors.Is(err, &tandem.Error{Code: tandem.RateLimited}) {
		return fmt.Errorf("write to console user %d: %w", u.ID, err)
	}
	return nil
}
