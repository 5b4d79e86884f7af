package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func customFields(t *testing.T, s *store.Store) {
	acme := newPartner(t, s, "a@acme.test")
	a, other := newAccount(t, s, acme, "a", 0), newAccount(t, s, acme, "b", 0)
	numbers, err := s.NumberConnectors(t.Context(), []*connector.Connector{newConnector("Shop", "1")})
	if err != nil {
		t.Fatal(err)
	}
	c := tandem.AccountConnector{Account: a.ID, ID: 11, Connector: numbers[0], Name: "x", Sealed: []byte{1}}
	if err := s.InsertAccountConnector(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	f := tandem.CustomField{
		ConnectorField: "extra.size", SystemField: "s", DisplayName: "Size", Description: "d", DataType: connector.Integer, DataTypeFormat: "f",
		MethodUniqueIdentifier: tandem.NewGUID(), EntityIdentifier: "e", ForRequestFormat: true,
		ReadOnly: true, Hidden: true, Default: "{{x}}", Values: []connector.Choice{{Value: "1", Label: "One"}}, Discovered: true,
	}
	insert := func(a tandem.AccountID, id tandem.AccountConnectorID, f *tandem.CustomField, want tandem.Code) {
		t.Helper()
		if err := s.InsertCustomField(t.Context(), a, id, f, 2); tandem.ErrorCode(err) != want {
			t.Errorf("insert into %d of %d: %v, want %q", id, a, err, want)
		}
	}
	insert(a.ID, c.ID, &f, "")
	twin, response, third := f, f, f
	insert(a.ID, c.ID, &twin, tandem.Conflict)
	response.ForRequestFormat = false
	insert(a.ID, c.ID, &response, "")
	third.ConnectorField = "third"
	insert(a.ID, c.ID, &third, tandem.Invalid)
	insert(other.ID, c.ID, &third, tandem.NotFound)
	insert(a.ID, c.ID+1, &third, tandem.NotFound)

	got, err := s.CustomFields(t.Context(), a.ID, c.ID)
	if diff := cmp.Diff([]tandem.CustomField{f, response}, got); diff != "" || err != nil {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
	rename := func(to string) func(*tandem.CustomField) error {
		return func(f *tandem.CustomField) error { f.ConnectorField, f.ForRequestFormat = to, true; return nil }
	}
	if _, err := s.ChangeCustomField(t.Context(), a.ID, c.ID, response.ID, rename("extra.size")); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("renamed to what there is: %v", err)
	}
	changed, err := s.ChangeCustomField(t.Context(), a.ID, c.ID, response.ID, rename("extra.other"))
	if err != nil || changed.ConnectorField != "extra.other" {
		t.Errorf("%+v, %v", changed, err)
	}
	if got, err := s.CustomField(t.Context(), a.ID, c.ID, response.ID); err != nil || !cmp.Equal(got, changed) {
		t.Errorf("%+v, %v", got, err)
	}
	for why, err := range map[string]error{
		"read":   failure(s.CustomField(t.Context(), other.ID, c.ID, f.ID)),
		"change": failure(s.ChangeCustomField(t.Context(), other.ID, c.ID, f.ID, rename("x"))),
		"delete": s.DeleteCustomField(t.Context(), other.ID, c.ID, f.ID),
	} {
		if tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("%s from another account: %v", why, err)
		}
	}
	if err := s.DeleteCustomField(t.Context(), a.ID, c.ID, f.ID); err != nil {
		t.Error(err)
	}
	if err := s.DeleteAccountConnector(t.Context(), a.ID, c.ID); err != nil {
		t.Error(err)
	}
	if got, err := s.CustomFields(t.Context(), a.ID, c.ID); err != nil || len(got) != 0 {
		t.Errorf("without their connector: %+v, %v", got, err)
	}
}

// failure is the error of two results.
func failure[T any](_ T, err error) error { return err }
