package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
)

const (
	askMethod, askedMethod = "7f000000-0000-4000-8000-000000000001", "7f000000-0000-4000-8000-000000000002"

	askMethods = `[{"Name":"Ask","MethodUniqueIdentifier":"` + askMethod + `","MethodType":"Action","HttpMethod":"GET","EndPoint":"{{BaseUrl}}/ask","ResponseDataType":"Json",
			"Parameters":[{"Name":"About","TargetType":"QueryString"}],"ResponseFields":[{"ConnectorField":"id"}]},
		{"Name":"Asked","MethodUniqueIdentifier":"` + askedMethod + `","MethodType":"Webhook","ResponseDataType":"Json"}]`
)

// releases is a world in which an account uses a partner's own connector.
type releases struct {
	*testing.T
	*running
	books     *client.Client
	connector int64
	installed string // path
	cycle     string
	step      string
}

type update struct {
	ConnectorID  int64 `json:"ConnectorId"`
	Version      string
	ReleaseNotes string
}

func newReleases(t *testing.T, database string) *releases {
	r := &releases{T: t, running: start(t, config(t, database))}
	if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"}); err != nil {
		t.Fatal(err)
	}
	r.books = r.acme.Account("books")
	r.connector = r.custom(t, "Answers", map[string]any{"Authentication": json.RawMessage(`[{"AuthType":"ApiKey"}]`), "Methods": json.RawMessage(askMethods)})
	var made struct {
		ID int64 `json:"Id"`
	}
	r.do("POST", fmt.Sprintf("/connectors/%d/install", r.connector), map[string]any{
		"AuthValue": "the key", "Properties": []any{map[string]string{"Name": "BaseUrl", "Value": "https://answers.test"}},
	}, &made)
	r.installed = fmt.Sprintf("/account/connectors/%d", made.ID)
	var c, hook, ask struct {
		ID string `json:"Id"`
	}
	r.do("POST", "/cycles", map[string]any{"Name": "Questions"}, &c)
	step := func(kind, method string, out any) {
		r.do("POST", "/cycles/"+c.ID+"/steps", map[string]any{"ActionType": kind, "AccountConnector": made.ID, "Method": method}, out)
	}
	step("Webhook", askedMethod, &hook)
	step("Action", askMethod, &ask)
	r.do("POST", "/cycles/"+c.ID+"/edges", map[string]any{"HeadStepId": hook.ID, "TailStepId": ask.ID}, nil)
	r.cycle, r.step = "/cycles/"+c.ID, "/steps/"+ask.ID
	return r
}

func (r *releases) do(method, path string, body, out any) {
	r.Helper()
	if err := r.books.Do(r.Context(), method, path, body, out); err != nil {
		r.Fatalf("%s %s: %v", method, path, err)
	}
}

func (r *releases) fails(method, path string, body any, want string) {
	r.Helper()
	err := r.books.Do(r.Context(), method, path, body, nil)
	if err == nil || !strings.Contains(err.Error(), want) {
		r.Errorf("%s %s: %v, want %s", method, path, err, want)
	}
}

// draft begins a draft of the connector, with other methods.
func (r *releases) draft(methods string) string {
	r.Helper()
	var made struct {
		ID                     int64 `json:"Id"`
		Version, ReleaseStatus string
	}
	r.do("POST", fmt.Sprintf("/account/connectors/custom/%d/draft", r.connector), nil, &made)
	if made.ReleaseStatus != "Draft" {
		r.Errorf("%+v", made)
	}
	path := fmt.Sprintf("/account/connectors/custom/%d", made.ID)
	r.do("PUT", path, map[string]any{"Methods": json.RawMessage(methods)}, nil)
	return path
}

// list gives the releases, a line each.
func (r *releases) list() (lines []string) {
	r.Helper()
	var all []struct {
		Version, ReleaseStatus string
		Installed              int
		Promotions             []struct{ Kind, Version, Notes, PromotedBy string }
	}
	r.do("GET", fmt.Sprintf("/account/connectors/custom/%d/releases", r.connector), nil, &all)
	for _, one := range all {
		line := fmt.Sprintf("%s %s %d", one.Version, one.ReleaseStatus, one.Installed)
		for _, p := range one.Promotions {
			if p.PromotedBy == "" {
				r.Errorf("nobody promoted %+v", p)
			}
			line += fmt.Sprintf(", %s %s %s", p.Kind, p.Version, p.Notes)
		}
		lines = append(lines, line)
	}
	return lines
}

func (r *releases) updates() (of [2]*update) {
	r.Helper()
	for i, path := range []string{r.installed, r.step} {
		var shown struct{ UpdateAvailable *update }
		r.do("GET", path, nil, &shown)
		of[i] = shown.UpdateAvailable
	}
	return of
}

