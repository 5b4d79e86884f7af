package e2e

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the drivers
	_ "modernc.org/sqlite"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/torture"
)

// killTime is for how long a server is killed again and again; at most four times
// as long, until each story was told once and cut off once.
const killTime = 15 * time.Second

// story is what people and programs do again and again while the server is
// killed.
type story interface {
	// begin is before the first kill.
	begin(k *killing)
	// turn does it once more. The server may be gone at any time: then there is an
	// error that is not a tandem.Error.
	turn(ctx context.Context, n int) error
	// end checks what has become of it, on a server that was started again.
	end()
}

func killStories() map[string]story {
	return map[string]story{
		"calls with a key":      &keyedCalls{made: map[int]string{}},
		"installs":              &installs{},
		"invitations by mail":   &invitations{},
		"purges of accounts":    &purges{},
		"rotation of keys":      &rotations{},
		"sign-in tokens":        &signIns{used: map[tandem.Secret]int{}},
		"suspended accounts":    &suspensions{},
		"upgrades under events": &upgrades{},
	}
}

// TestKillAdmin kills a server while everything goes on that is more than running
// transactions, and then looks for what was lost, doubled or half done.
func TestKillAdmin(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) { killOnSQLite(t).run() })
	t.Run("Postgres", func(t *testing.T) { killOnPostgres(t).run() })
}

// killing is a server that is killed, and what it works with.
type killing struct {
	*testing.T
	data   string // folder
	in     installation
	url    string
	acme   *client.Client
	driver string
	db     *sql.DB // the server's database, beside the server
	sink   *sink
	office *office
}

