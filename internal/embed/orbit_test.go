package embed_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOrbit(t *testing.T) {
	databases(t, func(w *world) {
		w.template(lookUp)
		b := w.browser()
		page := b.ok(b.open(w.deploy("launch", "books", object{"Start": false}).LaunchURL))
		b.ok(b.send(page, "", ".property.BaseUrl", crm(t), ".key", "the key", ".ContactId", "12"), "Paused")

		page = b.ok(b.open("/orbit"), "Look up", "Paused", "none yet")
		page = b.ok(b.send(page, "/start"), "Running")
		if page.url.Path != "/orbit" {
			t.Errorf("it leads to %s", page.url)
		}
		b.refused(b.open(strings.Replace(page.url.String(), "/orbit", "/launch/cycle/"+b.cycleID(page), 1)), 409, "Pause the integration")
		page = b.ok(b.send(page, "/pause"), "Paused")
		set := b.ok(b.open(strings.Replace(page.url.String(), "/orbit", "/launch/cycle/"+b.cycleID(page), 1)), "Save and start", "Shop")
		b.ok(b.send(set, "", ".variable.Shop", "west"), "All set", "Running")
		var variables []struct{ Value string }
		if err := w.acme.Account("books").Do(t.Context(), http.MethodGet, "/cycles/"+b.cycleID(page)+"/variables", nil, &variables); err != nil || variables[0].Value != "west" {
			t.Errorf("%+v, %v", variables, err)
		}
		b.ok(b.send(b.ok(b.open("/orbit"), "Running"), "/delete"), "There are none yet.")
	})
}

// cycleID is that of the first cycle of a page.
func (b *browser) cycleID(a answer) string {
	b.Helper()
	_, rest, ok := strings.Cut(a.text, `action="/orbit/`)
	if !ok {
		b.Fatalf("%s has no cycle:\n%s", a.url, a.text)
	}
	return rest[:36]
}

// What another account has is not there.
func TestOrbitApart(t *testing.T) {
	w := newWorld(t, appConfig)
	w.template(timed)
	b, mallory := w.browser(), w.browser()
	page := b.ok(b.open(w.deploy("launch", "books", object{}).LaunchURL))
	b.ok(b.send(page, "", ".property.BaseUrl", crm(t), ".key", "the key"), "Running")
	id := b.cycleID(b.ok(b.open("/orbit")))
	home := mallory.ok(mallory.open("/account?" + mallory.ok(mallory.open(w.deploy("orbit", "mallory", object{}).OrbitURL)).url.RawQuery))
	form := mallory.form(home, "/account/signout").values
	for _, path := range []string{"/orbit/" + id + "/start", "/orbit/" + id + "/pause", "/orbit/" + id + "/delete", "/launch/cycle/" + id, "/orbit/" + id + "/explode", "/orbit/x/start"} {
		if a := mallory.do(http.MethodPost, path, form); a.StatusCode != 404 {
			t.Errorf("POST %s: %d\n%s", path, a.StatusCode, a.text)
		}
	}
	for _, path := range []string{"/launch/cycle/" + id, "/launch/complete/" + id, "/launch/" + id, "/launch/cycle/x", "/marketplace/1", "/marketplace/x", "/marketplace/1/2/complete", "/account/none"} {
		if a := mallory.open(path); a.StatusCode != 404 {
			t.Errorf("GET %s: %d\n%s", path, a.StatusCode, a.text)
		}
	}
	b.ok(b.open("/orbit"), "By the hour", "Running")
}

func TestMarketplace(t *testing.T) {
	databases(t, func(w *world) {
		first, second := w.template(lookUp), w.template(timed)
		var made struct {
			ID int64 `json:"Id"`
		}
		w.call(http.MethodPost, "/marketplaces", object{"Name": "Our store", "Description": "All of it."}, &made)
		marketplace := made.ID
		path := "/marketplaces/" + itoa(marketplace) + "/packages"
		w.call(http.MethodPost, path, object{"Name": "Both", "Description": "Two in one.", "TemplateIds": []string{string(first), string(second)}}, &made)
		w.call(http.MethodPost, path, object{"Name": "One", "TemplateIds": string(first), "Order": "1"}, nil)

		b := w.browser()
		d := w.deploy("marketplace", "books", object{"MarketplaceId": itoa(marketplace), "CompleteParameter": "back"})
		page := b.ok(b.open(d.MarketURL), "Our store", "All of it.", "Both", "Two in one.", "One")
		if strings.Index(page.text, "Both") > strings.Index(page.text, "One<") {
			t.Error("out of order")
		}
		shop := page.url.String()
		stall := strings.Replace(shop, "/marketplace/"+itoa(marketplace), "/marketplace/"+itoa(marketplace)+"/"+itoa(made.ID), 1)
		page = b.ok(b.open(stall), "Look up", "By the hour", "Bookshelf CRM", "Runs every")
		if strings.Count(page.text, "BaseUrl\" name") != 1 {
			t.Errorf("what both share is asked for twice:\n%s", page.text)
		}
		page = b.ok(b.send(page, "", ".property.BaseUrl", crm(t), ".key", "the key", ".ContactId", "12"), "All set", "Look up", "By the hour")
		got := b.result(page)
		cycles := got["cycles"].([]any)
		delete(got, "cycles")
		want := map[string]any{
			"accountId": got["accountId"], "accountApiId": "books", "installCompleteMessage": "Both is installed.", "marketplacePackageId": float64(made.ID),
			"userId": got["userId"], "completeParameter": "back",
		}
		if diff := cmp.Diff(want, got); diff != "" || len(cycles) != 2 {
			t.Errorf("%d cycles, result: -want +got\n%s", len(cycles), diff)
		}
		for _, c := range cycles {
			is := c.(map[string]any)
			hooks, errs := is["webhooks"].([]any), is["errors"].([]any)
			if is["status"] != "Running" || len(errs) != 0 || (is["templateId"] == string(first)) != (len(hooks) == 1) {
				t.Errorf("%+v", is)
			}
		}
		b.ok(b.open(shop), "Running", "Manage")
		page = b.ok(b.open(stall), "Pause")
		page = b.ok(b.send(page, "/pause"), "Start", "Both")
		page = b.ok(b.send(page, "/delete"))
		b.ok(b.send(page, "/delete"), "Install")
	})
}
