package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// The steps of the template in these tests.
const (
	newContact tandem.StepID = "1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b01"
	getContact tandem.StepID = "1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b02"
	subscribe  tandem.StepID = "1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b03"
)

// firstRelease is a webhook and a method, with choices for the customer.
func firstRelease() tandem.Graph {
	return tandem.Graph{
		Connectors: []tandem.ConnectorRef{{Ref: "crm", Name: "Bookshelf CRM", Version: "1.0"}},
		Steps: []tandem.Step{
			{ID: newContact, Name: "New", ActionType: tandem.WebhookStep, Connector: "crm", Method: "60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"},
			{
				ID: getContact, Name: "Get", ActionType: tandem.ActionStep, Connector: "crm", Method: "0c2365ca-70aa-4f85-9837-5777fba21f37",
				Parameters: []tandem.Mapping{{Target: "ContactId", MappingType: tandem.MapStatic, Value: "1", IsLaunchVisible: true}},
			},
		},
		Edges: []tandem.Edge{{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: newContact, TailStepID: getContact, EdgeType: tandem.ForwardEdge}},
		Variables: []tandem.Variable{
			{DisplayName: "Greeting", SystemName: "Greeting", Value: "Hello", IsLaunchVisible: true},
			{DisplayName: "Old", SystemName: "Old", Value: "Default", IsLaunchVisible: true},
		},
	}
}

// withSubscriber adds a step of another connector, with fields mapped.
func withSubscriber(g tandem.Graph, fields ...tandem.Mapping) tandem.Graph {
	g.Connectors = append(slices.Clone(g.Connectors), tandem.ConnectorRef{Ref: "mailing", Name: "Postbag", Version: "1.0"})
	g.Steps = append(slices.Clone(g.Steps), tandem.Step{
		ID: subscribe, Name: "Subscribe", ActionType: tandem.ActionStep, Connector: "mailing", Method: "ac7cfef0-eef8-4016-8a8f-16553e0122ae",
		Parameters: []tandem.Mapping{{Target: "ListId", MappingType: tandem.MapStatic, Value: "3"}}, Fields: fields,
	})
	g.Edges = append(slices.Clone(g.Edges), tandem.Edge{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: getContact, TailStepID: subscribe, EdgeType: tandem.ForwardEdge})
	return g
}

// release makes a graph the live release of a template.
func (w *world) release(template string, g tandem.Graph) {
	w.t.Helper()
	path := "/v1.0/templates/" + template + "/releases"
	var draft struct{ Id string }
	w.ok(call{method: "POST", path: path, body: `{}`}, &draft)
	w.ok(call{method: "PUT", path: path + "/" + draft.Id, body: map[string]any{"Graph": g}}, nil)
	w.ok(call{method: "POST", path: path + "/" + draft.Id + "/promote", body: `{}`}, nil)
}

// cycleJSON is what these tests read of a cycle.
type cycleJSON struct {
	Id, Status, TemplateId, TemplateReleaseId string
	Connectors                                []struct {
		Id, AccountConnectorId int64
		Name, Version          string
		Authenticated          bool
		StepCount              int
		Icon                   string
	}
	TasksUsed, ErrorCount, WarningCount, InProgressTransactionCount *int
	LastSuccessfulRunDate                                           string
	Lost                                                            []tandem.Lost
}

// upgraded is an installation, what it is of, and its address.
type upgraded struct {
	*world
	template, path string
	cycle          cycleJSON
}

func newUpgraded(t *testing.T, db *store.Store) *upgraded {
	u := &upgraded{world: newWorldOn(t, db, api.Options{})}
	u.installed("books")
	var made struct{ Id string }
	u.ok(call{method: "POST", path: "/v1.0/templates/import", body: tandem.TemplateFile{Format: tandem.TemplateFileFormat, Name: "Hook", Graph: firstRelease()}}, &made)
	u.template = made.Id
	u.ok(call{method: "POST", path: "/v1.0/templates/" + made.Id + "/install", account: "books"}, &u.cycle)
	u.path = "/v1.0/cycles/" + u.cycle.Id
	return u
}

