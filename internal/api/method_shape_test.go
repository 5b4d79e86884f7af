package api_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/store"
)

// What a definition says of a method to whoever chooses it is told.
func TestMethodsAreToldInFull(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		v := newVendors(t, db)
		c := v.create("", `{"Name":"Own","UniqueIdentifier":"`+customGUID+`","ReleaseStatus":"Live","Methods":[
			{"Name":"Find","Description":"Finds.","Category":"Things","Subcategory":"Old ones","Hide":true,"Warning":"It is slow.",
				"MethodType":"Action","HttpMethod":"GET","Endpoint":"https://api.example.com/things"},
			{"Name":"Show","MethodType":"Action","HttpMethod":"GET","Endpoint":"https://api.example.com/things"}]}`)
		type told struct {
			Name, Description, Category, Subcategory, Warning string
			Hide                                              bool
		}
		var got []told
		v.ok(call{method: "GET", path: fmt.Sprintf("/v1.0/connectors/%d/methods", c.ID), account: "a"}, &got)
		want := []told{{Name: "Find", Description: "Finds.", Category: "Things", Subcategory: "Old ones", Warning: "It is slow.", Hide: true}, {Name: "Show"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
