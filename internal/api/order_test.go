package api_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/traffic"
)

// ordersOf are the orders of the lists that page, by operation id, as the document
// has them.
func (w *world) ordersOf() map[string][]string {
	w.t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Parameters  []struct {
				Name, Description string
				Schema            struct{ Enum []string }
			}
		}
	}
	w.ok(call{method: "GET", path: "/v1.0/openapi.json", token: "-"}, &doc)
	all := map[string][]string{}
	for _, methods := range doc.Paths {
		for _, op := range methods {
			known := map[string]bool{}
			for _, p := range op.Parameters {
				known[p.Name] = p.Description != ""
				if p.Name == "orderBy" {
					all[op.OperationID] = p.Schema.Enum
				}
			}
			if known["page"] && !(known["orderBy"] && known["sortOrderAsc"] && len(all[op.OperationID]) > 0) {
				w.t.Errorf("%s pages, and does not say in which orders", op.OperationID)
			}
		}
	}
	return all
}

// otherwise are names of orders that stand for another property of the rows, "" for
// the rows themselves.
var otherwise = map[string]map[string]string{
	"listUsers":             {"Username": ""},
	"listAllBillingPeriods": {"Name": "AccountName", "Id": "AccountId"},
	"listCycleUsage":        {"Name": "CycleName"},
	"listConnectorUsage":    {"Name": "Connector"},
	"listMethodUsage":       {"Name": "Connector"},
	"listDayUsage":          {"Name": "Day"},
	"listOwnCycleUsage":     {"Name": "CycleName"},
	"listOwnMethodUsage":    {"Name": "Connector"},
	"listOwnDayUsage":       {"Name": "Day"},
	"listOwnConnectorUsage": {"Name": "Connector"},
}

// single are lists that have one row or none in populate's world.
var single = map[string]bool{
	"getConnector": true, "getConnectorVersion": true, "listChildren": true, "listErrors": true, "listWarnings": true, "listCycleIncidents": true,
	"listDeletedCycles": true, "listUpgradeableCycles": true, "listCycleUsage": true, "listConnectorUsage": true, "listMethodUsage": true,
	"listOwnCycleUsage": true, "listOwnConnectorUsage": true, "listOwnMethodUsage": true, "listSessions": true, "listAccountSessions": true, "listTokens": true, "listBillingPeriods": true,
	"listOwnBillingPeriods": true, "listReleases": true, "listRollouts": true, "listRolloutCycles": true, "listInstallations": true, "listStepItems": true, "listStepPrerequisites": true, "listReleasePrerequisites": true, "listEdges": true, "listCyclePrerequisites": true,
	"listTransactions": true, "listAllTransactions": true, "listAllIncidents": true, "listCycleTransactions": true, "listFieldMappings": true, "listFieldsForMapping": true, "listParameters": true, "lookUpFields": true,
	"listCycleRuns": true, "listOwnCycleRuns": true, "listWaitingConnectors": true, "listConsoleUsers": true, "listProperties": true, "listTemplates": true, "listTemplateConnectors": true, "listCategories": true,
}