// steps are those of the cycle, by name.
func (u *upgraded) steps() map[string]stepJSON {
	u.t.Helper()
	var all []stepJSON
	u.ok(call{method: "GET", path: u.path + "/steps", account: "books"}, &all)
	named := map[string]stepJSON{}
	for _, s := range all {
		named[s.Name] = s
	}
	return named
}

// contact reads or sets what the step Get asks for.
func (u *upgraded) contact(set string) (value string) {
	u.t.Helper()
	path := "/v1.0/steps/" + u.steps()["Get"].ID + "/parameters"
	var all []struct {
		Parameter struct{ Id int64 }
		Value     *string
	}
	u.ok(call{method: "GET", path: path, account: "books"}, &all)
	if set != "" {
		u.ok(call{method: "PUT", path: fmt.Sprintf("%s/%d", path, all[0].Parameter.Id), account: "books", body: map[string]string{"MappingType": "StaticValue", "Value": set}}, nil)
		return set
	}
	return *all[0].Value
}

func (u *upgraded) variable(name string) string {
	u.t.Helper()
	var v struct{ Value string }
	if a := u.do(call{method: "GET", path: u.path + "/variables/" + name, account: "books"}); a.status != 200 || json.Unmarshal([]byte(a.body), &v) != nil {
		return fmt.Sprint(a.status)
	}
	return v.Value
}

// upgrade asks for the live release.
func (u *upgraded) upgrade() (c cycleJSON) {
	u.t.Helper()
	u.ok(call{method: "POST", path: u.path + "/upgrade", account: "books"}, &c)
	return c
}

// waiting lists the cycles that can be upgraded.
func (u *upgraded) waiting() (ids []string) {
	u.t.Helper()
	var all []cycleJSON
	u.ok(call{method: "GET", path: "/v1.0/cycles/upgradeable", account: "books"}, &all)
	for _, c := range all {
		ids = append(ids, c.Id)
	}
	return ids
}

func names(lost []tandem.Lost) (all []string) {
	for _, l := range lost {
		all = append(all, l.StepName+"/"+l.Name)
	}
	return all
}

func TestInstalled(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		u := newUpgraded(t, db)
		c := u.cycle
		if c.Status != "Paused" || c.TemplateId != u.template || c.TemplateReleaseId == "" || c.LastSuccessfulRunDate != "0001-01-01T00:00:00" || len(c.Connectors) != 1 {
			t.Fatalf("installed: %+v", c)
		}
		for name, n := range map[string]*int{"TasksUsed": c.TasksUsed, "ErrorCount": c.ErrorCount, "WarningCount": c.WarningCount, "InProgressTransactionCount": c.InProgressTransactionCount} {
			if n == nil || *n != 0 {
				t.Errorf("%s of a new cycle: %v", name, n)
			}
		}
		used := c.Connectors[0]
		if used.Id == 0 || used.AccountConnectorId == 0 || used.Name != "Bookshelf CRM" || used.Version != "1.0" || !used.Authenticated || used.StepCount != 2 || !strings.HasPrefix(used.Icon, "data:image/png;base64,") {
			t.Errorf("its connector: %+v", used)
		}
	})
}

// An upgrade keeps what the customer chose, and what third parties know.
func TestUpgrade(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		u := newUpgraded(t, db)
		u.contact("12")
		u.ok(call{method: "PATCH", path: u.path + "/variables", account: "books", body: `[{"SystemName":"Greeting","Value":"Hi"},{"SystemName":"Old","Value":"Mine"}]`}, nil)
		u.ok(call{method: "POST", path: u.path + "/steps", account: "books", body: `{"Name":"Mine","ActionType":"Annotation"}`}, nil)
		before := u.steps()
		if w := u.waiting(); w != nil {
			t.Errorf("upgradeable on the live release: %v", w)
		}
		if c := u.upgrade(); c.TemplateReleaseId != u.cycle.TemplateReleaseId || c.Lost != nil {
			t.Errorf("an upgrade to the same release: %+v", c)
		}

		second := firstRelease()
		second.Steps[0].Name, second.Steps[1].Parameters[0].Value = "Newer", "2"
		second.Variables[0].Value = "Good day"
		second.Variables[1] = tandem.Variable{DisplayName: "New", SystemName: "New", Value: "Default", IsLaunchVisible: true}
		u.release(u.template, second)
		if diff := cmp.Diff([]string{u.cycle.Id}, u.waiting()); diff != "" {
			t.Errorf("upgradeable: %s", diff)
		}
		c := u.upgrade()
		if c.TemplateReleaseId == u.cycle.TemplateReleaseId || c.Status != "Paused" || u.waiting() != nil {
			t.Errorf("upgraded: %+v, and still to do: %v", c, u.waiting())
		}
		if diff := cmp.Diff([]string{"Mine/", "/Old"}, names(c.Lost)); diff != "" {
			t.Errorf("lost: -want +got\n%s", diff)
		}
		after := u.steps()
		if len(after) != 2 || after["Newer"].ID != before["New"].ID || after["Newer"].WebhookURL != before["New"].WebhookURL || after["Get"].ID != before["Get"].ID {
			t.Errorf("steps were %+v, are %+v", before, after)
		}
		got := []string{u.contact(""), u.variable("Greeting"), u.variable("New"), u.variable("Old")}
		if diff := cmp.Diff([]string{"12", "Hi", "Default", "404"}, got); diff != "" {
			t.Errorf("values: -want +got\n%s", diff)
		}
	})
}

