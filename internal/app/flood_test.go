package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// sink is the sample CRM under load: it answers the first requests for contacts, and
// holds those after them until it is opened. What comes after it is told that nothing
// may come any more has to be of callers who have left.
type sink struct {
	url  string
	held chan struct{} // a request is held

	mu     sync.Mutex
	left   int           // requests that are answered before it holds
	open   chan struct{} // closed: it holds none
	silent bool
	late   sync.WaitGroup
	faults []string
	keys   map[string]map[string]bool // by contact, the idempotency keys of what came
}

func newSink(t *testing.T) *sink {
	fast := crm(t)
	k := &sink{held: make(chan struct{}, 10_000)}
	k.begin(0)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, is := strings.CutPrefix(r.URL.Path, "/api/contacts/")
		if !is {
			fast.Config.Handler.ServeHTTP(w, r)
			return
		}
		if open := k.note(id, r); open != nil {
			k.held <- struct{}{}
			select {
			case <-open:
			case <-r.Context().Done():
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":1,"email":"ada@x.test"}`)
	}))
	t.Cleanup(func() {
		s.CloseClientConnections() // of what is held, when the test fails
		s.Close()
	})
	k.url = s.URL
	return k
}

// begin forgets what came, and has the sink answer so many before it holds.
func (k *sink) begin(answers int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.left, k.open, k.silent, k.faults, k.keys = answers, make(chan struct{}), false, nil, map[string]map[string]bool{}
}

// note takes note of a request, and says until when it is held; nil: it is not.
func (k *sink) note(id string, r *http.Request) <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.silent {
		k.late.Go(func() { k.check(id, r) })
	}
	if k.keys[id] == nil {
		k.keys[id] = map[string]bool{}
	}
	k.keys[id][r.Header.Get("Idempotency-Key")] = true
	if k.left--; k.left >= 0 {
		return nil
	}
	return k.open
}

// check reports a caller who is still there: his request was not sent before.
func (k *sink) check(id string, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(patience / 4):
		k.mu.Lock()
		defer k.mu.Unlock()
		k.faults = append(k.faults, id)
	}
}

// silence says that nothing may be sent from now on, until the end of it is called,
// which gives those that were.
func (k *sink) silence() (end func() []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.silent = true
	return func() []string {
		k.mu.Lock()
		k.silent = false
		k.mu.Unlock()
		k.late.Wait()
		return k.faults
	}
}

// release answers all from now on.
func (k *sink) release() { close(k.open) }

// arrived are the contacts that were asked for, each with how many keys.
func (k *sink) arrived() map[string]int {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := map[string]int{}
	for id, keys := range k.keys {
		all[id] = len(keys)
	}
	return all
}

// flooded is an account with a cycle that gets very many webhooks.
type flooded struct {
	*testing.T
	*running
	sink     *sink
	api      string // its ApiId
	account  tandem.AccountID
	books    *client.Client
	cycle    tandem.CycleID
	hook     string
	accepted map[string]bool
}

// flooded makes one, whose cycle runs.
func (r *running) flooded(t *testing.T, api string) *flooded {
	t.Helper()
	f := &flooded{T: t, running: r, sink: newSink(t), api: api, books: r.acme.Account(api), accepted: map[string]bool{}}
	_, err := r.acme.CreateAccount(t.Context(), client.Account{ID: api, Name: api})
	f.must(err)
	_, err = f.books.InstallConnector(t.Context(), "Bookshelf CRM", client.Install{AuthValue: "the key", Properties: []client.Property{{Name: "BaseUrl", Value: f.sink.url}}})
	f.must(err)
	template, err := r.acme.ImportTemplate(t.Context(), json.RawMessage(lookUp))
	f.must(err)
	c, err := f.books.InstallTemplate(t.Context(), template)
	f.must(err)
	f.cycle = c.ID
	f.activate()
	steps, err := f.books.Steps(t.Context(), c.ID)
	f.must(err)
	for _, s := range steps {
		f.hook += s.WebhookURL
	}
	a, err := r.store.Account(t.Context(), r.partner.PartnerID, api)
	f.must(err)
	f.account = a.ID
	return f
}

func (f *flooded) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *flooded) activate() {
	f.Helper()
	_, err := f.books.Activate(f.Context(), f.cycle, client.Activation{})
	f.must(err)
}

