package connection_test

import (
	"context"
	"net/http"
	"testing"

	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
)

// machine is an account connector with tokens, and what docs/states.md says of it.
type machine struct {
	*third
	t       *testing.T
	id      tandem.AccountConnectorID
	is      tandem.AuthenticationState
	fresh   bool // its token has not ended
	revoked bool // by the third party, which we may not know
	noted   bool // something is known to be wrong
	down    bool // the third party does not answer
}

// give signs in, or writes tokens down that have ended.
func (m *machine) give(r *rapid.T) {
	_, refresh := m.Grant()
	value := token(m.t, connector.Token{AccessToken: "at-old", RefreshToken: refresh, Expires: "2020-01-01T00:00:00Z"})
	m.update(r, tandem.ConnectorUpdate{AuthValue: tandem.Some(value)})
	m.is, m.fresh, m.revoked, m.noted = tandem.Authenticated, false, false, false
}

// change takes another way to authenticate, for which there are no credentials.
func (m *machine) change(r *rapid.T) {
	m.update(r, tandem.ConnectorUpdate{AuthenticationID: tandem.Some(m.library.Authentication[signed].ID)})
	m.update(r, tandem.ConnectorUpdate{AuthenticationID: tandem.Some(m.library.Authentication[code].ID)})
	m.is, m.fresh, m.noted = tandem.NotAuthenticated, false, false
}

func (m *machine) update(r *rapid.T, u tandem.ConnectorUpdate) {
	if _, err := m.Update(m.t.Context(), m.root, m.id, u); err != nil {
		r.Fatal(err)
	}
}

// rename changes nothing but a name.
func (m *machine) rename(r *rapid.T) {
	m.update(r, tandem.ConnectorUpdate{Name: tandem.Some("Another name")})
}

func (m *machine) takeAway(r *rapid.T) {
	if _, err := m.Deauthenticate(m.t.Context(), m.root, m.id); err != nil {
		r.Fatal(err)
	}
	m.is, m.fresh, m.noted = tandem.NotAuthenticated, false, false
}

func (m *machine) revoke(*rapid.T) {
	m.Revoke()
	m.revoked = true
}

// turn has the third party stop answering, or begin again.
func (m *machine) turn(*rapid.T) {
	m.down = !m.down
	m.Set(func(p *oauthtest.Provider) {
		if p.Answer = nil; m.down {
			p.Answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
		}
	})
}

// use is a step's call. A token that has ended is replaced first.
func (m *machine) use(r *rapid.T) {
	got, err := m.Credentials(m.t.Context(), m.sub, m.id)
	if m.is == tandem.Authenticated && !m.fresh {
		m.renewed(r, err)
		return
	}
	if err != nil || got.State != m.is {
		r.Fatalf("%+v, %v; want %s", got, err, m.is)
	}
}

// expire is a call that is answered 401: a new token is got, or, if there is none
// to be had, noted what is wrong.
func (m *machine) expire(r *rapid.T) {
	if m.is != tandem.Authenticated || !m.fresh {
		r.Skip("it has no token that would be sent")
	}
	used, err := m.Credentials(m.t.Context(), m.root, m.id)
	if err == nil {
		_, err = m.Refresh(m.t.Context(), m.root, m.id, used)
	}
	m.renewed(r, err)
}

// renewed is what came of asking for a token.
func (m *machine) renewed(r *rapid.T, err error) {
	want := tandem.Code("")
	switch {
	case m.down:
		want = tandem.Unavailable // it stays as it was
	case m.revoked:
		want, m.is, m.fresh, m.noted = tandem.Unauthenticated, tandem.NotAuthenticated, false, true
	default:
		m.fresh, m.noted = true, false
	}
	if (err == nil) != (want == "") || err != nil && tandem.ErrorCode(err) != want {
		r.Fatalf("%v, want %q", err, want)
	}
}

// refuse is a call that is answered 401 for all that can be done; accept one that
// is not.
func (m *machine) refuse(r *rapid.T) { m.answered(r, m.Connectors.Refused, true) }
func (m *machine) accept(r *rapid.T) { m.answered(r, m.Accepted, false) }

func (m *machine) answered(r *rapid.T, tell func(context.Context, tandem.AccountConnectorID, *connection.Resolved), noted bool) {
	if m.is != tandem.Authenticated || !m.fresh {
		r.Skip("it has no token that would be sent")
	}
	used, err := m.Credentials(m.t.Context(), m.root, m.id)
	if err != nil {
		r.Fatal(err)
	}
	tell(m.t.Context(), m.id, used)
	m.noted = noted
}

func (m *machine) check(r *rapid.T) {
	got, err := m.Get(m.t.Context(), m.root, m.id)
	if err != nil || got.State != m.is || (got.Note != "") != m.noted {
		r.Fatalf("%s, note %q, %v; want %s, noted %v", got.State, got.Note, err, m.is, m.noted)
	}
}

// TestConnectorStates holds the service to docs/states.md.
func TestConnectorStates(t *testing.T) {
	w := newThird(t, "", connection.Options{})
	rapid.Check(t, func(r *rapid.T) {
		m := &machine{third: w, t: t, id: w.with(t, code, "{}").ID, is: tandem.NotAuthenticated}
		defer w.Set(func(p *oauthtest.Provider) { p.Answer = nil })
		defer func() {
			if err := w.Delete(t.Context(), w.root, m.id); err != nil {
				t.Error(err)
			}
		}()
		r.Repeat(map[string]func(*rapid.T){
			"give": m.give, "change": m.change, "rename": m.rename, "take away": m.takeAway, "revoke": m.revoke, "turn": m.turn,
			"use": m.use, "expire": m.expire, "refuse": m.refuse, "accept": m.accept, "": m.check,
		})
	})
}