// A cycle that runs goes on running, or stays as it is.
func TestUpgradeWhileRunning(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		u := newUpgraded(t, db)
		u.ok(call{method: "PUT", path: u.path + "/activate", account: "books", body: `{}`}, nil)
		email := tandem.Mapping{Target: "email", MappingType: tandem.MapStep, SourceStepID: newContact, SourceField: "email"}
		u.release(u.template, withSubscriber(firstRelease(), email))
		refused := u.do(call{method: "POST", path: u.path + "/upgrade", account: "books"})
		var why struct{ Prerequisites []tandem.Prerequisite }
		if err := json.Unmarshal([]byte(refused.body), &why); err != nil || refused.status != 400 || len(why.Prerequisites) != 1 || why.Prerequisites[0].ReasonCode != tandem.ReasonUnauthenticated {
			t.Errorf("a connector that is not there: %d %s", refused.status, refused.body)
		}
		var now cycleJSON
		u.ok(call{method: "GET", path: u.path, account: "books"}, &now)
		var connectors []map[string]any
		u.ok(call{method: "GET", path: "/v1.0/account/connectors", account: "books"}, &connectors)
		if now.TemplateReleaseId != u.cycle.TemplateReleaseId || now.Status != "Running" || len(u.steps()) != 2 || len(connectors) != 1 {
			t.Errorf("a refusal changed it: %+v, %d connectors", now, len(connectors))
		}
		u.ok(call{method: "POST", path: "/v1.0/connectors/Postbag/install", account: "books", body: `{"AuthValue":"YTpi","Properties":[{"Name":"BaseUrl","Value":"http://x.test"}]}`}, nil)
		if c := u.upgrade(); c.Status != "Running" || len(c.Connectors) != 2 || !c.Connectors[1].Authenticated || u.steps()["Subscribe"].ID == "" {
			t.Errorf("with the connector there: %+v", c)
		}

		other := firstRelease() // begins with the method
		other.Steps, other.Edges = other.Steps[1:], nil
		u.release(u.template, other)
		u.fails(call{method: "POST", path: u.path + "/upgrade", account: "books"}, 400, "")
		u.ok(call{method: "PUT", path: u.path + "/deactivate", account: "books"}, nil)
		if c := u.upgrade(); len(c.Connectors) != 1 {
			t.Errorf("paused: %+v", c)
		}
	})
}

func TestUpgradeInstallsConnectors(t *testing.T) {
	u := newUpgraded(t, storetest.SQLite(t))
	u.release(u.template, withSubscriber(firstRelease()))
	c := u.upgrade()
	if len(c.Connectors) != 2 || c.Connectors[1].AccountConnectorId == 0 || c.Connectors[1].Authenticated {
		t.Errorf("what was missing: %+v", c.Connectors)
	}
	u.release(u.template, firstRelease())
	if c = u.upgrade(); len(c.Connectors) != 1 {
		t.Errorf("what went: %+v", c.Connectors)
	}
	var made cycleJSON
	u.ok(call{method: "POST", path: "/v1.0/cycles", account: "books", body: `{"Name":"own"}`}, &made)
	u.fails(call{method: "POST", path: "/v1.0/cycles/" + made.Id + "/upgrade", account: "books"}, 400, "The cycle was not made from a template.")
	u.release(u.template, firstRelease())
	u.ok(call{method: "DELETE", path: "/v1.0/templates/" + u.template}, nil)
	u.fails(call{method: "POST", path: u.path + "/upgrade", account: "books"}, 400, "The template that the cycle was made from was deleted. While it is in the recycle bin, it can be restored.")
	if w := u.waiting(); w != nil {
		t.Errorf("upgradeable to a deleted template: %v", w)
	}
}

