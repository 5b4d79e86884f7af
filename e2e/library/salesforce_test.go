package library

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

// A person signs in; where the organisation is, is looked up; expired tokens are
// refreshed.
func TestSalesforce(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewSalesforce(4500)
	w := newWorld(t, []string{"salesforce"}, api.Hosts()...)
	w.client("Salesforce", api.ClientID, api.ClientSecret)
	salesforce := w.install("Salesforce", client.Install{})
	salesforce.signIn()
	if got := salesforce.property("InstanceUrl"); got != w.Aim("https://acme.my.salesforce.com") {
		t.Errorf("instance %q", got)
	}
	salesforce.tested()
	w.Calls()

	all := salesforce.at(salesforce.call("List Changed Leads", nil, nil), "[records].LastName").([]any)
	if len(all) != 4500 || all[4499] != "Lead 4499" {
		t.Errorf("%d leads", len(all))
	}
	if calls := w.Calls(); len(calls) != 3 || !strings.Contains(api.Queries[0], "LastModifiedDate >= 1970-01-01T00:00:00Z") {
		t.Errorf("calls %+v, queries %q", calls, api.Queries)
	}
	api.Expire()
	if got := salesforce.at(salesforce.call("Query", values{"q": "SELECT Id, Name FROM Account"}, nil), "totalSize"); got != 0.0 || api.Refreshed != 1 {
		t.Errorf("size %v, refreshed %d times", got, api.Refreshed)
	}

	lead := salesforce.at(salesforce.call("Create Lead", nil, values{"LastName": "Lovelace", "Company": "Engines Ltd"}), "id")
	salesforce.call("Update Lead", values{"Lead": lead}, values{"Email": "ada@example.com"})
	if got := salesforce.at(salesforce.call("Get Lead", values{"Lead": lead}, nil), "Email"); got != "ada@example.com" {
		t.Errorf("email %v", got)
	}
	converted := salesforce.call("Convert Lead", nil, values{"leadConverts.leadId": lead, "leadConverts.convertedStatus": "Qualified", "leadConverts.opportunityName": "An engine"})
	if deals := api.Kept("Opportunity"); len(deals) != 1 || deals[0]["Name"] != "An engine" || salesforce.at(converted, "result.opportunityId") != deals[0]["Id"] {
		t.Errorf("converted %v, deals %v", converted, deals)
	}
	_, err := salesforce.try("Convert Lead", nil, values{"leadConverts.leadId": "00Q", "leadConverts.convertedStatus": "Qualified"})
	salesforce.refused(err, "INVALID_CROSS_REFERENCE_KEY: invalid cross reference id")
	_, err = salesforce.try("Create Lead", nil, values{"LastName": "Lovelace", "Company": "x", "Status": "", "Email": "y"})
	w.must(err)
	_, err = salesforce.try("Query", values{"q": "SELECT"}, nil)
	salesforce.refused(err, "MALFORMED_QUERY")
	_, err = salesforce.try("Get Account", values{"Account": "001"}, nil)
	salesforce.refused(err, "NOT_FOUND: The requested resource does not exist")
}

// Any type of object has its fields, and many records go 200 at a time.
func TestSalesforceObjects(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewSalesforce(1)
	w := newWorld(t, []string{"salesforce"}, api.Hosts()...)
	salesforce := w.signInBy("Client credentials", `{}`, api)

	if got := salesforce.lookUp("Objects"); len(got) != 5 || !cmp.Equal(got[2], client.Choice{Name: "Engine", Value: "Engine__c"}) {
		t.Errorf("objects %v", got)
	}
	if got := salesforce.subLookUp("External IDs", values{"ObjectType": "Engine__c"}); !cmp.Equal(got, []client.Choice{{Name: "Serial__c", Value: "Serial__c"}}) {
		t.Errorf("external ids %v", got)
	}
	size := salesforce.discover("Create Lead", true, nil)["Size__c"]
	if size.DisplayName != "Size" || len(size.Values) != 1 {
		t.Errorf("size %+v", size)
	}
	salesforce.call("Create Lead", nil, values{"LastName": "Hopper", "Company": "Navy", "Size__c": "S"})
	if got := api.Kept("Lead")[1]["Size__c"]; got != "S" {
		t.Errorf("size %v", got)
	}

	if power := salesforce.discover("Upsert Record", true, values{"ObjectType": "Engine__c"})["Power__c"]; power.DataType != "Float" {
		t.Errorf("power %+v", power)
	}
	where := values{"ObjectType": "Engine__c", "ExternalField": "Serial__c", "ExternalId": "S-1"}
	for n, power := range []string{"1.5", "2.5"} {
		got := salesforce.call("Upsert Record", where, values{"Name": "One", "Power__c": power})
		if salesforce.at(got, "created") != (n == 0) {
			t.Errorf("upserted %v", got)
		}
	}
	if got := api.Kept("Engine__c"); len(got) != 1 || got[0]["Power__c"] != 2.5 {
		t.Errorf("kept %v", got)
	}

	salesforce.discover("Create Records", true, values{"ObjectType": "Engine__c"})
	names, kinds := make([]any, 450), make([]any, 450)
	for n := range names {
		names[n], kinds[n] = fmt.Sprint("Engine ", n), "Engine__c"
	}
	names[449] = ""
	made := salesforce.call("Create Records", nil, values{"[records].attributes.type": kinds, "[records].Name": names})
	if ok := salesforce.at(made, "[].success").([]any); len(ok) != 450 || ok[448] != true || ok[449] != false || !cmp.Equal(api.Batches, []int{200, 200, 50}) {
		t.Errorf("%d made, in %v", len(ok), api.Batches)
	}
}

// Tokens are got by an assertion, and for a password.
func TestSalesforceUnattended(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewSalesforce(1)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	api.JWTKey = &key.PublicKey
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, []string{"salesforce"}, api.Hosts()...)
	for way, with := range map[string]map[string]string{
		"Integration user (JWT)": {"Username": api.Username, "PrivateKey": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))},
		"User name and password": {"Username": api.Username, "Password": api.Password},
	} {
		value, err := json.Marshal(with)
		w.must(err)
		salesforce := w.signInBy(way, string(value), api)
		salesforce.call("Get Limits", nil, nil)
		api.Expire()
		salesforce.call("Get Limits", nil, nil)
	}
}

// signInBy installs Salesforce with one of its ways in, by name.
func (w *world) signInBy(way, value string, api *fake.Salesforce) *installed {
	w.Helper()
	w.client("Salesforce", api.ClientID, api.ClientSecret)
	i := w.install("Salesforce", client.Install{AuthenticationID: w.wayNamed("Salesforce", way), AuthValue: value})
	if at := i.look(); !at.Authenticated || at.AuthenticationNote != nil {
		w.Fatalf("%s: %+v", way, at)
	}
	return i
}
