package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/e2e/fake"
	"github.com/tandem-ipaas/tandem/internal/app"
)

// world is a server with one account, and applications that are all fakes.
type world struct {
	*testing.T
	*fake.Server
	app     *app.App
	acme    *client.Client // the partner's
	account *client.Client
}

// limit bounds how long anything is waited for.
const limit = time.Minute

// newWorld starts a server whose library has the connectors of folders, such as
// hubspot, led to hosts.
func newWorld(t *testing.T, folders []string, hosts ...fake.Host) *world {
	t.Helper()
	return newWorldThatTrusts(t, "", folders, hosts...)
}

// newWorldThatTrusts is newWorld, where the certificates of a file vouch for servers.
func newWorldThatTrusts(t *testing.T, roots string, folders []string, hosts ...fake.Host) *world {
	t.Helper()
	w := &world{T: t, Server: fake.New(t, hosts...)}
	for i, name := range folders {
		folders[i] = filepath.Join("..", "..", "connectors", name)
	}
	a, err := app.New(t.Context(), slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), app.Config{
		Data: t.TempDir(), Listen: "127.0.0.1:0", Connectors: []string{w.Library(t, folders...)},
		EgressAllow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, EgressRoots: roots,
	})
	w.must(err)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-ended:
			w.must(err)
		case <-time.After(limit):
			t.Error("the server does not stop")
		}
	})
	partner, err := a.Setup(t.Context(), "Acme Software", "ada@acme.test")
	w.must(err)
	w.app, w.acme = a, client.New(a.URL(), partner.ClientID, tandem.Secret(partner.ClientSecret))
	_, err = w.acme.CreateAccount(t.Context(), client.Account{ID: "shop", Name: "Shop"})
	w.must(err)
	w.account = w.acme.Account("shop")
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// installed is a connector in the account.
type installed struct {
	*world
	client.AccountConnector
	whole   connector.Connector // without methods
	methods []connector.Method
	fields  []field // custom ones that were discovered
}

// install puts a connector of the library, by its real name, in the account.
func (w *world) install(name string, in client.Install) *installed {
	w.Helper()
	c, err := w.account.InstallConnector(w.Context(), name+" (fake)", in)
	w.must(err)
	i := &installed{world: w, AccountConnector: c}
	w.must(w.acme.Do(w.Context(), "GET", fmt.Sprintf("/connectors/%d/methods?pageSize=1000", c.ConnectorID), nil, &i.methods))
	var shown struct{ Connector *connector.Connector }
	shown.Connector = &i.whole
	w.must(w.account.Do(w.Context(), "GET", fmt.Sprintf("/account/connectors/%d", c.ID), nil, &shown))
	for n := range i.methods {
		m := &i.methods[n]
		w.must(w.acme.Do(w.Context(), "GET", fmt.Sprintf("/methods/%d", m.ID), nil, m))
	}
	return i
}

// way is the id of a way to authenticate, by its type.
func (i *installed) way(kind connector.AuthType) int64 {
	i.Helper()
	return wayIn(i.T, i.whole.Authentication, kind)
}

// wayOf is the id of a way to authenticate of a connector that is not installed.
func (w *world) wayOf(name string, kind connector.AuthType) int64 {
	w.Helper()
	var all []struct{ Authentication []connector.Authentication }
	w.must(w.acme.Do(w.Context(), "GET", "/connectors/"+url.PathEscape(name+" (fake)"), nil, &all))
	return wayIn(w.T, all[0].Authentication, kind)
}

func wayIn(t *testing.T, all []connector.Authentication, kind connector.AuthType) int64 {
	t.Helper()
	for _, a := range all {
		if a.AuthType == kind {
			return a.ID
		}
	}
	t.Fatalf("there is no way in by %s", kind)
	return 0
}

// lookUp gives the choices of a lookup.
func (i *installed) lookUp(trigger string) []client.Choice {
	i.Helper()
	for _, t := range i.whole.Triggers {
		if t.Name == trigger {
			choices, err := i.account.LookUp(i.Context(), i.ID, t.ID)
			i.must(err)
			return choices
		}
	}
	i.Fatalf("there is no lookup %q", trigger)
	return nil
}

// method finds a method of the connector.
func (i *installed) method(name string) *connector.Method {
	i.Helper()
	for n := range i.methods {
		if m := &i.methods[n]; m.Name == name {
			return m
		}
	}
	i.Fatalf("there is no method %q", name)
	return nil
}

// values are given by the names of parameters and the locations of fields.
type values map[string]any

// call calls a method by Data on Demand, and gives the answer.
func (i *installed) call(method string, parameters, fields values) any {
	i.Helper()
	answer, err := i.try(method, parameters, fields)
	if err != nil {
		i.Fatalf("%s: %v", method, err)
	}
	return answer
}

// try is call, when it may fail.
func (i *installed) try(method string, parameters, fields values) (any, error) {
	i.Helper()
	m := i.method(method)
	in := client.MethodInput{Parameters: map[string]any{}, Fields: map[string]any{}}
	for name, v := range parameters {
		id := int64(0)
		for _, p := range m.Parameters {
			if p.Name == name {
				id = p.ID
			}
		}
		in.Parameters[strconv.FormatInt(id, 10)] = v
	}
	for location, v := range fields {
		id := int64(0)
		for _, f := range m.RequestFields {
			if f.ConnectorField == location {
				id = f.ID
			}
		}
		for _, f := range i.fields {
			if f.ForRequestFormat && f.ConnectorField == location && strings.EqualFold(f.MethodUniqueIdentifier, m.MethodUniqueIdentifier) {
				id = f.ID
			}
		}
		in.Fields[strconv.FormatInt(id, 10)] = v
	}
	text, err := i.account.CallMethod(i.Context(), i.ID, m.MethodUniqueIdentifier, in)
	if err != nil || len(text) == 0 {
		return nil, err
	}
	var answer any
	return answer, json.Unmarshal(text, &answer)
}

// at is the value at a location of an answer.
func (i *installed) at(answer any, location string) any {
	i.Helper()
	l, err := connector.ParseLocation(location)
	i.must(err)
	v, _ := l.Get(answer)
	return v
}

// refused checks that a call fails, and says why.
func (i *installed) refused(err error, says string) {
	i.Helper()
	var told *tandem.Error
	if !errors.As(err, &told) || !strings.Contains(told.Message, says) {
		i.Errorf("%v does not say %q", err, says)
	}
}
