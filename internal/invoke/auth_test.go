package invoke_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

func TestAuthentication(t *testing.T) {
	basic := base64.StdEncoding.EncodeToString([]byte("user:pass word"))
	tests := []struct {
		name   string
		auth   connector.Authentication
		value  string
		header string // Name: value
		uri    string
	}{
		{name: "none", auth: connector.Authentication{AuthType: connector.AuthNone}, value: "unused", uri: "/things"},
		{name: "key", auth: connector.Authentication{AuthType: connector.AuthAPIKey}, value: "k3y-value", header: "Authorization: k3y-value", uri: "/things"},
		{name: "scheme", auth: connector.Authentication{AuthType: connector.AuthAPIKey, AuthScheme: "Bearer"}, value: "k3y-value", header: "Authorization: Bearer k3y-value", uri: "/things"},
		{name: "header", auth: connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.HTTPHeader, TargetName: "x-api-key"}, value: "k3y-value", header: "X-Api-Key: k3y-value", uri: "/things"},
		{name: "query", auth: connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.QueryString, TargetName: "key"}, value: "k3y&value", uri: "/things?key=k3y%26value"},
		{name: "basic", auth: connector.Authentication{AuthType: connector.AuthBasic}, value: basic, header: "Authorization: Basic " + basic, uri: "/things"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newParty(t, nil)
			call := method(p.URL, connector.Method{})
			call.Auth = invoke.Credentials{Authentication: &tt.auth, Value: tandem.Secret(tt.value)}
			result, err := newCaller(t).Call(t.Context(), call)
			if err != nil {
				t.Fatal(err)
			}
			got := p.last(t)
			name, want, _ := strings.Cut(tt.header, ": ")
			if got.Header.Get(name) != want || got.URI != tt.uri {
				t.Errorf("asked %s with %v", got.URI, got.Header)
			}
			if tt.header == "" && got.Header.Get("Authorization") != "" {
				t.Errorf("sent %v", got.Header)
			}
			wantNone(t, result, tt.value, "k3y", "pass word")
		})
	}
}

func TestAuthenticationErrors(t *testing.T) {
	for value, auth := range map[string]connector.Authentication{
		"":             {AuthType: connector.AuthAPIKey},
		"not:coded":    {AuthType: connector.AuthBasic},
		"bm9jb2xvbg==": {AuthType: connector.AuthBasic},
		"x":            {AuthType: "Magic"},
	} {
		call := method("http://127.0.0.1:1", connector.Method{})
		call.Auth = invoke.Credentials{Authentication: &auth, Value: tandem.Secret(value)}
		_, err := newCaller(t).Call(t.Context(), call)
		wantError(t, err, invoke.Auth, "Failed to authenticate the connector")
	}
}

func TestAuthMergeFields(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{Parameters: []connector.Parameter{
		{Name: "X-Token", TargetType: connector.HTTPHeader, Value: "Token token={{Cyclr_Auth_ApiKey}}"},
	}})
	call.Auth = invoke.Credentials{
		Authentication: &connector.Authentication{AuthType: connector.AuthAPIKey, TargetType: connector.MergeField}, Value: "k3y-value",
	}
	result, err := newCaller(t).Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.last(t).Header; got.Get("X-Token") != "Token token=k3y-value" || got.Get("Authorization") != "" {
		t.Errorf("sent %v", got)
	}
	wantNone(t, result, "k3y-value")

	call = method(p.URL, connector.Method{HTTPMethod: "GET", Endpoint: "{{BaseUrl}}/{{Cyclr_Auth_Username}}?p={{Cyclr_Auth_Password}}"})
	call.Auth = invoke.Credentials{
		Authentication: &connector.Authentication{AuthType: connector.AuthBasic},
		Value:          tandem.Secret(base64.StdEncoding.EncodeToString([]byte("ada:s3cr3t&"))),
	}
	if result, err = newCaller(t).Call(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if got := p.last(t).URI; got != "/ada?p=s3cr3t%26" {
		t.Errorf("asked %s", got)
	}
	wantNone(t, result, "s3cr3t")
}

// wantNone fails if a secret is in any part of a result.
func wantNone(t *testing.T, r invoke.Result, secrets ...string) {
	t.Helper()
	all, err := json.Marshal([]any{r.Request, r.Response, document(r), r.Next})
	if err != nil {
		t.Fatal(err)
	}
	text := string(all)
	for _, x := range []*tandem.Exchange{r.Request, r.Response} {
		if x != nil {
			text += string(x.Body)
		}
	}
	for _, s := range secrets {
		if s != "" && strings.Contains(text, s) {
			t.Errorf("%q is in %s", s, text)
		}
	}
}