// populate makes some of everything, and gives the places in paths.
func (w *world) populate() map[string]string {
	w.t.Helper()
	cycle, hook, action := w.built("books")
	txn := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
	l, _ := w.list("books")
	w.list("books")
	w.told("books")
	w.refused("books")
	at := map[string]string{
		"cycle": cycle, "step": action.ID, "txn": txn.String(), "connector": fmt.Sprint(l.ID),
		"guid": "5d2d2f60-96a0-4d4e-9b43-2f1b7e2d0c11", "other": "6d2d2f60-96a0-4d4e-9b43-2f1b7e2d0c12",
	}
	w.table("books", at, []row{
		{call: "POST /accounts", body: `{"Id":"Zoo","Name":"a zoo","ParentAccountId":"books"}`},
		{call: "POST /accounts", body: `{"Id":"aunt","Name":"The aunt","ParentAccountId":"books"}`},
		{call: "POST /cycles", body: `{"Name":"älter"}`},
		{call: "POST /cycles", body: `{"Name":"Basic"}`},
		{call: "POST /cycles/{cycle}/variables", body: `{"SystemName":"Zeta","DisplayName":"A"}`},
		{call: "POST /cycles/{cycle}/variables", body: `{"SystemName":"alpha","DisplayName":"b"}`},
		{call: "POST /account/connectors/{connector}/fields", body: `{"ConnectorField":"z","DisplayName":"A"}`},
		{call: "POST /account/connectors/{connector}/fields", body: `{"ConnectorField":"B","DisplayName":"b"}`},
		{call: "PUT /account/connectors/{connector}", body: `{"Name":"a list"}`},
		{call: "POST /account/connectors/custom", body: `{"Name":"Zed","UniqueIdentifier":"{guid}"}`},
		{call: "POST /account/connectors/custom", body: `{"Name":"app","UniqueIdentifier":"{other}"}`},
		{call: "market = POST /marketplaces", body: `{"Name":"Zoo"}`},
		{call: "POST /marketplaces", body: `{"Name":"all"}`},
		{call: "template = POST /templates", body: `{"Name":"Zoo"}`},
		{call: "POST /templates", body: `{"Name":"all"}`},
		{call: "POST /marketplaces/{market}/packages", body: `{"Name":"Zoo","TemplateIds":["{template}"],"Order":1}`},
		{call: "POST /marketplaces/{market}/packages", body: `{"Name":"all","TemplateIds":["{template}"],"Order":2}`},
		{call: "POST /folders", body: `{"Name":"Zoo"}`},
		{call: "POST /folders", body: `{"Name":"all"}`},
		{call: "POST /users", body: `{"Username":"zoe","LastName":"Ash","Email":"m@x.test","Accounts":["books"]}`},
		{call: "POST /users", body: `{"Username":"Bea","LastName":"zed","Email":"a@x.test","Accounts":["books"]}`},
		{call: "POST /account/invitations", body: `{"Email":"zoe@y.test"}`},
		{call: "POST /account/invitations", body: `{"Email":"bea@y.test"}`},
		{call: "POST /cycles/transactions/jobs", body: `{"Action":"drop"}`},
		{call: "POST /cycles/transactions/jobs", body: `{"Action":"retry"}`},
		{call: "POST /oauthclients", body: `{"Name":"Zoo"}`},
		{call: "POST /oauthclients", body: `{"Name":"all"}`},
	})
	w.services.Traffic.(*traffic.Log).Flush(w.t.Context())
	return at
}

