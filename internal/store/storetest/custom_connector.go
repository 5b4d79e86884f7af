package storetest

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// customGUID is that of two partners' connectors.
const customGUID = "7f1c1f0e-2b57-4d5e-8a64-0d6f5f3d9a10"

// putCustom keeps a custom connector as it is named; the id 0 is for a new one.
func putCustom(t *testing.T, s *store.Store, p tandem.PartnerID, id tandem.ConnectorID, name, version string, definition *connector.Connector) (tandem.CustomConnector, error) {
	t.Helper()
	return s.PutCustomConnector(t.Context(), p, id, func(c *tandem.CustomConnector, _ bool) (*connector.Connector, error) {
		c.Name, c.Version, c.UniqueIdentifier, c.State = name, version, customGUID, tandem.ReleaseLive
		c.Document = map[string]json.RawMessage{"Big": json.RawMessage(`12345678901234567890.10`)}
		return definition, nil
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func customConnectors(t *testing.T, s *store.Store) {
	ctx := t.Context()
	p, other := newPartner(t, s, "ada@acme.test"), newPartner(t, s, "bob@bolt.test")
	first, second := newConnector("Own", "1", "a", "b"), newConnector("Own", "1", "a", "b")
	c, err := putCustom(t, s, p, 0, "Own", "1", first)
	check(t, err)
	foreign, err := putCustom(t, s, other, 0, "Own", "1", second)
	check(t, err)
	if c.ID == foreign.ID || first.Methods[0].ID == 0 || first.Methods[0].ID == second.Methods[0].ID {
		t.Errorf("two partners' connectors have the numbers %d and %d, their methods %d and %d", c.ID, foreign.ID, first.Methods[0].ID, second.Methods[0].ID)
	}
	for _, taken := range [][2]string{{"OWN", "1"}, {"Another", "1"}} {
		if _, err := putCustom(t, s, p, 0, taken[0], taken[1], newConnector("x", "1")); tandem.ErrorCode(err) != tandem.Conflict {
			t.Errorf("%s once more: %v", taken, err)
		}
	}
	_, err = putCustom(t, s, p, 0, "Own", "2", newConnector("Own", "2"))
	check(t, err)

	_, err1 := s.CustomConnector(ctx, other, c.ID)
	_, err2 := putCustom(t, s, other, c.ID, "Mine", "1", newConnector("Mine", "1"))
	for i, err := range []error{err1, err2, s.DeleteCustomConnector(ctx, other, c.ID), s.DeleteCustomConnector(ctx, p, 999)} {
		if tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("%d: another partner's connector: %v", i, err)
		}
	}
	got, err := s.CustomConnector(ctx, p, c.ID)
	if err != nil || string(got.Document["Big"]) != "12345678901234567890.10" || got.Name != "Own" {
		t.Errorf("read: %+v, %v", got, err)
	}
	page, err := s.CustomConnectors(ctx, p, tandem.Search{PageRequest: tandem.PageRequest{PageSize: 1, Page: 2}})
	if err != nil || page.Total != 2 || len(page.Rows) != 1 || page.Rows[0].ID != c.ID {
		t.Errorf("list: %+v, %v", page, err)
	}
}

func customConnectorParts(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "ada@acme.test")
	if n, err := s.ConnectorRevision(t.Context(), p); err != nil || n != 0 {
		t.Errorf("before the first: revision %d, %v", n, err)
	}
	before := newConnector("Own", "1", "a", "b")
	c, err := putCustom(t, s, p, 0, "Own", "1", before)
	check(t, err)
	after := newConnector("Own", "1", "new", "b")
	_, err = putCustom(t, s, p, c.ID, "Renamed", "1", after)
	check(t, err)
	if diff := cmp.Diff(before.Methods[1], after.Methods[1]); diff != "" || after.Methods[0].ID == before.Methods[0].ID {
		t.Errorf("a part has another number after an edit: %s", diff)
	}
	read := newConnector("Own", "1", "b", "a", "never seen")
	unknown := func(id tandem.ConnectorID, revision int64) bool {
		if id != c.ID || revision != 2 {
			t.Errorf("connector %d at revision %d, want %d at 2", id, revision, c.ID)
		}
		return false
	}
	check(t, s.OwnConnectors(t.Context(), p, unknown, func(own *tandem.CustomConnector) (*connector.Connector, error) {
		if own.Revision != 2 {
			t.Errorf("read at revision %d", own.Revision)
		}
		return read, nil
	}))
	if read.Methods[0].ID != before.Methods[1].ID || read.Methods[1].ID != before.Methods[0].ID || read.Methods[2].ID != 0 {
		t.Errorf("read numbers %d, %d, %d", read.Methods[0].ID, read.Methods[1].ID, read.Methods[2].ID)
	}
	refused := errors.New("no")
	if _, err := s.PutCustomConnector(t.Context(), p, c.ID, func(*tandem.CustomConnector, bool) (*connector.Connector, error) { return nil, refused }); !errors.Is(err, refused) {
		t.Errorf("a change that was refused: %v", err)
	}
	if n, err := s.ConnectorRevision(t.Context(), p); err != nil || n != 2 {
		t.Errorf("after two changes: revision %d, %v", n, err)
	}
}

// customConnectorRace deletes connectors while an account installs them: one of
// both comes first, and the other is told so.
func customConnectorRace(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "ada@acme.test")
	a := newAccount(t, s, p, "custom", 0)
	for range 30 {
		c, err := putCustom(t, s, p, 0, "Own", "1", newConnector("Own", "1", "a"))
		check(t, err)
		id, err := s.NextAccountConnector(t.Context())
		check(t, err)
		var wg sync.WaitGroup
		var installing, deleting error
		wg.Go(func() {
			installing = s.InsertAccountConnector(t.Context(), tandem.AccountConnector{Account: a.ID, ID: id, Connector: c.ID, Name: "own", Sealed: []byte{1}})
		})
		wg.Go(func() { deleting = s.DeleteCustomConnector(t.Context(), p, c.ID) })
		wg.Wait()
		switch {
		case installing == nil && tandem.ErrorCode(deleting) == tandem.Conflict:
			check(t, s.DeleteAccountConnector(t.Context(), a.ID, id))
			check(t, s.DeleteCustomConnector(t.Context(), p, c.ID))
		case deleting == nil && tandem.ErrorCode(installing) == tandem.NotFound:
		default:
			t.Fatalf("install: %v; delete: %v", installing, deleting)
		}
	}
	gone := tandem.AccountConnector{Account: a.ID, ID: 999, Connector: 999, Sealed: []byte{1}}
	if err := s.InsertAccountConnector(t.Context(), gone); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("install what is not there: %v", err)
	}
}

func customConnectorInUse(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "ada@acme.test")
	a := newAccount(t, s, p, "custom", 0)
	if of, err := s.AccountPartner(t.Context(), a.ID); err != nil || of != p {
		t.Errorf("partner %d of an account of %d: %v", of, p, err)
	}
	c, err := putCustom(t, s, p, 0, "Own", "1", newConnector("Own", "1", "a"))
	check(t, err)
	installed := install(t, s, a.ID, c.ID, "own")
	_, err = s.PutCustomConnector(t.Context(), p, c.ID, func(c *tandem.CustomConnector, in bool) (*connector.Connector, error) {
		if !in {
			t.Error("it is said not to be installed")
		}
		return newConnector("Own", "1", "a"), nil
	})
	check(t, err)
	if err := s.DeleteCustomConnector(t.Context(), p, c.ID); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("delete one in use: %v", err)
	}
	check(t, s.DeleteAccountConnector(t.Context(), a.ID, installed.ID))
	check(t, s.DeleteCustomConnector(t.Context(), p, c.ID))
	if _, err := s.CustomConnector(t.Context(), p, c.ID); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("after its deletion: %v", err)
	}
}
