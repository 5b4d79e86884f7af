package connector_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
)

const received = `Name: A
Version: "1"
UniqueIdentifier: 5c7b7a34-2e0c-4d1f-8f39-1f2f2d3b7a09
Authentication: [{AuthType: None}]
Parameters: [{Name: Secret, TargetType: MergeField, AccountConnectorProperty: true}]
Methods:
  - Name: Added
    MethodType: METHODTYPE
    ResponseDataType: Json
    Reception: RECEPTION
`

func TestReceptionIsChecked(t *testing.T) {
	for reception, want := range map[string]string{
		`{HttpMethods: [POST, PUT], EventField: id}`: "",
		`{HttpMethods: [TRACE]}`:                     `Methods[0].Reception.HttpMethods[0]: "TRACE" is not known`,
		`{HttpMethods: [HEAD]}`:                      `"HEAD" is not known`,
		`{HttpMethods: [PUT, PUT]}`:                  "PUT is there twice",
		`{EventHeader: "a b"}`:                       "Reception.EventHeader",
		`{EventHeader: X-Id, EventField: id}`:        "cannot be together with EventHeader",
		`{EventField: "[id"}`:                        "Reception.EventField: location",

		`{Signature: {Type: StandardWebhooks, Secret: "{{Cyclr_Webhook_Secret}}", Tolerance: 5}}`:                                                                    "",
		`{Signature: {Type: StandardWebhooks, Secret: "{{Secret}}", Header: X-A}}`:                                                                                   "StandardWebhooks says all by itself",
		`{Signature: {Type: StandardWebhooks, Secret: "{{Nothing}}"}}`:                                                                                               `Reception.Signature.Secret: there is no merge field "Nothing"`,
		`{Signature: {Type: Rot13, Secret: "{{Secret}}"}}`:                                                                                                           "Rot13",
		`{Signature: {Type: Token, Secret: "{{ClientSecret}}", Header: X-Token}}`:                                                                                    "",
		`{Signature: {Type: Token, Secret: "{{Secret}}"}}`:                                                                                                           "in a Header or in the Query",
		`{Signature: {Type: Token, Secret: "{{Secret}}", Header: X-Token, Query: token}}`:                                                                            "in a Header or in the Query",
		`{Signature: {Type: Token, Secret: "{{Secret}}", Query: token, Encoding: Hex}}`:                                                                              "a Token has Secret",
		`{Signature: {Type: Hmac, Secret: "{{Secret}}", Header: X-Sum}}`:                                                                                             "",
		`{Signature: {Type: Hmac, Secret: "{{Secret}}"}}`:                                                                                                            "Signature.Header: is required of Hmac",
		`{Signature: {Type: Hmac, Secret: "{{Secret}}", Header: X-Sum, Query: a}}`:                                                                                   "is for Token only",
		`{Signature: {Type: Hmac, Secret: "{{Secret}}", Header: X-Sum, Content: "{{Url}}"}}`:                                                                         "must have {{Body}}",
		`{Signature: {Type: Hmac, Secret: "{{Secret}}", Header: X-Sum, Content: "{{Body}}{{Id}}"}}`:                                                                  `there is no merge field "Id"`,
		`{Signature: {Type: Hmac, Secret: "{{Secret}}", Header: X-Sum, Content: "{{Timestamp}}{{Body}}"}}`:                                                           "is required with {{Timestamp}}",
		`{Signature: {Type: Hmac, Secret: "{{Secret}}", Header: X-Sum, TimestampHeader: X-Time}}`:                                                                    "must have {{Timestamp}}",
		`{Signature: {Type: Hmac, Secret: "{{Secret}}", Header: X-Sum, TimestampPrefix: t=, Content: "{{Timestamp}}{{Body}}"}}`:                                      "Separator: is required with TimestampPrefix",
		`{Signature: {Type: Hmac, Secret: "{{Secret}}", Header: X-Sum, Tolerance: 5}}`:                                                                               "Tolerance: needs a TimestampHeader",
		`{Signature: {Type: Token, Secret: "{{Secret}}", Header: X-Token, Tolerance: -5}}`:                                                                           "cannot be negative",
		`{Signature: {Type: Hmac, Secret: "{{Secret}}", Header: X, Separator: ",", TimestampPrefix: t=, TimestampHeader: X-Time, Content: "{{Timestamp}}{{Body}}"}}`: "cannot be together with TimestampHeader",
	} {
		_, err := connector.Parse("a.yaml", []byte(strings.NewReplacer("METHODTYPE", "Webhook", "RECEPTION", reception).Replace(received)))
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", reception, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", reception, err, want)
		}
	}
	_, err := connector.Parse("a.yaml", []byte(strings.NewReplacer("METHODTYPE", "Action\n    HttpMethod: GET\n    Endpoint: https://a.example", "RECEPTION", "{EventField: id}").Replace(received)))
	if err == nil || !strings.Contains(err.Error(), "Reception: is for webhooks only") {
		t.Errorf("of an action: %v", err)
	}
}

func TestReceives(t *testing.T) {
	for _, tt := range []struct {
		method connector.Method
		want   []string
	}{
		{connector.Method{}, nil},
		{connector.Method{HTTPMethod: "PUT"}, []string{"PUT"}},
		{connector.Method{HTTPMethod: "PUT", Reception: &connector.Reception{}}, []string{"PUT"}},
		{connector.Method{HTTPMethod: "PUT", Reception: &connector.Reception{HTTPMethods: []string{"GET", "POST"}}}, []string{"GET", "POST"}},
	} {
		if got := tt.method.Receives(); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %v", tt.method, got)
		}
	}
}
