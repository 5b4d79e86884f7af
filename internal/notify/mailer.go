package notify

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// Outbox is where letters wait.
type Outbox interface {
	// PartnerKey gives a partner's wrapped data key, made by key if there is
	// none. Errors: NotFound.
	PartnerKey(ctx context.Context, p tandem.PartnerID, key func(tandem.PartnerID) ([]byte, error)) ([]byte, error)
	// PutMail queues m for when its paces let it go. Errors: RateLimited.
	PutMail(ctx context.Context, m tandem.Mailing, paces []tandem.Pace) error
	// ClaimMail takes up to n that are due, until lease.
	ClaimMail(ctx context.Context, now, lease time.Time, n int) ([]tandem.Mailing, error)
	// DeferMail puts the next attempt off.
	DeferMail(ctx context.Context, id, reason string, until time.Time) error
	// EndMail forgets what a mail says.
	EndMail(ctx context.Context, id string, end tandem.MailState, reason string, at time.Time) error
	// ForgetMail deletes the notes of mails that ended before a time.
	ForgetMail(ctx context.Context, before time.Time) error
}

// How fast letters go.
const (
	partnerBurst   = 100
	partnerEvery   = time.Second
	recipientBurst = 5
	recipientEvery = time.Minute
	recipientQueue = time.Hour // that as many wait for as go in it
)

// How letters are tried.
const (
	attemptsAtOnce = 10
	timeout        = 30 * time.Second // for a connection, and for each letter
	batchTime      = 4 * time.Minute  // for all of a batch
	lease          = 5 * time.Minute  // longer than a batch takes
	firstRetry     = time.Minute      // then twice as long each time
	longestRetry   = 4 * time.Hour
	lifetime       = 24 * time.Hour
	poll           = 15 * time.Second // for what other nodes put in, and for what is due later
	notesKept      = 31 * 24 * time.Hour
)

// Options are what may be set.
type Options struct {
	Roots   *x509.CertPool   // that the server's certificate is checked by; nil: the system's
	Timeout time.Duration    // for a connection, and for each letter; 0: 30 s
	Now     func() time.Time // nil: the clock
}

// Mailer implements tandem.Mail.
type Mailer struct {
	log     *slog.Logger
	outbox  Outbox
	keys    *vault.Vault
	server  Server
	options Options
	wake    chan struct{}
}

var _ tandem.Mail = (*Mailer)(nil)

// New makes a mailer that sends by server.
func New(log *slog.Logger, outbox Outbox, keys *vault.Vault, server Server, o Options) *Mailer {
	if o.Timeout == 0 {
		o.Timeout = timeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Mailer{log: log, outbox: outbox, keys: keys, server: server, options: o, wake: make(chan struct{}, 1)}
}

// Ready implements tandem.Mail.
func (m *Mailer) Ready() bool { return m.server.Host != "" }

// Send implements tandem.Mail.
func (m *Mailer) Send(ctx context.Context, p tandem.PartnerID, l tandem.Letter) error {
	if !m.Ready() {
		return &tandem.Error{Code: tandem.Unavailable, Message: "Mail is not set up."}
	}
	var err error
	if l.To, err = address(strings.TrimSpace(l.To)); err != nil {
		return err
	}
	l.Subject = strings.Join(strings.Fields(l.Subject), " ")
	id := tandem.NewGUID()
	if l.Key != "" {
		id = tandem.KeyGUID(fmt.Sprintf("mail of partner %d: %s", p, l.Key))
	}
	mailing := tandem.Mailing{ID: id, Partner: p, To: l.To, Subject: l.Subject, State: tandem.MailQueued, Created: m.options.Now()}
	if mailing.Sealed, err = m.seal(ctx, mailing, l); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	if err := m.outbox.PutMail(ctx, mailing, paces(mailing, l.Security)); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	select {
	case m.wake <- struct{}{}:
	default: // it is awake
	}
	return nil
}

func paces(m tandem.Mailing, security bool) []tandem.Pace {
	name := fmt.Sprintf("partner %d", m.Partner)
	if security {
		name = "security, " + name
	}
	return []tandem.Pace{
		{Name: name, Every: partnerEvery, Burst: partnerBurst},
		{
			Name: name + " to " + strings.ToLower(m.To), Every: recipientEvery, Burst: recipientBurst,
			Longest: recipientQueue, Refusal: "Too many mails wait for this address. Try again later.",
		},
	}
}

func (m *Mailer) seal(ctx context.Context, of tandem.Mailing, l tandem.Letter) ([]byte, error) {
	key, err := m.outbox.PartnerKey(ctx, of.Partner, m.keys.NewPartnerKey)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	return m.keys.Seal(key, place(of), tandem.Secret(plain))
}

func (m *Mailer) open(ctx context.Context, of tandem.Mailing) (l tandem.Letter, err error) {
	key, err := m.outbox.PartnerKey(ctx, of.Partner, m.keys.NewPartnerKey)
	if err != nil {
		return l, err
	}
	plain, err := m.keys.Open(key, place(of), of.Sealed)
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal([]byte(plain), &l)
}

func place(of tandem.Mailing) vault.Place {
	return vault.Place{Partner: of.Partner, Record: "mail " + of.ID, Field: "sealed"}
}

// Run sends what is due until ctx is done.
func (m *Mailer) Run(ctx context.Context) error {
	forgot := time.Time{}
	for {
		if err := m.Flush(ctx); err != nil && ctx.Err() == nil {
			m.log.ErrorContext(ctx, "outbox failed", "error", err)
		}
		if now := m.options.Now(); now.Sub(forgot) > time.Hour {
			forgot = now
			if err := m.outbox.ForgetMail(ctx, now.Add(-notesKept)); err != nil && ctx.Err() == nil {
				m.log.ErrorContext(ctx, "notes of mails were not deleted", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-m.wake:
		case <-time.After(poll):
		}
	}
}

// Flush tries everything that is due. What the mail server says of a letter is
// no error.
func (m *Mailer) Flush(ctx context.Context) error {
	for {
		now := m.options.Now()
		due, err := m.outbox.ClaimMail(ctx, now, now.Add(lease), attemptsAtOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		if err := m.attempt(ctx, due); err != nil {
			return err
		}
	}
}
