package identity

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

const (
	// entryTime is how long the steps of a sign-in may take, each.
	entryTime = 10 * time.Minute
	// deviceTime is how long a browser stays known.
	deviceTime = 180 * 24 * time.Hour
	// forgotTime is how long Forgot takes, whether there is somebody to write
	// to or not; far longer than either needs.
	forgotTime = 500 * time.Millisecond
)

var (
	errSignIn    = &tandem.Error{Code: tandem.Unauthenticated, Message: "Email or password is wrong."}
	errSignedOut = &tandem.Error{Code: tandem.Unauthenticated, Message: "You are signed out."}
	errCode      = &tandem.Error{Code: tandem.Unauthenticated, Message: "The code is wrong, or was used before."}
)

// EntranceStore is what is known of who comes in.
type EntranceStore interface {
	// ConsoleUser errors: NotFound.
	ConsoleUser(ctx context.Context, id tandem.ConsoleUserID) (tandem.ConsoleUser, error)
	// ConsoleUsersByEmail are those of all partners, with the hashes of their
	// passwords: those with one first, and no more than most.
	ConsoleUsersByEmail(ctx context.Context, email string, most int) ([]tandem.ConsoleUser, []string, error)
	// MostConsoleUsers is how many with a password have the same email, of the
	// email of which there are most.
	MostConsoleUsers(ctx context.Context) (int, error)
	// SetConsolePassword ends sessions but one, links and known browsers.
	SetConsolePassword(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID, hash string, but tandem.SessionID) error
	// AcceptInvitation is SetConsolePassword for who is invited. Errors:
	// NotFound, also when they have come in already.
	AcceptInvitation(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID, name, hash string) error
	KnowDevice(ctx context.Context, id tandem.ConsoleUserID, hash []byte, expires time.Time) error
	DeviceKnown(ctx context.Context, id tandem.ConsoleUserID, hash []byte, now time.Time) (bool, error)
}

// Entrance implements tandem.Entrance.
type Entrance struct {
	store    EntranceStore
	hasher   *password.Hasher
	factors  *Factors
	tickets  tandem.Tickets
	settings tandem.Settings
	post     *post

	near, share, everywhere *limiter // attempts for an email: from one place, at once and in the long run, and from all
	letters                 *limiter
}

var _ tandem.Entrance = (*Entrance)(nil)

// NewEntrance makes the service. Links in its mails begin with url.
func NewEntrance(store EntranceStore, hasher *password.Hasher, factors *Factors, tickets tandem.Tickets, settings tandem.Settings, mail tandem.Mail, url string) *Entrance {
	return &Entrance{
		store: store, hasher: hasher, factors: factors, tickets: tickets, settings: settings, post: &post{mail, tickets, url},
		near: newLimiter(passwordPace), share: newLimiter(sharePace), everywhere: newLimiter(emailPace), letters: newLimiter(passwordPace),
	}
}

// maxHomes is of how many partners' teams somebody may be and sign in without
// saying at which.
const maxHomes = 8

// SignIn implements tandem.Entrance. It does not tell, nor by the time that it
// takes, at how many partners an email is known: as many passwords are compared for
// everybody as for whom there are most.
func (e *Entrance) SignIn(ctx context.Context, s tandem.SignIn) (tandem.Entry, error) {
	s.Email = strings.ToLower(strings.TrimSpace(s.Email))
	if strings.IndexByte(s.Email, 0) >= 0 { // not every database takes it
		return tandem.Entry{}, errSignIn
	}
	all, hashes, err := e.store.ConsoleUsersByEmail(ctx, s.Email, maxHomes)
	if err != nil {
		return tandem.Entry{}, fmt.Errorf("sign in: %w", err)
	}
	known, err := e.known(ctx, all, s.Device)
	if err != nil {
		return tandem.Entry{}, err
	}
	tries := e.tries(s, known != 0)
	if err := tries.take(); err != nil {
		return tandem.Entry{}, err
	}
	right, err := e.right(ctx, hashes, s.Password)
	if err != nil {
		return tandem.Entry{}, fmt.Errorf("sign in: %w", err)
	}
	matching, wrong := []tandem.ConsoleUser{}, false
	for i, u := range all {
		switch {
		case !right[i]:
			wrong = true
		case s.Partner == 0 || s.Partner == u.Partner:
			matching = append(matching, u)
		}
	}
	if len(matching) > 0 && !wrong {
		tries.give() // only wrong ones count: who may set a password at one partner's does not guess those at others'
	}
	switch {
	case len(matching) == 0:
		if len(all) > 0 {
			tandem.Identify(ctx, principalOf(all[0]))
		}
		return tandem.Entry{}, errSignIn
	case len(matching) > 1:
		return tandem.Entry{Next: tandem.EntryChoose, Partners: matching}, nil
	}
	return e.proceed(ctx, matching[0], s.Address, known == matching[0].ID)
}

