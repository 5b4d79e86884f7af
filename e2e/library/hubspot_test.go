package library

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

func TestHubSpot(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewHubSpot("pat-eu1-test", 250)
	w := newWorld(t, []string{"hubspot"}, api.Hosts()...)
	hubspot := w.install("HubSpot", client.Install{AuthenticationID: w.wayOf("HubSpot", "ApiKey"), AuthValue: "pat-eu1-test"})
	if got := hubspot.property("PortalId"); got != "62515" {
		t.Errorf("portal %q", got)
	}
	hubspot.tested()
	w.Calls()

	all := hubspot.call("List Contacts", nil, nil)
	if emails := hubspot.at(all, "[results].properties.email").([]any); len(emails) != 250 || emails[249] != "c249@example.com" {
		t.Errorf("%d emails", len(emails))
	}
	if calls := w.Calls(); len(calls) != 3 {
		t.Errorf("calls %+v", calls)
	}
	if some := hubspot.at(hubspot.call("Search Contacts", nil, values{
		"[filterGroups].[filters].propertyName": []any{[]any{"email"}}, "[filterGroups].[filters].operator": []any{[]any{"EQ"}}, "[filterGroups].[filters].value": []any{[]any{"c7@example.com"}},
	}), "[results].properties.firstname"); !cmp.Equal(some, any([]any{"Contact 7"})) {
		t.Errorf("found %v", some)
	}
	if some := hubspot.at(hubspot.call("List Changed Contacts", values{"Since": "2026-01-01T00:02:00Z"}, nil), "[results].id").([]any); len(some) != 231 {
		t.Errorf("%d changed", len(some))
	}

	ada := hubspot.call("Create Contact", nil, values{"properties.email": "ada@example.com", "properties.firstname": "Ada"})
	id := hubspot.at(ada, "id")
	hubspot.call("Update Contact", values{"Contact": id}, values{"properties.phone": "+44 20 7946 0000"})
	if got := hubspot.at(hubspot.call("Get Contact", values{"Contact": "ada@example.com", "idProperty": "email"}, nil), "properties.phone"); got != "+44 20 7946 0000" {
		t.Errorf("phone %v", got)
	}
	company := hubspot.at(hubspot.call("Create Company", nil, values{"properties.name": "Engines Ltd"}), "id")
	hubspot.call("Associate", values{"FromType": "contacts", "FromId": id, "ToType": "companies", "ToId": company}, nil)
	if got := hubspot.at(hubspot.call("List Associations", values{"FromType": "contacts", "FromId": id, "ToType": "companies"}, nil), "[results].toObjectId"); fmt.Sprint(got) != fmt.Sprint([]any{company}) {
		t.Errorf("associated %v, want %v", got, company)
	}
	hubspot.call("Remove Associations", values{"FromType": "contacts", "FromId": id, "ToType": "companies", "ToId": company}, nil)
	deal := hubspot.call("Create Deal", nil, values{"properties.dealname": "Engine", "properties.amount": "1299.50", "properties.pipeline": "default", "properties.dealstage": "closedwon"})
	if got := hubspot.at(deal, "properties.dealstage"); got != "closedwon" {
		t.Errorf("stage %v", got)
	}
	hubspot.call("Create Ticket", nil, values{"properties.subject": "It stands", "properties.hs_pipeline_stage": "1"})
	hubspot.call("Archive Contact", values{"Contact": id}, nil)

	_, err := hubspot.try("Create Contact", nil, values{"properties.email": "c7@example.com"})
	hubspot.refused(err, "Contact already exists. Existing ID: 108")
	_, err = hubspot.try("Get Deal", values{"Deal": "1"}, nil)
	hubspot.refused(err, "Object not found")
}

