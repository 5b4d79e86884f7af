package identity_test

import (
	"crypto/rsa"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/oidctest"
)

// signOn is a world with a provider.
type signOn struct {
	*world
	*oidctest.Provider
	ons *identity.SignOns
}

func newSignOn(w *world) *signOn {
	w.Helper()
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	w.Cleanup(client.Close)
	s := &signOn{w, oidctest.New(w.T), identity.NewSignOns(w.db, w.db, w.keys, w.tickets, identity.NewGate(w.settings), client.HTTP(), "https://tandem.test")}
	s.set(func(o *tandem.SignOn) {
		*o = tandem.SignOn{Issuer: s.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Console: true, Domains: []string{"Acme.test", "bolt.test"}}
	})
	return s
}

func (s *signOn) set(change func(*tandem.SignOn)) {
	s.Helper()
	if _, err := s.ons.Set(s.Context(), s.ada, change); err != nil {
		s.Fatal(err)
	}
}

// begin goes to the provider, as a browser does.
func (s *signOn) begin() tandem.SignOnAnswer {
	s.Helper()
	page, kept, err := s.ons.Begin(s.Context(), tandem.SignOnStart{Kind: tandem.ConsoleSignOn, Email: "ada@acme.test", To: "/accounts", Address: "192.0.2.1"})
	if err != nil {
		s.Fatal(err)
	}
	s.Visit(page)
	return tandem.SignOnAnswer{State: s.Asked.Get("state"), Code: oidctest.Code, Kept: kept}
}

func TestSignOn(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		s := newSignOn(w)
		a := s.begin()
		if q := s.Asked; q.Get("code_challenge_method") != "S256" || q.Get("redirect_uri") != "https://tandem.test/console/sso/callback" || q.Get("client_id") != "tandem" || q.Get("scope") != "openid email profile" || q.Get("login_hint") != "ada@acme.test" {
			t.Errorf("asked for %v", q)
		}
		w.settings.Security.RequireTwoFactor = true // of who signs in by password
		e, to, err := s.ons.Enter(t.Context(), a, "192.0.2.1")
		if err != nil || e.User.ID != w.ada.ConsoleUser || e.Next != tandem.EntryDone || to != "/accounts" {
			t.Fatalf("%+v to %s: %v", e, to, err)
		}
		_, _, err = s.ons.Enter(t.Context(), a, "192.0.2.1")
		w.fails("the same answer again", err, tandem.Unauthenticated)
		w.settings.Security.ConsoleAddresses = []string{"198.51.100.0/24"}
		_, _, err = s.ons.Enter(t.Context(), s.begin(), "192.0.2.1")
		w.fails("from elsewhere", err, tandem.Forbidden)
	})
}

// What a provider says is believed only if it is signed by it, for us, for this
// sign-in, now, and of an address that it has verified.
func TestSignOnRefuses(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	s := newSignOn(w)
	stranger := oidctest.NewKey(t)
	for name, c := range map[string]struct {
		claims map[string]any
		sign   *rsa.PrivateKey
		spoil  func(a *tandem.SignOnAnswer)
	}{
		"nonce of another sign-in": {claims: map[string]any{"nonce": "another"}},
		"no nonce":                 {claims: map[string]any{"nonce": ""}},
		"for another":              {claims: map[string]any{"aud": "another"}},
		"by another":               {claims: map[string]any{"iss": "https://evil.test"}},
		"expired":                  {claims: map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}},
		"not verified":             {claims: map[string]any{"email_verified": false}},
		"not said to be verified":  {claims: map[string]any{"email_verified": nil}},
		"no address":               {claims: map[string]any{"email": ""}},
		"another domain":           {claims: map[string]any{"email": "ada@evil.test"}},
		"no console user":          {claims: map[string]any{"email": "eve@acme.test"}},
		"another's key":            {sign: stranger},
		"a wrong code":             {spoil: func(a *tandem.SignOnAnswer) { a.Code = "another" }},
		"no state":                 {spoil: func(a *tandem.SignOnAnswer) { a.State, a.Kept = "", "" }},
		"another browser":          {spoil: func(a *tandem.SignOnAnswer) { a.Kept = "" }},
		"another browser's state":  {spoil: func(a *tandem.SignOnAnswer) { a.Kept = "made up" }},
		"a state that never was":   {spoil: func(a *tandem.SignOnAnswer) { a.State, a.Kept = "made up", "made up" }},
		"mix-up":                   {spoil: func(a *tandem.SignOnAnswer) { a.Issuer = "https://evil.test" }},
	} {
		s.Claims, s.Sign = c.claims, s.Key
		if c.sign != nil {
			s.Sign = c.sign
		}
		s.renew()
		a := s.begin()
		if c.spoil != nil {
			c.spoil(&a)
		}
		_, _, err := s.ons.Enter(t.Context(), a, "192.0.2.1")
		w.fails(name, err, tandem.Unauthenticated)
	}
	s.Claims, s.Sign = map[string]any{"email_verified": "true"}, s.Key
	s.renew()
	a := s.begin()
	a.Issuer = s.URL
	if _, _, err := s.ons.Enter(t.Context(), a, ""); err != nil {
		t.Errorf("and yet it works: %v", err)
	}
}

