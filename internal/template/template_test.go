package template_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connectors"
	"github.com/tandem-ipaas/tandem/examples/templates"
	"github.com/tandem-ipaas/tandem/internal/catalog"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/template"
)

// world is the service on a real database and library, with an account whose
// connectors are a list.
type world struct {
	*template.Templates
	*template.Files
	releases *template.Releases
	folders  *template.Folders
	db       *store.Store
	customer
	library *catalog.Library
	partner tandem.PartnerID
	log     *slog.Logger
}

// customer is the account that templates are installed in.
type customer struct{ usable []tandem.AccountConnector }

const account tandem.AccountID = 7

func (w *customer) List(context.Context, tandem.AccountID) ([]tandem.AccountConnector, error) {
	return w.usable, nil
}

func (w *customer) Install(_ context.Context, a tandem.AccountID, c *tandem.LibraryConnector, _ tandem.ConnectorInstall) (*tandem.AccountConnector, error) {
	ac := tandem.AccountConnector{Account: a, ID: tandem.AccountConnectorID(100 + c.ID), Connector: c.ID, State: tandem.NotAuthenticated}
	w.usable = append(w.usable, ac)
	return &ac, nil
}

func (w *customer) Copy(_ context.Context, _ tandem.AccountID, id tandem.AccountConnectorID, o connector.CategoryCopy) (*tandem.AccountConnector, error) {
	for i := range w.usable {
		if c := &w.usable[i]; c.ID == id {
			c.Categories = append(c.Categories, o)
			return c, nil
		}
	}
	return nil, tandem.NotFoundf("no such")
}

func (w *customer) Add(_ context.Context, c *tandem.Cycle) error {
	c.ID = tandem.CycleID(tandem.NewGUID())
	return nil
}

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// both runs a test on either database.
func both(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("SQLite", func(t *testing.T) { test(t, newWorldOn(t, storetest.SQLite(t))) })
	t.Run("Postgres", func(t *testing.T) { test(t, newWorldOn(t, storetest.Postgres(t))) })
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOn(t, storetest.SQLite(t))
}

func newWorldOn(t *testing.T, s *store.Store) *world {
	t.Helper()
	library, err := catalog.Load(t.Context(), s, nil, connectors.Files)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.CreatePartner(t.Context(), "p", tandem.ConsoleUser{Email: "a@b.test"}, "x", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{library: library, partner: p, db: s, log: slog.New(slog.DiscardHandler)}
	w.Templates = template.New(w.log, s, library, &w.customer, &w.customer)
	w.Files, w.releases, w.folders = template.NewFiles(w.log, s, library), template.NewReleases(w.log, s, library), template.NewFolders(s)
	return w
}

func sample(t *testing.T, name string) tandem.TemplateFile {
	t.Helper()
	data, err := templates.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var f tandem.TemplateFile
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func (w *world) shelf(t *testing.T) tandem.Shelf {
	t.Helper()
	s, err := w.library.Shelf(t.Context(), w.partner)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (w *world) add(t *testing.T, f tandem.TemplateFile) *tandem.Template {
	t.Helper()
	tm, err := w.Import(t.Context(), w.partner, f, tandem.TemplateImport{})
	if err != nil {
		t.Fatal(err)
	}
	return tm
}

func TestImportTellsWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	for field, spoil := range map[string]func(*tandem.TemplateFile){
		"Format":                           func(f *tandem.TemplateFile) { f.Format = "tandem-template/2" },
		"Name":                             func(f *tandem.TemplateFile) { f.Name = " " },
		"Graph.Steps":                      func(f *tandem.TemplateFile) { f.Graph.Steps = nil },
		"Graph.Steps[1].Id":                func(f *tandem.TemplateFile) { f.Graph.Steps[1].ID = "second" },
		"Graph.Steps[2].Method":            func(f *tandem.TemplateFile) { f.Graph.Steps[2].Method = tandem.NewGUID() },
		"Graph.Connectors[1]":              func(f *tandem.TemplateFile) { f.Graph.Connectors[1].Version = "99" },
		"Graph.Connectors[0]":              func(f *tandem.TemplateFile) { f.Graph.Connectors[0].Name = "No such" },
		"Graph.Edges[0].Id":                func(f *tandem.TemplateFile) { f.Graph.Edges[0].ID = "" },
		"Graph.StepErrorAction":            func(f *tandem.TemplateFile) { f.Graph.StepErrorAction = "Cry" },
		"Graph.Connectors[0].Installation": func(f *tandem.TemplateFile) { f.Graph.Connectors[0].Installation = "New" },
		"Connectors[0]": func(f *tandem.TemplateFile) {
			f.Connectors = []tandem.FileConnector{{Name: "Bookshelf CRM", Version: "0.1"}}
		},
		"Connectors[0].UniqueIdentifier": func(f *tandem.TemplateFile) {
			f.Connectors = []tandem.FileConnector{{Name: "Bookshelf CRM", Version: "1.0", UniqueIdentifier: tandem.NewGUID()}}
		},
		"StepDataErroredRetentionHours": func(f *tandem.TemplateFile) { f.StepDataErroredRetentionHours = new(-1) },
		"Graph.Steps[0].Connector":      func(f *tandem.TemplateFile) { f.Graph.Steps[0].Connector = "erp" },
	} {
		f := sample(t, "new-contact.json")
		spoil(&f)
		_, err := w.Import(t.Context(), w.partner, f, tandem.TemplateImport{})
		var e, why *tandem.Error
		if !errors.As(err, &e) || e.Code != tandem.Invalid || e.Field != field || e.Message != "Failed to import template." {
			t.Errorf("%v, want a refusal about %s", err, field)
			continue
		}
		if !errors.As(e.Err, &why) || why.Field != field || why.Message == "" {
			t.Errorf("%s: the reason is %v", field, e.Err)
		}
	}
	if page, err := w.Templates.List(t.Context(), w.partner, tandem.TemplateFilter{}); err != nil || page.Total != 0 {
		t.Errorf("refused imports left %d templates, %v", page.Total, err)
	}
}

func TestOthersTemplates(t *testing.T) {
	w := newWorld(t)
	tm := w.add(t, sample(t, "new-contact.json"))
	other := w.partner + 1
	_, err1 := w.Get(t.Context(), other, tm.ID)
	_, err2 := w.Export(t.Context(), other, tm.ID, "")
	_, err3 := w.Templates.Install(t.Context(), other, account, tm.ID)
	for i, err := range []error{err1, err2, err3} {
		if tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("attempt %d: %v, want NotFound", i+1, err)
		}
	}
}

func TestInstallGivesFreshIDs(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"new-contact.json", "changed-contacts.json"} {
		tm := w.add(t, sample(t, name))
		seen := map[tandem.StepID]bool{}
		for _, s := range tm.Release.Graph.Steps {
			seen[s.ID] = true
		}
		for range 2 {
			c, err := w.Templates.Install(t.Context(), w.partner, account, tm.ID)
			if err != nil {
				t.Fatal(err)
			}
			if c.TemplateID != tm.ID || c.TemplateReleaseID != tm.Release.ID || c.Account != account || c.Name != tm.Name {
				t.Errorf("%+v", c)
			}
			back := map[tandem.StepID]tandem.StepID{"": ""}
			for i, s := range c.Graph.Steps {
				if seen[s.ID] {
					t.Errorf("step id %s is there already", s.ID)
				}
				seen[s.ID] = true
				back[s.ID] = tm.Release.Graph.Steps[i].ID
				if s.Origin != tm.Release.Graph.Steps[i].ID {
					t.Errorf("step %d is of %s", i, s.Origin)
				}
				c.Graph.Steps[i].Origin = ""
			}
			// With the ids put back it is the same graph.
			if diff := cmp.Diff(text(t, tm.Release.Graph), restore(t, c.Graph, tm.Release.Graph, back)); diff != "" {
				t.Errorf("%s: -template +installed\n%s", name, diff)
			}
		}
	}
}

