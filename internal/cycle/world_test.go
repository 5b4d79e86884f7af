package cycle_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connectors"
	"github.com/tandem-ipaas/tandem/examples/templates"
	"github.com/tandem-ipaas/tandem/internal/catalog"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// world is the service on a real database with the sample connectors, and
// stand-ins for the engine and the third parties that write down what happens.
type world struct {
	*cycle.Cycles
	store           *store.Store
	library         *catalog.Library
	connections     *connection.Connectors
	partner         tandem.PartnerID
	account, parent tandem.AccountID

	mu      sync.Mutex
	happens []string
	answer  string            // of a third party
	fails   error             // what it says instead
	key     string            // Idempotency-Key that it was sent last
	given   map[string]string // parameters that it was sent last
}

func (w *world) note(words ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.happens = append(w.happens, strings.Join(words, " "))
}

// happened gives what did since it was last asked.
func (w *world) happened() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.happens
	w.happens = nil
	return all
}

func (w *world) Close(context.Context, tandem.AccountID, tandem.CycleID) error { return nil }

func (w *world) Hold(context.Context, tandem.AccountID, tandem.CycleID) error {
	w.note("hold")
	return nil
}

func (w *world) Resume(context.Context, tandem.AccountID, tandem.CycleID) error {
	w.note("resume")
	return nil
}

func (w *world) Cancel(context.Context, tandem.AccountID, tandem.CycleID) error {
	w.note("cancel")
	return nil
}

func (w *world) CallHook(_ context.Context, h cycle.HookCall) ([]byte, error) {
	w.note(h.Method.Name, h.ID)
	w.given = h.Parameters
	if h.Key != "" {
		w.key = h.Key
	}
	return []byte(w.answer), w.fails
}

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx, log := t.Context(), slog.New(slog.DiscardHandler)
	w := &world{store: storetest.SQLite(t), answer: `{"id": 9007199254740993}`}
	v, err := vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w.library, err = catalog.Load(ctx, w.store, nil, connectors.Files); err != nil {
		t.Fatal(err)
	}
	p, err := w.store.CreatePartner(ctx, "p", tandem.ConsoleUser{Email: "a@b.test"}, "x", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	w.partner = p
	account := func(name string, parent tandem.AccountID) tandem.AccountID {
		a := &tandem.Account{Partner: p, APIID: name, Name: name, Timezone: "UTC", ParentID: parent, Enabled: true}
		if err := w.store.CreateAccount(ctx, a, v.NewDataKey); err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	w.parent = account("parent", 0)
	w.account = account("account", w.parent)
	w.connections = connection.New(log, w.store, w.store, v, w.library, connection.NewSettings(w.store, v), http.DefaultClient, connection.Options{})
	w.Cycles = cycle.New(log, w.store, w.store, w.store, w.library, w.connections, w, w, "https://tandem.test/", cycle.Options{
		Changed:     func(tandem.AccountID, tandem.CycleID) { w.note("changed") },
		SettleEvery: time.Millisecond,
	})
	return w
}

func (w *world) shelf(t *testing.T) tandem.Shelf {
	t.Helper()
	s, err := w.library.AccountShelf(t.Context(), w.account)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// graph is that of a sample template.
func graph(t *testing.T, file string) tandem.Graph {
	t.Helper()
	data, err := templates.Files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var f tandem.TemplateFile
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return f.Graph
}

// connect installs what a graph needs in the parent account.
func (w *world) connect(t *testing.T, g *tandem.Graph) map[string]tandem.AccountConnectorID {
	t.Helper()
	bound := map[string]tandem.AccountConnectorID{}
	for _, ref := range g.Connectors {
		lc, err := w.shelf(t).Release(ref)
		if err != nil {
			t.Fatal(err)
		}
		ac, err := w.connections.Install(t.Context(), w.parent, lc, tandem.ConnectorInstall{
			AuthValue: "YTpi", Properties: []tandem.Property{{Name: "BaseUrl", Value: "https://third.test"}}, // a:b
		})
		if err != nil {
			t.Fatal(err)
		}
		bound[ref.Ref] = ac.ID
	}
	return bound
}

// add makes a cycle of a sample template, ready to run.
func (w *world) add(t *testing.T, file string) *tandem.Cycle {
	t.Helper()
	c := &tandem.Cycle{Account: w.account, Name: file, Graph: graph(t, file)}
	for i := range c.Graph.Variables {
		c.Graph.Variables[i].Value = "list-1"
	}
	c.Connectors = w.connect(t, &c.Graph)
	if err := w.Add(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) activate(t *testing.T, c *tandem.Cycle, how tandem.Activation) *tandem.Cycle {
	t.Helper()
	got, err := w.Activate(t.Context(), w.account, c.ID, how)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wantCode(t *testing.T, what string, err error, code tandem.Code) {
	t.Helper()
	if !errors.Is(err, &tandem.Error{Code: code}) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}