// renew makes the service anew, with all tries to spare.
func (s *signOn) renew() {
	client := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	s.Cleanup(client.Close)
	s.ons = identity.NewSignOns(s.db, s.db, s.keys, s.tickets, identity.NewGate(s.settings), client.HTTP(), "https://tandem.test")
}

// While somebody is at one issuer, the partner goes over to another: the code is
// not taken there.
func TestSignOnMixUp(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	s := newSignOn(w)
	a := s.begin()
	evil := oidctest.New(t)
	s.set(func(o *tandem.SignOn) { o.Issuer, o.ClientSecret = evil.URL, "their secret" })
	_, _, err := s.ons.Enter(t.Context(), a, "")
	w.fails("an answer of the issuer before", err, tandem.Unauthenticated)
	if evil.Tokens != 0 || s.Tokens != 0 {
		t.Error("the code was taken somewhere")
	}
	_, err = s.ons.Finish(t.Context(), tandem.AccountSignOn, s.begin())
	w.fails("for an account", err, tandem.Unauthenticated)
}

// Only console users are made, so a sign-on that is not for them makes none.
func TestSignOnThatCanMakeNobody(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	s := newSignOn(w)
	_, err := s.ons.Set(t.Context(), s.ada, func(o *tandem.SignOn) { o.CreateUsers, o.Console = true, false })
	var e *tandem.Error
	if w.fails("without Console", err, tandem.Invalid); errors.As(err, &e) && e.Field != "CreateUsers" {
		t.Errorf("field %q", e.Field)
	}
	s.set(func(o *tandem.SignOn) { o.CreateUsers, o.Console = true, true })
}

func TestSignOnMakesUsers(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		s := newSignOn(w)
		s.set(func(o *tandem.SignOn) { o.CreateUsers = true })
		s.Claims = map[string]any{"email": "new@acme.test", "name": "Newton"}
		e, _, err := s.ons.Enter(t.Context(), s.begin(), "")
		if err != nil || e.User.Name != "Newton" || e.User.FullAccess || e.User.Permissions != (tandem.Permissions{}) {
			t.Errorf("%+v, %v", e, err)
		}
		u, _, err := w.users.Invite(t.Context(), w.ada, tandem.ConsoleUserUpdate{Email: "guest@acme.test"})
		if err != nil {
			t.Fatal(err)
		}
		s.Claims = map[string]any{"email": "guest@acme.test"}
		if _, _, err := s.ons.Enter(t.Context(), s.begin(), ""); err != nil {
			t.Fatal(err)
		}
		if u = must[tandem.ConsoleUser](w)(w.users.Get(t.Context(), w.ada.Partner, u.ID)); u.Invited {
			t.Error("who came in is still invited")
		}
		_, err = w.entrance.Accept(t.Context(), w.mail.token(t), "Eve", "a fine password", "")
		w.fails("the invitation of who has come in", err, tandem.Gone)
		// Nor does one that was being sent meanwhile.
		late, _, err := w.tickets.Issue(t.Context(), tandem.Ticket{Purpose: tandem.ConsoleInvitationTicket, Partner: u.Partner, ConsoleUser: u.ID})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.entrance.Accept(t.Context(), late, "Eve", "a fine password", "")
		w.fails("an invitation that came late", err, tandem.Gone)
		_, err = w.entrance.SignIn(t.Context(), tandem.SignIn{Email: u.Email, Password: "a fine password"})
		w.fails("the password of an invitation that came late", err, tandem.Unauthenticated)
	})
}

