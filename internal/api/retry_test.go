package api_test

import (
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// The policy for errors is set and shown, of a cycle and of a step.
func TestErrorPolicy(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, _, action := w.built("books")
	path := "/v1.0/cycles/" + cycle
	for _, path := range []string{path, path + "/steps/" + action.ID} {
		put := func(body string) call { return call{method: "PUT", path: path, account: "books", body: body} }
		shown := func(body, policy string, retries any) {
			t.Helper()
			var got map[string]any
			w.ok(put(body), nil)
			w.ok(call{method: "GET", path: path, account: "books"}, &got)
			if got["StepErrorAction"] != policy || got["Retries"] != retries {
				t.Errorf("%s %s: %v, %v", path, body, got["StepErrorAction"], got["Retries"])
			}
		}
		shown(`{"StepErrorAction":"retry","Retries":"3"}`, "Retry", 3.0)
		shown(`{"Retries":5}`, "Retry", 5.0)
		shown(`{"Name":"x"}`, "Retry", 5.0)
		for _, bad := range []string{`{"Retries":6}`, `{"Retries":0}`, `{"Retries":null}`} {
			w.fails(put(bad), 400, "Retries: must be a number from 1 to 5.")
		}
		shown(`{"StepErrorAction":"Ignore"}`, "Ignore", nil)
		w.fails(put(`{"StepErrorAction":"Retry"}`), 400, "Retries: must be a number from 1 to 5.")
	}
}
