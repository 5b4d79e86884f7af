package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
)

// deliver is the method of the connector Desk that needs a token.
const deliver = "6f0f0d2e-6a0a-4f4e-9c7a-2f6b2a9d1003"

// desk is an installation whose accounts have a third party that wants to see a
// token which ends.
type desk struct {
	*killing
	addresses []string
	nodes     []*program
	template  tandem.TemplateID
}

// newDesk starts nodes.
func newDesk(k *killing, nodes int) *desk {
	d := &desk{killing: k, addresses: freeAddresses(k, nodes), nodes: make([]*program, nodes)}
	for i := range nodes {
		d.boot(i)
	}
	d.acme = d.in.partner("http://" + d.addresses[0])
	text, err := os.ReadFile(filepath.Join("testdata", "desk.json"))
	must(d, err)
	d.template, err = d.acme.ImportTemplate(d.Context(), json.RawMessage(text))
	must(d, err)
	return d
}

func (d *desk) boot(i int) {
	d.nodes[i] = d.in.serve(d.addresses[i], "--connectors", "testdata/connectors", "--api-rate-client", "0", "--api-rate-account", "0")
}

// visitor is an account whose connector has an access token that has ended, and a
// refresh token that is good, at a third party of its own.
type visitor struct {
	*desk
	*oauthtest.Provider
	name    string // of the account
	account *client.Client
	id      tandem.AccountConnectorID
}

func (d *desk) visitor(account string) *visitor {
	d.Helper()
	_, err := d.acme.CreateAccount(d.Context(), client.Account{ID: account, Name: account})
	must(d, err)
	p := oauthtest.New(d)
	_, refresh := p.Grant()
	value, err := json.Marshal(connector.Token{AccessToken: "at-old", RefreshToken: refresh, Expires: "2026-01-01T00:00:00Z"})
	must(d, err)
	a := d.acme.Account(account)
	c, err := a.InstallConnector(d.Context(), "Desk", client.Install{AuthValue: string(value), Properties: []client.Property{
		{Name: "BaseUrl", Value: p.URL}, {Name: "ClientId", Value: oauthtest.ClientID}, {Name: "ClientSecret", Value: oauthtest.ClientSecret},
	}})
	must(d, err)
	return &visitor{d, p, account, a, c.ID}
}

// look reads the account connector.
func (v *visitor) look() client.AccountConnector {
	v.Helper()
	c, err := v.account.Connector(v.Context(), v.id)
	must(v, err)
	return c
}

// patience is how long is waited for what has nothing to wait for. A claim that
// somebody has left behind takes longer.
const patience = time.Minute

// call calls the third party.
func (v *visitor) call() error {
	ctx, cancel := context.WithTimeout(v.Context(), patience)
	defer cancel()
	_, err := v.account.CallMethod(ctx, v.id, deliver, client.MethodInput{})
	return err
}

// well checks that the connector has what it needs.
func (v *visitor) well() {
	v.Helper()
	must(v, v.call())
	if c := v.look(); !c.Authenticated || c.AuthenticationNote != "" {
		v.Errorf("the connector is not well: %+v", c)
	}
}

// event has a cycle begin.
func (v *visitor) event(hook, id string) {
	v.Helper()
	if status, err := event(v.Context(), hook, id, ""); err != nil || status != http.StatusOK {
		v.Fatalf("the event %s was answered %d, %v", id, status, err)
	}
}

// signIn is a person who is sent to the third party, says yes, and comes back.
func (v *visitor) signIn() {
	v.Helper()
	var begun struct {
		URL string `json:"Url"`
	}
	must(v, v.account.Do(v.Context(), http.MethodPost, fmt.Sprintf("/account/connectors/%d/oauth", v.id), nil, &begun))
	jar, err := cookiejar.New(nil)
	must(v, err)
	r, err := http.NewRequestWithContext(v.Context(), http.MethodGet, begun.URL, nil)
	must(v, err)
	resp, err := (&http.Client{Jar: jar}).Do(r)
	must(v, err)
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	must(v, err)
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Request.URL.String(), "http://"+v.addresses[0]) {
		v.Fatalf("the sign-in ended at %s with %s: %s", resp.Request.URL, resp.Status, page)
	}
}

// stop holds somebody up at a moment, until the test has done what it wants then.
type stop struct {
	t               testing.TB
	reached, onward chan struct{}
}

func newStop(t testing.TB) *stop {
	return &stop{t, make(chan struct{}), make(chan struct{})}
}

// here is that moment. It holds up one only, and nobody once the test is over.
func (s *stop) here() {
	select {
	case s.reached <- struct{}{}:
	case <-s.onward:
		return
	case <-s.t.Context().Done():
		return
	}
	select {
	case <-s.onward:
	case <-s.t.Context().Done():
	}
}

// await waits until somebody is there.
func (s *stop) await() {
	s.t.Helper()
	select {
	case <-s.reached:
	case <-time.After(patience):
		s.t.Fatal("nobody came to where the test waits")
	}
}