// send posts one webhook until it is answered with something that lasts.
func (f *flooded) send(id string) int {
	for {
		res, err := http.Post(f.hook, "application/json", bytes.NewReader([]byte(`{"id":`+id+`}`)))
		if err != nil {
			f.Error(err)
			return 0
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusServiceUnavailable {
			return res.StatusCode
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// How many webhooks come in a flood: from so many at once; and after how many answers
// of the third party, with how many calls of it under way, it is that something is done.
const (
	flooders  = 4
	eachSends = 60
	answers   = 40
	underWay  = 20
)

// during does something in the middle of a flood. After it no webhook is taken.
func (f *flooded) during(do func() error) (silent func() []string) {
	f.Helper()
	f.sink.begin(answers)
	f.accepted = map[string]bool{}
	done := make(chan struct{})
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range flooders {
		all.Go(func() {
			for n := range eachSends {
				id := strconv.Itoa(1000*i + n + 1)
				switch status := f.send(id); status {
				case http.StatusOK:
					mu.Lock()
					f.accepted[id] = true
					mu.Unlock()
				case http.StatusGone:
				default:
					f.Errorf("a webhook is answered %d", status)
				}
			}
			<-done
			if status := f.send("7777"); status != http.StatusGone {
				f.Errorf("a webhook after the answer is answered %d, want 410", status)
			}
		})
	}
	for range underWay {
		select {
		case <-f.sink.held:
		case <-time.After(patience):
			f.Fatal("not enough calls are under way")
		}
	}
	err := do()
	silent = f.sink.silence()
	close(done)
	all.Wait()
	f.must(err)
	return silent
}

// statuses counts the cycle's transactions.
func (f *flooded) statuses() map[tandem.TransactionStatus]int {
	f.Helper()
	rows, err := f.store.Dialect().Reader().QueryContext(f.Context(), `SELECT status, count(*) FROM txn WHERE account = $1 AND cycle = $2 GROUP BY status`, f.account, f.cycle)
	f.must(err)
	defer rows.Close()
	all := map[tandem.TransactionStatus]int{}
	for rows.Next() {
		var s tandem.TransactionStatus
		var n int
		f.must(rows.Scan(&s, &n))
		all[s] = n
	}
	f.must(rows.Err())
	return all
}

func (f *flooded) pending() (n int) {
	f.Helper()
	for s, some := range f.statuses() {
		if !s.Final() {
			n += some
		}
	}
	return n
}

// silenced checks that nothing was sent while nothing might be.
func (f *flooded) silenced(end func() []string) {
	f.Helper()
	time.Sleep(200 * time.Millisecond) // engines look for what is due meanwhile
	if late := end(); len(late) > 0 {
		f.Errorf("requests were sent afterwards: %v", late)
	}
}

// allSent checks that what was accepted was sent, all of it, each under one key.
func (f *flooded) allSent() {
	f.Helper()
	eventually(f.T, "all to end", func() bool { return f.pending() == 0 })
	got := f.sink.arrived()
	for id := range f.accepted {
		if got[id] != 1 {
			f.Errorf("%s was accepted, and sent with %d keys", id, got[id])
		}
	}
	if len(got) != len(f.accepted) {
		f.Errorf("%d were accepted, %d sent", len(f.accepted), len(got))
	}
}

func (f *flooded) is(want tandem.CycleStatus) {
	f.Helper()
	eventually(f.T, "the cycle to be "+string(want), func() bool {
		c, err := f.books.Cycle(f.Context(), f.cycle)
		f.must(err)
		return c.Status == want
	})
}

func (f *flooded) stopCycle() error {
	_, err := f.books.Deactivate(f.Context(), f.cycle, false)
	return err
}

// Stop, Finish and Stop, suspend, resume, and delete do what they say also when they
// come in the middle of very many webhooks, with calls under way.
func TestSignalsUnderLoad(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		for name, test := range map[string]func(*flooded){
			"stop": stopsUnderLoad, "expire": expiresUnderLoad, "finish": finishesUnderLoad, "suspend": suspendsUnderLoad, "delete": deletesUnderLoad,
		} {
			t.Run(name, func(t *testing.T) { test(r.flooded(t, name)) })
		}
	})
}

// What a stop interrupts goes on after it, each once.
func stopsUnderLoad(f *flooded) {
	f.silenced(f.during(f.stopCycle))
	f.is(tandem.CyclePaused)
	if f.pending() == 0 {
		f.Fatal("nothing was interrupted")
	}
	f.sink.release()
	f.activate()
	f.allSent()
	if got := f.statuses(); got[tandem.TransactionCompleted] != len(f.accepted) {
		f.Errorf("of %d there are %v", len(f.accepted), got)
	}
}

// What waits in a stopped cycle for a day is cancelled, and not sent by any start.
func expiresUnderLoad(f *flooded) {
	f.silenced(f.during(f.stopCycle))
	waiting := f.pending()
	_, err := f.store.Dialect().Writer().ExecContext(f.Context(), `UPDATE hold SET since = since - $1 WHERE account = $2 AND since > 0`, (24 * time.Hour).Microseconds(), f.account)
	f.must(err)
	f.must(f.expireHolds(f.Context()))
	if got := f.statuses(); waiting == 0 || got[tandem.TransactionCancelled] != waiting || f.pending() != 0 {
		f.Errorf("%d were waiting, and there are %v", waiting, got)
	}
	f.sink.begin(1)
	f.activate()
	if status := f.send("8888"); status != http.StatusOK {
		f.Fatalf("a webhook is answered %d", status)
	}
	f.accepted = map[string]bool{"8888": true}
	f.allSent()
}

// What was accepted ends, and then the cycle stops.
func finishesUnderLoad(f *flooded) {
	end := f.during(func() error {
		_, err := f.books.Deactivate(f.Context(), f.cycle, true)
		f.sink.release()
		return err
	})
	f.allSent()
	f.is(tandem.CyclePaused)
	end()
	if got := f.statuses(); got[tandem.TransactionCompleted] != len(f.accepted) || len(got) != 1 {
		f.Errorf("of %d there are %v", len(f.accepted), got)
	}
}

// All goes on as it was, each once.
func suspendsUnderLoad(f *flooded) {
	state := func(what string) error {
		return f.acme.Do(f.Context(), http.MethodPost, "/accounts/"+f.api+"/"+what, nil, nil)
	}
	f.silenced(f.during(func() error { return state("suspend") }))
	if f.pending() == 0 {
		f.Fatal("nothing was interrupted")
	}
	f.sink.release()
	f.must(state("resume"))
	f.is(tandem.CycleRunning)
	f.allSent()
}

// Nothing is sent any more, by the cycle and then the account that is deleted, and
// nothing is left once their times in the bin are over.
func deletesUnderLoad(f *flooded) {
	end := f.during(func() error {
		if err := f.stopCycle(); err != nil {
			return err
		}
		return f.books.DeleteCycle(f.Context(), f.cycle)
	})
	f.silenced(end)
	eventually(f.T, "what was on its way in to be cancelled", func() bool { return f.pending() == 0 })
	got := f.statuses()
	if got[tandem.TransactionCancelled] == 0 || got[tandem.TransactionCancelled]+got[tandem.TransactionCompleted] != len(f.accepted) {
		f.Errorf("of %d there are %v", len(f.accepted), got)
	}
	f.must(f.acme.DeleteAccount(f.Context(), f.api))
	if status := f.send("9999"); status != http.StatusGone {
		f.Errorf("a webhook of a deleted account is answered %d", status)
	}
	if n, err := f.store.PurgeAccounts(f.Context(), time.Now().Add(time.Hour)); n != 1 || err != nil {
		f.Errorf("%d accounts purged, %v", n, err)
	}
	for _, table := range []string{"txn", "step_item", "incident", "dedupe", "hold", "cycle", "webhook", "timer", "barrier", "webhook_match", "webhook_answer", "file"} {
		f.empty(table)
	}
}

func (f *flooded) empty(table string) {
	f.Helper()
	var n int
	err := f.store.Dialect().Reader().QueryRowContext(context.WithoutCancel(f.Context()), `SELECT count(*) FROM `+table+` WHERE account = $1`, f.account).Scan(&n)
	if err != nil || n > 0 {
		f.Errorf("%d rows are left in %s, %v", n, table, err)
	}
}
