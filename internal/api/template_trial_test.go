package api_test

import (
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// tried is a test cycle as these tests read it.
type tried struct {
	cycleJSON
	Name string
	Tags []string
}

// A draft is run in an account without being installed: in a cycle that begins anew
// with each try, keeps what was chosen in it, and is none of the template's.
func TestTryRelease(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		w.installed("books")
		var made struct{ Id, DraftReleaseId string }
		w.ok(call{method: "POST", path: "/v1.0/templates", body: `{"Name":"Hook"}`}, &made)
		path := "/v1.0/templates/" + made.Id + "/releases/" + made.DraftReleaseId
		save := call{method: "PUT", path: path, body: map[string]any{"Graph": withSubscriber(firstRelease())}}
		w.ok(save, nil)

		try := func() (c tried) {
			t.Helper()
			w.ok(call{method: "POST", path: path + "/try", account: "books"}, &c)
			return c
		}
		first := try()
		if first.Name != "Hook (test)" || first.Status != "Paused" || len(first.Tags) != 1 || first.Tags[0] != "Test" || first.TemplateId != "" {
			t.Errorf("the test cycle: %+v", first)
		}
		in := &upgraded{world: w, path: "/v1.0/cycles/" + first.Id}
		var lacks []struct{ Reason string }
		w.ok(call{method: "GET", path: in.path + "/prerequisites", account: "books"}, &lacks)
		if len(lacks) == 0 || lacks[0].Reason != `Step "Subscribe": Email has no mapping.` {
			t.Errorf("it lacks %+v", lacks)
		}
		var connectors []struct{ Name string }
		if w.ok(call{method: "GET", path: "/v1.0/account/connectors", account: "books"}, &connectors); len(connectors) != 1 {
			t.Errorf("connectors were installed: %+v", connectors)
		}

		in.contact("42")
		save.body = map[string]any{"Graph": firstRelease()}
		w.ok(save, nil)
		if again := try(); again.Id != first.Id || len(in.steps()) != 2 || in.contact("") != "42" {
			t.Errorf("a second try: %+v with steps %v, contact %s", again, in.steps(), in.contact(""))
		}
		w.ok(call{method: "PUT", path: in.path + "/activate", account: "books"}, nil)
		if running := try(); running.Id != first.Id || running.Status != "Paused" {
			t.Errorf("a try of what runs: %+v", running)
		}
		w.ok(call{method: "DELETE", path: in.path, account: "books"}, nil)
		if after := try(); after.Id != first.Id || after.Status != "Paused" {
			t.Errorf("after it was deleted: %+v", after)
		}
		var installed []struct{}
		if w.ok(call{method: "GET", path: "/v1.0/templates/" + made.Id + "/cycles"}, &installed); len(installed) != 0 {
			t.Errorf("it counts as installed: %v", installed)
		}
		if waiting := in.waiting(); waiting != nil {
			t.Errorf("it can be upgraded: %v", waiting)
		}
		w.fails(call{method: "POST", path: "/v1.0/templates/" + made.Id + "/releases/" + first.Id + "/try", account: "books"}, 404, "")
	})
}
