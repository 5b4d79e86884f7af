package identity_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/password"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

func open(t *testing.T) (*identity.Service, *store.Store, tandem.NewPartner) {
	t.Helper()
	hasher, err := password.NewWith(password.Options{Memory: 8, Iterations: 1})
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.SQLite(t)
	s := identity.New(db, hasher, identity.NewGate(&settings{}))
	made, err := s.Setup(t.Context(), " Acme Software ", "Ada@Acme.test")
	if err != nil {
		t.Fatal(err)
	}
	return s, db, made
}

func account(t *testing.T, db *store.Store, p tandem.PartnerID, apiID string) *tandem.Account {
	t.Helper()
	a := &tandem.Account{Partner: p, APIID: apiID, Name: apiID, Timezone: "UTC", Enabled: true}
	if err := db.CreateAccount(t.Context(), a, func(tandem.AccountID) ([]byte, error) { return []byte("key"), nil }); err != nil {
		t.Fatal(err)
	}
	return a
}

func grant(made tandem.NewPartner, scope string) tandem.TokenRequest {
	return tandem.TokenRequest{GrantType: "client_credentials", ClientID: made.ClientID, ClientSecret: tandem.Secret(made.ClientSecret), Scope: scope}
}

func TestSetupRefuses(t *testing.T) {
	s, _, _ := open(t)
	for _, c := range []struct {
		name, email string
		want        tandem.Code
	}{
		{"", "a@b.test", tandem.Invalid},
		{"X", "no address", tandem.Invalid},
		{"X", "Ada <a@b.test>", tandem.Invalid},
	} {
		if _, err := s.Setup(t.Context(), c.name, c.email); tandem.ErrorCode(err) != c.want {
			t.Errorf("Setup(%q, %q): %v, want %s", c.name, c.email, err, c.want)
		}
	}
}

func TestToken(t *testing.T) {
	s, db, made := open(t)
	books := account(t, db, made.PartnerID, "books")
	for scope, want := range map[string]tandem.Principal{
		"":              {Partner: made.PartnerID, Client: made.ClientID},
		"account:books": {Partner: made.PartnerID, Client: made.ClientID, Account: books.ID},
	} {
		token, err := s.IssueToken(t.Context(), grant(made, scope))
		if err != nil {
			t.Fatal(err)
		}
		if got := token.Expires.Sub(token.Issued); got != 14*24*time.Hour {
			t.Errorf("lifetime %s", got)
		}
		got, err := s.Authenticate(t.Context(), token.Token)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("scope %q: -want +got\n%s", scope, diff)
		}
	}
}

func TestTokenRefused(t *testing.T) {
	s, _, made := open(t)
	wrong := grant(made, "")
	wrong.ClientSecret += "x"
	nobody := grant(made, "")
	nobody.ClientID = tandem.NewGUID()
	password := grant(made, "")
	password.GrantType = "password"
	for want, r := range map[string][]tandem.TokenRequest{
		"invalid_client":         {wrong, nobody},
		"unsupported_grant_type": {password},
		"invalid_scope":          {grant(made, "account:nowhere"), grant(made, "account:"), grant(made, "everything")},
	} {
		for _, r := range r {
			var e *tandem.Error
			if _, err := s.IssueToken(t.Context(), r); !errors.As(err, &e) || e.Message != want || e.Code != tandem.Invalid {
				t.Errorf("%+v: %v, want %s", r, err, want)
			}
		}
	}
	if _, err := s.Authenticate(t.Context(), "made up"); tandem.ErrorCode(err) != tandem.Unauthenticated {
		t.Errorf("a token that was never issued: %v", err)
	}
}

func TestTokenDiesWithItsAccount(t *testing.T) {
	s, db, made := open(t)
	a := account(t, db, made.PartnerID, "books")
	issue := func() tandem.Secret {
		token, err := s.IssueToken(t.Context(), grant(made, "account:books"))
		if err != nil {
			t.Fatal(err)
		}
		return token.Token
	}
	dead := func(token tandem.Secret, why string) {
		t.Helper()
		if _, err := s.Authenticate(t.Context(), token); tandem.ErrorCode(err) != tandem.Unauthenticated {
			t.Errorf("%s: %v, want unauthenticated", why, err)
		}
		if _, err := s.IssueToken(t.Context(), grant(made, "account:books")); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("%s: a new token: %v", why, err)
		}
	}
	token := issue()
	enable := func(on bool) {
		_, err := db.UpdateAccount(t.Context(), made.PartnerID, "books", func(a *tandem.Account) error { a.Enabled = on; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	enable(false)
	dead(token, "disabled")
	enable(true)
	if _, err := s.Authenticate(t.Context(), token); err != nil {
		t.Errorf("enabled again: %v", err)
	}
	if err := db.DeleteAccount(t.Context(), made.PartnerID, a.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	dead(token, "deleted")
}

// consoleUser makes a partner, and gives its first console user.
func consoleUser(t *testing.T, db *store.Store) tandem.Principal {
	t.Helper()
	p, err := db.CreatePartner(t.Context(), "Acme", tandem.ConsoleUser{Email: "ada@acme.test", FullAccess: true}, "", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	first, _, err := db.ConsoleUserByEmail(t.Context(), p, "ada@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	return tandem.Principal{Partner: p, ConsoleUser: first.ID}
}
