package e2e

import (
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// removal is an installation on SQLite in which much is unfinished, and which is
// moved to PostgreSQL.
type removal struct {
	*killing
	address string
	browser *http.Client // signed in to the console
	hooks   map[string]string
	cycles  map[string]tandem.CycleID
	events  []string
	due     time.Time // when the first delay is over, at the earliest
}

// kinds are the accounts, by what is unfinished in them, and the templates of
// their cycles.
var kinds = map[string]string{"pending": "deliver.json", "held": "deliver.json", "parked": "later.json"}

// delay is that of later.json.
const delay = 40 * time.Second

// eachEvents is how many events each of them gets.
const eachEvents = 40

// TestMigrate moves an installation with transactions that are pending, held, and
// parked in a delay, and goes on.
func TestMigrate(t *testing.T) {
	t.Parallel()
	to := pgtest.URL(t)
	k := killOnSQLite(t)
	k.sink = newSink(k)
	r := &removal{killing: k, address: freeAddresses(k, 1)[0], hooks: map[string]string{}, cycles: map[string]tandem.CycleID{}}
	k.url = "http://" + r.address
	k.acme = k.in.partner(k.url)
	node := k.in.serve(r.address, "--connectors", "testdata/connectors")
	r.fill()
	tasks := r.tasks()
	if out, err := r.migrate(to); err == nil || !strings.Contains(out, "in use by another process") {
		t.Errorf("an installation in use: %v\n%s", err, out)
	}
	node.kill()
	for status, what := range map[int]string{0: "pending", 1: "parked", 3: "held"} {
		if n := k.one(`SELECT count(*) FROM txn WHERE status = $1`, status); n == 0 {
			t.Fatalf("nothing is %s", what)
		}
	}
	// So many rows that a move takes a while, of which nothing is wrong.
	_, err := k.db.ExecContext(t.Context(), `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
		INSERT INTO mail_pace (name, used_until) SELECT 'to someone ' || i, 9000000000000000 + i FROM n`)
	must(t, err)
	must(t, k.db.Close())

	r.cutOff(to)
	out, err := r.migrate(to)
	if err != nil || !strings.Contains(out, "and were compared") || !strings.Contains(out, "step_item: ") || !strings.Contains(out, "master key") {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log(out)
	if out, err := r.migrate(to); err == nil || !strings.Contains(out, "not empty") {
		t.Errorf("a target that is not empty: %v\n%s", err, out)
	}
	again := exec.Command(filepath.Join(bin, "tandem"), "serve", "--listen", r.address, "--data", k.data)
	if out, err := again.CombinedOutput(); err == nil || !strings.Contains(string(out), "was moved to another database") {
		t.Errorf("the old installation starts: %v\n%s", err, out)
	}

	k.in.storage = []string{"--data", k.data, "--database", to} // and so the same master key
	k.db, err = sql.Open("pgx", to)
	must(t, err)
	k.in.serve(r.address, "--connectors", "testdata/connectors")
	r.goesOn(tasks)
}

func (r *removal) fill() {
	r.browser = r.in.signIn(r.url)
	for name, template := range kinds {
		text, err := os.ReadFile(filepath.Join("testdata", template))
		must(r, err)
		imported, err := r.acme.ImportTemplate(r.Context(), json.RawMessage(text))
		must(r, err)
		c, hook := r.running(r.account(name), imported)
		r.cycles[name], r.hooks[name] = c.ID, hook
	}
	r.sink.slow = 500 * time.Millisecond               // and so some wait
	for _, name := range []string{"held", "pending"} { // of which one runs at a time
		must(r, r.acme.Do(r.Context(), http.MethodPut, "/accounts/"+name, map[string]any{"ConcurrentTransactionLimit": 1}, nil))
	}
	r.due = time.Now().Add(delay)
	r.send("parked", "held")
	_, err := r.acme.Account("held").Deactivate(r.Context(), r.cycles["held"], false)
	must(r, err)
	r.eventually("the delay", func() bool { return r.one(`SELECT count(*) FROM txn WHERE status = 1`) == eachEvents })
	r.send("pending")
}

// send sends events to cycles, one of them with much in it.
func (r *removal) send(names ...string) {
	var all sync.WaitGroup
	for _, name := range names {
		for i := range eachEvents {
			id, more := fmt.Sprintf("%s-%d", name, i), ""
			if i == 0 {
				long := make([]byte, 300<<10) // a file of its own
				_, _ = rand.Read(long)        // never fails
				more = base64.StdEncoding.EncodeToString(long)
			}
			r.events = append(r.events, id)
			all.Go(func() {
				if status, err := event(r.Context(), r.hooks[name], id, more); err != nil || status != http.StatusOK {
					r.Errorf("event %s was answered %d, %v", id, status, err)
				}
			})
		}
	}
	all.Wait()
}

// tasks are those that accounts have used of which nothing runs.
func (r *removal) tasks() map[string]int {
	all := map[string]int{}
	for _, name := range []string{"parked", "held"} {
		var check tandem.UsageCheck
		must(r, r.acme.Do(r.Context(), http.MethodGet, "/accounts/"+name+"/usage/verify", nil, &check))
		all[name] = int(check.TasksUsed)
	}
	return all
}

func (r *removal) migrate(to string) (string, error) {
	cmd := exec.CommandContext(r.Context(), filepath.Join(bin, "tandem"), "migrate", "--from", "sqlite:"+r.data, "--to", to)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// cutOff kills a move in the middle. What it leaves cannot be started.
func (r *removal) cutOff(to string) {
	p := start(r, "tandem", "migrate", "--from", "sqlite:"+r.data, "--to", to)
	r.eventually("the first table", func() bool { return strings.Contains(p.log.String(), "compared") })
	p.kill()
	if strings.Contains(p.log.String(), "and were compared") {
		r.Fatal("the move was over before it was killed")
	}
	node := exec.Command(filepath.Join(bin, "tandem"), "serve", "--listen", r.address, "--data", r.data, "--database", to)
	if out, err := node.CombinedOutput(); err == nil || !strings.Contains(string(out), "cut off") {
		r.Errorf("half an installation starts: %v\n%s", err, out)
	}
}

// goesOn checks that everything is as it was, and that all comes to its end.
func (r *removal) goesOn(tasks map[string]int) {
	for name, was := range r.tasks() {
		if was != tasks[name] || was == 0 {
			r.Errorf("%s had used %d tasks, and has %d", name, tasks[name], was)
		}
	}
	resp, err := r.browser.Get(r.url + "/console/session")
	must(r, err)
	must(r, resp.Body.Close())
	if resp.StatusCode != http.StatusOK {
		r.Errorf("the session is answered %s", resp.Status)
	}
	r.sink.slow = 0
	r.send("parked") // the same once more, with the same keys
	_, err = r.acme.Account("held").Activate(r.Context(), r.cycles["held"], client.Activation{})
	must(r, err)
	r.eventually("what was pending", func() bool { return r.delivered("pending") == eachEvents })
	r.eventually("what was held", func() bool { return r.delivered("held") == eachEvents })
	if n := r.delivered("parked"); n != 0 && time.Now().Before(r.due) {
		r.Errorf("%d events did not wait for the delay", n)
	}
	for name := range kinds {
		r.idle(name)
	}
	came := r.sink.byEvent()
	for _, id := range r.events {
		if len(came[id]) != 1 {
			r.Errorf("event %s came under %d keys", id, len(came[id]))
		}
	}
	var proof tandem.AuditProof
	if must(r, r.acme.Do(r.Context(), http.MethodGet, "/audit/verify", nil, &proof)); !proof.Intact {
		r.Errorf("the audit log: %+v", proof)
	}
}

// delivered counts the events of an account that came.
func (r *removal) delivered(name string) (n int) {
	for id := range r.sink.byEvent() {
		if strings.HasPrefix(id, name+"-") {
			n++
		}
	}
	return n
}
