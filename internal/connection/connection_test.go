package connection_test

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// world is a service on a database of its own, with a tree of accounts.
type world struct {
	*connection.Connectors
	store              *store.Store
	dir                string
	vault              *vault.Vault
	library            shelf
	root, sub, another tandem.AccountID
}

// shelf is a library of one connector.
type shelf struct{ tandem.LibraryConnector }

func (s shelf) AccountShelf(context.Context, tandem.AccountID) (tandem.Shelf, error) { return s, nil }

func (s shelf) Newer(*tandem.LibraryConnector) *tandem.LibraryConnector { return nil }

func (s shelf) Release(tandem.ConnectorRef) (*tandem.LibraryConnector, error) {
	return &s.LibraryConnector, nil
}

func (s shelf) Resolve(tandem.ConnectorRef, string) (*connector.Connector, *connector.Method, error) {
	return nil, nil, tandem.NotFoundf("no such")
}

func (s shelf) Connector(id tandem.ConnectorID) (*tandem.LibraryConnector, error) {
	if id != s.ID {
		return nil, tandem.NotFoundf("Connector %d could not be found.", id)
	}
	return &s.LibraryConnector, nil
}

func newWorld(t *testing.T, o connection.Options) *world {
	t.Helper()
	return newWorldOn(t, "", o, &connector.Connector{
		Name: "CRM", Version: "1",
		Authentication: []connector.Authentication{
			{Name: "Key", AuthType: connector.AuthAPIKey}, {Name: "Basic", AuthType: connector.AuthBasic}, {Name: "Open", AuthType: connector.AuthNone},
		},
		Parameters: []connector.Parameter{
			{Name: "BaseUrl", AccountConnectorProperty: true}, {Name: "Region", AccountConnectorProperty: true, Sensitive: true}, {Name: "Fixed"},
		},
		Methods: []connector.Method{{Name: "List", MethodUniqueIdentifier: "2c8cdda9-f97d-4ea2-86ef-14af7f9c9be7", Endpoint: "{{BaseUrl}}/list"}},
	})
}

