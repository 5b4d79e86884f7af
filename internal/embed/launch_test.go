package embed_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

var resultPattern = regexp.MustCompile(`var result = (\{.*\});`)

// result is the object of a last page.
func (b *browser) result(a answer) map[string]any {
	b.Helper()
	m := resultPattern.FindStringSubmatch(a.text)
	if m == nil {
		b.Fatalf("%s has no result:\n%s", a.url, a.text)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(m[1]), &out); err != nil {
		b.Fatal(err)
	}
	return out
}

// From the deploy call to a transaction of the cycle that came of it.
func TestLaunch(t *testing.T) {
	databases(t, func(w *world) {
		template := w.template(lookUp)
		w.template(timed)
		w.embedding(object{"TargetOrigins": []string{"https://app.acme.test", "https://www.acme.test"}})
		d := w.deploy("launch", "books", object{"AccountName": "Books", "Tags": "crm", "DisplayDescriptions": "true", "CompleteParameter": `a="1"&</script>`})

		b := w.browser()
		page := b.ok(b.open(d.LaunchURL), "Books", "Look up", "Fetches <a> contact.", "Bookshelf CRM", "Address", "Shop", `src="data:image/png;base64,`)
		b.refused(b.send(page, "", ".property.BaseUrl", crm(t)), 400, "Fill in the fields that are marked.")
		page = b.ok(b.open(page.url.String()))
		page = b.ok(b.send(page, "", ".property.BaseUrl", crm(t), ".key", "the key", ".ContactId", "12", ".variable.Shop", "south"), "All set", "Running")

		books, err := w.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
		if err != nil {
			t.Fatal(err)
		}
		var cycles []struct {
			ID                tandem.CycleID `json:"Id"`
			Status            string
			TemplateReleaseID string `json:"TemplateReleaseId"`
		}
		if err := w.acme.Account("books").Do(t.Context(), http.MethodGet, "/cycles", nil, &cycles); err != nil {
			t.Fatal(err)
		}
		steps, err := w.acme.Account("books").Steps(t.Context(), cycles[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		got := b.result(page)
		want := map[string]any{
			"accountId": float64(books.ID), "accountApiId": "books", "cycleId": string(cycles[0].ID), "status": "Running", "userId": got["userId"],
			"webhooks": []any{map[string]any{"stepName": "New", "url": steps[0].WebhookURL}}, "errors": []any{}, "completeParameter": `a="1"&</script>`,
			"templateId": string(template), "templateReleaseId": cycles[0].TemplateReleaseID, "templateTags": []any{"crm"},
		}
		if diff := cmp.Diff(want, got); diff != "" || got["userId"].(float64) < 1 || len(cycles) != 1 {
			t.Errorf("%d cycles, result: -want +got\n%s", len(cycles), diff)
		}
		if !strings.Contains(page.text, `["https://app.acme.test","https://www.acme.test"]`) || strings.Contains(page.text, "postMessage(result, '*'") {
			t.Errorf("the wrong pages are told:\n%s", page.text)
		}

		res, err := http.Post(steps[0].WebhookURL, "application/json", strings.NewReader(`{"id":1}`))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		w.eventually("the end of the transaction", func() bool {
			ran, err := w.acme.Account("books").Transactions(t.Context(), cycles[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			return len(ran) == 1 && ran[0].Status == tandem.TransactionCompleted
		})
		b.ok(b.open("/orbit"), "Look up", "Running", "Last run")
	})
}

func TestLaunchOffers(t *testing.T) {
	w := newWorld(t, appConfig)
	w.template(lookUp)
	w.template(timed)
	b := w.browser()
	page := b.ok(b.open(w.deploy("launch", "books", object{}).LaunchURL), "Look up", "By the hour")
	if strings.Contains(page.text, "Fetches") {
		t.Error("a description that was not asked for")
	}
	b.ok(b.open(w.deploy("launch", "books", object{"Tags": []string{"none"}}).LaunchURL), "There is nothing to add.")
	page = b.ok(b.open(w.deploy("launch", "books", object{"Tags": []string{"CLOCK"}, "AutoInstall": false}).LaunchURL), "By the hour")
	if !strings.Contains(page.text, "Add an integration") || strings.Contains(page.text, "Look up") {
		t.Errorf("without AutoInstall, of one tag:\n%s", page.text)
	}
	page = b.ok(b.open(w.deploy("launch", "books", object{"Tags": []string{"clock"}}).LaunchURL), "Runs every", "hour")
	b.ok(b.send(page, "", ".property.BaseUrl", crm(t), ".key", "the key", ".every", "15"), "Running")
	var cycles []struct{ Interval int }
	if err := w.acme.Account("books").Do(t.Context(), http.MethodGet, "/cycles", nil, &cycles); err != nil || cycles[0].Interval != 15 {
		t.Errorf("%+v, %v", cycles, err)
	}
	page = b.open(w.deploy("launch", "books", object{"SingleInstall": true, "AutoInstall": false}).LaunchURL)
	if b.ok(page, "Look up"); strings.Contains(page.text, "By the hour") {
		t.Error("what is installed is offered again")
	}
	b.ok(b.open(w.deploy("launch", "books", object{"AutoInstall": false}).LaunchURL), "Look up", "By the hour")
}

func TestLaunchWizard(t *testing.T) {
	w := newWorld(t, appConfig)
	w.template(lookUp)
	b := w.browser()
	page := b.ok(b.open(w.deploy("launch", "books", object{"Wizard": true}).LaunchURL), "Next", "Bookshelf CRM")
	if strings.Contains(page.text, "ContactId") {
		t.Error("all steps at once")
	}
	page = b.ok(b.send(page, "", ".property.BaseUrl", crm(t), ".key", "the key"), "Shop")
	if strings.Contains(page.text, ".key") {
		t.Error("the first step once more")
	}
	b.ok(b.send(page, "", ".ContactId", "12"), "All set", "Running")
}

func TestLaunchOptions(t *testing.T) {
	w := newWorld(t, appConfig)
	w.template(timed)
	base := crm(t)
	for _, tt := range []struct {
		body   object
		status string
		once   bool
	}{{object{"Start": "false"}, "Paused", false}, {object{"RunOnce": true}, "Running", true}} {
		b := w.browser()
		page := b.ok(b.open(w.deploy("launch", "once-"+tt.status, tt.body).LaunchURL))
		if strings.Contains(page.text, "Runs every") {
			t.Error("asks for what it does not need")
		}
		page = b.ok(b.send(page, "", ".property.BaseUrl", base, ".key", "the key"), "All set")
		var cycles []struct {
			Status  string
			RunOnce bool
		}
		err := w.acme.Account("once-"+tt.status).Do(t.Context(), http.MethodGet, "/cycles", nil, &cycles)
		if err != nil || len(cycles) != 1 || cycles[0].RunOnce != tt.once || tt.status == "Paused" && cycles[0].Status != "Paused" {
			t.Errorf("%+v: %+v, %v, result %v", tt.body, cycles, err, b.result(page))
		}
	}
}

// What the partner's program has authenticated is not asked for.
func TestLaunchWithProvidedConnector(t *testing.T) {
	w := newWorld(t, appConfig)
	w.template(timed)
	b := w.browser()
	d := w.deploy("launch", "books", object{"PartnerConnector": object{
		"Name": "Bookshelf CRM", "AuthValue": "the key", "Properties": []object{{"Name": "BaseUrl", "Value": crm(t)}},
	}})
	page := b.ok(b.open(d.LaunchURL), "Runs every")
	if strings.Contains(page.text, "Bookshelf CRM") || strings.Contains(page.text, "the key") {
		t.Errorf("it is asked for, or told:\n%s", page.text)
	}
	b.ok(b.send(page, ""), "Running")
}
