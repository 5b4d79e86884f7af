package openapi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connector/openapi"
)

const onePath = "\npaths: {/a: {get: {}}}\n"

var nothing openapi.Options

func TestServers(t *testing.T) {
	for _, test := range []struct {
		name, servers, url string
		endpoint           string
		parameters         []string // name=default of the connector's
	}{
		{"one", `[{url: "https://x.test/v1/"}]`, "", "https://x.test/v1/a", nil},
		{"none", `[]`, "", "{{BaseUrl}}/a", []string{"BaseUrl"}},
		{"several", `[{url: "https://x.test/v1"}, {url: "https://sandbox.x.test/v1"}, {url: "https://x.test/v1"}]`, "",
			"{{BaseUrl}}/a", []string{"BaseUrl=https://x.test/v1 [https://x.test/v1 https://sandbox.x.test/v1]"}},
		{"relative to the document", `[{url: /v2}]`, "https://x.test/docs/openapi.json", "https://x.test/v2/a", nil},
		{"relative, beside it", `[{url: ./v2}]`, "https://x.test/docs/openapi.json", "https://x.test/docs/v2/a", nil},
		{"relative to nothing", `[{url: /v2}]`, "", "{{BaseUrl}}/v2/a", []string{"BaseUrl"}},
		{"without a scheme", `[{url: //x.test/v2}]`, "", "https://x.test/v2/a", nil},
		{"variables", `[{url: "https://{tenant}.x.test/{version}", variables: {tenant: {description: Yours}, version: {default: v2, enum: [v1, v2]}}}]`, "",
			"https://{{tenant}}.x.test/{{version}}/a", []string{"tenant", "version=v2 [v1 v2]"}},
		{"a variable scheme", `[{url: "{scheme}://x.test", variables: {scheme: {default: https, enum: [http, https]}}}]`, "", "https://x.test/a", nil},
		{"a variable port", `[{url: "https://{host}:{port}/api", variables: {host: {default: x.test}, port: {default: 8443}}}]`, "",
			"{{BaseUrl}}/a", []string{"BaseUrl=https://x.test:8443/api"}},
		{"all of it variable", `[{url: "{server}/api", variables: {server: {default: "https://x.test"}}}]`, "", "{{BaseUrl}}/a", []string{"BaseUrl=https://x.test/api"}},
		{"a variable of two segments", `[{url: "https://x.test/{path}", variables: {path: {default: a/b}}}]`, "", "{{BaseUrl}}/a", []string{"BaseUrl=https://x.test/a/b"}},
		{"who may call is not for the import", `[{url: "http://169.254.169.254/latest"}]`, "", "http://169.254.169.254/latest/a", nil},
	} {
		c, _ := imported(t, document("servers: "+test.servers+onePath), openapi.Options{URL: test.url})
		var parameters []string
		for _, p := range c.Parameters {
			text := p.Name
			if p.Default != "" {
				text += "=" + p.Default
			}
			var values []string
			for _, v := range p.Values {
				values = append(values, v.Value)
			}
			if values != nil {
				text += " [" + strings.Join(values, " ") + "]"
			}
			if !p.AccountConnectorProperty || p.TargetType != connector.MergeField || p.Optional != (p.Default != "") {
				t.Errorf("%s: %+v", test.name, p)
			}
			parameters = append(parameters, text)
		}
		if diff := cmp.Diff(test.parameters, parameters); diff != "" || c.Methods[0].Endpoint != test.endpoint {
			t.Errorf("%s: %s %s", test.name, c.Methods[0].Endpoint, diff)
		}
	}
}

func TestServersThatCannotBe(t *testing.T) {
	for url, why := range map[string]string{
		"javascript:alert(1)": "no address", "ftp://x.test": "not of http", "file:///etc/passwd": "not of http", "https://": "not of http",
		"wss://x.test": "not of http", "https://x.test:port": "no address",
		"https://ada:secret@x.test/": "user and password", "https://x.test/?key=1#top": "query and fragment",
	} {
		c, r := imported(t, document("servers: [{url: '"+url+"'}]"+onePath), openapi.Options{})
		if !has(r, "/servers/0", why) {
			t.Errorf("%s: %+v", url, r.Notes)
		}
		for _, bad := range []string{"javascript", "ftp:", "file:", "secret", "key=1", "wss"} {
			if strings.Contains(c.Methods[0].Endpoint, bad) {
				t.Errorf("%s: %s", url, c.Methods[0].Endpoint)
			}
		}
	}
}

func TestServersOfAnOperation(t *testing.T) {
	c, r := imported(t, document(`
servers: [{url: https://x.test}]
paths:
  /a:
    servers: [{url: https://files.x.test}]
    get: {}
    post: {servers: [{url: https://upload.x.test}, {url: https://b.x.test}]}
    put: {servers: [{url: "ftp://x.test"}]}
`), openapi.Options{})
	want := map[string]string{"GET": "https://files.x.test/a", "POST": "https://upload.x.test/a", "PUT": "https://x.test/a"}
	for _, m := range c.Methods {
		if m.Endpoint != want[m.HTTPMethod] {
			t.Errorf("%s %s", m.HTTPMethod, m.Endpoint)
		}
	}
	if !has(r, "/paths/~1a/post/servers", "first one") || !has(r, "/paths/~1a/put/servers/0", "not of http") {
		t.Errorf("%+v", r.Notes)
	}
}

