package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

const tenantParts = `{
	"Authentication":[{"AuthType":"ApiKey"}],
	"Parameters":[{"Name":"BaseUrl","TargetType":"MergeField","AccountConnectorProperty":true},
		{"Name":"Region","TargetType":"QueryString","AccountConnectorProperty":true,"Optional":true}],
	"PostInstallTestMethod":"Who","PostInstallLookup":{"Method":"Who","Values":[{"Property":"Region","Location":"tenant.region"}]},
	"Methods":[
		{"Name":"Who","MethodUniqueIdentifier":"7e000000-0000-4000-8000-000000000001","MethodType":"Action","HttpMethod":"GET","EndPoint":"{{BaseUrl}}/who","ResponseDataType":"Json"},
		{"Name":"List","MethodUniqueIdentifier":"7e000000-0000-4000-8000-000000000002","MethodType":"Action","HttpMethod":"GET","EndPoint":"{{BaseUrl}}/list","ResponseDataType":"Json",
			"Script":"function after_error() { if (method_error.statusCode == 410) throw new AuthSessionException('moved'); return true; }"}]}`

type introduced struct {
	ID                 int64 `json:"Id"`
	Authenticated      bool
	AuthenticationNote string
	Properties         []struct{ Name, Value string }
}

func (i introduced) region() string {
	for _, p := range i.Properties {
		if p.Name == "Region" {
			return p.Value
		}
	}
	return ""
}

// Credentials are tried when they are set, and properties are looked up: what is
// wrong is said, and nothing fails.
func TestIntroductions(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		var region atomic.Value
		var broken atomic.Bool
		region.Store("eu")
		mux := http.NewServeMux()
		mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
			switch {
			case broken.Load():
				w.WriteHeader(http.StatusInternalServerError)
			case r.Header.Get("Authorization") != "right":
				w.WriteHeader(http.StatusUnauthorized)
			default:
				_, _ = io.WriteString(w, `{"tenant":{"region":"`+region.Load().(string)+`"}}`)
			}
		})
		mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("Region") != region.Load() {
				w.WriteHeader(http.StatusGone)
				return
			}
			_, _ = io.WriteString(w, `{"ok":true}`)
		})
		server := httptest.NewServer(mux)
		t.Cleanup(server.Close)
		if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"}); err != nil {
			t.Fatal(err)
		}
		books := r.acme.Account("books")
		do := func(method, path string, body, out any) {
			t.Helper()
			if err := books.Do(t.Context(), method, path, body, out); err != nil {
				t.Fatalf("%s %s: %v", method, path, err)
			}
		}
		var parts map[string]any
		if err := json.Unmarshal([]byte(tenantParts), &parts); err != nil {
			t.Fatal(err)
		}
		install := func(key string) (c introduced) {
			t.Helper()
			do("POST", fmt.Sprintf("/connectors/%d/install", r.custom(t, "Tenant "+tandem.NewGUID(), parts)), map[string]any{
				"AuthValue": key, "Properties": []any{map[string]string{"Name": "BaseUrl", "Value": server.URL}},
			}, &c)
			return c
		}
		if c := install(""); c.Authenticated || c.AuthenticationNote != "" {
			t.Errorf("without credentials: %+v", c)
		}
		c := install("wrong")
		if c.Authenticated || !strings.HasPrefix(c.AuthenticationNote, "The credentials were tried, and refused: ") || c.region() != "" {
			t.Errorf("wrong credentials: %+v", c)
		}
		path := fmt.Sprintf("/account/connectors/%d", c.ID)
		c = introduced{}
		if do("PUT", path, map[string]string{"AuthValue": "right"}, &c); !c.Authenticated || c.AuthenticationNote != "" || c.region() != "eu" {
			t.Errorf("right ones: %+v", c)
		}
		broken.Store(true)
		c = introduced{}
		if do("POST", path+"/test", nil, &c); !c.Authenticated || !strings.HasPrefix(c.AuthenticationNote, "The credentials could not be tried: ") {
			t.Errorf("while the third party is down: %+v", c)
		}
		broken.Store(false)
		c = introduced{}
		if do("POST", path+"/test", nil, &c); !c.Authenticated || c.AuthenticationNote != "" {
			t.Errorf("once it is back: %+v", c)
		}
		region.Store("us")
		var answer map[string]any
		if do("POST", path+"/methods/7e000000-0000-4000-8000-000000000002", nil, &answer); answer["ok"] != true {
			t.Errorf("after AuthSessionException: %v", answer)
		}
		c = introduced{}
		if do("GET", path, nil, &c); c.region() != "us" {
			t.Errorf("looked up again: %+v", c)
		}
		region.Store("")
		c = introduced{}
		want := "The credentials are good, but properties could not be looked up: the answer has no tenant.region for Region."
		if do("POST", path+"/test", nil, &c); !c.Authenticated || c.AuthenticationNote != want || c.region() != "us" {
			t.Errorf("an answer without the value: %+v", c)
		}
		// Credentials that were refused are there, and may be good one day.
		c = install("wrong")
		do("PUT", fmt.Sprintf("/account/connectors/%d/deauthenticate", c.ID), nil, nil)
		if err := books.Do(t.Context(), "POST", fmt.Sprintf("/account/connectors/%d/test", c.ID), nil, nil); err == nil || !strings.Contains(err.Error(), "has no credentials to test") {
			t.Errorf("without credentials: %v", err)
		}
	})
}
