package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/examples/templates"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// templateJSON is what tests read of templates.
type templateJSON struct {
	ID            string `json:"Id"`
	Name          string
	Tags          []string
	Published     bool
	FolderID      *string `json:"FolderId"`
	ReleaseID     string  `json:"TemplateReleaseId"`
	ReleaseState  string
	Version       int
	DraftID       *string `json:"DraftReleaseId"`
	CreatedBy     string
	DeletedOnUTC  *string `json:"DeletedOnUtc"`
	Prerequisites []struct {
		ReasonCode int
		Reason     string
		IsOptional bool
	}
}

// releaseJSON is what tests read of releases.
type releaseJSON struct {
	ID             string `json:"Id"`
	TemplateID     string `json:"TemplateId"`
	Version        int
	State          string
	Revision       int64
	Notes          string
	CreatedBy      string
	PromotedBy     string
	PromotedOnUTC  *string `json:"PromotedOnUtc"`
	Success        *int    `json:"StepDataSuccessRetentionHours"`
	InstalledCount *int
	Graph          json.RawMessage
}

func sampleFile(t *testing.T) string {
	t.Helper()
	data, err := templates.Files.ReadFile("new-contact.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// names are those of a list of templates.
func (w *world) names(query string) string {
	w.t.Helper()
	var all []templateJSON
	w.ok(call{method: "GET", path: "/v1.0/templates" + query}, &all)
	var names []string
	for _, t := range all {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}

func TestLibrary(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		var folder, sub struct {
			ID string `json:"Id"`
		}
		w.ok(call{method: "POST", path: "/v1.0/folders", body: `{"name":"Sales"}`}, &folder)
		w.ok(call{method: "POST", path: "/v1.0/folders", body: map[string]any{"Name": "CRM", "ParentFolderId": folder.ID}}, &sub)
		w.fails(call{method: "POST", path: "/v1.0/folders", body: map[string]any{"Name": "crm", "ParentFolderId": folder.ID}}, 400, "Name is already in use in this folder.")
		w.fails(call{method: "POST", path: "/v1.0/folders", body: `{}`}, 400, "Name is required")
		w.fails(call{method: "PUT", path: "/v1.0/folders/" + folder.ID, body: map[string]any{"ParentFolderId": sub.ID}}, 400, "ParentFolderId: a folder cannot be in itself, nor beneath.")
		w.fails(call{method: "GET", path: "/v1.0/folders/x"}, 400, "")
		w.fails(call{method: "DELETE", path: "/v1.0/folders/" + folder.ID}, 409, "The folder is not empty.")

		var imported, made templateJSON
		w.ok(call{method: "POST", path: "/v1.0/templates/import?folderid=" + sub.ID, body: sampleFile(t)}, &imported)
		if !imported.Published || imported.ReleaseState != "Live" || *imported.FolderID != sub.ID || imported.CreatedBy == "" {
			t.Errorf("imported: %+v", imported)
		}
		a := w.ok(call{method: "POST", path: "/v1.0/templates", body: map[string]any{"Name": "Blank", "Tags": []string{"a", "A", " "}, "FolderId": sub.ID}}, &made)
		if a.status != 201 || made.Published || made.ReleaseState != "Draft" || *made.DraftID != made.ReleaseID || fmt.Sprint(made.Tags) != "[a]" {
			t.Errorf("created: %d %+v", a.status, made)
		}
		w.fails(call{method: "POST", path: "/v1.0/templates", body: `{"Name":""}`}, 400, "Name is required")
		w.fails(call{method: "POST", path: "/v1.0/templates", body: map[string]any{"Name": "x", "FolderId": tandem.NewGUID()}}, 400, "Folder with provided ID could not be found.")
		w.fails(call{method: "POST", path: "/v1.0/templates", body: `{"Name":"x","FolderId":"y"}`}, 400, "")

		for query, want := range map[string]string{
			"": imported.Name, "?includeUnpublished=true": "Blank, " + imported.Name, "?includeUnpublished=true&query=LAN": "Blank", "?folderId=" + folder.ID: "",
			"?folderId=" + sub.ID: imported.Name, "?tag=CRM": imported.Name, "?connectorName=postbag&connectorVersion=1.0": imported.Name, "?deleted=true": "",
		} {
			if got := w.names(query); got != want {
				t.Errorf("templates%s: %q, want %q", query, got, want)
			}
		}

		path := "/v1.0/templates/" + made.ID
		var changed templateJSON
		w.ok(call{method: "PUT", path: path, body: `{"Published":"true","FolderId":null}`}, &changed)
		if changed.Name != "Blank" || !changed.Published || changed.FolderID != nil {
			t.Errorf("changed: %+v", changed)
		}
		if got := w.names(""); got != imported.Name {
			t.Errorf("published without a live release: %q", got)
		}
		w.account("books", "")
		w.fails(call{method: "POST", path: path + "/install", account: "books"}, 404, "Template "+made.ID+" has no live release.")
		w.ok(call{method: "DELETE", path: path}, nil)
		w.fails(call{method: "GET", path: path}, 404, "")
		w.fails(call{method: "DELETE", path: path}, 404, "")
		if got := w.names("?deleted=true"); got != "Blank" {
			t.Errorf("the recycle bin: %q", got)
		}
		w.ok(call{method: "POST", path: path + "/restore"}, &changed)
		w.fails(call{method: "POST", path: path + "/restore"}, 404, "")
		w.ok(call{method: "DELETE", path: "/v1.0/folders/" + sub.ID + "?moveTo=top"}, nil)
		w.ok(call{method: "DELETE", path: "/v1.0/folders/" + folder.ID}, nil)
		if w.ok(call{method: "GET", path: "/v1.0/templates/" + imported.ID}, &imported); imported.FolderID != nil {
			t.Errorf("its folder is gone: %v", *imported.FolderID)
		}
	})
}

// library is the API with a template that has a live release.
type library struct {
	*world
	template templateJSON
	releases string // path
}

func newLibrary(t *testing.T, db *store.Store) *library {
	t.Helper()
	l := &library{world: newWorldOn(t, db, api.Options{})}
	l.ok(call{method: "POST", path: "/v1.0/templates/import", body: sampleFile(t)}, &l.template)
	l.releases = "/v1.0/templates/" + l.template.ID + "/releases"
	return l
}

// draft begins one, and gives its path.
func (l *library) draft() (draft releaseJSON, path string) {
	l.t.Helper()
	if a := l.ok(call{method: "POST", path: l.releases}, &draft); a.status != 201 || a.header.Get("ETag") != `"1"` {
		l.t.Errorf("a draft: %d, ETag %s", a.status, a.header.Get("ETag"))
	}
	return draft, l.releases + "/" + draft.ID
}

func TestDraft(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		l := newLibrary(t, db)
		draft, at := l.draft()
		if draft.State != "Draft" || draft.Version != 2 || draft.CreatedBy == "" {
			t.Errorf("begun: %+v", draft)
		}
		l.fails(call{method: "POST", path: l.releases, body: `{}`}, 409, "The template has a draft already.")

		var graph map[string]any
		if err := json.Unmarshal(draft.Graph, &graph); err != nil {
			t.Fatal(err)
		}
		graph["Connectors"].([]any)[0].(map[string]any)["Installation"] = "Fresh"
		var got releaseJSON
		a := l.ok(call{method: "PUT", path: at, body: map[string]any{"Revision": 1, "Notes": "n", "StepDataSuccessRetentionHours": "1000", "Graph": graph}}, &got)
		if a.header.Get("ETag") != `"2"` || got.Revision != 2 || got.Notes != "n" || got.Success == nil || *got.Success != 744 || !strings.Contains(string(got.Graph), `"Installation":"Fresh"`) {
			t.Errorf("edited: %+v", got)
		}
		l.ok(call{method: "PUT", path: at, body: got, header: map[string]string{"If-Match": `"2"`}}, &got) // as it was read
		l.ok(call{method: "PUT", path: at, body: `{"StepDataSuccessRetentionHours":null}`}, &got)
		if got.Success != nil || got.Notes != "n" || got.Revision != 4 || len(got.Graph) < 100 {
			t.Errorf("a part: %+v", got)
		}
		for _, c := range []call{{body: `{"Revision":2}`}, {body: `{}`, header: map[string]string{"If-Match": `"2"`}}} {
			c.method, c.path = "PUT", at
			l.fails(c, 409, "The draft has been changed since: it is at revision 4.")
		}
		l.fails(call{method: "POST", path: at + "/promote", body: `{"Revision":3}`}, 409, "The draft has been changed since: it is at revision 4.")
	})
}