func TestSecurity(t *testing.T) {
	const flows = `flows: {authorizationCode: {authorizationUrl: /auth, tokenUrl: "https://{tenant}.x.test/token", refreshUrl: https://x.test/refresh, scopes: {read: r, write: w}},
      clientCredentials: {tokenUrl: https://x.test/token, scopes: {}}, password: {tokenUrl: https://x.test/token, scopes: {read: r}}, implicit: {authorizationUrl: https://x.test/auth, scopes: {}}}`
	for _, test := range []struct {
		scheme string
		want   []connector.Authentication
		note   string // at the scheme, or below
	}{
		{`{type: apiKey, in: header, name: X-Key}`, []connector.Authentication{{Name: "s", AuthType: connector.AuthAPIKey, TargetName: "X-Key"}}, ""},
		{`{type: apiKey, in: query, name: key}`, []connector.Authentication{{Name: "s", AuthType: connector.AuthAPIKey, TargetType: connector.QueryString, TargetName: "key"}}, ""},
		{`{type: apiKey, in: cookie, name: sid}`, nil, "cookie"},
		{`{type: apiKey, in: header, name: "X-Key\r\nEvil: 1"}`, nil, "not a header"},
		{`{type: apiKey, in: header, name: Host}`, nil, "cannot be set"},
		{`{type: http, scheme: Basic}`, []connector.Authentication{{Name: "s", AuthType: connector.AuthBasic}}, ""},
		{`{type: http, scheme: bearer}`, []connector.Authentication{{Name: "s", AuthType: connector.AuthAPIKey, AuthScheme: "Bearer"}}, ""},
		{`{type: http, scheme: digest}`, nil, "digest"},
		{`{type: mutualTLS}`, []connector.Authentication{{Name: "s", AuthType: connector.AuthMutualTLS}}, ""},
		{`{type: openIdConnect, openIdConnectUrl: https://x.test/.well-known}`, nil, "OpenID Connect"},
		{`{type: strange}`, nil, "strange"},
		{`{type: oauth2, flows: {clientCredentials: {tokenUrl: "javascript:alert(1)", scopes: {}}}}`, nil, "no address"},
		{`{type: oauth2, ` + flows + `}`, []connector.Authentication{
			{Name: "s authorizationCode", AuthType: connector.AuthOAuth2, OAuth2Type: connector.AuthorisationCode, AuthoriseURL: "https://x.test/auth",
				AccessTokenURL: "https://{{tenant}}.x.test/token", RefreshTokenURL: "https://x.test/refresh", Scopes: "read write"},
			{Name: "s clientCredentials", AuthType: connector.AuthOAuth2, OAuth2Type: connector.ClientCredentials, AccessTokenURL: "https://x.test/token"},
			{Name: "s password", AuthType: connector.AuthOAuth2, OAuth2Type: connector.PasswordCredentials, AccessTokenURL: "https://x.test/token", Scopes: "read"},
		}, "implicit"},
	} {
		c, r := imported(t, document("servers: [{url: 'https://x.test/v1'}]\nsecurity: [{s: []}]\ncomponents: {securitySchemes: {s: "+test.scheme+"}}"+onePath), openapi.Options{})
		want := test.want
		if want == nil {
			want = []connector.Authentication{{Name: "None", AuthType: connector.AuthNone}}
		}
		if diff := cmp.Diff(want, c.Authentication); diff != "" {
			t.Errorf("%s: %s", test.scheme, diff)
		}
		told := false
		for _, n := range r.Notes {
			told = told || strings.HasPrefix(n.Pointer, "/components/securitySchemes/s") && strings.Contains(n.Message, test.note)
		}
		if told != (test.note != "") {
			t.Errorf("%s: %+v", test.scheme, r.Notes)
		}
	}
}

func TestSecurityOfOperations(t *testing.T) {
	schemes := "servers: [{url: 'https://x.test'}]\ncomponents: {securitySchemes: {app: {type: apiKey, in: header, name: X-App}, key: {type: apiKey, in: header, name: X-Key}, " +
		"o: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://x.test/t, scopes: {a: '', b: '', c: ''}}}}}}\n"
	names := func(c *connector.Connector) (all []string) {
		for _, a := range c.Authentication {
			all = append(all, a.Name)
		}
		return all
	}
	// Two keys at once: one authenticates, the other is asked for beside it.
	c, _ := imported(t, document(schemes+"security: [{app: [], key: []}]"+onePath), openapi.Options{})
	if diff := cmp.Diff([]string{"app", "o clientCredentials"}, names(c)); diff != "" {
		t.Error(diff)
	}
	beside := []connector.Parameter{{Name: "X-Key", TargetType: connector.HTTPHeader, DataType: connector.Text, Sensitive: true, AccountConnectorProperty: true}}
	if diff := cmp.Diff(beside, c.Parameters); diff != "" {
		t.Error(diff)
	}
	// Scopes are those that operations need; without credentials is one of the ways.
	c, r := imported(t, document(schemes+"security: [{o: [a]}, {}]\npaths: {/a: {get: {security: [{o: [b]}]}, post: {security: []}}}"), openapi.Options{})
	if c.Authentication[2].Scopes != "a b" {
		t.Errorf("scopes %q", c.Authentication[2].Scopes)
	}
	if diff := cmp.Diff([]string{"app", "key", "o clientCredentials", "None"}, names(c)); diff != "" {
		t.Error(diff)
	}
	if !has(r, "/paths/~1a/get/security", "of its own") {
		t.Errorf("%+v", r.Notes)
	}
}
