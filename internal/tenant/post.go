package tenant

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Pages on the service domain that links lead to.
const (
	invitationPage = "/account/invitation"
	resetPage      = "/account/reset"
	emailPage      = "/account/email"
)

// Post sends people links, each with a one-time token, and ends them.
type Post struct {
	tickets tandem.Tickets
	mail    tandem.Mail
	url     string
}

// NewPost makes one, given the URL of the service domain.
func NewPost(tickets tandem.Tickets, mail tandem.Mail, serviceURL string) *Post {
	return &Post{tickets: tickets, mail: mail, url: strings.TrimSuffix(serviceURL, "/")}
}

// link is that to a page, with a new ticket's token.
func (s *Post) link(ctx context.Context, page string, t tandem.Ticket) (string, tandem.Ticket, error) {
	token, issued, err := s.tickets.Issue(ctx, t)
	return s.url + page + "?token=" + url.QueryEscape(string(token)), issued, err
}

// replace is link, and makes those before it, of the same purpose, for the same
// user, useless.
func (s *Post) replace(ctx context.Context, page string, t tandem.Ticket) (string, error) {
	if err := s.revoke(ctx, tandem.Ticket{Purpose: t.Purpose, Partner: t.Partner, User: t.User}); err != nil {
		return "", err
	}
	link, _, err := s.link(ctx, page, t)
	return link, err
}

// revoke uses tickets up, if there are any.
func (s *Post) revoke(ctx context.Context, like tandem.Ticket) error {
	if err := s.tickets.Revoke(ctx, like); err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		return err
	}
	return nil
}

// endLinks ends those that were sent to an address.
func (s *Post) endLinks(ctx context.Context, p tandem.PartnerID, u tandem.UserID) error {
	return errors.Join(
		s.revoke(ctx, tandem.Ticket{Purpose: tandem.PasswordTicket, Partner: p, User: u}),
		s.revoke(ctx, tandem.Ticket{Purpose: tandem.EmailTicket, Partner: p, User: u}))
}

// moved ends the links that were sent to a user's old address, and tells it of
// the new one. The change has been made: what fails is for the operator.
func (s *Post) moved(ctx context.Context, log *slog.Logger, u tandem.User, was string) {
	err := s.endLinks(ctx, u.Partner, u.ID)
	if was != "" && s.mail.Ready() {
		err = errors.Join(err, s.mail.Send(ctx, u.Partner, movedLetter(u, was)))
	}
	if err != nil {
		log.WarnContext(ctx, "the old address was not told of the new one", "user", u.ID, "error", err)
	}
}

// changed tells a user that the password is another now. It has been changed:
// what fails is for the operator.
func (s *Post) changed(ctx context.Context, log *slog.Logger, u tandem.User) {
	if u.Email == "" || !s.mail.Ready() {
		return
	}
	if err := s.mail.Send(ctx, u.Partner, changedLetter(u)); err != nil {
		log.WarnContext(ctx, "a user was not told of their new password", "user", u.ID, "error", err)
	}
}
