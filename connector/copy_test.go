package connector

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The copies of a category have numbers and GUIDs of their own, the same each time,
// and name each other where their originals did.
func TestCategoryCopies(t *testing.T) {
	c := &Connector{
		MethodCategories: []MethodCategory{{Name: "Objects", ObjectTrigger: "Types"}},
		Methods: []Method{
			{
				ID: 1, Name: "Add", Category: "Objects", MethodUniqueIdentifier: "11111111-1111-4111-8111-111111111111", Parameters: []Parameter{{ID: 2, Name: "p"}},
				RequestFields: []Field{{ID: 3, ConnectorField: "a"}}, ResponseFields: []Field{{ID: 4, ConnectorField: "a"}}, RequestFieldSource: &FieldSource{Method: "Describe"},
			},
			{ID: 5, Name: "Describe", Category: "Objects", MethodUniqueIdentifier: "22222222-2222-4222-8222-222222222222"},
			{ID: 6, Name: "Hook", Category: "Objects", MethodUniqueIdentifier: "33333333-3333-4333-8333-333333333333", CreateWebhookMethod: "Subscribe"},
			{ID: 7, Name: "Subscribe", MethodUniqueIdentifier: "44444444-4444-4444-8444-444444444444"},
		},
	}
	deal, case1 := CategoryCopy{"Objects", "Deal", "Deals"}, CategoryCopy{Category: "Objects", ObjectName: "Case"}
	with := c.With([]CategoryCopy{deal, {Category: "No such", ObjectName: "x"}, {ObjectName: "x"}})
	if len(c.Methods) != 4 || len(with.Methods) != 7 || c.Methods[0].Parameters[0].ID != 2 {
		t.Fatalf("%d and %d methods", len(c.Methods), len(with.Methods))
	}
	add, hook := with.Methods[4], with.Methods[6]
	if add.Name != "Add (Deal)" || add.Category != "Deals" || add.RequestFieldSource.Method != "Describe (Deal)" || hook.CreateWebhookMethod != "Subscribe" || !add.Copy.Same(deal) {
		t.Errorf("%+v", add)
	}
	if add.MethodUniqueIdentifier != NameGUID(c.Methods[0].MethodUniqueIdentifier, "Deal") {
		t.Errorf("GUID %s", add.MethodUniqueIdentifier)
	}
	if diff := cmp.Diff(with, c.With([]CategoryCopy{deal})); diff != "" {
		t.Errorf("another time: %s", diff)
	}
	if again := with.With([]CategoryCopy{deal}); again != with {
		t.Error("it was copied twice")
	}
	seen := map[int64]bool{}
	for _, m := range with.With([]CategoryCopy{case1}).Methods {
		ids := []int64{m.ID}
		for _, p := range m.Parameters {
			ids = append(ids, p.ID)
		}
		for _, f := range append(m.RequestFields, m.ResponseFields...) {
			ids = append(ids, f.ID)
		}
		for _, id := range ids {
			if seen[id] || id >= 1<<53 || id <= 0 || m.Copy != nil && id < 1<<52 {
				t.Errorf("%s has the number %d", m.Name, id)
			}
			seen[id] = true
		}
	}
	if deal.ID() == case1.ID() || deal.ID() != (CategoryCopy{"Objects", "Deal", "another name"}).ID() {
		t.Error("a copy is known by its category and object")
	}
}
