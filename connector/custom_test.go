package connector_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
)

// others is a document as other programs write it.
const others = `{
	"name": "Orders", "UNIQUEIDENTIFIER": "5A0E3D2F-58F0-4B0C-9D8E-0A1B2C3D4E5F", "Id": 7, "Billable": "yes", "Sheets": [], "Scripts": "",
	"ProductAddon": {"Anything": [1]}, "MethodCategories": [{"Name": "Orders"}],
	"Authentication": [{"Id": 1, "authType": "apikey", "AuthScheme": "Bearer"}, {"AuthType": "Kerberos", "Realms": "x"}],
	"Parameters": [{"Name": "Limit", "TargetType": "querystring", "Value": 0, "Hidden": "TRUE", "Multiline": true}],
	"Triggers": [{"Name": "Shops", "Method": "As EDIFACT", "IdentifierKey": "id", "HumanReadableKey": "name"}],
	"Methods": [
		{"Name": "List", "methodType": "ACTION", "HttpMethod": "get", "EndPoint": "https://x.test/", "RequestDataType": "Unknown", "ResponseDataType": "json",
			"Hide": true, "ResponseFields": [{"ConnectorField": "[].id", "DataType": "integer", "ReadOnly": true}],
			"Paging": {}},
		{"Name": "As EDIFACT", "MethodType": "Action", "HttpMethod": "GET", "Endpoint": "https://x.test/", "ResponseDataType": "Edifact"},
		{"Name": "Scripted", "MethodType": "Action", "HttpMethod": "GET", "Endpoint": "https://x.test/", "XmlSchema": "x"},
		{"Name": "Choice", "MethodType": "Action", "HttpMethod": "GET", "Endpoint": "https://x.test/", "Parameters": [{"Name": "Shop", "TargetType": "QueryString", "Trigger": "Shops"}]},
		{"Name": "Hook", "MethodType": "Webhook", "CreateWebhookMethod": "Scripted"}
	]}`

func TestReadCustom(t *testing.T) {
	c, err := connector.ReadCustom([]byte(others))
	if err != nil {
		t.Fatal(err)
	}
	want := &connector.Connector{
		Name: "Orders", Version: "1.0", UniqueIdentifier: "5a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f",
		Authentication: []connector.Authentication{{AuthType: connector.AuthAPIKey, AuthScheme: "Bearer"}},
		Parameters:     []connector.Parameter{{Name: "Limit", TargetType: connector.QueryString, Value: "0", Hidden: true, Multiline: true}},
		Methods: []connector.Method{{
			Name: "List", MethodUniqueIdentifier: c.Methods[0].MethodUniqueIdentifier, MethodType: connector.Action,
			HTTPMethod: "GET", Endpoint: "https://x.test/", ResponseDataType: connector.JSONBody,
			ResponseFields: []connector.Field{{ConnectorField: "[].id", DataType: connector.Integer, ReadOnly: true}}, Hide: true, RequestDataType: connector.UnknownBody,
		}},
		MethodCategories: []connector.MethodCategory{{Name: "Orders"}},
	}
	if diff := cmp.Diff(want, c.Connector); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if len(c.Obstacles) > 0 {
		t.Errorf("obstacles %q", c.Obstacles)
	}
	all := strings.Join(c.Unsupported(), "\n")
	for _, told := range []string{
		`Authentication[1].AuthType: "Kerberos" is not known`, `Authentication[1].Realms: is not supported`,
		`method "As EDIFACT": Methods[1].ResponseDataType: "Edifact" is not known`, `method "Scripted": Methods[2].XmlSchema: is not supported`,
		`Triggers[0].Method: there is no method "As EDIFACT"`, `method "Choice": `, `there is no trigger "Shops"`,
		`method "Hook": `, `there is no method "Scripted"`,
	} {
		if !strings.Contains(all, told) {
			t.Errorf("%s is not told:\n%s", told, all)
		}
	}
	if err := connector.Validate(c.Connector); err != nil {
		t.Errorf("what is left is not sound: %v", err)
	}
}

func TestReadCustomObstacles(t *testing.T) {
	const ids = `"Name":"N","UniqueIdentifier":"5a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f",`
	const methods = `"Methods":[{"Name":"List","MethodType":"Action","HttpMethod":"GET","Endpoint":"https://x.test/"}]`
	for document, want := range map[string]string{
		`{` + ids + methods + `}`: "",
		`{` + ids + methods + `,"Icon":"data:image/png;base64,iVBORw0KGgo="}`:                                                               "",
		`{` + ids + methods + `,"VendorNote":"x","Methods[0].Order":1}`:                                                                     "",
		`{` + ids + `"Methods":[{"Name":"List","MethodType":"Action","HttpMethod":"GET","Endpoint":"https://x.test/","Ordering":1}]}`:       "",
		`{` + ids + `"Methods":[{"Name":"List","MethodType":"Action","HttpMethod":"GET","Endpoint":"https://x.test/","ScriptEngine":"x"}]}`: "Methods: none of them can be used",
		`{` + ids + methods + `,"RateLimits":[{"Requests":1}]}`:                                                                             "RateLimits[0].Seconds: is required",
		`{` + ids + methods + `,"Scripts":"x"}`:                                                                                             "Scripts: is not supported",
		`{` + ids + methods + `,"Authentication":[{"AuthType":"Kerberos"}]}`:                                                                `Authentication[0].AuthType: "Kerberos" is not known; it is one of None, ApiKey, Basic`,
		`{` + ids + methods + `,"Parameters":{}}`:                                                                                           "Parameters: must be a list",
		`{` + ids + methods + `,"Parameters":[{"Name":[1]}]}`:                                                                               "Parameters[0].Name: must be a single value",
		`{` + ids + methods + `,"Methods[7].Script":"x"}`:                                                                                   `"Methods[7].Script" is not supported`,
		`{` + ids + `"Methods":[]}`:                                                                                                         "Methods: is required",
		`{` + ids + `"Methods":[null]}`:                                                                                                     "Methods: none of them can be used",
	} {
		c, err := connector.ReadCustom([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(c.Obstacles, "\n"); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", document, got, want)
		}
	}
	for _, document := range []string{"", "null", "[]", `"x"`, "{"} {
		if c, err := connector.ReadCustom([]byte(document)); err == nil {
			t.Errorf("%q was read as %v", document, c)
		}
	}
}

func FuzzReadCustom(f *testing.F) {
	f.Add([]byte(others))
	f.Add([]byte(`{"Methods":[{},null,{"Paging":{"Items":1}}],"Authentication":[null],"Triggers":[{}]}`))
	f.Add([]byte(strings.Replace(others, `"Name": "Limit"`, `"Sensitive": true, "Name": "Limit"`, 1)))
	f.Fuzz(func(t *testing.T, document []byte) {
		c, err := connector.ReadCustom(document)
		if err != nil || len(c.Obstacles) > 0 {
			return
		}
		if err := connector.Validate(c.Connector); err != nil {
			t.Errorf("%q has no obstacles, and is not sound: %v", document, err)
		}
		there := text(t, c.Portable())
		again, err := connector.ReadCustom(there)
		if err != nil {
			t.Fatal(err)
		}
		if wrong := again.Unsupported(); len(wrong) > 0 || !bytes.Equal(text(t, again.Portable()), there) {
			t.Errorf("%q went as %s, which is %s there, without %q", document, there, text(t, again.Portable()), wrong)
		}
	})
}

func text(t *testing.T, c *connector.Connector) []byte {
	t.Helper()
	out, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