// A copy is an installation of its own.
func TestCopyOfInstalled(t *testing.T) {
	u := newUpgraded(t, storetest.SQLite(t))
	u.contact("12")
	var made cycleJSON
	a := u.ok(call{method: "POST", path: u.path + "/copy", account: "books", body: `{"Name":"Second"}`}, &made)
	if a.status != 201 || made.Id == u.cycle.Id || made.TemplateId != u.template || made.Status != "Paused" {
		t.Fatalf("%d %+v", a.status, made)
	}
	u.path = "/v1.0/cycles/" + made.Id
	before := u.steps()
	u.release(u.template, firstRelease())
	if c := u.upgrade(); c.Lost != nil || u.contact("") != "12" || u.steps()["New"].WebhookURL != before["New"].WebhookURL || len(u.waiting()) != 1 {
		t.Errorf("upgraded: %+v, then to do: %v", c, u.waiting())
	}
}

// What goes to a template is the design, without what is the customer's.
func TestCopyToTemplate(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		u := newUpgraded(t, db)
		u.contact("12")
		u.ok(call{method: "PUT", path: u.path + "/variables/Greeting", account: "books", body: `{"Value":"Confidential"}`}, nil)
		u.ok(call{method: "PUT", path: u.path, account: "books", body: `{"StepErrorAction":"Ignore"}`}, nil)
		copied := call{method: "POST", path: u.path + "/copytotemplate", account: "books", body: `{"Name":"Copied"}`}
		var made struct {
			Id, Name string
			Lost     []tandem.Lost
		}
		if a := u.ok(copied, &made); a.status != 201 || made.Name != "Copied" || made.Id == u.template {
			t.Errorf("%d %+v", a.status, made)
		}
		if diff := cmp.Diff([]string{"Get/ContactId", "/Greeting"}, names(made.Lost)); diff != "" {
			t.Errorf("lost: -want +got\n%s", diff)
		}
		var page []struct{ Id string }
		releases := "/v1.0/templates/" + made.Id + "/releases"
		u.ok(call{method: "GET", path: releases}, &page)
		draft := u.ok(call{method: "GET", path: releases + "/" + page[0].Id}, nil).body
		if strings.Contains(draft, "Confidential") || strings.Contains(draft, `"12"`) || !strings.Contains(draft, `"Ignore"`) || strings.Contains(draft, string(newContact)) {
			t.Errorf("its draft: %s", draft)
		}

		copied.body = map[string]string{"TemplateId": u.template}
		u.ok(copied, &made)
		var release struct {
			State string
			Graph tandem.Graph
		}
		releases = "/v1.0/templates/" + u.template + "/releases"
		u.ok(call{method: "GET", path: releases}, &page)
		u.ok(call{method: "GET", path: releases + "/" + page[0].Id}, &release)
		if made.Id != u.template || release.State != "Draft" || release.Graph.Steps[0].ID != newContact || release.Graph.Steps[1].Parameters[0].Value != "1" {
			t.Errorf("the draft of its template: %+v", release)
		}
		u.fails(copied, 409, "") // there is a draft
		for body, message := range map[string]string{
			fmt.Sprintf(`{"TemplateId":%q}`, tandem.NewGUID()): "Template with provided ID could not be found.", `{"TemplateId":"x"}`: "", `{"FolderId":"x"}`: "",
			fmt.Sprintf(`{"FolderId":%q}`, tandem.NewGUID()): "",
		} {
			copied.body = body
			u.fails(copied, 400, message)
		}
		copied.body, copied.token = `{}`, u.tokenFor(u.partner, "account:books")
		u.fails(copied, 403, "")
	})
}
