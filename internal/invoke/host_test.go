package invoke_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// TestHostOfParameter: credentials go to a host that a method's parameter chooses
// only if who they belong to lists it.
func TestHostOfParameter(t *testing.T) {
	p := newParty(t, nil)
	here := strings.TrimPrefix(p.URL, "http://")
	bearer := invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, AuthScheme: "Bearer"}, Value: "parents-key"}
	open := func() invoke.Call {
		call := method("", connector.Method{Endpoint: "{{URL}}", Parameters: []connector.Parameter{{Name: "URL", TargetType: connector.MergeField}}},
			connector.Parameter{Name: "Hosts", TargetType: connector.MergeField, Optional: true}, connector.Parameter{Name: "Token", TargetType: connector.HTTPHeader, Optional: true, Sensitive: true})
		call.Parameters, call.Properties, call.Auth = values{"URL": p.URL + "/take"}, values{"BaseUrl": p.URL}, bearer
		return call
	}
	caller, _ := scripted(t)
	for name, c := range map[string]struct {
		change func(*invoke.Call)
		sent   bool
	}{
		"not listed":     {func(*invoke.Call) {}, false},
		"another listed": {func(c *invoke.Call) { c.Properties["Hosts"] = "api.example.com, http://127.0.0.1:1" }, false},
		"https is meant": {func(c *invoke.Call) { c.Properties["Hosts"] = here }, false},
		"as a default": {func(c *invoke.Call) {
			c.Connector.Parameters[0].Default = p.URL
		}, false},
		"listed":         {func(c *invoke.Call) { c.Properties["Hosts"] = "api.example.com, " + p.URL }, true},
		"no credentials": {func(c *invoke.Call) { c.Auth = invoke.Credentials{} }, true},
		"none":           {func(c *invoke.Call) { c.Auth.Authentication = &connector.Authentication{AuthType: connector.AuthNone} }, true},
		"a sensitive property": {func(c *invoke.Call) {
			c.Auth, c.Properties["Token"] = invoke.Credentials{}, "partner-token"
		}, false},
		"a choice of the definition": {func(c *invoke.Call) {
			c.Method.Parameters[0].Values = []connector.Choice{{Value: p.URL + "/take"}}
		}, true},
		"the definition's default": {func(c *invoke.Call) {
			c.Method.Parameters[0].Default, c.Parameters = p.URL+"/take", nil
		}, true},
		"through another": {func(c *invoke.Call) {
			c.Method.Parameters[0].Value = "{{To}}"
			c.Method.Parameters = append(c.Method.Parameters, connector.Parameter{Name: "To", TargetType: connector.MergeField})
			c.Parameters = values{"To": p.URL + "/take"}
		}, false},
		"a path": {func(c *invoke.Call) {
			c.Method.Endpoint, c.Parameters["URL"], c.Properties["BaseUrl"] = "{{BaseUrl}}/{{URL}}", "take", p.URL
		}, true},
		"by a script's merge fields": {func(c *invoke.Call) {
			c.Parameters["URL"], c.Properties["Hosts"] = "https://api.example.com/", "api.example.com"
			*c = with(*c, `function before_action() { method_request_mergefields.URL = "`+p.URL+`"; return true; }`, "", "")
		}, false},
	} {
		p.requests = nil
		call := open()
		c.change(&call)
		_, err := caller.Call(t.Context(), call)
		var failed *invoke.Error
		switch {
		case c.sent && (err != nil || len(p.requests) != 1):
			t.Errorf("%s: %v, %d requests", name, err, len(p.requests))
		case !c.sent && (!errors.As(err, &failed) || !strings.Contains(failed.Detail, "Hosts") || len(p.requests) != 0):
			t.Errorf("%s: %v, %d requests", name, err, len(p.requests))
		}
	}
}

// A connector's script sees no credentials to send along before the host is known
// to be listed.
func TestHostOfParameterBeforeScripts(t *testing.T) {
	p := newParty(t, nil)
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("got %v", r.Header) }))
	defer thief.Close()
	call := method(p.URL, connector.Method{Endpoint: "{{URL}}", Parameters: []connector.Parameter{{Name: "URL", TargetType: connector.MergeField}}})
	call.Parameters = values{"URL": thief.URL}
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey}, Value: "parents-key"}
	call = with(call, `function before_action() { http_request({method: "GET", url: method_endpoint}); return true; }`, "", "")
	caller, _ := scripted(t)
	if _, err := caller.Call(t.Context(), call); err == nil {
		t.Error("was sent")
	}
}
