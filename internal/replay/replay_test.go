package replay_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/replay"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is the service on a real database, with a clock that is set by hand.
type world struct {
	*replay.Service
	db      *store.Store
	keys    *vault.Vault
	partner tandem.PartnerID
	now     time.Time
}

func newWorld(t *testing.T, db *store.Store) *world {
	t.Helper()
	keys, err := vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "master.key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{keys: keys, now: time.Now()}
	w.open(db)
	w.partner, err = db.CreatePartner(t.Context(), "Acme", tandem.ConsoleUser{Email: "ada@acme.test"}, "hash", tandem.OAuthClient{ID: "client", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// open runs the service on db.
func (w *world) open(db *store.Store) {
	db.KeepAudit(w.keys)
	w.db, w.Service = db, replay.New(db, w.keys, replay.Options{Now: func() time.Time { return w.now }})
}

// begin claims a call, and says what came of it.
func (w *world) begin(t *testing.T, name, call string) (tandem.Claim, *tandem.Replay, tandem.Code) {
	t.Helper()
	c := tandem.Claim{Partner: w.partner, Name: name, Call: call}
	answer, err := w.Begin(t.Context(), &c)
	return c, answer, tandem.ErrorCode(err)
}

func (w *world) end(t *testing.T, c tandem.Claim, answer tandem.Replay) {
	t.Helper()
	if err := w.End(t.Context(), c, answer); err != nil {
		t.Fatal(err)
	}
}

func TestReplay(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *store.Store{"SQLite": storetest.SQLite, "Postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, open(t))
			claim, answer, code := w.begin(t, "key", "call")
			if answer != nil || code != "" {
				t.Fatalf("first: %v, %s", answer, code)
			}
			if _, _, code := w.begin(t, "key", "call"); code != tandem.Conflict {
				t.Errorf("meanwhile: %q", code)
			}
			want := tandem.Replay{Status: 201, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"Secret":"hush"}`)}
			w.end(t, claim, want)
			_, answer, code = w.begin(t, "key", "call")
			if diff := cmp.Diff(&want, answer); code != "" || diff != "" {
				t.Errorf("again: %q, -want +got\n%s", code, diff)
			}
			if _, _, code := w.begin(t, "key", "other"); code != tandem.Invalid {
				t.Errorf("for another call: %q", code)
			}
			w.now = w.now.Add(tandem.ReplayLife)
			if _, answer, code := w.begin(t, "key", "other"); answer != nil || code != "" {
				t.Errorf("a day later: %v, %q", answer, code)
			}
		})
	}
}

func TestProcessDies(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	first, _, _ := w.begin(t, "key", "call")
	w.now = w.now.Add(tandem.ReplayPatience)
	second, answer, code := w.begin(t, "key", "call")
	if answer != nil || code != "" {
		t.Fatalf("%v, %q", answer, code)
	}
	w.end(t, first, tandem.Replay{Status: 200, Body: []byte("first")})
	if _, _, code := w.begin(t, "key", "call"); code != tandem.Conflict {
		t.Errorf("the first answers for the second: %q", code)
	}
	w.end(t, second, tandem.Replay{Status: 200, Body: []byte("second")})
	if _, answer, _ := w.begin(t, "key", "call"); answer == nil || string(answer.Body) != "second" {
		t.Errorf("%+v", answer)
	}
}

// TestCutOff ends the process after the call has changed something, and before it
// is answered.
func TestCutOff(t *testing.T) {
	for name, url := range map[string]string{"SQLite": "", "Postgres": storetest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			dir := storetest.Folder(t)
			open := func() *store.Store {
				t.Helper()
				db, err := store.Open(t.Context(), url, dir)
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
			w := newWorld(t, open())
			claim, _, _ := w.begin(t, "key", "call")
			w.change(t, &claim)
			w.begin(t, "another", "call")
			if err := w.db.Close(); err != nil {
				t.Fatal(err)
			}
			db := open()
			defer db.Close()
			w.open(db)
			if url != "" { // it might live on another node
				if _, _, code := w.begin(t, "another", "call"); code != tandem.Conflict {
					t.Errorf("what may be at work: %q", code)
				}
				w.now = w.now.Add(tandem.ReplayPatience)
			}
			if _, answer, code := w.begin(t, "another", "call"); answer != nil || code != "" {
				t.Errorf("what had changed nothing: %v, %q", answer, code)
			}
			for _, later := range []time.Duration{0, tandem.ReplayPatience, tandem.ReplayLife - 3*tandem.ReplayPatience} {
				w.now = w.now.Add(later)
				c := tandem.Claim{Partner: w.partner, Name: "key", Call: "call"}
				if _, err := w.Begin(t.Context(), &c); tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), "cut off") {
					t.Errorf("what had: %v", err)
				}
			}
		})
	}
}

// change does what marks a claim.
func (w *world) change(t *testing.T, c *tandem.Claim) {
	t.Helper()
	act := &tandem.Act{Who: tandem.Principal{Partner: w.partner, Client: "client"}, Name: "change", Claim: c}
	_, err := w.db.ChangePartnerSettings(tandem.WithAct(t.Context(), act), w.partner, func(*tandem.PartnerSettings) error { return nil })
	if err != nil || !act.Logged() {
		t.Fatalf("logged: %v, %v", act.Logged(), err)
	}
}

func TestFree(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	claim, _, _ := w.begin(t, "key", "call")
	if err := w.Free(t.Context(), claim); err != nil {
		t.Fatal(err)
	}
	if _, answer, code := w.begin(t, "key", "other"); answer != nil || code != "" {
		t.Errorf("%v, %q", answer, code)
	}
}

func TestLongAnswers(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	claim, _, _ := w.begin(t, "key", "call")
	w.end(t, claim, tandem.Replay{Status: 200, Body: make([]byte, tandem.ReplayLimit+1)})
	if _, answer, code := w.begin(t, "key", "call"); answer != nil || code != tandem.Conflict {
		t.Errorf("%v, %q", answer, code)
	}
	claim, _, _ = w.begin(t, "longest", "call")
	w.end(t, claim, tandem.Replay{Status: 200, Body: make([]byte, tandem.ReplayLimit)})
	if _, answer, _ := w.begin(t, "longest", "call"); answer == nil || len(answer.Body) != tandem.ReplayLimit {
		t.Error("the longest that is kept is not kept")
	}
}

func TestNothingIsReadable(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	claim, _, _ := w.begin(t, "the name", "the call")
	w.end(t, claim, tandem.Replay{Status: 200, Body: []byte("the answer")})
	var name, call, sealed []byte
	if err := w.db.Dialect().Reader().QueryRowContext(t.Context(), `SELECT name, call, sealed FROM replay`).Scan(&name, &call, &sealed); err != nil {
		t.Fatal(err)
	}
	for what, kept := range map[string][]byte{"the name": name, "the call": call, "the answer": sealed} {
		if len(kept) < 32 || bytes.Contains(kept, []byte(what)) {
			t.Errorf("%s is kept as %q", what, kept)
		}
	}
}
