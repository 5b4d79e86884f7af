package embed_test

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
)

// api calls the API from a page, which must get through.
func (b *browser) api(method, path, body string, out any) {
	b.Helper()
	status, text := b.fetch(method, path, body)
	if status/100 != 2 {
		b.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			b.Fatal(err)
		}
	}
}

func (b *browser) fetch(method, path, body string) (status int, text []byte) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), method, b.URL()+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range b.cookies {
		req.AddCookie(c)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	if text, err = io.ReadAll(res.Body); err != nil {
		b.Fatal(err)
	}
	return res.StatusCode, text
}

// list is the sample CRM's List Contacts.
const list = "/methods/7f4657b6-5cb7-4303-baf2-973558dfca53"

// evil takes what keys it gets.
func evil(t *testing.T) (url string, got *atomic.Int64) {
	got = &atomic.Int64{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Api-Key") != "" {
			got.Add(1)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":12}`)
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

type connected struct {
	ID                  int64 `json:"Id"`
	ConnectorID         int64 `json:"ConnectorId"`
	AuthValue           *string
	AuthenticationState tandem.AuthenticationState
	AuthenticationNote  *string
	Properties          []struct {
		ID    int64 `json:"Id"`
		Value string
	}
}

// Whoever may change where a connector leads does not get the credentials that
// were given for where it led before.
func TestCredentialsStayWithTheirAddress(t *testing.T) {
	databases(t, func(w *world) {
		b, home := w.browser(), crm(w.T)
		b.ok(b.open(w.deploy("orbit", "books", object{}).OrbitURL))
		elsewhere, got := evil(w.T)
		program := w.acme.Account("books")
		install := func() (c connected, path string) {
			w.Helper()
			body := object{"AuthValue": "the key", "Properties": []object{{"Name": "BaseUrl", "Value": home}}}
			if err := program.Do(w.Context(), http.MethodPost, "/connectors/Bookshelf%20CRM/install", body, &c); err != nil {
				w.Fatal(err)
			}
			return c, fmt.Sprintf("/v1.0/account/connectors/%d", c.ID)
		}
		for name, change := range map[string]func(path, property string){
			"connector": func(path, _ string) {
				b.api("PUT", path, `{"Properties":[{"Name":"baseurl","Value":"`+elsewhere+`"}]}`, nil)
			},
			"masked": func(path, _ string) {
				b.api("PUT", path, `{"AuthValue":"***","Properties":[{"Name":"BaseUrl","Value":"`+elsewhere+`"}]}`, nil)
			},
			"property": func(_, property string) { b.api("PUT", property, `{"Value":"`+elsewhere+`"}`, nil) },
			"added property": func(path, _ string) {
				b.api("POST", path+"/properties", `{"Name":"BaseUrl","Value":"`+elsewhere+`"}`, nil)
			},
			"removed and added": func(path, property string) {
				b.api("DELETE", property, "", nil)
				b.api("POST", path+"/properties", `{"Name":"BaseUrl","Value":"`+elsewhere+`"}`, nil)
			},
		} {
			c, path := install()
			change(path, fmt.Sprintf("%s/properties/%d", path, c.Properties[0].ID))
			b.fetch(http.MethodPost, path+list, "{}") // whatever comes of it
			b.api("GET", path, "", &c)
			if c.AuthenticationState != tandem.NotAuthenticated || c.AuthValue != nil || c.AuthenticationNote == nil || !strings.Contains(*c.AuthenticationNote, "BaseUrl") || c.Properties[0].Value != elsewhere {
				w.Errorf("%s: %+v", name, c)
			}
			if got.Load() != 0 {
				w.Fatalf("%s: the key was read elsewhere", name)
			}
			b.api("PUT", path, `{"AuthValue":"mine"}`, &c)
			if b.fetch(http.MethodPost, path+list, "{}"); got.Swap(0) == 0 || c.AuthenticationNote != nil || c.AuthenticationState != tandem.Authenticated {
				w.Errorf("%s: given anew: %+v", name, c)
			}
		}

		c, path := install()
		b.api("PUT", path, `{"Name":"Ours","Properties":[{"Name":"BaseUrl","Value":"`+home+`"}]}`, &c)
		if c.AuthenticationState != tandem.Authenticated {
			w.Errorf("the same address: %+v", c)
		}
		b.api("PUT", path, `{"AuthValue":"mine","Properties":[{"Name":"BaseUrl","Value":"`+elsewhere+`"}]}`, &c)
		if c.AuthenticationState != tandem.Authenticated {
			w.Errorf("address and credentials at once: %+v", c)
		}
		own := connected{}
		if err := program.Do(w.Context(), http.MethodPut, strings.TrimPrefix(path, "/v1.0"), object{"Properties": []object{{"Name": "BaseUrl", "Value": home}}}, &own); err != nil || own.AuthenticationState != tandem.Authenticated {
			w.Errorf("by the partner: %+v, %v", own, err)
		}
	})
}

// The screens ask for both where only the key is known; who forges a form gets no
// further.
func TestScreensKeepCredentialsWithTheirAddress(t *testing.T) {
	w := newWorld(t, appConfig)
	w.template(timed)
	provided := func(account string, properties []object) deployed {
		return w.deploy("launch", account, object{"ConnectorAuthentications": []object{{"Name": "Bookshelf CRM", "AuthValue": "the key", "Properties": properties}}})
	}
	elsewhere, got := evil(t)
	b := w.browser()
	page := b.ok(b.open(provided("books", nil).LaunchURL), "Address", "API key")
	b.refused(b.send(page, "", ".property.BaseUrl", elsewhere), 400, "Fill in the fields that are marked.")
	b.ok(b.send(page, "", ".property.BaseUrl", crm(t), ".key", "mine"), "Running")

	b = w.browser()
	page = b.ok(b.open(provided("records", []object{{"Name": "BaseUrl", "Value": crm(t)}}).LaunchURL))
	f := b.form(page, "")
	if f.name(".property.BaseUrl") != "" {
		t.Fatalf("the form: %v", f.values)
	}
	var installed []connected
	if err := w.acme.Account("records").Do(t.Context(), http.MethodGet, "/account/connectors", nil, &installed); err != nil || len(installed) != 1 {
		t.Fatalf("%v, %v", installed, err)
	}
	f.values.Set("connector."+itoa(installed[0].ConnectorID)+".property.BaseUrl", elsewhere)
	b.follow(b.do(http.MethodPost, f.action, f.values)) // whatever comes of it
	b.fetch(http.MethodPost, fmt.Sprintf("/v1.0/account/connectors/%d", installed[0].ID)+list, "{}")
	var now connected
	b.api("GET", fmt.Sprintf("/v1.0/account/connectors/%d", installed[0].ID), "", &now)
	if now.Properties[0].Value == elsewhere && now.AuthenticationState == tandem.Authenticated {
		t.Errorf("after a forged form: %+v", now)
	}
	if got.Load() != 0 {
		t.Error("the key was read elsewhere")
	}
}