func text(t *testing.T, g tandem.Graph) string {
	t.Helper()
	b, err := json.MarshalIndent(g, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// restore writes g with the template's ids.
func restore(t *testing.T, g, of tandem.Graph, back map[tandem.StepID]tandem.StepID) string {
	t.Helper()
	out := []byte(text(t, g))
	for now, was := range back {
		if now != "" {
			out = bytes.ReplaceAll(out, []byte(now), []byte(was))
		}
	}
	for i, e := range g.Edges {
		out = bytes.ReplaceAll(out, []byte(e.ID), []byte(of.Edges[i].ID))
	}
	return string(out)
}

func TestInstallBinds(t *testing.T) {
	crm := func(w *world) tandem.ConnectorID {
		lc, err := w.shelf(t).Release(tandem.ConnectorRef{Name: "Bookshelf CRM", Version: "1.0"})
		if err != nil {
			t.Fatal(err)
		}
		return lc.ID
	}
	const parent = 3
	yes, no := tandem.Authenticated, tandem.NotAuthenticated
	for name, tt := range map[string]struct {
		usable []tandem.AccountConnector // own first, as they are listed
		want   tandem.AccountConnectorID // 0: a new one
	}{
		"own before inherited":   {[]tandem.AccountConnector{{Account: account, ID: 1, State: no}, {Account: parent, ID: 2, State: yes}}, 1},
		"inherited before new":   {[]tandem.AccountConnector{{Account: parent, ID: 2, State: yes}}, 2},
		"authenticated of own":   {[]tandem.AccountConnector{{Account: account, ID: 1, State: no}, {Account: account, ID: 4, State: yes}}, 4},
		"the first of equals":    {[]tandem.AccountConnector{{Account: account, ID: 1, State: yes}, {Account: account, ID: 4, State: yes}}, 1},
		"another is no match":    {[]tandem.AccountConnector{{Account: account, ID: 1, Connector: 999, State: yes}}, 0},
		"installed when missing": {nil, 0},
		"the partner's own product": {[]tandem.AccountConnector{
			{Account: account, ID: 1, State: yes}, {Account: account, ID: 4, State: no, IsPartnerIntegrationConnector: true},
		}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.usable = tt.usable
			for i := range w.usable {
				if w.usable[i].Connector == 0 {
					w.usable[i].Connector = crm(w)
				}
			}
			c, err := w.Templates.Install(t.Context(), w.partner, account, w.add(t, sample(t, "new-contact.json")).ID)
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			if want == 0 {
				want = tandem.AccountConnectorID(100 + crm(w))
			}
			if c.Connectors["crm"] != want || c.Connectors["mailing"] < 100 || len(c.Connectors) != 2 {
				t.Errorf("bound to %v, want crm %d and mailing a new one", c.Connectors, want)
			}
		})
	}
}
