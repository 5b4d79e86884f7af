package library

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/e2e/fake"
)

const (
	trelloBoard = "5abbe4b7ddc1b351ef961414"
	trelloList  = "5abbe4b7ddc1b351ef961501"
)

func TestTrello(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewTrello(2500)
	w := newWorld(t, []string{"trello"}, api.Hosts()...)
	trello := w.install("Trello", client.Install{
		AuthenticationID: w.wayOf("Trello", "ApiKey"), AuthValue: api.Token, Properties: []client.Property{{Name: "key", Value: api.Key}},
	})
	trello.tested()
	w.Calls()

	if all := trello.at(trello.call("List Cards", values{"Board": trelloBoard}, nil), "[].name").([]any); len(all) != 2500 || all[2499] != "Card 0" {
		t.Errorf("%d cards", len(all))
	}
	if calls := w.Calls(); len(calls) != 3 {
		t.Errorf("calls %+v", calls)
	}
	if got := trello.lookUp("Boards"); !cmp.Equal(got, []client.Choice{{Name: "Engines", Value: trelloBoard}}) {
		t.Errorf("boards %v", got)
	}
	if got := trello.subLookUp("Lists", values{"Board": trelloBoard}); len(got) != 2 || got[0].Value != trelloList {
		t.Errorf("lists %v", got)
	}
	if got := trello.subLookUp("Cards of a List", values{"Board": trelloBoard, "List": trelloList}); len(got) != 1000 {
		t.Errorf("%d cards to choose from", len(got))
	}

	card := trello.at(trello.call("Create Card", nil, values{"idList": trelloList, "name": "Oil it", "due": "2026-12-24T12:00:00Z"}), "id")
	trello.call("Update Card", values{"Card": card}, values{"name": "Oil it well", "dueComplete": true})
	if got := api.Kept()[0]; got["name"] != "Oil it well" || got["dueComplete"] != true {
		t.Errorf("kept %v", got)
	}
	file := trello.at(trello.call("Add Attachment", values{"Card": card}, values{"file": map[string]any{"FileName": "a.txt", "Content": "first\nsecond"}, "name": "Notes"}), "id").(string)
	if got := api.File(file); got != "first\nsecond" {
		t.Errorf("attached %q", got)
	}
	trello.call("Add Comment", values{"Card": card}, values{"text": "Done."})
	trello.call("Add Label to Card", values{"Card": card}, values{"value": "5abbe4b7ddc1b351ef960601"})
	check := trello.at(trello.call("Add Checklist", nil, values{"idCard": card, "name": "Steps"}), "id")
	trello.call("Add Checklist Item", values{"Checklist": check}, values{"name": "Look"})
	trello.call("Create List", nil, values{"name": "Later", "idBoard": trelloBoard})
	trello.call("List Board Actions", values{"Board": trelloBoard}, nil)
	if got := trello.at(trello.call("Search Cards", values{"query": "Oil it"}, nil), "[cards].id"); !cmp.Equal(got, any([]any{card})) {
		t.Errorf("found %v", got)
	}
	trello.call("Delete Card", values{"Card": card}, nil)
	_, err := trello.try("Get Card", values{"Card": card}, nil)
	trello.refused(err, "404")

	heard := trello.listen("Board Changed", values{"Board": trelloBoard}, "Get Member")
	if hooks := api.Webhooks(); len(hooks) != 1 || hooks[0]["idModel"] != trelloBoard {
		t.Fatalf("webhooks %v", hooks)
	}
	if status, err := api.Tell(map[string]any{"id": "a1", "type": "createCard", "data": map[string]any{"card": map[string]any{"name": "Polish it"}}}); err != nil || status != "200 OK" {
		t.Fatal(status, err)
	}
	if got := heard.heard(); !strings.Contains(got, "Polish it") {
		t.Errorf("heard %s", got)
	}
	heard.stop()
	if hooks := api.Webhooks(); len(hooks) != 0 {
		t.Errorf("webhooks left %v", hooks)
	}
}

// A person signs in by OAuth 1.0a; calls are signed.
func TestTrelloSignIn(t *testing.T) {
	t.Parallel() // it waits much
	api := fake.NewTrello(1)
	w := newWorld(t, []string{"trello"}, api.Hosts()...)
	w.client("Trello", api.Key, api.Secret)
	trello := w.install("Trello", client.Install{})
	trello.signIn()
	trello.call("Search Cards", values{"query": "Card (0) & more*"}, nil)
	trello.call("Create Card", nil, values{"idList": trelloList, "name": "Oil it"})
	if got := len(api.Kept()); got != 2 {
		t.Errorf("%d cards", got)
	}
}