// A domain is one partner's, whom the operator has approved of: others who name it
// are sent nobody, and nobody comes in by them.
func TestSignOnOfAnotherPartner(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		bolt := must[tandem.NewPartner](w)(identity.New(w.db, w.hasher, identity.NewGate(w.settings)).Setup(t.Context(), "Bolt", "bob@bolt.test"))
		s := newSignOn(w) // names acme.test and bolt.test; with two partners, none is approved
		start := func(email string) (string, error) {
			page, _, err := s.ons.Begin(t.Context(), tandem.SignOnStart{Kind: tandem.ConsoleSignOn, Email: email, Address: "192.0.2.1"})
			return page, err
		}
		for _, email := range []string{"bob@bolt.test", "ada@acme.test", "nobody@bolt.test"} {
			_, err := start(email)
			w.fails("before it is approved: "+email, err, tandem.NotFound)
		}
		if o := must[tandem.SignOn](w)(s.ons.Get(t.Context(), w.ada.Partner)); len(o.Pending) != 2 {
			t.Errorf("pending: %v", o.Pending)
		}
		w.fails("a domain that nobody named", s.ons.Approve(t.Context(), w.ada.Partner, "x.test"), tandem.NotFound)
		w.fails("a domain that another named", s.ons.Approve(t.Context(), bolt.PartnerID, "acme.test"), tandem.NotFound)
		if err := s.ons.Approve(t.Context(), w.ada.Partner, " Acme.test"); err != nil {
			t.Fatal(err)
		}
		s.set(func(o *tandem.SignOn) { o.CreateUsers = true }) // which changes nothing of that
		want := []tandem.DomainClaim{{Domain: "acme.test", Partner: w.ada.Partner, Name: "Acme: Software", Approved: true}, {Domain: "bolt.test", Partner: w.ada.Partner, Name: "Acme: Software"}}
		if diff := cmp.Diff(want, must[[]tandem.DomainClaim](w)(s.ons.Claims(t.Context()))); diff != "" {
			t.Errorf("claims: -want +got\n%s", diff)
		}
		s.Claims = map[string]any{"email": "bob@bolt.test"}
		_, _, err := s.ons.Enter(t.Context(), s.begin(), "")
		w.fails("an address of a domain that is not approved", err, tandem.Unauthenticated)

		// Both have named it, and Bolt is approved of; then Acme, instead.
		first, _, err := w.db.ConsoleUserByEmail(t.Context(), bolt.PartnerID, "bob@bolt.test")
		if err != nil {
			t.Fatal(err)
		}
		theirs := tandem.Principal{Partner: bolt.PartnerID, ConsoleUser: first.ID, Permissions: tandem.Everything()}
		if _, err := s.ons.Set(t.Context(), theirs, func(o *tandem.SignOn) {
			*o = tandem.SignOn{Issuer: s.URL, ClientID: "bolt", ClientSecret: "x", Console: true, Domains: []string{"bolt.test"}}
		}); err != nil {
			t.Fatal(err)
		}
		for p, client := range map[tandem.PartnerID]string{bolt.PartnerID: "bolt", w.ada.Partner: oidctest.ClientID} {
			if err := s.ons.Approve(t.Context(), p, "bolt.test"); err != nil {
				t.Fatal(err)
			}
			page, err := start("bob@bolt.test")
			if err != nil {
				t.Fatal(err)
			}
			if s.Visit(page); s.Asked.Get("client_id") != client {
				t.Errorf("partner %d is approved of, and sent to is client %s", p, s.Asked.Get("client_id"))
			}
		}
		// Whoever has the address at Acme's is nobody at Bolt's.
		e, _, err := s.ons.Enter(t.Context(), s.begin(), "")
		if err == nil && e.User.Partner != w.ada.Partner {
			t.Errorf("came in as %+v", e.User)
		}
	})
}

