package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// moment is a server that is killed at a moment of one transaction.
type moment struct {
	*killing
	address string
	node    *program
}

func newMoment(k *killing) *moment {
	k.sink = newSink(k)
	m := &moment{killing: k, address: freeAddresses(k, 1)[0]}
	k.url = "http://" + m.address
	k.acme = k.in.partner(k.url)
	m.boot()
	return m
}

func (m *moment) boot() {
	m.node = m.in.serve(m.address, "--connectors", "testdata/connectors", "--slice-timeout", "5s", "--api-rate-client", "0", "--api-rate-account", "0")
}

func (m *moment) template(file string) tandem.TemplateID {
	m.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	must(m, err)
	id, err := m.acme.ImportTemplate(m.Context(), json.RawMessage(text))
	must(m, err)
	return id
}

// TestKillPollBeforeCommit kills a server that has called for a list, and cannot commit
// what came of it. Nothing of it is there; it calls again, and each item comes once.
func TestKillPollBeforeCommit(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) { killBeforeCommit(newMoment(killOnSQLite(t))) })
	t.Run("Postgres", func(t *testing.T) { killBeforeCommit(newMoment(killOnPostgres(t))) })
}

// tried is for how long a commit is tried that cannot be made.
const tried = 200 * time.Millisecond

func killBeforeCommit(m *moment) {
	const items = 3
	asked, answered := newStop(m), newStop(m)
	m.sink.items, m.sink.came, m.sink.listed = items, asked.here, answered.here
	a := m.account("polled")
	c, err := a.InstallTemplate(m.Context(), m.template("poll.json"))
	must(m, err)
	_, err = a.Activate(m.Context(), c.ID, client.Activation{RunOnce: true})
	must(m, err)
	asked.await()
	release := m.hold("LOCK TABLE txn IN EXCLUSIVE MODE")
	close(asked.onward)
	answered.await()
	time.Sleep(tried)
	m.node.mustKill()
	release()
	close(answered.onward)
	if made, pages := m.one(`SELECT count(*) FROM step_item`), m.sink.pages.Load(); made > 0 || pages != 1 {
		m.Fatalf("the kill came at another moment: %d steps are recorded, of %d pages", made, pages)
	}
	m.boot()
	m.eventually("what the list held", func() bool { return len(m.sink.keys()) == items })
	m.idle("polled")
	if pages := m.sink.pages.Load(); pages != 2 {
		m.Errorf("it was asked for %d pages, not for one twice", pages)
	}
	for id, keys := range m.sink.byEvent() {
		if len(keys) != 1 {
			m.Errorf("item %s came under %d keys", id, len(keys))
		}
	}
	if n := m.one(`SELECT count(*) FROM txn`); n != 1+items {
		m.Errorf("there are %d transactions of %d items", n, items)
	}
}

// TestKillWithCaller kills a server with a caller who waits for an answer. The caller's
// connection ends; the transaction goes on, once; and who asks again with the same key
// gets the answer.
func TestKillWithCaller(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) { killWithCaller(newMoment(killOnSQLite(t))) })
	t.Run("Postgres", func(t *testing.T) { killWithCaller(newMoment(killOnPostgres(t))) })
}

func killWithCaller(m *moment) {
	came := newStop(m)
	m.sink.came = came.here
	_, hook := m.running(m.account("waiting"), m.template("answered.json"))
	cut := make(chan error, 1)
	go func() {
		_, _, err := m.call(hook)
		cut <- err
	}()
	came.await()
	m.node.mustKill()
	if err := <-cut; err == nil {
		m.Error("a caller of a dead server was answered")
	}
	close(came.onward)
	m.boot()
	for range 2 {
		var status int
		var answer string
		m.eventually("the answer", func() (is bool) {
			var err error
			status, answer, err = m.call(hook)
			must(m, err)
			return status != http.StatusAccepted // the limit came first
		})
		if status != http.StatusCreated || answer != "delivered once" {
			m.Errorf("who asks again is answered %d %s", status, answer)
		}
	}
	m.idle("waiting")
	if calls, keys, made := m.sink.calls.Load(), len(m.sink.keys()), m.one(`SELECT count(*) FROM txn`); calls != 2 || keys != 1 || made != 1 {
		m.Errorf("%d calls under %d keys, of %d transactions; want two under one, of one", calls, keys, made)
	}
}

// call sends the event once, over a connection of its own, and waits for its answer.
func (m *moment) call(hook string) (status int, answer string, err error) {
	r, err := http.NewRequestWithContext(m.Context(), http.MethodPost, hook, strings.NewReader(`{"id":"once"}`))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "once")
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}).Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}
