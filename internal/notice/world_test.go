package notice_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/notice"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/tenant"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// both runs a test on either kind of database.
func both(t *testing.T, test func(*testing.T, *world)) {
	t.Run("SQLite", func(t *testing.T) { test(t, newWorld(t, storetest.SQLite(t))) })
	t.Run("Postgres", func(t *testing.T) { test(t, newWorld(t, storetest.Postgres(t))) })
}

// badVersion is one of whose steps nothing can be read.
const badVersion = 13

// world is a partner with an account that makes incidents, what tells of them, and
// a receiver.
type world struct {
	t       *testing.T
	db      *store.Store
	keys    *vault.Vault
	log     *strings.Builder
	now     time.Time
	partner tandem.PartnerID
	account tandem.AccountID
	teller  *notice.Teller
	notices *notice.Notices
	last    tandem.TransactionID
	version int64  // of the cycle that incidents are in
	body    string // of the answer that they tell of
	*receiver
}

// receiver is one that can be told to answer in some way.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []message
	answer func(w http.ResponseWriter, r *http.Request)
}

type message struct {
	header http.Header
	body   []byte
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		r.got = append(r.got, message{q.Header, body})
		answer := r.answer
		r.mu.Unlock()
		if answer != nil {
			answer(w, q)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// answers has it answer with a status from now on.
func (r *receiver) answers(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

// take gives what it got since.
func (r *receiver) take() []message {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

func newWorld(t *testing.T, db *store.Store) *world {
	t.Helper()
	keys, err := vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "master.key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, keys: keys, log: &strings.Builder{}, receiver: newReceiver(t), now: time.Now().Truncate(time.Second)}
	w.partner, err = db.CreatePartner(t.Context(), "Acme", tandem.ConsoleUser{Email: "ada@acme.test"}, "", tandem.OAuthClient{ID: "client", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	settings := tenant.NewSettings(db)
	a, err := tenant.NewAccounts(db, settings, keys, nil).Create(t.Context(), w.partner, tandem.AccountUpdate{
		APIID: "books", Name: tandem.Some("The Books"), TransactionErrorWebhookEnabled: tandem.Some(true), TransactionErrorWebhookURL: tandem.Some(w.URL),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.account = a.ID
	w.version, w.body = 2, "not here"
	steps := func(_ context.Context, _ tandem.AccountID, _ tandem.CycleID, version int64) (map[tandem.StepID]notice.Step, error) {
		if version == badVersion {
			return nil, errors.New("its graph cannot be read")
		}
		return map[tandem.StepID]notice.Step{"s": {Name: fmt.Sprintf("s of %d", version), Type: "Action"}}, nil
	}
	w.teller = notice.NewTeller(slog.New(slog.DiscardHandler), db, db, tenant.NewLimits(db, settings), steps)
	w.notices = notice.New(db, keys)
	return w
}

// sender tells what is due, at the world's time.
func (w *world) sender(o notice.Options) *notice.Sender {
	o.Now = func() time.Time { return w.now }
	addresses := func(context.Context, tandem.Receiver) (string, error) { return w.URL, nil }
	return notice.NewSender(slog.New(slog.NewTextHandler(w.log, nil)), w.db, w.db, w.keys, addresses, http.DefaultClient, o)
}

// incident has a transaction fail with some incidents.
func (w *world) incident(levels ...tandem.Outcome) tandem.TransactionID {
	w.t.Helper()
	w.last += 1 << 22
	if _, err := w.db.Submit(w.t.Context(), []journal.NewTxn{{ID: w.last, Account: w.account, Cycle: "c", Version: w.version}}); err != nil {
		w.t.Fatal(err)
	}
	d := journal.Delta{Account: w.account, Txn: w.last, Cycle: "c", Status: tandem.TransactionFailed, Items: []tandem.StepItem{{
		Seq: 1, StepID: "s", Outcome: tandem.OutcomeError, Request: &tandem.Exchange{Method: "POST", URL: "https://crm.test/x", Headers: map[string]string{"Authorization": "***"}, Body: []byte(`{"a":1}`)},
		Response: &tandem.Exchange{Status: 404, Body: []byte(w.body)},
	}}}
	for i, level := range levels {
		d.Incidents = append(d.Incidents, tandem.Incident{
			StepID: "s", IncidentLevel: level, ShortMessage: tandem.IncidentNotCalled, FullMessage: fmt.Sprintf("404 Not Found %d", i), Item: 1, Created: w.now,
		})
	}
	if _, err := w.db.Commit(w.t.Context(), d); err != nil {
		w.t.Fatal(err)
	}
	return w.last
}

// tell makes notices of what there is, and sends what is due after a time.
func (w *world) tell(s *notice.Sender, after time.Duration) []message {
	w.t.Helper()
	w.now = w.now.Add(after)
	if err := w.teller.Flush(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := s.Flush(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return w.take()
}

func (w *world) list(f tandem.NoticeFilter) []tandem.Notice {
	w.t.Helper()
	p, err := w.notices.List(w.t.Context(), w.partner, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return p.Rows
}

func (w *world) state() tandem.Receiver {
	w.t.Helper()
	p, err := w.notices.Receivers(w.t.Context(), w.partner, tandem.PageRequest{})
	if err != nil || len(p.Rows) != 1 {
		w.t.Fatalf("%+v, %v", p, err)
	}
	return p.Rows[0]
}
