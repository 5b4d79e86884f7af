package api_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// The conventions of the API about who calls, and in which account.
func TestWhoAndWhere(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.account("beside", "")
	books := w.tokenFor(w.partner, "account:books")
	const noToken, noAccount = "Authorization has been denied for this request.", "X-Cyclr-Account header is missing."
	for _, tt := range []struct {
		path    string
		header  map[string]string // Authorization instead of the partner's token
		status  int
		message string
	}{
		{"/v1.0/cycles", map[string]string{"X-Cyclr-Account": "books"}, 200, ""},
		{"/v1.0/cycles", map[string]string{"x-cyclr-account": "books"}, 200, ""},
		{"/v1.0/cycles", map[string]string{"X-Tandem-Account": "books"}, 200, ""},
		{"/v1.0/cycles", map[string]string{"X-Tandem-Account": "books", "X-Cyclr-Account": "books"}, 200, ""},
		{"/v1.0/cycles", map[string]string{"X-Tandem-Account": "books", "X-Cyclr-Account": "beside"}, 401, ""},
		{"/v1.0/cycles", nil, 401, noAccount},
		{"/v1.0/cycles", map[string]string{"X-Cyclr-Account": ""}, 401, noAccount},
		{"/v1.0/cycles", map[string]string{"X-Cyclr-Account": "nowhere"}, 401, "X-Cyclr-Account header: there is no such account."},
		{"/v1.0/accounts", nil, 200, ""},
		{"/v1.0/accounts", map[string]string{"Authorization": ""}, 401, noToken},
		{"/v1.0/accounts", map[string]string{"Authorization": "Bearer"}, 401, noToken},
		{"/v1.0/accounts", map[string]string{"Authorization": "Basic " + w.token}, 401, noToken},
		{"/v1.0/accounts", map[string]string{"Authorization": w.token}, 401, noToken},
		{"/v1.0/accounts", map[string]string{"Authorization": "Bearer x"}, 401, ""},
		{"/v1.0/accounts", map[string]string{"Authorization": "bEARER  " + w.token}, 200, ""},
		{"/v1.0/accounts?access_token=" + w.token, map[string]string{"Authorization": ""}, 401, noToken},
		{"/v1.0/cycles", map[string]string{"Authorization": "Bearer " + books}, 200, ""},
		{"/v1.0/cycles", map[string]string{"Authorization": "Bearer " + books, "X-Cyclr-Account": "books"}, 200, ""},
		{"/v1.0/cycles", map[string]string{"Authorization": "Bearer " + books, "X-Cyclr-Account": "beside"}, 403, "This token works for another account."},
		{"/v1.0/cycles", map[string]string{"Authorization": "Bearer " + books, "X-Cyclr-Account": "nowhere"}, 403, "This token works for another account."},
		{"/v1.0/accounts", map[string]string{"Authorization": "Bearer " + books}, 403, "This token works for one account only."},
		{"/v1.0/accounts/beside", map[string]string{"Authorization": "Bearer " + books}, 403, "This token works for one account only."},
	} {
		c := call{method: "GET", path: tt.path, header: tt.header}
		if tt.status == 200 {
			w.ok(c, nil)
			continue
		}
		w.fails(c, tt.status, tt.message)
		if a := w.do(c); tt.status == 401 && a.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s %v: %v", tt.path, tt.header, a.header)
		}
	}
}

// undated matches the times in an answer, and a token or secret.
var undated = regexp.MustCompile(`[0-9-]+T[0-9:.]+Z|token=[^&]*|"(Token|Secret)":"[^"]*"`)

// Paths are found with a slash at their end, and in any case.
func TestPathsAsTheyAreWritten(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	for _, r := range w.api.Routes() {
		if strings.HasSuffix(r.Path, "/live") {
			continue // does not end
		}
		path := anywhere(r.Path, w.contract.at("paths", r.Path, strings.ToLower(r.Method)))
		usual := w.do(call{method: r.Method, path: path, account: "books"})
		for _, other := range []string{path + "/", strings.ToUpper(path), strings.ToUpper(path) + "/?x=y"} {
			a := w.do(call{method: r.Method, path: other, account: "books"})
			if unlike := !strings.EqualFold(undated.ReplaceAllString(a.body, ""), undated.ReplaceAllString(usual.body, "")); a.status != usual.status || unlike {
				t.Errorf("%s %s: %d %.200s, without a slash or in lower case: %d %.200s", r.Method, other, a.status, a.body, usual.status, usual.body)
			}
		}
		if usual.status == http.StatusNotFound && strings.Contains(usual.body, "No HTTP resource") {
			t.Errorf("%s %s is not found: %s", r.Method, path, usual.body)
		}
	}
}

// Errors have the one shape, and the id of the request in a header.
func TestErrorsByStatus(t *testing.T) {
	w := newWorld(t, api.Options{MaxBody: 1000})
	w.account("books", "")
	for _, tt := range []struct {
		call   call
		status int
		want   string
	}{
		{call{method: "POST", path: "/v1.0/accounts", body: `{"Name":`}, 400, `{"Message":"The request is invalid.","ModelState":{"body":["malformed JSON at byte 8"]}}`},
		{call{method: "POST", path: "/v1.0/cycles", body: `{"Name":"x","Tags":"x"}`}, 400, `{"Message":"The request is invalid.","ModelState":{"Tags":["wrong type: string"]}}`},
		{call{method: "GET", path: "/v1.0/accounts?page=x"}, 400, `{"Message":"The request is invalid.","ModelState":{"page":["invalid integer"]}}`},
		{call{method: "GET", path: "/v1.0/cycles/x"}, 400, `{"Message":"The request is invalid.","ModelState":{"id":["invalid value: \"x\" is not a GUID"]}}`},
		{call{method: "GET", path: "/v1.0/account/connectors/x"}, 400, `{"Message":"The request is invalid.","ModelState":{"id":["invalid integer"]}}`},
		{call{method: "GET", path: "/v1.0/nothing"}, 404, `{"Message":"No HTTP resource was found that matches the request URI."}`},
		{call{method: "GET", path: "/v1.0/accounts/nothing"}, 404, `{"Message":"Account \"nothing\" could not be found."}`},
		{call{method: "PATCH", path: "/v1.0/accounts"}, 405, `{"Message":"The requested resource does not support http method 'PATCH'."}`},
		{call{method: "OPTIONS", path: "/v1.0/accounts"}, 405, `{"Message":"The requested resource does not support http method 'OPTIONS'."}`},
		{call{method: "POST", path: "/v1.0/accounts", body: fmt.Sprintf(`{"Name":"%01000d"}`, 0)}, 413, `{"Message":"The request body has more than 1000 bytes."}`},
		{call{method: "POST", path: "/v1.0/accounts", body: `x`, header: map[string]string{"Content-Type": "text/plain"}}, 415, `{"Message":"The request entity's media type 'text/plain' is not supported for this resource."}`},
	} {
		tt.call.account = "books"
		a := w.do(tt.call)
		if a.status != tt.status || strings.TrimSpace(a.body) != tt.want || len(a.header.Get("X-Request-Id")) < 20 {
			t.Errorf("%s %s: %d %s, want %d %s", tt.call.method, tt.call.path, a.status, a.body, tt.status, tt.want)
		}
	}
}