// right says which of the hashes a password has.
func (e *Entrance) right(ctx context.Context, hashes []string, password tandem.Secret) ([]bool, error) {
	most, err := e.store.MostConsoleUsers(ctx)
	if err != nil {
		return nil, err
	}
	right := make([]bool, max(len(hashes), min(most, maxHomes), 1))
	for i := range right {
		var hash string // an empty one is compared for as long
		if i < len(hashes) {
			hash = hashes[i]
		}
		if right[i], err = e.hasher.Matches(ctx, hash, password); err != nil {
			return nil, err
		}
	}
	return right, nil
}

func principalOf(u tandem.ConsoleUser) tandem.Principal {
	return tandem.Principal{Partner: u.Partner, ConsoleUser: u.ID}
}

// known is as whom of all a browser was let in before; 0: as none of them.
func (e *Entrance) known(ctx context.Context, all []tandem.ConsoleUser, device tandem.Secret) (tandem.ConsoleUserID, error) {
	if device == "" {
		return 0, nil
	}
	for _, u := range all {
		known, err := e.store.DeviceKnown(ctx, u.ID, hash(string(device)), time.Now())
		if err != nil {
			return 0, fmt.Errorf("sign in: %w", err)
		}
		if known {
			return u.ID, nil
		}
	}
	return 0, nil
}

// tries are what a try counts for. A known browser has its own, so that nobody
// who guesses can keep its owner out; strangers share theirs, first those in one
// network, of which each has but a part, then all.
func (e *Entrance) tries(s tandem.SignIn, known bool) tries {
	if known {
		return tries{{e.near, attempt{s.Email, hex.EncodeToString(hash(string(s.Device)))}}}
	}
	here := attempt{s.Email, network(s.Address)}
	return tries{{e.near, here}, {e.share, here}, {e.everywhere, attempt{email: s.Email}}}
}

// proceed says what is left to do for who has shown the first factor.
func (e *Entrance) proceed(ctx context.Context, u tandem.ConsoleUser, address string, known bool) (tandem.Entry, error) {
	set, err := e.settings.Get(ctx, u.Partner)
	if err != nil {
		return tandem.Entry{}, fmt.Errorf("sign in console user %d: %w", u.ID, err)
	}
	if err := checkAddress(set.Security.ConsoleAddresses, address); err != nil {
		tandem.Identify(ctx, principalOf(u))
		return tandem.Entry{}, err
	}
	switch {
	case u.TwoFactor:
		return e.step(ctx, u, tandem.EntryCode)
	case set.Security.RequireTwoFactor:
		return e.step(ctx, u, tandem.EntryEnrol)
	}
	return e.done(ctx, u, known)
}

// step gives the token for what is left to do.
func (e *Entrance) step(ctx context.Context, u tandem.ConsoleUser, next tandem.EntryStep) (tandem.Entry, error) {
	token, _, err := e.tickets.Issue(ctx, tandem.Ticket{
		Purpose: tandem.EntryTicket, Partner: u.Partner, ConsoleUser: u.ID, Detail: []byte(`"` + next + `"`), Expires: time.Now().Add(entryTime),
		Passwords: u.Passwords,
	})
	return tandem.Entry{User: u, Next: next, Token: token}, err
}

// done lets somebody in. A browser that is not known is from now on.
func (e *Entrance) done(ctx context.Context, u tandem.ConsoleUser, known bool) (tandem.Entry, error) {
	if known {
		return tandem.Entry{User: u}, nil
	}
	device := random()
	if err := e.store.KnowDevice(ctx, u.ID, hash(device), time.Now().Add(deviceTime)); err != nil {
		return tandem.Entry{}, fmt.Errorf("sign in console user %d: %w", u.ID, err)
	}
	return tandem.Entry{User: u, Device: tandem.Secret(device)}, nil
}

// entering is who has a token for the next step, and which step that is.
func (e *Entrance) entering(ctx context.Context, token tandem.Secret) (tandem.ConsoleUser, tandem.EntryStep, error) {
	t, err := e.tickets.Look(ctx, tandem.EntryTicket, token)
	if tandem.ErrorCode(err) == tandem.Gone {
		return tandem.ConsoleUser{}, "", &tandem.Error{Code: tandem.Gone, Message: "That took too long. Sign in again.", Err: err}
	}
	if err != nil {
		return tandem.ConsoleUser{}, "", err
	}
	u, err := e.store.ConsoleUser(ctx, t.ConsoleUser)
	u.Passwords = t.Passwords
	return u, tandem.EntryStep(strings.Trim(string(t.Detail), `"`)), err
}

// Enrol implements tandem.Entrance.
func (e *Entrance) Enrol(ctx context.Context, token tandem.Secret) (tandem.Enrolment, error) {
	u, next, err := e.entering(ctx, token)
	if err != nil {
		return tandem.Enrolment{}, err
	}
	if next != tandem.EntryEnrol {
		return tandem.Enrolment{}, tandem.Conflictf("There is a second factor already.")
	}
	return e.factors.enrol(ctx, u)
}