func TestDraftTellsWhatIsWrong(t *testing.T) {
	l := newLibrary(t, storetest.SQLite(t))
	_, at := l.draft()
	l.fails(call{method: "PUT", path: at, body: `{}`, header: map[string]string{"If-Match": `"x"`}}, 400, `If-Match: "\"x\"" is no ETag of a design.`)
	for body, want := range map[string]string{
		`{"Graph":{"Stepz":[]}}`:                                     `{"Graph":["Stepz: a graph has no such property"]}`,
		`{"Graph":{"Steps":[{"Id":1}]}}`:                             `{"Graph":["Steps.Id: wrong type: number"]}`,
		`{"Graph":{"Steps":[{"Id":"x","Name":"n","ActionType":1}]}}`: `"Graph.Steps[0].Id":`,
		`{"Graph":{"Connectors":[{"Ref":"a","Name":"No such"}]}}`:    `"Graph.Connectors[0]":["Graph.Connectors[0]: connector No such  is not in the library."]`,
		`{"StepDataSuccessRetentionHours":-10}`:                      `"StepDataSuccessRetentionHours":["StepDataSuccessRetentionHours (-10): must be non negative"]`,
		fmt.Sprintf(`{"Notes":%q}`, strings.Repeat("x", 70e3)):       `"Notes":`,
	} {
		if a := l.do(call{method: "PUT", path: at, body: body}); a.status != 400 || !strings.Contains(a.body, want) {
			t.Errorf("%.80s: %d %s, want %s", body, a.status, a.body, want)
		}
	}
}

