package notify

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"github.com/tandem-ipaas/tandem"
)

// attempt tries to send letters, over one connection, and notes what became of
// each.
func (m *Mailer) attempt(ctx context.Context, due []tandem.Mailing) error {
	sending, cancel := context.WithTimeout(ctx, batchTime)
	defer cancel()
	c, err := m.dial(sending)
	if err != nil {
		m.log.ErrorContext(ctx, "mail server does not take mail", "server", m.server.hostPort(), "error", err)
	} else {
		defer c.close()
	}
	var failed []error
	for _, d := range due {
		l, unsealed := m.open(ctx, d)
		switch {
		case unsealed != nil:
			failed = append(failed, m.giveUp(ctx, d, unsealed.Error()))
		case err != nil:
			failed = append(failed, m.putOff(ctx, d, l, err))
		default:
			failed = append(failed, m.note(ctx, d, l, c.send(m.compose(d, l))))
		}
	}
	return errors.Join(failed...)
}

// note writes down what became of a letter.
func (m *Mailer) note(ctx context.Context, d tandem.Mailing, l tandem.Letter, err error) error {
	switch {
	case err == nil:
		m.log.InfoContext(ctx, "mail sent", "mail", d.ID, "partner", d.Partner, "attempts", d.Attempts)
		return m.outbox.EndMail(ctx, d.ID, tandem.MailSent, "", m.options.Now())
	case permanent(err):
		return m.giveUp(ctx, d, reason(err, l))
	}
	return m.putOff(ctx, d, l, err)
}

// permanent says that the server refused the letter for good. A refusal of the
// sender is not about the letter.
func permanent(err error) bool {
	var e *gomail.SendError
	return errors.As(err, &e) && e.ErrorCode() >= 500 && e.Reason != gomail.ErrSMTPMailFrom
}

func (m *Mailer) giveUp(ctx context.Context, d tandem.Mailing, why string) error {
	m.log.WarnContext(ctx, "mail given up", "mail", d.ID, "partner", d.Partner, "attempts", d.Attempts, "reason", why)
	return m.outbox.EndMail(ctx, d.ID, tandem.MailGivenUp, why, m.options.Now())
}

// putOff tries a letter again later, within its day.
func (m *Mailer) putOff(ctx context.Context, d tandem.Mailing, l tandem.Letter, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // we are stopping; the lease will end
	}
	wait := longestRetry
	if n := d.Attempts - 1; n < 8 { // 2^8 minutes are more
		wait = min(firstRetry<<n, longestRetry)
	}
	next, why := m.options.Now().Add(wait), reason(err, l)
	if next.After(d.Due.Add(lifetime)) {
		return m.giveUp(ctx, d, "not sent within a day: "+why)
	}
	m.log.InfoContext(ctx, "mail put off", "mail", d.ID, "partner", d.Partner, "attempts", d.Attempts, "next", next, "reason", why)
	return m.outbox.DeferMail(ctx, d.ID, why, next)
}

// maxReason is how much of a reason is kept, in bytes.
const maxReason = 500

// reason is err in words, without the letter's link, which servers quote when
// they do not like it.
func reason(err error, l tandem.Letter) string {
	why := err.Error()
	if l.Link != "" {
		why = strings.ReplaceAll(why, l.Link, "(the link)")
		for _, word := range strings.FieldsFunc(l.Link, func(r rune) bool { return strings.ContainsRune("/?&=#", r) }) {
			if len(word) >= minSecret {
				why = strings.ReplaceAll(why, word, "***")
			}
		}
	}
	why = strings.ToValidUTF8(strings.ReplaceAll(why, "\x00", ""), string(utf8.RuneError))
	if len(why) > maxReason {
		why = strings.ToValidUTF8(why[:maxReason], "") + "…"
	}
	return why
}

// minSecret is how long a part of a link is that could be a secret: longer than
// the names of hosts and paths mostly are.
const minSecret = 20

// compose makes the mail of a letter.
func (m *Mailer) compose(d tandem.Mailing, l tandem.Letter) (*gomail.Msg, error) {
	text, html, err := layout(d.PartnerName, l)
	if err != nil {
		return nil, fmt.Errorf("lay out mail %s: %w", d.ID, err)
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent()) // what we are made of is nobody's concern
	msg.FromMailAddress(&mail.Address{Name: plainText(d.PartnerName), Address: m.server.From})
	if err := msg.To(l.To); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(m.server.From, "@")
	msg.SetMessageIDWithValue(d.ID + "@" + domain)
	msg.SetDateWithValue(d.Created)
	msg.Subject(plainText(l.Subject))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office replies
	msg.SetBodyString(gomail.TypeTextPlain, text)
	msg.AddAlternativeString(gomail.TypeTextHTML, html)
	return msg, nil
}

// plainText is what of text may stand in a header.
func plainText(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}