// Confirm implements tandem.Entrance.
func (e *Entrance) Confirm(ctx context.Context, token tandem.Secret, code, address string) (tandem.Entry, error) {
	u, next, err := e.entering(ctx, token)
	if err != nil {
		return tandem.Entry{}, err
	}
	var recovery []string
	var ok bool
	if next == tandem.EntryEnrol {
		recovery, err = e.factors.confirm(ctx, u, code)
		ok = recovery != nil
	} else {
		ok, err = e.factors.check(ctx, u, code)
	}
	if err != nil {
		return tandem.Entry{}, err
	}
	if !ok {
		return tandem.Entry{}, errCode
	}
	if _, err := e.tickets.Use(ctx, tandem.EntryTicket, token); err != nil {
		return tandem.Entry{}, err
	}
	entry, err := e.done(ctx, u, false)
	entry.RecoveryCodes = recovery
	if err != nil {
		return entry, err
	}
	return entry, e.post.taken(ctx, u, code)
}

// Invitation implements tandem.Entrance.
func (e *Entrance) Invitation(ctx context.Context, token tandem.Secret) (tandem.ConsoleUser, error) {
	t, err := e.tickets.Look(ctx, tandem.ConsoleInvitationTicket, token)
	if err != nil {
		return tandem.ConsoleUser{}, err
	}
	return e.store.ConsoleUser(ctx, t.ConsoleUser)
}

// Accept implements tandem.Entrance.
func (e *Entrance) Accept(ctx context.Context, token tandem.Secret, name string, password tandem.Secret, address string) (tandem.Entry, error) {
	name, err := personName(name)
	if err != nil {
		return tandem.Entry{}, err
	}
	u, err := e.choose(ctx, tandem.ConsoleInvitationTicket, token, password, func(t tandem.Ticket, chosen string) error {
		return e.store.AcceptInvitation(ctx, t.Partner, t.ConsoleUser, name, chosen)
	})
	if err != nil {
		return tandem.Entry{}, err
	}
	return e.proceed(ctx, u, address, false)
}

// choose sets, by set, the password that a link lets its bearer choose.
func (e *Entrance) choose(ctx context.Context, purpose tandem.Purpose, token, password tandem.Secret, set func(t tandem.Ticket, chosen string) error) (tandem.ConsoleUser, error) {
	if _, err := e.tickets.Look(ctx, purpose, token); err != nil {
		return tandem.ConsoleUser{}, err
	}
	chosen, err := e.hasher.Hash(ctx, password)
	if err != nil {
		return tandem.ConsoleUser{}, err
	}
	t, err := e.tickets.Use(ctx, purpose, token)
	if err != nil {
		return tandem.ConsoleUser{}, err
	}
	if err := set(t, chosen); err != nil {
		return tandem.ConsoleUser{}, gone("use", purpose, err) // NotFound: somebody was faster
	}
	return e.store.ConsoleUser(ctx, t.ConsoleUser)
}

// Reset implements tandem.Entrance.
func (e *Entrance) Reset(ctx context.Context, token, password tandem.Secret) (tandem.Secret, error) {
	u, err := e.choose(ctx, tandem.ConsolePasswordTicket, token, password, func(t tandem.Ticket, chosen string) error {
		return e.store.SetConsolePassword(ctx, t.Partner, t.ConsoleUser, chosen, 0)
	})
	if err != nil {
		return "", err
	}
	entry, err := e.done(ctx, u, false) // whoever guesses at the new password is not in this browser's way
	if err != nil {
		return "", err
	}
	return entry.Device, e.post.changed(ctx, u, "Your password was changed")
}

var errNoMail = &tandem.Error{Code: tandem.Unavailable, Message: "Mail is not set up here. Ask those who gave you access."}

// Forgot implements tandem.Entrance.
func (e *Entrance) Forgot(ctx context.Context, email, address string) error {
	if !e.post.mail.Ready() { // for whichever address
		return errNoMail
	}
	email = strings.ToLower(strings.TrimSpace(email))
	// The network first: who has used up its tries does not use up the owner's.
	if err := (tries{{e.letters, attempt{network: network(address)}}, {e.letters, attempt{email: email}}}).take(); err != nil {
		return err
	}
	ready := time.NewTimer(forgotTime)
	defer ready.Stop()
	err := e.remind(ctx, email)
	select {
	case <-ready.C:
	case <-ctx.Done():
	}
	return err
}

// remind writes to who has an email, if somebody has and can be written to, about
// each partner by itself.
func (e *Entrance) remind(ctx context.Context, email string) error {
	if strings.IndexByte(email, 0) >= 0 {
		return nil
	}
	all, _, err := e.store.ConsoleUsersByEmail(ctx, email, maxHomes)
	if err != nil {
		return fmt.Errorf("remind of a password: %w", err)
	}
	for _, u := range all {
		if !u.Invited {
			err = errors.Join(err, e.post.reset(ctx, u))
		}
	}
	return err
}