func TestPromotion(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		l := newLibrary(t, db)
		l.account("books", "")
		l.ok(call{method: "POST", path: "/v1.0/templates/" + l.template.ID + "/install", account: "books"}, nil)
		_, at := l.draft()
		var got releaseJSON
		l.ok(call{method: "POST", path: at + "/promote", body: `{"Notes":"Asks for consent."}`}, &got)
		if got.State != "Live" || got.Notes != "Asks for consent." || got.PromotedBy == "" || got.PromotedOnUTC == nil {
			t.Errorf("promoted: %+v", got)
		}
		for _, c := range []call{{method: "PUT", path: at, body: `{"Notes":"x"}`}, {method: "DELETE", path: at}, {method: "POST", path: at + "/promote"}} {
			l.fails(c, 409, "The release is Live, and so it is locked.")
		}
		var all []releaseJSON
		l.ok(call{method: "GET", path: l.releases + "?pageSize=10"}, &all)
		var shown []string
		for _, r := range all {
			shown = append(shown, fmt.Sprint(r.Version, r.State, *r.InstalledCount, len(r.Graph)))
		}
		if diff := cmp.Diff([]string{"2Live0 0", "1Deprecated1 0"}, shown); diff != "" {
			t.Errorf("releases: -want +got\n%s", diff)
		}
		for query, want := range map[string]string{"": "[<nil> <nil>]", "?includeInstalls=true": "[1 1]"} {
			var listed []map[string]any
			l.ok(call{method: "GET", path: "/v1.0/templates" + query}, &listed)
			if got := fmt.Sprint([]any{listed[0]["InstalledCount"], listed[0]["UpgradeableCount"]}); got != want {
				t.Errorf("templates%s: %s installed and older, want %s", query, got, want)
			}
		}
		var again releaseJSON // from the deprecated one
		l.ok(call{method: "POST", path: l.releases, body: map[string]any{"FromReleaseId": all[1].ID}}, &again)
		if again.Version != 3 || again.State != "Draft" {
			t.Errorf("from the first: %+v", again)
		}
		l.ok(call{method: "DELETE", path: l.releases + "/" + again.ID}, nil)
		l.fails(call{method: "POST", path: l.releases, body: map[string]any{"FromReleaseId": again.ID}}, 400, "FromReleaseId: release "+again.ID+" could not be found.")
	})
}

func TestCopyRelease(t *testing.T) {
	l := newLibrary(t, storetest.SQLite(t))
	live := l.releases + "/" + l.template.ReleaseID
	var blank templateJSON
	l.ok(call{method: "POST", path: "/v1.0/templates", body: `{"Name":"Blank"}`}, &blank)
	draft := "/v1.0/templates/" + blank.ID + "/releases/" + *blank.DraftID
	l.fails(call{method: "DELETE", path: draft}, 409, "The template has no other release. Delete the template instead.")
	l.fails(call{method: "POST", path: draft + "/promote"}, 400, "Graph.Steps: there are none.")
	l.fails(call{method: "POST", path: live + "/copy", body: map[string]any{"TemplateId": blank.ID}}, 409, "The template has a draft already.")
	var of, copied releaseJSON
	l.ok(call{method: "GET", path: live}, &of)
	l.ok(call{method: "POST", path: live + "/copy"}, &copied)
	l.ok(call{method: "GET", path: "/v1.0/templates/" + copied.TemplateID}, &blank)
	if blank.Name != "Copy of "+l.template.Name || blank.Published || copied.State != "Draft" || string(copied.Graph) != string(of.Graph) {
		t.Errorf("copied: %+v, %+v", blank, copied)
	}
	l.ok(call{method: "POST", path: "/v1.0/templates/" + copied.TemplateID + "/releases/" + copied.ID + "/promote"}, nil)
	l.ok(call{method: "POST", path: live + "/copy", body: map[string]any{"TemplateId": copied.TemplateID}}, &copied)
	if copied.TemplateID != blank.ID || copied.Version != 2 {
		t.Errorf("copied into another: %+v", copied)
	}
	var named templateJSON
	l.ok(call{method: "POST", path: live + "/copy", body: `{"Name":"Named"}`}, &copied)
	if l.ok(call{method: "GET", path: "/v1.0/templates/" + copied.TemplateID}, &named); named.Name != "Named" {
		t.Errorf("under a name: %+v", named)
	}
}

