package identity

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// notSignedOn is what people are told, whatever it was; err is for the operator.
func notSignedOn(err error) error {
	return &tandem.Error{Code: tandem.Unauthenticated, Message: "Single sign-on did not work. Try again.", Err: err}
}

// Finish implements tandem.SignOns. The code is taken to the issuer that the
// sign-in began with, and to no other.
func (s *SignOns) Finish(ctx context.Context, kind tandem.SignOnKind, a tandem.SignOnAnswer) (tandem.SignedOn, error) {
	// The state belongs to the browser that began: a link by somebody else, who
	// would have it signed in as themselves, does not work.
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(a.Kept)) != 1 {
		return tandem.SignedOn{}, notSignedOn(fmt.Errorf("state of another browser"))
	}
	t, err := s.tickets.Use(ctx, tandem.SingleSignOnTicket, tandem.Secret(a.State))
	if err != nil {
		return tandem.SignedOn{}, notSignedOn(err)
	}
	var at underway
	if err := json.Unmarshal(t.Detail, &at); err != nil {
		return tandem.SignedOn{}, fmt.Errorf("read state: %w", err)
	}
	o, sealed, err := s.store.SignOn(ctx, t.Partner)
	if err != nil {
		return tandem.SignedOn{}, notSignedOn(err)
	}
	if at.Kind != kind || !isFor(o, kind) || at.Issuer != o.Issuer || a.Issuer != "" && a.Issuer != o.Issuer {
		return tandem.SignedOn{}, notSignedOn(fmt.Errorf("answer of %q to a sign-in at %q for %s", a.Issuer, at.Issuer, at.Kind))
	}
	r, err := s.relation(ctx, t.Partner, o, sealed, kind)
	if err != nil {
		return tandem.SignedOn{}, err
	}
	who, err := s.provider.exchange(ctx, r, at, a.Code)
	if err != nil {
		return tandem.SignedOn{}, err
	}
	email, err := tandem.ParseEmail("Email", who.Email)
	if err != nil || !bool(who.Verified) || !slices.Contains(o.Domains, domainOf(email)) ||
		kind == tandem.ConsoleSignOn && slices.Contains(o.Pending, domainOf(email)) { // two partners may have customers of one domain
		return tandem.SignedOn{}, notSignedOn(fmt.Errorf("address %q, verified: %v", who.Email, who.Verified))
	}
	return tandem.SignedOn{Partner: t.Partner, Email: email, Name: who.Name, To: at.To, Issuer: o.Issuer, Subject: who.Subject}, nil
}

// Enter implements tandem.SignOns. The provider has asked for what it asks for:
// there is no second step here.
func (s *SignOns) Enter(ctx context.Context, a tandem.SignOnAnswer, address string) (tandem.Entry, string, error) {
	who, err := s.Finish(ctx, tandem.ConsoleSignOn, a)
	if err != nil {
		return tandem.Entry{}, "", err
	}
	u, err := s.consoleUser(ctx, who)
	if err != nil {
		return tandem.Entry{}, "", err
	}
	if err := s.gate.Check(ctx, tandem.Principal{Partner: u.Partner, ConsoleUser: u.ID}, address); err != nil {
		return tandem.Entry{}, "", err
	}
	if u.Invited {
		if err := s.users.AcceptConsoleUser(ctx, u.Partner, u.ID); err != nil {
			return tandem.Entry{}, "", fmt.Errorf("let console user %d in: %w", u.ID, err)
		}
	}
	return tandem.Entry{User: u}, who.To, nil
}

// consoleUser finds who has signed on among the partner's own team, or adds them to
// it if that is wanted. Who has come before is known by the subject; the address,
// which may be somebody else's by now, tells the first time only.
func (s *SignOns) consoleUser(ctx context.Context, who tandem.SignedOn) (u tandem.ConsoleUser, err error) {
	id, err := s.users.SignOnPerson(ctx, tandem.ConsoleSignOn, who)
	switch {
	case err == nil:
		u, err = s.users.ConsoleUserOf(ctx, who.Partner, tandem.ConsoleUserID(id))
		return u, err
	case tandem.ErrorCode(err) != tandem.NotFound:
		return u, fmt.Errorf("sign on: %w", err)
	}
	u, _, err = s.users.ConsoleUserByEmail(ctx, who.Partner, who.Email)
	if tandem.ErrorCode(err) == tandem.NotFound {
		u, err = s.create(ctx, who)
	}
	if err != nil {
		return u, fmt.Errorf("sign on: %w", err)
	}
	err = s.users.KnowSubject(ctx, tandem.ConsoleSignOn, who, int64(u.ID))
	if tandem.ErrorCode(err) == tandem.Conflict {
		return u, notSignedOn(fmt.Errorf("%s is of another subject: %w", who.Email, err))
	}
	return u, err
}

func (s *SignOns) create(ctx context.Context, who tandem.SignedOn) (tandem.ConsoleUser, error) {
	o, err := s.Get(ctx, who.Partner)
	if err != nil {
		return tandem.ConsoleUser{}, err
	}
	if !o.CreateUsers {
		return tandem.ConsoleUser{}, notSignedOn(fmt.Errorf("%s is no console user", who.Email))
	}
	name, err := personName(who.Name)
	if err != nil {
		name = who.Email
	}
	u := tandem.ConsoleUser{Partner: who.Partner, Email: who.Email, Name: name, Created: time.Now().UTC().Truncate(time.Microsecond)}
	if err := s.users.CreateConsoleUser(ctx, &u); err != nil {
		return tandem.ConsoleUser{}, fmt.Errorf("make console user: %w", err)
	}
	u, _, err = s.users.ConsoleUserByEmail(ctx, who.Partner, who.Email) // with the partner's name
	return u, err
}