// Addresses change hands: who came in once is known by what the provider calls
// them, and who has the address later is somebody else.
func TestSignOnBySubject(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		s := newSignOn(w)
		enter := func(subject, email string) (tandem.ConsoleUserID, error) {
			s.Claims = map[string]any{"sub": subject, "email": email}
			s.renew()
			e, _, err := s.ons.Enter(t.Context(), s.begin(), "192.0.2.1")
			return e.User.ID, err
		}
		is := func(what, subject, email string, want tandem.ConsoleUserID) {
			t.Helper()
			if id, err := enter(subject, email); err != nil || id != want {
				t.Errorf("%s: %d, %v; want %d", what, id, err, want)
			}
		}
		_, err := enter("", "ada@acme.test")
		w.fails("nobody in particular", err, tandem.Unauthenticated)
		is("the first time", "1", "ada@acme.test", w.ada.ConsoleUser)
		is("under another address", "1", "ada.byron@acme.test", w.ada.ConsoleUser)
		_, err = enter("2", "ada@acme.test")
		w.fails("who was given the address", err, tandem.Unauthenticated)
		bert, _, err := w.users.Invite(t.Context(), w.ada, tandem.ConsoleUserUpdate{Email: "bert@acme.test"})
		if err != nil {
			t.Fatal(err)
		}
		is("with the address of another", "1", "bert@acme.test", w.ada.ConsoleUser)
		is("and that one", "2", "bert@acme.test", bert.ID)

		program := tandem.Principal{Partner: w.ada.Partner}
		if err := w.users.Remove(t.Context(), program, bert.ID); err != nil {
			t.Fatal(err)
		}
		again, _, err := w.users.Invite(t.Context(), w.ada, tandem.ConsoleUserUpdate{Email: "bert@acme.test"})
		if err != nil {
			t.Fatal(err)
		}
		is("invited again, another person", "3", "bert@acme.test", again.ID)
		s.set(func(o *tandem.SignOn) { o.Console = true })
		_, err = enter("4", "ada@acme.test")
		w.fails("after another setting was changed", err, tandem.Unauthenticated)
		s.set(func(o *tandem.SignOn) { o.Issuer = "" })
		newSignOn(w).Close()
		s.set(func(o *tandem.SignOn) {
			*o = tandem.SignOn{Issuer: s.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Console: true, Domains: []string{"acme.test"}}
		})
		is("of another relation", "4", "ada@acme.test", w.ada.ConsoleUser)
	})
}

// Customers come to one partner's page: no other partner's provider is asked,
// whatever its domains.
func TestSignOnOfAPartner(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		s := newSignOn(w)
		s.set(func(o *tandem.SignOn) { o.Accounts = true })
		bolt, err := w.db.CreatePartner(t.Context(), "Bolt", tandem.ConsoleUser{Email: "bob@bolt.test", FullAccess: true}, "", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}})
		if err != nil {
			t.Fatal(err)
		}
		begin := func(p tandem.PartnerID, email string) (string, error) {
			page, _, err := s.ons.Begin(t.Context(), tandem.SignOnStart{Kind: tandem.AccountSignOn, Partner: p, Email: email, Address: "192.0.2.7"})
			return page, err
		}
		page, err := begin(w.ada.Partner, "")
		if err != nil {
			t.Fatal(err)
		}
		if s.Visit(page); s.Asked.Has("login_hint") {
			t.Errorf("asked for %v", s.Asked)
		}
		_, err = begin(w.ada.Partner, "amy@acme.test")
		w.fails("with an email", err, "")
		_, err = begin(w.ada.Partner, "amy@elsewhere.test")
		w.fails("of another domain", err, tandem.NotFound)
		for _, email := range []string{"", "amy@acme.test"} {
			_, err = begin(bolt, email)
			w.fails("of a partner who has none", err, tandem.NotFound)
		}
		s.set(func(o *tandem.SignOn) { o.Accounts = false })
		_, err = begin(w.ada.Partner, "")
		w.fails("not for accounts", err, tandem.NotFound)
	})
}