func killOnSQLite(t *testing.T) *killing {
	dir := t.TempDir()
	return newKilling(t, dir, "sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "tandem.db"))+"?_pragma=busy_timeout(5000)", "--data", dir)
}

func killOnPostgres(t *testing.T) *killing {
	dir, url := t.TempDir(), pgtest.URL(t)
	return newKilling(t, dir, "pgx", url, "--data", dir, "--database", url)
}

// newKilling installs a server, and opens its database.
func newKilling(t *testing.T, dir, driver, source string, storage ...string) *killing {
	k := &killing{T: t, data: dir, driver: driver, in: install(t, storage...)}
	var err error
	k.db, err = sql.Open(driver, source)
	must(t, err)
	t.Cleanup(func() { k.db.Close() })
	return k
}

func (k *killing) run() {
	with := torture.Begin(k)
	k.sink, k.office = newSink(k), newOffice(k)
	k.sink.slow = 10 * time.Millisecond
	address := freeAddresses(k, 1)[0]
	k.url = "http://" + address
	k.acme = k.in.partner(k.url)
	boot := func() *program {
		return k.in.serve(address, "--connectors", "testdata/connectors", "--slice-timeout", "5s", "--api-rate-client", "0", "--api-rate-account", "0",
			"--smtp-url", "smtp://"+k.office.address+"?tls=none", "--mail-from", "tandem@service.test")
	}
	node := boot()
	stories := killStories()
	for _, s := range stories {
		s.begin(k)
	}
	ctx, stop := context.WithCancel(k.Context())
	var all sync.WaitGroup
	met := map[string]*turns{}
	for name, s := range stories {
		c := &turns{}
		met[name] = c
		all.Go(func() { c.run(ctx, k, name, s) })
	}
	kills := 0
	for began := time.Now(); time.Since(began) < killTime || !told(met) && time.Since(began) < 4*killTime; kills++ {
		// The moment is what is tested. It comes later and later, so that on a slow
		// machine too there is something done.
		time.Sleep(time.Duration(50+with.IntN(400+40*kills)) * time.Millisecond)
		node.mustKill()
		node = boot()
	}
	stop()
	all.Wait()
	node.mustKill()
	if !told(met) {
		k.Error("not every story was told once and cut off once")
	}
	k.pass()
	boot()
	for name, s := range stories {
		k.Logf("%s: %d done, %d cut off by %d kills", name, met[name].done.Load(), met[name].cut.Load(), kills)
		s.end()
	}
	var proof tandem.AuditProof
	if must(k, k.acme.Do(k.Context(), "GET", "/audit/verify", nil, &proof)); !proof.Intact {
		k.Errorf("the audit log: %+v", proof)
	}
}

// pass lets the time pass that a dead process's claims on calls and mails take,
// and that deleted accounts are in the bin.
func (k *killing) pass() {
	for _, s := range []string{
		`UPDATE replay SET expires_at = 1 WHERE NOT answered`,
		`UPDATE mail SET next_at = 1 WHERE ended_at = 0`,
		agePurges,
	} {
		_, err := k.db.ExecContext(k.Context(), s)
		must(k, err)
	}
}

// one reads a number from the database.
func (k *killing) one(query string, args ...any) (n int64) {
	k.Helper()
	must(k, k.db.QueryRowContext(k.Context(), query, args...).Scan(&n))
	return n
}

// hold lets nobody write: on SQLite anything, on PostgreSQL what lock says.
func (k *killing) hold(lock string) (release func()) {
	k.Helper()
	c, err := k.db.Conn(k.Context())
	must(k, err)
	begin := []string{"BEGIN", lock}
	if k.driver == "sqlite" {
		begin = []string{"BEGIN IMMEDIATE"}
	}
	for _, s := range begin {
		_, err := c.ExecContext(k.Context(), s)
		must(k, err)
	}
	return func() {
		_, err := c.ExecContext(k.Context(), "ROLLBACK")
		must(k, err)
		must(k, c.Close())
	}
}

// turns counts those of a story.
type turns struct{ done, cut atomic.Int64 }

// told says whether each story was told once and cut off once.
func told(all map[string]*turns) bool {
	for _, c := range all {
		if c.done.Load() == 0 || c.cut.Load() == 0 {
			return false
		}
	}
	return true
}

func (c *turns) run(ctx context.Context, k *killing, name string, s story) {
	for n := 0; ctx.Err() == nil; n++ {
		err := s.turn(context.WithoutCancel(ctx), n)
		var told *tandem.Error
		switch {
		case err == nil:
			c.done.Add(1)
		case errors.As(err, &told) && !inDoubt(err):
			k.Errorf("%s: %v", name, err)
			return
		default:
			c.cut.Add(1)
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// account makes an account with the sink installed.
func (k *killing) account(id string) *client.Client {
	k.Helper()
	_, err := k.acme.CreateAccount(k.Context(), client.Account{ID: id, Name: id})
	must(k, err)
	a := k.acme.Account(id)
	_, err = a.InstallConnector(k.Context(), "Sink", client.Install{Properties: []client.Property{{Name: "BaseUrl", Value: k.sink.URL}}})
	must(k, err)
	return a
}

// running installs a template in an account, starts the cycle, and gives the
// address of its webhook.
func (k *killing) running(a *client.Client, of tandem.TemplateID) (c client.Cycle, hook string) {
	k.Helper()
	c, err := a.InstallTemplate(k.Context(), of)
	must(k, err)
	_, err = a.Activate(k.Context(), c.ID, client.Activation{})
	must(k, err)
	steps, err := a.Steps(k.Context(), c.ID)
	must(k, err)
	i := slices.IndexFunc(steps, func(s client.Step) bool { return s.WebhookURL != "" })
	return c, steps[i].WebhookURL
}

// event posts an event to a webhook, and gives the status of the answer.
func event(ctx context.Context, hook, id, more string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hook, strings.NewReader(fmt.Sprintf(`{"id":%q,"more":%q}`, id, more)))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", id)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// idle waits until nothing is in progress in an account, and checks that nothing
// failed, and that its tasks were counted as they were recorded.
func (k *killing) idle(account string) {
	k.Helper()
	a := k.acme.Account(account)
	k.eventually("the end of what is in progress in "+account, func() bool {
		open := 0
		for c, err := range a.Cycles(k.Context(), client.CycleQuery{}) {
			must(k, err)
			open += c.InProgressTransactionCount
			if c.ErrorCount > 0 {
				k.Errorf("%s: %d errors", c.Name, c.ErrorCount)
			}
		}
		return open == 0
	})
	checkUsage(k, k.in, k.url, account, 1)
}

func (k *killing) eventually(what string, is func() bool) {
	k.Helper()
	k.soon(what, 50*time.Millisecond, is)
}

// soon is eventually for what is looked at as often as that.
func (k *killing) soon(what string, every time.Duration, is func() bool) {
	k.Helper()
	for began := time.Now(); !is(); time.Sleep(every) {
		if time.Since(began) > time.Minute {
			k.Fatalf("%s did not come", what)
		}
	}
}
