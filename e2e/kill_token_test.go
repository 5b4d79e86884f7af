package e2e

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
)

// tokenKill is a moment at which a server is killed that gets a new token, and what
// is to be found then and thereafter.
type tokenKill struct {
	name string
	// at has last called at the moment, and first before it if the database is to
	// take nothing from then on.
	at      func(p *oauthtest.Provider, first, last *stop)
	held    bool
	settled bool // what came of asking was written down
	grace   bool // the third party takes refresh tokens that it has replaced
	lost    bool // neither the old token nor the new one is of use
}

func tokenKills() []tokenKill {
	asked := func(p *oauthtest.Provider, _, last *stop) {
		p.Answer = func(http.ResponseWriter, *http.Request) { last.here() }
	}
	replaced := func(p *oauthtest.Provider, _, last *stop) {
		p.BeforeAnswer = func(string) { last.here() }
	}
	answered := func(p *oauthtest.Provider, first, last *stop) {
		p.BeforeAnswer = func(string) { first.here() }
		p.AfterAnswer = func(string) { last.here() }
	}
	used := func(p *oauthtest.Provider, _, last *stop) { p.BeforeCall = last.here }
	return []tokenKill{
		{name: "asked, and nothing replaced", at: asked},
		{name: "replaced, and not answered", at: replaced, lost: true},
		{name: "replaced with grace, and not answered", at: replaced, grace: true},
		{name: "answered, and not written down", at: answered, held: true, lost: true},
		{name: "answered with grace, and not written down", at: answered, held: true, grace: true},
		{name: "written down, and used", at: used, settled: true},
	}
}

// TestKillTokens kills a server with each moment of getting a new token: before the
// third party has replaced the old one, between that and its answer, between the
// answer and our commit, and after it. Then the old token works, or the new one;
// where neither does, that is told, and a sign-in mends it.
func TestKillTokens(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) { killTokens(newDesk(killOnSQLite(t), 1)) })
	t.Run("Postgres", func(t *testing.T) { killTokens(newDesk(killOnPostgres(t), 1)) })
}

func killTokens(d *desk) {
	var ends []func()
	for _, k := range tokenKills() {
		v := d.visitor(strings.ReplaceAll(k.name, " ", "-"))
		c, hook := d.running(v.account, d.template)
		v.killAt(k, hook)
		if k.lost {
			v.lost(k, c.ID, hook)
			v.signIn()
		}
		v.well()
		v.event(hook, "after")
		ends = append(ends, func() { v.end(k, c.ID) })
	}
	for _, end := range ends {
		end()
	}
}

// end waits until a cycle is idle, and looks what has become of its events. The one
// that was on its way when the server was killed went on, or failed as long as
// nobody had signed in.
func (v *visitor) end(k tokenKill, cycle tandem.CycleID) {
	v.Helper()
	var c client.Cycle
	v.eventually("the end of what is in progress", func() (idle bool) {
		var err error
		c, err = v.account.Cycle(v.Context(), cycle)
		must(v, err)
		return c.InProgressTransactionCount == 0
	})
	all, err := v.account.Transactions(v.Context(), cycle)
	must(v, err)
	events, least, most := 2, 0, 0
	if k.lost {
		events, least, most = 3, 1, 2
	}
	if len(all) != events || c.ErrorCount < least || c.ErrorCount > most || c.Status != tandem.CycleRunning {
		v.Errorf("%s: %d transactions, %+v", k.name, len(all), c)
	}
}

// killAt has an event delivered, kills the server when it comes to the moment, and
// starts it again.
func (v *visitor) killAt(k tokenKill, hook string) {
	v.Helper()
	first, last := newStop(v), newStop(v)
	v.Set(func(p *oauthtest.Provider) {
		p.Grace = k.grace
		k.at(p, first, last)
	})
	v.event(hook, "before")
	release := func() {}
	if k.held {
		first.await()
		release = v.hold("SELECT id FROM account_connector FOR UPDATE")
		close(first.onward)
	}
	last.await()
	v.nodes[0].mustKill()
	release()
	v.Set(func(p *oauthtest.Provider) {
		p.Answer, p.BeforeAnswer, p.AfterAnswer, p.BeforeCall = nil, nil, nil, nil
	})
	close(last.onward)
	if n := v.Count("refresh_token"); n != 1 {
		v.Errorf("%s: it was asked %d times before the kill", k.name, n)
	}
	if open := v.one(`SELECT count(*) FROM account_connector WHERE id = $1 AND token_asked > 0`, v.id) == 1; open == k.settled {
		v.Errorf("%s: the kill came at another moment: an answer is awaited: %t", k.name, open)
	}
	if v.driver != "sqlite" { // there somebody else could be at work on it, for so long
		_, err := v.db.ExecContext(v.Context(), `UPDATE account_connector SET token_until = 1 WHERE token_until > 0`)
		must(v, err)
	}
	v.boot(0)
}

// lost checks that all who have to know are told that somebody has to sign in, and
// that the third party is asked once more and then left in peace.
func (v *visitor) lost(k tokenKill, cycle tandem.CycleID, hook string) {
	v.Helper()
	for range 2 {
		var told *tandem.Error
		if err := v.call(); !errors.As(err, &told) || !strings.Contains(told.Message, "Sign in again") {
			v.Errorf("%s: a call: %v", k.name, err)
		}
	}
	c := v.look()
	if c.Authenticated || c.AuthenticationState != tandem.NotAuthenticated || !strings.Contains(c.AuthenticationNote, "Tandem was stopped while it asked for a new one at 2") ||
		!strings.HasSuffix(c.AuthenticationNote, "Sign in again.") {
		v.Errorf("%s: %+v", k.name, c)
	}
	v.event(hook, "refused")
	v.eventually("the incident", func() bool {
		for i, err := range v.account.Incidents(v.Context(), cycle) {
			must(v, err)
			if i.IncidentLevel != tandem.OutcomeError || i.ShortMessage != tandem.IncidentNotAuthenticated || !strings.Contains(i.FullMessage, "Sign in again") {
				v.Errorf("%s: %+v", k.name, i)
			}
			return true
		}
		return false
	})
	if n := v.Count("refresh_token"); n != 2 {
		v.Errorf("%s: it was asked %d times", k.name, n)
	}
}