// Many contacts go a hundred at a time.
func TestHubSpotBatch(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewHubSpot("pat-eu1-test", 0)
	w := newWorld(t, []string{"hubspot"}, api.Hosts()...)
	hubspot := w.install("HubSpot", client.Install{AuthenticationID: w.wayOf("HubSpot", "ApiKey"), AuthValue: "pat-eu1-test"})
	w.Calls()
	emails := make([]any, 250)
	for n := range emails {
		emails[n] = fmt.Sprintf("n%d@example.com", n)
	}
	made := hubspot.at(hubspot.call("Create Contacts", nil, values{"[inputs].properties.email": emails}), "[results].id").([]any)
	if len(made) != 250 || len(api.Kept("contacts")) != 250 {
		t.Errorf("made %d, kept %d", len(made), len(api.Kept("contacts")))
	}
	if calls := w.Calls(); len(calls) != 3 {
		t.Errorf("calls %+v", calls)
	}
	cities := make([]any, len(made))
	for n := range cities {
		cities[n] = "London"
	}
	hubspot.call("Update Contacts", nil, values{"[inputs].id": made, "[inputs].properties.city": cities})
	if last := api.Kept("contacts")[249]["properties"].(map[string]any); last["city"] != "London" || last["email"] != "n249@example.com" {
		t.Errorf("kept %v", last)
	}
}

// What the account has added to HubSpot becomes fields, lookups and types of
// objects.
func TestHubSpotOwn(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewHubSpot("pat-eu1-test", 3)
	w := newWorld(t, []string{"hubspot"}, api.Hosts()...)
	hubspot := w.install("HubSpot", client.Install{AuthenticationID: w.wayOf("HubSpot", "ApiKey"), AuthValue: "pat-eu1-test"})

	in := hubspot.discover("Create Contact", true, nil)
	colour, visits := in["properties.favourite_colour"], in["properties.visits"]
	if len(in) != 2 || colour.DisplayName != "Favourite colour" || len(colour.Values) != 2 || colour.Values[0].Label != "Dark red" || !visits.ReadOnly || visits.DataType != "Float" {
		t.Errorf("fields %+v", in)
	}
	hubspot.call("Create Contact", nil, values{"properties.email": "ada@example.com", "properties.favourite_colour": "red"})
	if got := api.Kept("contacts")[3]["properties"].(map[string]any)["favourite_colour"]; got != "red" {
		t.Errorf("colour %v", got)
	}
	hubspot.discover("List Contacts", false, nil)
	if got := hubspot.at(hubspot.call("List Contacts", nil, nil), "[results].properties.favourite_colour"); fmt.Sprint(got) != "[<nil> <nil> <nil> red]" {
		t.Errorf("colours %v", got)
	}

	if got := hubspot.lookUp("Deal Pipelines"); !cmp.Equal(got, []client.Choice{{Name: "Sales Pipeline", Value: "default"}}) {
		t.Errorf("pipelines %v", got)
	}
	stages := hubspot.subLookUp("Deal Stages", values{"Pipeline": "default"})
	if !cmp.Equal(stages, []client.Choice{{Name: "Appointment scheduled", Value: "appointmentscheduled"}, {Name: "Closed won", Value: "closedwon"}}) {
		t.Errorf("stages %v", stages)
	}
	if got := hubspot.lookUp("Custom Object Types"); !cmp.Equal(got, []client.Choice{{Name: "Cars", Value: "p1_cars"}}) {
		t.Errorf("types %v", got)
	}
	hubspot.discover("Create Record", true, values{"ObjectType": "p1_cars"})
	hubspot.discover("List Records", false, values{"ObjectType": "p1_cars"})
	hubspot.call("Create Record", values{"ObjectType": "p1_cars"}, values{"properties.model": "Beetle"})
	if got := hubspot.at(hubspot.call("List Records", values{"ObjectType": "p1_cars"}, nil), "[results].properties.model"); !cmp.Equal(got, any([]any{"Mini", "Beetle"})) {
		t.Errorf("cars %v", got)
	}
}

// A person signs in; tokens are refreshed when they have expired, and each refresh
// token works once; who is told to wait waits.
func TestHubSpotSignIn(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewHubSpot("none", 1)
	w := newWorld(t, []string{"hubspot"}, api.Hosts()...)
	w.client("HubSpot", api.ClientID, api.ClientSecret)
	hubspot := w.install("HubSpot", client.Install{})
	hubspot.signIn()
	if got := hubspot.property("PortalId"); got != "62515" {
		t.Errorf("portal %q", got)
	}
	hubspot.call("List Owners", nil, nil)
	for n := range 2 {
		api.Expire()
		hubspot.call("List Owners", nil, nil)
		if api.Refreshed != n+1 {
			t.Errorf("refreshed %d times", api.Refreshed)
		}
	}
	api.Limited = 1
	hubspot.call("List Owners", nil, nil)
	if api.Asked != 1 {
		t.Errorf("%d calls were told to wait", api.Asked)
	}
}
