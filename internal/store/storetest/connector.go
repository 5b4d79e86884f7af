package storetest

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// newConnector is a release without numbers, as it is read from its file.
func newConnector(name, version string, methods ...string) *connector.Connector {
	c := &connector.Connector{
		Name: name, Version: version,
		Authentication: []connector.Authentication{{AuthType: connector.AuthNone}, {Name: "Key", AuthType: connector.AuthAPIKey}},
		Parameters:     []connector.Parameter{{Name: "BaseUrl"}},
	}
	for _, m := range methods {
		c.Methods = append(c.Methods, connector.Method{
			MethodUniqueIdentifier: m, Name: m,
			Parameters:    []connector.Parameter{{Name: "BaseUrl"}},
			RequestFields: []connector.Field{{ConnectorField: "id"}}, ResponseFields: []connector.Field{{ConnectorField: "id"}, {ConnectorField: "ID"}},
		})
	}
	return c
}

func number(t *testing.T, s *store.Store, all ...*connector.Connector) []tandem.ConnectorID {
	t.Helper()
	ids, err := s.NumberConnectors(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func connectors(t *testing.T, s *store.Store) {
	t.Run("parts have numbers of their own", func(t *testing.T) {
		c := newConnector("Numbered", "1", "m1", "m2")
		number(t, s, c)
		seen := map[int64]bool{0: true}
		each := func(id int64) {
			if seen[id] {
				t.Errorf("number %d is missing or given twice: %+v", id, c)
			}
			seen[id] = true
		}
		each(c.Authentication[0].ID)
		each(c.Authentication[1].ID)
		each(c.Parameters[0].ID)
		for _, m := range c.Methods {
			each(m.ID)
			each(m.Parameters[0].ID)
			each(m.RequestFields[0].ID)
			each(m.ResponseFields[0].ID)
			each(m.ResponseFields[1].ID)
		}
	})

	t.Run("numbers outlive edits", func(t *testing.T) {
		before, other := newConnector("Stable", "1", "m1", "m2"), newConnector("Stable", "2", "m1")
		ids := number(t, s, before, other)
		if ids[0] == ids[1] {
			t.Errorf("two versions have the number %d", ids[0])
		}
		after := newConnector("STABLE", "1", "m0", "m2", "m1")
		if again := number(t, s, after); again[0] != ids[0] {
			t.Errorf("the number was %d and became %d", ids[0], again[0])
		}
		if diff := cmp.Diff(before.Methods[0], after.Methods[2]); diff != "" {
			t.Errorf("a method that only moved changed: -before +after\n%s", diff)
		}
	})

	t.Run("nodes that start at once agree", func(t *testing.T) {
		const nodes = 4
		var wait sync.WaitGroup
		loaded := make([]*connector.Connector, nodes)
		ids := make([][]tandem.ConnectorID, nodes)
		for i := range nodes {
			loaded[i] = newConnector("Raced", "1", "m1", "m2", "m3")
			wait.Go(func() {
				var err error
				if ids[i], err = s.NumberConnectors(t.Context(), []*connector.Connector{loaded[i]}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for i := range nodes {
			if diff := cmp.Diff(loaded[0], loaded[i]) + cmp.Diff(ids[0], ids[i]); diff != "" {
				t.Errorf("node %d: %s", i, diff)
			}
		}
	})
}

// install puts a connector into an account.
func install(t *testing.T, s *store.Store, a tandem.AccountID, c tandem.ConnectorID, name string) tandem.AccountConnector {
	t.Helper()
	id, err := s.NextAccountConnector(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ac := tandem.AccountConnector{Account: a, ID: id, Connector: c, Name: name, Sealed: []byte{1}, State: tandem.NotAuthenticated}
	if err := s.InsertAccountConnector(t.Context(), ac); err != nil {
		t.Fatal(err)
	}
	return ac
}

func accountConnectors(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "a@acme.test")
	root := newAccount(t, s, p, "root", 0).ID
	sub := newAccount(t, s, p, "sub", root).ID
	leaf := newAccount(t, s, p, "leaf", sub).ID
	sibling := newAccount(t, s, p, "sibling", root).ID
	c := number(t, s, newConnector("Used", "1", "m1"))[0]
	ofRoot, ofSub, ofLeaf := install(t, s, root, c, "root"), install(t, s, sub, c, "sub"), install(t, s, leaf, c, "leaf")

	t.Run("unless there is one", func(t *testing.T) {
		own := tandem.AccountConnector{Account: root, ID: ofRoot.ID + 1000, Connector: c, Sealed: []byte{1}, IsPartnerIntegrationConnector: true}
		if err := s.InsertAccountConnector(t.Context(), ofRoot, c); tandem.ErrorCode(err) != tandem.Conflict {
			t.Errorf("there is one: %v", err)
		}
		if err := s.InsertAccountConnector(t.Context(), own, c); err != nil {
			t.Errorf("the partner's is another: %v", err)
		}
		if err := s.InsertAccountConnector(t.Context(), own, c); tandem.ErrorCode(err) != tandem.Conflict {
			t.Errorf("the partner's, again: %v", err)
		}
		if err := s.DeleteAccountConnector(t.Context(), root, own.ID); err != nil {
			t.Fatal(err)
		}
	})

	t.Run("own, then those above", func(t *testing.T) {
		got, err := s.AccountConnectors(t.Context(), leaf)
		if err != nil {
			t.Fatal(err)
		}
		above, top := ofSub, ofRoot
		above.Inherited, top.Inherited = true, true
		if diff := cmp.Diff([]tandem.AccountConnector{ofLeaf, above, top}, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})

	t.Run("not of others", func(t *testing.T) {
		for name, seen := range map[string]struct {
			by tandem.AccountID
			id tandem.AccountConnectorID
		}{"below": {root, ofSub.ID}, "sibling": {sibling, ofSub.ID}, "nobody's": {leaf, 999}} {
			if _, err := s.AccountConnector(t.Context(), seen.by, seen.id); !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
				t.Errorf("%s: %v, want NotFound", name, err)
			}
		}
		if got, err := s.AccountConnector(t.Context(), leaf, ofRoot.ID); err != nil || !got.Inherited {
			t.Errorf("of the top: %+v, %v", got, err)
		}
	})

	t.Run("changed by their owner only", func(t *testing.T) {
		rename := func(c *tandem.AccountConnector) error {
			c.Name, c.State, c.Sealed = "new", tandem.Authenticated, []byte{2}
			return nil
		}
		if err := s.ChangeAccountConnector(t.Context(), leaf, ofRoot.ID, rename); !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
			t.Errorf("by an account below: %v, want NotFound", err)
		}
		if err := s.ChangeAccountConnector(t.Context(), root, ofRoot.ID, rename); err != nil {
			t.Fatal(err)
		}
		got, err := s.AccountConnector(t.Context(), root, ofRoot.ID)
		if err != nil || got.Name != "new" || got.State != tandem.Authenticated || got.Sealed[0] != 2 {
			t.Errorf("%+v, %v", got, err)
		}
	})

	t.Run("not deleted while in use below", func(t *testing.T) {
		cy := newCycle(t, s, leaf, map[string]tandem.AccountConnectorID{"used": ofRoot.ID})
		setStatus(t, s, cy, tandem.CycleRunning)
		if err := s.DeleteAccountConnector(t.Context(), root, ofRoot.ID); !errors.Is(err, &tandem.Error{Code: tandem.Conflict}) {
			t.Errorf("while its cycle runs: %v, want Conflict", err)
		}
		setStatus(t, s, cy, tandem.CyclePaused)
		if err := s.DeleteAccountConnector(t.Context(), leaf, ofRoot.ID); !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
			t.Errorf("by an account below: %v, want NotFound", err)
		}
		if err := s.DeleteAccountConnector(t.Context(), root, ofRoot.ID); err != nil {
			t.Error(err)
		}
	})
}