func TestSignOnSettings(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		s := newSignOn(w)
		o := must[tandem.SignOn](w)(s.ons.Get(t.Context(), w.ada.Partner))
		if o.ClientSecret != "" || o.Issuer != s.URL || len(o.Domains) != 2 || o.Domains[0] != "acme.test" {
			t.Errorf("%+v", o)
		}
		for field, change := range map[string]func(*tandem.SignOn){
			"Issuer": func(o *tandem.SignOn) { o.Issuer = "http://login.test" }, "ClientId": func(o *tandem.SignOn) { o.ClientID = "" },
			"Domains": func(o *tandem.SignOn) { o.Domains = []string{"not a domain"} }, "ClientSecret": func(o *tandem.SignOn) { o.Issuer = "https://login.test" },
		} {
			_, err := s.ons.Set(t.Context(), w.ada, change)
			w.fails(field, err, tandem.Invalid)
		}
		guard := tandem.Principal{Partner: w.ada.Partner, ConsoleUser: 99, Permissions: may(t, `{"Security":"Manage"}`)}
		_, err := s.ons.Set(t.Context(), guard, func(o *tandem.SignOn) {})
		w.fails("by who may not do everything", err, tandem.Forbidden)
		_, _, err = s.ons.Begin(t.Context(), tandem.SignOnStart{Kind: tandem.ConsoleSignOn, Email: "ada@elsewhere.test"})
		w.fails("another domain", err, tandem.NotFound)
		_, _, err = s.ons.Begin(t.Context(), tandem.SignOnStart{Kind: tandem.AccountSignOn, Email: "ada@acme.test"})
		w.fails("not for accounts", err, tandem.NotFound)
		w.fails("the provider is there", s.ons.Test(t.Context(), w.ada.Partner), "")
		s.Close()
		w.fails("the provider is not there", s.ons.Test(t.Context(), w.ada.Partner), tandem.Unavailable)
		_, _, err = s.ons.Begin(t.Context(), tandem.SignOnStart{Kind: tandem.ConsoleSignOn, Email: "ada@acme.test", Address: "192.0.2.9"})
		w.fails("nobody answers", err, tandem.Unavailable)
		s.set(func(o *tandem.SignOn) { o.Issuer = "" })
		_, _, err = s.ons.Begin(t.Context(), tandem.SignOnStart{Kind: tandem.ConsoleSignOn, Email: "ada@acme.test", Address: "192.0.2.8"})
		w.fails("switched off", err, tandem.NotFound)
		w.fails("there is none to test", s.ons.Test(t.Context(), w.ada.Partner), tandem.NotFound)
	})
}

// The provider is reached through the guard: one on a private address is not
// called unless the operator allows it.
func TestSignOnIsGuarded(t *testing.T) {
	w := newWorld(t, openSQLite(t))
	s := newSignOn(w)
	client := egress.New(egress.Options{})
	t.Cleanup(client.Close)
	s.ons = identity.NewSignOns(w.db, w.db, w.keys, w.tickets, identity.NewGate(w.settings), client.HTTP(), "https://tandem.test")
	_, _, err := s.ons.Begin(t.Context(), tandem.SignOnStart{Kind: tandem.ConsoleSignOn, Email: "ada@acme.test", Address: "192.0.2.1"})
	w.fails("loopback", err, tandem.Unavailable)
}