// TestOrders asks every list for each of its orders, both ways.
func TestOrders(t *testing.T) {
	w := newWorld(t, api.Options{})
	at := w.populate()
	orders := w.ordersOf()
	if len(orders) < 40 {
		t.Errorf("%d lists", len(orders))
	}
	var markets []struct{ Id int64 }
	w.ok(call{method: "GET", path: "/v1.0/marketplaces?orderBy=Name"}, &markets)
	var templates []struct{ Id, TemplateReleaseId string }
	w.ok(call{method: "GET", path: "/v1.0/templates?includeUnpublished=true"}, &templates)
	rolled := w.rolledOut(templates[0].Id)
	var custom struct{ Id int64 }
	w.ok(call{method: "POST", path: "/v1.0/account/connectors/custom", account: "books", body: `{"Name":"Own","UniqueIdentifier":"` + tandem.NewGUID() + `","ReleaseStatus":"Live"}`}, &custom)
	w.ok(call{method: "POST", path: fmt.Sprintf("/v1.0/account/connectors/custom/%d/draft", custom.Id), account: "books"}, nil)
	for _, r := range w.api.Routes() {
		names, ok := orders[r.ID]
		if !ok || r.Method != "GET" {
			continue
		}
		id := map[bool]string{true: "books"}[strings.HasPrefix(r.Path, "/v1.0/accounts/")]
		switch {
		case strings.HasPrefix(r.Path, "/v1.0/cycles/"):
			id = at["cycle"]
		case strings.HasPrefix(r.Path, "/v1.0/steps/"):
			id = at["step"]
		case strings.HasPrefix(r.Path, "/v1.0/account/connectors/custom/"):
			id = fmt.Sprint(custom.Id)
		case strings.HasPrefix(r.Path, "/v1.0/account/connectors/"):
			id = at["connector"]
		case strings.HasPrefix(r.Path, "/v1.0/marketplaces/"):
			id = fmt.Sprint(markets[1].Id)
		case strings.HasPrefix(r.Path, "/v1.0/templates/"):
			id = templates[0].Id
		case strings.HasPrefix(r.Path, "/v1.0/oauthclients/"):
			id = w.partner.ClientID
		case strings.HasPrefix(r.Path, "/v1.0/transactions/"):
			id = at["txn"]
		}
		path := strings.NewReplacer("{id}", id, "{transactionId}", at["txn"], "{releaseId}", templates[0].TemplateReleaseId, "{rolloutId}", rolled, "{connector}", "Postbag", "{version}", "1.0").Replace(r.Path)
		t.Run(r.ID, func(t *testing.T) { w.inOrder(t, r.ID, path, names) })
	}
}

func (w *world) inOrder(t *testing.T, id, path string, names []string) {
	get := func(query string) []any {
		t.Helper()
		var all []any
		w.ok(call{method: "GET", path: path + "?" + query, account: "books"}, &all)
		return all
	}
	if n := len(get("")); n < 2 && !single[id] {
		t.Errorf("%d rows are in no order", n)
	}
	for _, name := range names {
		property := name
		if other, ok := otherwise[id][name]; ok {
			property = other
		}
		for query, sign := range map[string]int{"": 1, "&sortOrderAsc=True": 1, "&sortOrderAsc=false": -1} {
			rows := get("orderBy=" + strings.ToUpper(name) + query)
			if !slices.IsSortedFunc(rows, func(a, b any) int { return sign * inOrder(t, property, a, b) }) {
				t.Errorf("%s%s: %v", name, query, rows)
			}
		}
	}
	forth, back := get("orderBy="+names[0]+"&sortOrderAsc=false"), get("sortOrderAsc=false")
	if fmt.Sprint(forth) != fmt.Sprint(back) {
		t.Errorf("a direction alone is not that of %s", names[0])
	}
	var e struct{ ModelState map[string][]string }
	a := w.do(call{method: "GET", path: path + "?orderBy=Colour", account: "books"})
	if err := json.Unmarshal([]byte(a.body), &e); err != nil || a.status != 400 || len(e.ModelState["orderBy"]) != 1 {
		t.Errorf("an unknown order: %d %s", a.status, a.body)
	}
}

// inOrder compares two rows by a property.
func inOrder(t *testing.T, property string, a, b any) int {
	t.Helper()
	value := func(row any) any {
		if property == "" {
			return row
		}
		properties, _ := row.(map[string]any)
		v, ok := properties[property]
		if !ok {
			t.Errorf("a row has no %s, but %v", property, slices.Sorted(maps.Keys(properties)))
		}
		return v
	}
	switch x := value(a).(type) {
	case float64:
		return cmp.Compare(x, value(b).(float64))
	case string:
		y, _ := value(b).(string)
		at, err1 := time.Parse(time.RFC3339, x)
		to, err2 := time.Parse(time.RFC3339, y)
		if err1 == nil && err2 == nil {
			return at.Compare(to)
		}
		if property == "Id" || property == "AccountId" { // whose case counts
			return strings.Compare(x, y)
		}
		return strings.Compare(strings.ToLower(x), strings.ToLower(y))
	}
	return 0
}
