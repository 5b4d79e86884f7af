package library

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

const newsletter = "f6a9c1b2d3"

func TestMailchimp(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewMailchimp(2500)
	w := newWorld(t, []string{"mailchimp"}, api.Hosts()...)
	key := base64.StdEncoding.EncodeToString([]byte("anystring:" + api.Key))
	mailchimp := w.install("Mailchimp", client.Install{AuthenticationID: w.wayOf("Mailchimp", "Basic"), AuthValue: key})
	if got := mailchimp.property("DataCentre"); got != "us6" {
		t.Fatalf("data centre %q: %+v", got, mailchimp.look())
	}
	mailchimp.tested()
	w.Calls()

	if all := mailchimp.at(mailchimp.call("List Members", values{"Audience": newsletter}, nil), "[members].email_address").([]any); len(all) != 2500 || all[2499] != "m2499@example.com" {
		t.Errorf("%d members", len(all))
	}
	if calls := w.Calls(); len(calls) != 3 {
		t.Errorf("calls %+v", calls)
	}
	if got := mailchimp.lookUp("Audiences"); !cmp.Equal(got, []client.Choice{{Name: "Newsletter", Value: newsletter}}) {
		t.Errorf("audiences %v", got)
	}
	if got := mailchimp.subLookUp("Interests", values{"Audience": newsletter, "InterestCategory": "cat1"}); !cmp.Equal(got, []client.Choice{{Name: "Engines", Value: "int1"}, {Name: "Looms", Value: "int2"}}) {
		t.Errorf("interests %v", got)
	}
	if got := mailchimp.subLookUp("Segments", values{"Audience": newsletter}); !cmp.Equal(got, []client.Choice{{Name: "VIPs", Value: "457"}}) {
		t.Errorf("segments %v", got)
	}

	found := mailchimp.discover("Add Member", true, values{"Audience": newsletter})
	if size := found["merge_fields.SIZE"]; len(found) != 2 || size.DisplayName != "Size" || len(size.Values) != 3 || found["merge_fields.VISITS"].DataType != "Integer" {
		t.Errorf("fields %+v", found)
	}
	mailchimp.call("Add Member", values{"Audience": newsletter}, values{"email_address": "Ada@example.com", "merge_fields.FNAME": "Ada", "merge_fields.SIZE": "M", "[tags]": []any{"Customer"}})
	last := api.Kept()[2500]
	if got := last["merge_fields"].(map[string]any); got["SIZE"] != "M" || last["status"] != "subscribed" {
		t.Errorf("kept %v", last)
	}
	mailchimp.call("Update Member", values{"Audience": newsletter, "Email": "ada@example.com"}, values{"merge_fields.LNAME": "Lovelace"})
	mailchimp.call("Add or Update Member", values{"Audience": newsletter, "Email": "ADA@example.com"}, values{"email_address": "ada@example.com", "vip": true})
	mailchimp.call("Tag Member", values{"Audience": newsletter, "Email": "ada@example.com"}, values{"[tags].name": []any{"Customer"}, "[tags].status": []any{"active"}})
	if got := mailchimp.at(mailchimp.call("Get Member", values{"Audience": newsletter, "Email": "ada@example.com"}, nil), "vip"); got != true {
		t.Errorf("vip %v", got)
	}
	mailchimp.call("Change Members of a Segment", values{"Audience": newsletter, "Segment": "457"}, values{"[members_to_add]": []any{"ada@example.com"}})
	mailchimp.call("List Members of a Segment", values{"Audience": newsletter, "Segment": "457"}, nil)
	campaign := mailchimp.at(mailchimp.call("Create Campaign", nil, values{"recipients.list_id": newsletter, "settings.subject_line": "It runs"}), "id")
	mailchimp.call("Set Campaign Content", values{"Campaign": campaign}, values{"html": "<p>It runs.</p>"})
	mailchimp.call("Send Campaign", values{"Campaign": campaign}, nil)

	_, err := mailchimp.try("Add Member", values{"Audience": newsletter}, values{"email_address": "ada"})
	mailchimp.refused(err, "email_address: This value should be a valid email.")
	_, err = mailchimp.try("Add Member", values{"Audience": newsletter}, values{"email_address": "m7@example.com"})
	mailchimp.refused(err, "m7@example.com is already a list member")

	emails := make([]any, 1200)
	for n := range emails {
		emails[n] = fmt.Sprintf("b%d@example.com", n)
	}
	made := mailchimp.call("Add Members", values{"Audience": newsletter}, values{"[members].email_address": emails})
	if all := mailchimp.at(made, "[new_members].id").([]any); len(all) != 1200 || !cmp.Equal(api.Batches, []int{500, 500, 200}) {
		t.Errorf("%d made, in %v", len(all), api.Batches)
	}
	mailchimp.call("Archive Member", values{"Audience": newsletter, "Email": "ada@example.com"}, nil)

	heard := mailchimp.listen("Member Changed", values{"Audience": newsletter}, "Ping")
	if hooks := api.Webhooks(); len(hooks) != 1 || !cmp.Equal(hooks[0]["sources"], any(map[string]any{"user": true, "admin": true, "api": false})) {
		t.Fatalf("webhooks %v", hooks)
	}
	if status, err := api.Tell(url.Values{"type": {"subscribe"}, "fired_at": {"2026-01-01 12:00:00"}, "data[email]": {"grace@example.com"}, "data[merges][FNAME]": {"Grace"}}); err != nil || status != "200 OK" {
		t.Fatal(status, err)
	}
	if got := heard.heard(); !strings.Contains(got, `"merges":{"FNAME":"Grace"}`) {
		t.Errorf("heard %s", got)
	}
	heard.stop()
	if hooks := api.Webhooks(); len(hooks) != 0 {
		t.Errorf("webhooks left %v", hooks)
	}
}

// A person signs in; where the account is, is looked up.
func TestMailchimpSignIn(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewMailchimp(1)
	w := newWorld(t, []string{"mailchimp"}, api.Hosts()...)
	w.client("Mailchimp", api.ClientID, api.ClientSecret)
	mailchimp := w.install("Mailchimp", client.Install{})
	mailchimp.signIn()
	if got := mailchimp.property("DataCentre"); got != "us6" {
		t.Errorf("data centre %q", got)
	}
	mailchimp.call("Get Audience", values{"Audience": newsletter}, nil)
}