func TestTemplatePrerequisites(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.ok(call{method: "POST", path: "/v1.0/templates/import", body: sampleFile(t)}, nil)
	shown := func(query string) (all []string) {
		var list []templateJSON
		w.ok(call{method: "GET", path: "/v1.0/templates?lookupCustomFields=true&" + query}, &list)
		for _, p := range list[0].Prerequisites {
			all = append(all, fmt.Sprint(p.ReasonCode, p.IsOptional, " ", p.Reason))
		}
		return all
	}
	if got := shown(""); got != nil {
		t.Errorf("not asked for: %v", got)
	}
	needed := []string{
		"20 false Connector Bookshelf CRM has to be authenticated.", "40 false Connector Bookshelf CRM needs a value for its property Address.",
		"20 false Connector Postbag has to be authenticated.", "40 false Connector Postbag needs a value for its property Address.",
	}
	if diff := cmp.Diff(needed, shown("includePrerequisites=true")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff(append(needed, "30 true Mailing list can be chosen."), shown("includePrerequisites=true&includeOptional=true")); diff != "" {
		t.Errorf("with optional ones: -want +got\n%s", diff)
	}
}

// To put something before customers, a console user needs Manage.
func TestWhoMayPublish(t *testing.T) {
	var who tandem.Principal
	w := newWorld(t, api.Options{Session: func(*http.Request) (tandem.Principal, error) { return signed(who) }})
	w.account("books", "")
	books, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
	if err != nil {
		t.Fatal(err)
	}
	var tm templateJSON
	w.ok(call{method: "POST", path: "/v1.0/templates/import?draft=true", body: sampleFile(t)}, &tm)
	at := "/v1.0/templates/" + tm.ID
	promotion := call{method: "POST", path: at + "/releases/" + tm.ReleaseID + "/promote"}
	publish := []call{
		{method: "POST", path: "/v1.0/templates/import", body: sampleFile(t)},
		{method: "POST", path: "/v1.0/templates", body: `{"Name":"x","Published":true}`},
		{method: "PUT", path: at, body: `{"Published":false}`},
		promotion,
		{method: "DELETE", path: at},
	}
	work := []call{
		{method: "POST", path: "/v1.0/templates/import?draft=true", body: sampleFile(t)},
		{method: "POST", path: "/v1.0/templates", body: `{"Name":"x"}`},
		{method: "PUT", path: at, body: `{"Description":"x"}`},
		{method: "PUT", path: at + "/releases/" + tm.ReleaseID, body: `{"Notes":"x"}`},
	}
	allow := func(level tandem.Level) {
		who = tandem.Principal{Partner: w.partner.PartnerID, ConsoleUser: 1}
		who.Permissions[tandem.AreaTemplates] = level
	}
	try := func(calls []call, want int) {
		t.Helper()
		for _, c := range calls {
			c.token = "-"
			if a := w.do(c); a.status != want && (want == 403 || a.status/100 != 2) {
				t.Errorf("%s %s: %d %s, want %d", c.method, c.path, a.status, a.body, want)
			}
		}
	}
	allow(tandem.ViewLevel)
	try(append(publish, work...), 403)
	allow(tandem.EditLevel)
	try(publish, 403)
	try(work, 200)

	customer := tandem.Principal{Partner: w.partner.PartnerID, Account: books.ID, User: 1, Administrator: true}
	install := call{method: "POST", path: at + "/install", token: "-"}
	w.ok(promotion, nil)
	who = customer
	w.fails(install, 404, "Template "+tm.ID+" could not be found.")
	w.ok(call{method: "PUT", path: at, body: `{"Published":true}`}, nil)
	w.ok(install, nil)
	allow(tandem.ManageLevel)
	try(slices.DeleteFunc(publish, func(c call) bool { return c.path == promotion.path }), 200)
}