// A minor release takes the place of the live one, and what uses that moves with it;
// it may take nothing away that is in use.
func TestMinorRelease(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r := newReleases(t, database)
		r.fails("POST", fmt.Sprintf("/account/connectors/custom/%d/promote", r.connector), map[string]string{"Kind": "Minor"}, "is not a draft")
		draft := r.draft(strings.ReplaceAll(strings.Replace(askMethods, `{"Name":"About","TargetType":"QueryString"}`, `{"Name":"On","TargetType":"QueryString"}`, 1), `"id"`, `"number"`))
		r.fails("POST", fmt.Sprintf("/account/connectors/custom/%d/draft", r.connector), nil, "There is a draft of the connector already")
		r.fails("POST", draft+"/promote", map[string]string{"Kind": "Huge"}, `Kind: "Huge" is not known: want Minor or Major`)
		r.fails("POST", draft+"/promote", map[string]string{"Kind": "Minor"}, `The release is not a minor one: parameter About of method "Ask" is gone; `+
			`parameter On of method "Ask" is new, and is required; response field id of method "Ask" is gone. Promote it as Major.`)
		r.do("PUT", draft, map[string]any{"Methods": json.RawMessage(strings.Replace(askMethods, `"Name":"Ask",`, `"Name":"Ask well",`, 1))}, nil)
		r.do("POST", draft+"/promote", map[string]string{"Kind": "Minor", "Notes": "better names"}, nil)
		if diff := cmp.Diff([]string{"1.0 Live 1, Minor 1.0 better names"}, r.list()); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		var step struct{ Method struct{ Name string } }
		if r.do("GET", r.step, nil, &step); step.Method.Name != "Ask well" {
			t.Errorf("the step calls %q", step.Method.Name)
		}
		if got := r.updates(); got != [2]*update{} {
			t.Errorf("updates: %v", got)
		}
		r.fails("GET", draft, nil, "could not be found")
	})
}

// A major release is beside the one before. What is installed stays until it is
// moved, with its credentials, and with its steps.
func TestMajorRelease(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		r := newReleases(t, database)
		draft := r.draft(strings.Replace(askMethods, askMethod, "7f000000-0000-4000-8000-000000000009", 1))
		var live struct {
			ID                           int64 `json:"Id"`
			ReleaseStatus, Version, Name string
		}
		r.do("POST", draft+"/promote", map[string]string{"Kind": "Major", "Notes": "all new"}, &live)
		if live.ReleaseStatus != "Live" || live.Version != "2.0" {
			t.Errorf("%+v", live)
		}
		if diff := cmp.Diff([]string{"2.0 Live 0, Major 2.0 all new", "1.0 Deprecated 1"}, r.list()); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		next := &update{live.ID, "2.0", "all new"}
		if diff := cmp.Diff([2]*update{next, next}, r.updates()); diff != "" {
			t.Errorf("updates: -want +got\n%s", diff)
		}
		move := map[string]any{"ConnectorId": live.ID}
		r.fails("PUT", r.installed, move, fmt.Sprintf("The connector cannot move to Answers 2.0: cycle %q", "Questions"))
		if got := r.updates(); got[0] == nil || got[1] == nil {
			t.Errorf("half of it has moved: %v", got)
		}
		r.fails("PUT", r.installed, map[string]any{"ConnectorId": 999999}, "Connector 999999 could not be found")
		other := r.custom(t, "Other", map[string]any{"Methods": json.RawMessage(askMethods)})
		r.fails("PUT", r.installed, map[string]any{"ConnectorId": other}, "ConnectorId: Other 1.0 is no release of Answers.")

		next3 := r.draftOf(live.ID, askMethods)
		r.do("POST", next3+"/promote", map[string]string{"Kind": "Major"}, &live)
		var moved struct {
			ConnectorID        int64 `json:"ConnectorId"`
			Authenticated      bool
			AuthenticationNote *string
			Properties         []struct{ Name, Value string }
		}
		r.do("PUT", r.installed, map[string]any{"ConnectorId": live.ID}, &moved)
		if moved.ConnectorID != live.ID || !moved.Authenticated || moved.AuthenticationNote != nil || len(moved.Properties) != 1 || moved.Properties[0].Value != "https://answers.test" {
			t.Errorf("moved: %+v", moved)
		}
		if got := r.updates(); got != [2]*update{} {
			t.Errorf("updates: %v", got)
		}
		var missing []struct{ Reason string }
		if r.do("GET", r.cycle+"/prerequisites", nil, &missing); len(missing) != 1 || !strings.Contains(missing[0].Reason, "About") {
			t.Errorf("the cycle lacks %+v", missing) // the mapping that it lacked before
		}
		if diff := cmp.Diff([]string{"3.0 Live 1, Major 3.0 ", "2.0 Deprecated 0, Major 2.0 all new", "1.0 Deprecated 0"}, r.list()); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}

		// Another way to authenticate needs credentials of its own.
		final := r.draftOf(live.ID, askMethods)
		r.do("PUT", final, map[string]any{"Authentication": json.RawMessage(`[{"AuthType":"Basic"}]`)}, nil)
		r.do("POST", final+"/promote", map[string]string{"Kind": "Major"}, &live)
		if r.do("PUT", r.installed, map[string]any{"ConnectorId": live.ID}, &moved); moved.Authenticated || moved.AuthenticationNote == nil || *moved.AuthenticationNote != "Release 4.0 authenticates in another way. Give its credentials." {
			t.Errorf("moved: %+v", moved)
		}
	})
}

func (r *releases) draftOf(id int64, methods string) string {
	r.Helper()
	r.connector = id
	return r.draft(methods)
}