// newWorldOn is newWorld on a database, with a connector.
func newWorldOn(t *testing.T, url string, o connection.Options, c *connector.Connector) *world {
	t.Helper()
	dir := storetest.Folder(t)
	st, err := store.Open(t.Context(), url, dir)
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := st.NumberConnectors(t.Context(), []*connector.Connector{c})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{store: st, dir: dir, vault: v, library: shelf{tandem.LibraryConnector{ID: ids[0], Connector: c}}}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.Connectors = w.node(o)
	p, err := st.CreatePartner(t.Context(), "p", tandem.ConsoleUser{Email: "a@b.test"}, "x", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	account := func(name string, parent tandem.AccountID) tandem.AccountID {
		a := &tandem.Account{Partner: p, APIID: name, Name: name, Timezone: "UTC", ParentID: parent, Enabled: true}
		if err := st.CreateAccount(t.Context(), a, v.NewDataKey); err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	w.root = account("root", 0)
	w.sub, w.another = account("sub", w.root), account("another", 0)
	return w
}

// node is another node's service on the same database.
func (w *world) node(o connection.Options) *connection.Connectors {
	return connection.New(slog.New(slog.DiscardHandler), w.store, w.store, w.vault, w.library, connection.NewSettings(w.store, w.vault), http.DefaultClient, o)
}

func (w *world) install(t *testing.T, in tandem.ConnectorInstall) *tandem.AccountConnector {
	t.Helper()
	c, err := w.Install(t.Context(), w.root, &w.library.LibraryConnector, in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var full = tandem.ConnectorInstall{
	AuthValue:  "s3cret-key",
	Properties: []tandem.Property{{Name: "baseurl", Value: "https://crm.test"}, {Name: "Region", Value: "hidden-region"}},
}

func TestInstallAndRead(t *testing.T) {
	w := newWorld(t, connection.Options{})
	c := w.install(t, full)
	if c.Name != "CRM" || c.State != tandem.Authenticated || c.AuthValue != "s3cret-key" || c.Properties[1].Value != "hidden-region" {
		t.Errorf("who just set it sees %+v, want all of it", c)
	}
	for name, tt := range map[string]struct {
		by   tandem.AccountID
		want []tandem.Property
	}{
		"owner": {w.root, []tandem.Property{{Name: "BaseUrl", Value: "https://crm.test"}, {Name: "Region", Value: "***", Sensitive: true}}},
		"below": {w.sub, []tandem.Property{{Name: "BaseUrl", Value: "https://crm.test"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := w.Get(t.Context(), tt.by, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			all, err := w.List(t.Context(), tt.by)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]tandem.AccountConnector{*got}, all); diff != "" {
				t.Errorf("list differs: -get +list\n%s", diff)
			}
			for i := range got.Properties {
				got.Properties[i].ID = 0
			}
			if diff := cmp.Diff(tt.want, got.Properties); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if got.AuthValue != "" || got.Sealed != nil || got.Inherited != (tt.by == w.sub) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// A connector that the library lost does not hide the others.
func TestListWithoutALostConnector(t *testing.T) {
	w := newWorld(t, connection.Options{})
	lost := &connector.Connector{Name: "Lost", Version: "1", Authentication: []connector.Authentication{{AuthType: connector.AuthNone}}}
	ids, err := w.store.NumberConnectors(t.Context(), []*connector.Connector{lost})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Install(t.Context(), w.root, &tandem.LibraryConnector{ID: ids[0], Connector: lost}, tandem.ConnectorInstall{}); err != nil {
		t.Fatal(err)
	}
	kept := w.install(t, full)
	all, err := w.List(t.Context(), w.root)
	if err != nil || len(all) != 1 || all[0].ID != kept.ID {
		t.Errorf("listed %+v, %v; want %d alone", all, err, kept.ID)
	}
}

func TestSubAccountsUseButDoNotTouch(t *testing.T) {
	w := newWorld(t, connection.Options{})
	c := w.install(t, full)
	_, err1 := w.Update(t.Context(), w.sub, c.ID, tandem.ConnectorUpdate{Name: tandem.Some("mine")})
	_, err2 := w.Deauthenticate(t.Context(), w.sub, c.ID)
	err3 := w.Delete(t.Context(), w.sub, c.ID)
	_, err4 := w.Get(t.Context(), w.another, c.ID)
	_, err5 := w.Resolve(t.Context(), w.another, c.ID)
	for i, err := range []error{err1, err2, err3, err4, err5} {
		if tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("attempt %d: %v, want NotFound", i+1, err)
		}
	}
	r, err := w.Resolve(t.Context(), w.sub, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"BaseUrl": "https://crm.test", "Region": "hidden-region"}
	if diff := cmp.Diff(want, r.Properties); diff != "" || r.AuthValue != "s3cret-key" || r.Authentication.AuthType != connector.AuthAPIKey {
		t.Errorf("%+v, -want +got\n%s", r, diff)
	}
}

func TestBadInput(t *testing.T) {
	w := newWorld(t, connection.Options{})
	key, basic, open := w.library.Authentication[0].ID, w.library.Authentication[1].ID, w.library.Authentication[2].ID
	encode := func(s string) tandem.Secret { return tandem.Secret(base64.StdEncoding.EncodeToString([]byte(s))) }
	for name, tt := range map[string]struct {
		in             tandem.ConnectorInstall
		field, message string
	}{
		"unknown property": {
			tandem.ConnectorInstall{Properties: []tandem.Property{{Name: "X"}}},
			"Properties", "There is not a connector property that matches name 'X'.",
		},
		"not an account property": {
			tandem.ConnectorInstall{Properties: []tandem.Property{{Name: "fixed"}}},
			"Properties", "Connector property name 'fixed' is not an account connector property.",
		},
		"property twice": {
			tandem.ConnectorInstall{Properties: []tandem.Property{{Name: "Region"}, {Name: "region"}}},
			"Properties", "Connector property name 'region' is given twice.",
		},
		"unknown authentication": {tandem.ConnectorInstall{AuthenticationID: 999}, "AuthenticationId", "no authentication 999"},
		"raw user and password":  {tandem.ConnectorInstall{AuthenticationID: basic, AuthValue: "ann:pw"}, "AuthValue", "user:password itself"},
		"not base64":             {tandem.ConnectorInstall{AuthenticationID: basic, AuthValue: "%%%"}, "AuthValue", "is not base64"},
		"no colon":               {tandem.ConnectorInstall{AuthenticationID: basic, AuthValue: encode("ann")}, "AuthValue", "has no colon"},
		"line break":             {tandem.ConnectorInstall{AuthenticationID: key, AuthValue: "a\r\nX-Admin: 1"}, "AuthValue", "line breaks"},
		"hidden line break":      {tandem.ConnectorInstall{AuthenticationID: basic, AuthValue: encode("a:b\n")}, "AuthValue", "line breaks"},
		"not needed":             {tandem.ConnectorInstall{AuthenticationID: open, AuthValue: "x"}, "AuthValue", "needs no credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Install(t.Context(), w.root, &w.library.LibraryConnector, tt.in)
			var e *tandem.Error
			if !errors.As(err, &e) || e.Code != tandem.Invalid || e.Field != tt.field || !strings.Contains(e.Message, tt.message) {
				t.Fatalf("%v, want Invalid about %s: %s", err, tt.field, tt.message)
			}
			if v := string(tt.in.AuthValue); len(v) > 3 && strings.Contains(err.Error(), v) {
				t.Errorf("the error repeats the credentials: %v", err)
			}
		})
	}
	if all, err := w.List(t.Context(), w.root); len(all) != 0 || err != nil {
		t.Errorf("refused installs left %v, %v", all, err)
	}
}

func TestStates(t *testing.T) {
	w := newWorld(t, connection.Options{})
	if c := w.install(t, tandem.ConnectorInstall{AuthenticationID: w.library.Authentication[2].ID}); c.State != tandem.Authenticated {
		t.Errorf("without need of credentials: %s", c.State)
	}
	c := w.install(t, tandem.ConnectorInstall{})
	if c.State != tandem.NotAuthenticated {
		t.Errorf("without credentials: %s", c.State)
	}
	update := func(u tandem.ConnectorUpdate) *tandem.AccountConnector {
		t.Helper()
		got, err := w.Update(t.Context(), w.root, c.ID, u)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := update(tandem.ConnectorUpdate{AuthValue: tandem.Some(tandem.Secret("k1"))}); got.State != tandem.Authenticated || got.AuthValue != "k1" {
		t.Errorf("after setting credentials: %+v", got)
	}
	if got := update(tandem.ConnectorUpdate{AuthValue: tandem.Some(tandem.Secret("***")), Name: tandem.Some("Ours")}); got.State != tandem.Authenticated || got.Name != "Ours" || got.AuthValue != "" {
		t.Errorf("after writing back what was read: %+v", got)
	}
	if r, err := w.Resolve(t.Context(), w.root, c.ID); err != nil || r.AuthValue != "k1" {
		t.Errorf("what was read, masked, became the credentials: %v, %v", r, err)
	}
	if got := update(tandem.ConnectorUpdate{AuthenticationID: tandem.Some(w.library.Authentication[1].ID)}); got.State != tandem.NotAuthenticated {
		t.Errorf("another way to authenticate kept the credentials: %+v", got)
	}
	got := update(tandem.ConnectorUpdate{Properties: full.Properties})
	if len(got.Properties) != 2 || got.Properties[1].Value != "hidden-region" {
		t.Errorf("after setting properties: %+v, want what was just set", got)
	}
	read := []tandem.Property{{Name: "BaseUrl", Value: "https://crm.test"}, {Name: "Region", Value: "***"}}
	if got := update(tandem.ConnectorUpdate{Properties: read}); len(got.Properties) != 2 || !slices.ContainsFunc(got.Properties, func(p tandem.Property) bool { return p.Name == "Region" && p.Value == "***" }) {
		t.Errorf("after writing back what was read: %+v, want it masked", got)
	}
	if r, err := w.Resolve(t.Context(), w.root, c.ID); err != nil || r.Properties["Region"] != "hidden-region" {
		t.Errorf("what was read, masked, became the property: %v, %v", r, err)
	}
}

// What is secret was given for an address, and goes to no other that an account
// user chooses.
func TestSecretsStayWithTheirAddress(t *testing.T) {
	w := newWorld(t, connection.Options{})
	elsewhere := tandem.Property{Name: "BaseUrl", Value: "https://evil.test"}
	region := tandem.Property{Name: "Region", Value: "hidden-region"}
	const key, hidden, at = "s3cret-key", "hidden-region", "https://crm.test"
	for name, tt := range map[string]struct {
		update            tandem.ConnectorUpdate
		key, hidden, base string
	}{
		"another address":        {tandem.ConnectorUpdate{Properties: []tandem.Property{elsewhere}}, "", "", elsewhere.Value},
		"and what was read":      {tandem.ConnectorUpdate{AuthValue: tandem.Some(tandem.Secret("***")), Properties: []tandem.Property{elsewhere, {Name: "Region", Value: "***"}}}, "", "", elsewhere.Value},
		"no address":             {tandem.ConnectorUpdate{Unset: []int64{w.library.Parameters[0].ID}}, "", "", ""},
		"all anew":               {tandem.ConnectorUpdate{AuthValue: tandem.Some(tandem.Secret("new")), Properties: []tandem.Property{elsewhere, region}}, "new", hidden, elsewhere.Value},
		"credentials alone anew": {tandem.ConnectorUpdate{AuthValue: tandem.Some(tandem.Secret("new")), Properties: []tandem.Property{elsewhere}}, "new", "", elsewhere.Value},
		"the same address":       {tandem.ConnectorUpdate{Properties: full.Properties}, key, hidden, at},
		"something else":         {tandem.ConnectorUpdate{Properties: []tandem.Property{{Name: "Region", Value: "other"}}}, key, "other", at},
	} {
		c := w.install(t, full)
		for _, customer := range []bool{true, false} {
			tt.update.Customer = customer
			got, err := w.Update(t.Context(), w.root, c.ID, tt.update)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			r, err := w.Resolve(t.Context(), w.root, c.ID)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if string(r.AuthValue) != tt.key || r.Properties["Region"] != tt.hidden || r.Properties["BaseUrl"] != tt.base {
				t.Errorf("%s: %s %v", name, r.AuthValue, r.Properties)
			}
			if gone := tt.key == ""; gone != (got.State == tandem.NotAuthenticated) || gone != strings.Contains(got.Note, "BaseUrl was changed") {
				t.Errorf("%s: %s %q", name, got.State, got.Note)
			}
			if tt.key == "" { // the partner may
				c = w.install(t, full)
				tt.key, tt.hidden = key, hidden
			} else if tt.hidden == "" {
				c = w.install(t, full)
				tt.hidden = hidden
			}
		}
	}
}

func TestDeauthenticateAndDeleteTakeEffectAtOnce(t *testing.T) {
	w := newWorld(t, connection.Options{Lease: time.Hour})
	c := w.install(t, full)
	for _, by := range []tandem.AccountID{w.root, w.sub} {
		if r, err := w.Resolve(t.Context(), by, c.ID); err != nil || r.AuthValue == "" {
			t.Fatalf("%v, %v", r, err)
		}
	}
	if got, err := w.Deauthenticate(t.Context(), w.root, c.ID); err != nil || got.State != tandem.NotAuthenticated || len(got.Properties) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, by := range []tandem.AccountID{w.root, w.sub} {
		if r, err := w.Resolve(t.Context(), by, c.ID); err != nil || r.AuthValue != "" || r.State != tandem.NotAuthenticated {
			t.Errorf("after it was deauthenticated: %v, %v", r, err)
		}
	}
	if err := w.Delete(t.Context(), w.root, c.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Resolve(t.Context(), w.sub, c.ID); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("after it was deleted: %v, want NotFound", err)
	}
}

// On many nodes, what was taken away is out of use everywhere on return.
func TestSharedDeauthenticateOutlastsLeases(t *testing.T) {
	const lease = 300 * time.Millisecond
	w := newWorld(t, connection.Options{Shared: true, Lease: lease})
	other := w.node(connection.Options{Shared: true, Lease: lease})
	c := w.install(t, full)
	if r, err := other.Resolve(t.Context(), w.root, c.ID); err != nil || r.AuthValue == "" {
		t.Fatalf("%v, %v", r, err)
	}
	if _, err := w.Deauthenticate(t.Context(), w.root, c.ID); err != nil {
		t.Fatal(err)
	}
	if r, err := other.Resolve(t.Context(), w.root, c.ID); err != nil || r.AuthValue != "" {
		t.Errorf("another node still gives out the credentials: %v, %v", r, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Deauthenticate(ctx, w.root, c.ID); err == nil {
		t.Error("a wait that was cut short was told as done")
	}
}

func TestNothingInPlainText(t *testing.T) {
	w := newWorld(t, connection.Options{})
	w.install(t, full)
	files, err := filepath.Glob(filepath.Join(w.dir, "tandem.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var all strings.Builder
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	if !strings.Contains(all.String(), "CRM") {
		t.Fatal("what is looked for would not be found: the connector's name is not there")
	}
	for _, secret := range []string{"s3cret-key", "hidden-region"} {
		if strings.Contains(all.String(), secret) {
			t.Errorf("%s is in the data folder in plain text", secret)
		}
	}
}
