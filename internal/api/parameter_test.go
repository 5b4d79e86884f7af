package api_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// TestSameWords compares what a method says of its parameters and fields with what
// its steps say.
func TestSameWords(t *testing.T) {
	w := newWorld(t, api.Options{})
	_, _, action := w.built("books")
	type things map[string]any
	compare := func(kind string, step, method things) {
		t.Helper()
		if len(step) == 0 {
			t.Errorf("no %s", kind)
		}
		for name, value := range step {
			if diff := cmp.Diff(value, method[name]); diff != "" {
				t.Errorf("%s: %s: -step +method\n%s", kind, name, diff)
			}
		}
		for _, name := range []string{"Default", "IsOptional", "DataType"} {
			if _, ok := method[name]; !ok {
				t.Errorf("%s without %s", kind, name)
			}
		}
	}
	var step struct {
		Method struct{ Id int64 }
	}
	w.ok(call{method: "GET", path: "/v1.0/steps/" + action.ID, account: "books"}, &step)
	var method struct{ Parameters, RequestFields, ResponseFields []things }
	w.ok(call{method: "GET", path: fmt.Sprint("/v1.0/methods/", step.Method.Id)}, &method)
	var mapped []struct{ Parameter, Field things }
	w.ok(call{method: "GET", path: "/v1.0/steps/" + action.ID + "/parameters", account: "books"}, &mapped)
	for i, m := range mapped {
		compare("parameter", m.Parameter, method.Parameters[i])
	}
	if len(mapped) == 0 || len(method.ResponseFields) == 0 {
		t.Fatalf("%d parameters, %d response fields", len(mapped), len(method.ResponseFields))
	}
	var listed []struct {
		Id         int64
		Parameters []things
	}
	w.ok(call{method: "GET", path: "/v1.0/connectors/Bookshelf%20CRM/methods"}, &listed)
	for _, l := range listed {
		if diff := cmp.Diff(method.Parameters, l.Parameters); l.Id == step.Method.Id && diff != "" {
			t.Errorf("in a list: %s", diff)
		}
	}
}
