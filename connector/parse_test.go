package connector_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/tandem-ipaas/tandem/connector"
)

func shop(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestParse(t *testing.T) {
	c, err := connector.Parse("shop.yaml", []byte(shop(t)))
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "Shop" || len(c.Methods) != 2 || !c.Parameters[1].Sensitive || c.Methods[0].Parameters[2].Values[0].Label != "Open" {
		t.Errorf("read %+v", c)
	}
	if c.UniqueIdentifier != "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c11" {
		t.Errorf("UniqueIdentifier %s is not in lower case", c.UniqueIdentifier)
	}
	// As Python's uuid.uuid5(UniqueIdentifier, "List Orders").
	if got, want := c.Methods[0].MethodUniqueIdentifier, "8fd9c471-3c69-555d-ad0c-2789dc743907"; got != want {
		t.Errorf("MethodUniqueIdentifier %s, want %s", got, want)
	}
	if got := c.Methods[1].MethodUniqueIdentifier; got != "11111111-2222-4333-8444-555555555555" {
		t.Errorf("MethodUniqueIdentifier %s is not the one given", got)
	}
}

// JSON and YAML of the same document read the same.
func TestParseJSON(t *testing.T) {
	want, err := connector.Parse("shop.yaml", []byte(shop(t)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := connector.Parse("shop.json", []byte(asJSON(t, shop(t))))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-yaml +json):\n%s", diff)
	}
}

func TestParseJSONEscapes(t *testing.T) {
	text := strings.Replace(asJSON(t, shop(t)), `"Shop"`, `"Shop \ud83d\ude00 \/"`, 1)
	c, err := connector.Parse("shop.json", []byte(text))
	if err != nil || c.Name != "Shop 😀 /" {
		t.Errorf("Name %q, %v", c.Name, err)
	}
}

func asJSON(t testing.TB, text string) string {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What a method says may have its own parameters as merge fields.
func TestParametersOfOwnParameters(t *testing.T) {
	text := strings.Replace(shop(t), "{Name: state,", `{Name: q, TargetType: QueryString, Value: "in:{{state}}", Default: "{{cursor}}"}
      - {Name: state,`, 1)
	text = strings.Replace(text, "    ResponseDataType: Json\n", `    ResponseDataType: Json
    ResponseFields: [{ConnectorField: state, Default: "{{state}}"}]
`, 1)
	if _, err := connector.Parse("shop.yaml", []byte(text)); err != nil {
		t.Error(err)
	}
}

// Each mistake in the valid document is told with its line and field.
func TestParseProblems(t *testing.T) {
	tests := []struct {
		name, old, new, want string
	}{
		{"unknown field", "Name: Shop", "Name: Shop\nColour: red", "shop.yaml:2: Colour: unknown field; there are Name, Version"},
		{"wrong case", "HttpMethod: GET", "HTTPMethod: GET", "shop.yaml:15: Methods[0].HTTPMethod: unknown field; it is written HttpMethod"},
		{"twice", "Name: Shop", "Name: Shop\nName: Other", "shop.yaml:2: Name: is there twice"},
		{"id in a file", "{AuthType: None}", "{Id: 1, AuthType: None}", "shop.yaml:6: Authentication[1].Id: unknown field"},
		{"not text", `Version: "2"`, "Version: 2.0", `shop.yaml:2: Version: must be text; write it in quotes: "2.0"`},
		{"not a list", "  - {AuthType: None}", "", ""},
		{"object for text", "Name: Shop", "Name: {a: b}", "shop.yaml:1: Name: must be text"},
		{"not a number", "{Items: orders}", "{Items: orders, PageSize: many}", "shop.yaml:22: Methods[0].Paging.PageSize: must be a whole number"},
		{"not a bool", "Sensitive: true", "Sensitive: 1", "shop.yaml:9: Parameters[1].Sensitive: must be true or false"},
		{"required", "Name: Shop\n", "", "shop.yaml:1: Name: is required"},
		{"empty list", "Authentication:", "Authentication: []\nCategories:", "Authentication: is required"},
		{"required enum", "    MethodType: Webhook\n", "", "shop.yaml:23: Methods[1].MethodType: is required; it is one of Action, Webhook"},
		{"unknown enum", "{AuthType: None}", "{AuthType: Magic}", `shop.yaml:6: Authentication[1].AuthType: "Magic" is not known; it is one of None, ApiKey, Basic`},
		{"GUID", "6A0C2F60", "6A0C2F6", "shop.yaml:3: UniqueIdentifier: \"6a0c2f6-1f0e-4f0e-9a51-0f6a3f1b7c11\" is not a GUID"},
		{"method GUID", "11111111-2222", "1-2222", "shop.yaml:25: Methods[1].MethodUniqueIdentifier"},
		{"icon", "Name: Shop", "Name: Shop\nIcon: ../x.png", "shop.yaml:2: Icon: must be the name of a file"},
		{"ApiKey without target", "TargetType: QueryString, TargetName: key", "TargetType: QueryString", "shop.yaml:5: Authentication[0].TargetName: is required"},
		{"target of None", "{AuthType: None}", "{AuthType: None, AuthScheme: Bearer}", "shop.yaml:6: Authentication[1]: AuthScheme"},
		{"authentication twice", "{AuthType: None}", "{AuthType: None, Name: Key}", `shop.yaml:6: Authentication[1].Name: "Key" is used twice`},
		{"header name", "Name: X-Shop", "Name: X Shop", `shop.yaml:9: Parameters[1].TargetName: "X Shop" is not a header name`},
		{"own header", "Name: X-Shop", "Name: host", "shop.yaml:9: Parameters[1].TargetName: host cannot be set"},
		{"method twice", "Name: Order Placed", "Name: List Orders", `shop.yaml:23: Methods[1].Name: "List Orders" is used twice`},
		{"parameter twice", "Name: cursor", "Name: state", `Methods[0].Parameters[2].Name: "state" is used twice`},
		{"unknown method", "Method: List Orders", "Method: List", `shop.yaml:11: Triggers[0].Method: there is no method "List"; there are List Orders, Order Placed`},
		{"webhook called", "Method: List Orders", "Method: Order Placed", "shop.yaml:11: Triggers[0].Method: method \"Order Placed\" is a webhook"},
		{"unknown trigger", "{Name: state,", "{Name: state, Trigger: States,", `shop.yaml:21: Methods[0].Parameters[2].Trigger: there is no trigger "States"`},
		{"bad location", `"[orders].id"`, `"[orders.id"`, "shop.yaml:11: Triggers[0].IdentifierKey: location \"[orders.id\": a list is not closed"},
		{"field twice", "ConnectorField: id", "ConnectorField: \"[lines].['unit price']\"", "Methods[1].ResponseFields[1].ConnectorField"},
		{"unknown merge field", "{{BaseUrl}}", "{{Base}}", `shop.yaml:16: Methods[0].Endpoint: there is no merge field "Base"`},
		{"merge field of another method", "AccountConnectorProperty: true", "AccountConnectorProperty: true, Default: \"{{state}}\"", `Parameters[0].Default: there is no merge field "state"`},
		{"open merge field", "{{BaseUrl}}", "{{BaseUrl", "shop.yaml:16: Methods[0].Endpoint:"},
		{"endpoint scheme", `"{{BaseUrl}}/orders`, `"ftp://x/orders`, "shop.yaml:16: Methods[0].Endpoint: must begin with"},
		{"HTTP method", "HttpMethod: GET", "HttpMethod: FETCH", "shop.yaml:15: Methods[0].HttpMethod: \"FETCH\" is not known; it is one of GET"},
		{"no HTTP method", "    HttpMethod: GET\n", "", "shop.yaml:13: Methods[0].HttpMethod: is required"},
		{"body of a GET", "    ResponseDataType: Json\n    Parameters", "    RequestDataType: Json\n    ResponseDataType: Json\n    Parameters", "Methods[0].RequestDataType: a GET has no body"},
		{"fields without a type", "    ResponseDataType: Json\n    ResponseFields", "    ResponseFields", "Methods[1].ResponseFields: ResponseDataType is required"},
		{"response field's variable", "TargetName: meta.next, Value: CYCLR_PAGE_TOKEN", "TargetName: meta.next, Value: CYCLR_PAGE_NUMBER", "is not filled from a response"},
		{"page variable", "{Name: cursor, TargetType: QueryString, Value: CYCLR_PAGE_TOKEN}", "{Name: cursor, TargetType: QueryString, Value: CYCLR_PAGE}", `"CYCLR_PAGE" is not known; there are CYCLR_PAGE_NUMBER`},
		{"no paging", "    Paging: {Items: orders}\n", "", "CYCLR_PAGE_TOKEN needs Paging"},
		{"paging of nothing", "Value: CYCLR_PAGE_TOKEN", "Value: CYCLR_PAGE_SIZE", "Methods[0].Paging: no parameter"},
		{"hidden without a value", "TargetType: QueryString, Optional: true", "TargetType: QueryString, Hidden: true", "Methods[0].Parameters[2].Value: is required of a hidden"},
		{"webhook with endpoint", "    MethodType: Webhook\n", "    MethodType: Webhook\n    Endpoint: https://x.example\n", "Methods[1].Endpoint: a webhook is received"},
		{"delete method alone", "    MethodType: Webhook\n", "    MethodType: Webhook\n    DeleteWebhookMethod: List Orders\n", "Methods[1].CreateWebhookMethod: is required"},
		{"YAML", "Name: Shop", "Name: [Shop", "shop.yaml:"},
		{"two documents", "Name: Shop", "Name: Shop\n---\nName: x", "shop.yaml:2: there is more than one document"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.ReplaceAll(shop(t), tt.old, tt.new)
			if text == shop(t) {
				t.Fatalf("%q is not in the document", tt.old)
			}
			_, err := connector.Parse("shop.yaml", []byte(text))
			if tt.want == "" {
				if err != nil {
					t.Errorf("still valid, but: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestParseAllProblems(t *testing.T) {
	text := strings.NewReplacer("Name: Shop\n", "", "HttpMethod: GET", "HttpMethod: FETCH", "AuthType: None", "AuthType: Magic").Replace(shop(t))
	_, err := connector.Parse("shop.yaml", []byte(text))
	var all connector.Errors
	if !errors.As(err, &all) || len(all) != 3 {
		t.Fatalf("got %v, want three problems", err)
	}
	for i := 1; i < len(all); i++ {
		if all[i].Line < all[i-1].Line {
			t.Errorf("not in order of line: %v", err)
		}
	}
	var one *connector.Error
	if !errors.As(err, &one) || one.Field != "Name" {
		t.Errorf("errors.As gave %+v", one)
	}
}

func TestParseEmpty(t *testing.T) {
	for _, text := range []string{"", "# nothing", "---\n", "null", "[]", "text"} {
		if _, err := connector.Parse("x.yaml", []byte(text)); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

// A document that says little and means much is refused, not read at length.
func TestParseAliases(t *testing.T) {
	var b strings.Builder
	b.WriteString("Name: x\nMethods:\n  - &m\n    Name: x\n    RequestFields: &f\n")
	for range 2000 {
		b.WriteString("      - {ConnectorField: a}\n")
	}
	b.WriteString("    ResponseFields: *f\n")
	for range 2000 {
		b.WriteString("  - *m\n")
	}
	_, err := connector.Parse("x.yaml", []byte(b.String()))
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("got an error of %d bytes", len(err.Error()))
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(shop(f)))
	f.Add([]byte(asJSON(f, shop(f))))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("Methods: [{}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := connector.Parse("x", data)
		if err != nil {
			return
		}
		if err := connector.Validate(c); err != nil {
			t.Errorf("parsed, but not valid: %v", err)
		}
	})
}
