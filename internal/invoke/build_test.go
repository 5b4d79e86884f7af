package invoke_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

func TestEndpoint(t *testing.T) {
	p := newParty(t, nil)
	host := strings.TrimPrefix(p.URL, "http://")
	name, port, _ := strings.Cut(host, ":")
	var ps []connector.Parameter
	for _, n := range []string{"Id", "Host", "Empty"} {
		ps = append(ps, connector.Parameter{Name: n, TargetType: connector.MergeField, Optional: n == "Empty"})
	}
	tests := []struct {
		endpoint string
		give     values
		want     string // "": an error
	}{
		{"{{BaseUrl}}/a/{{Id}}/b", values{"Id": "x/y?z#w é"}, "/a/x%2Fy%3Fz%23w%20%C3%A9/b"},
		{"{{BaseUrl}}/a?q={{Id}}&r=1", values{"Id": "x&y=1#é +"}, "/a?q=x%26y%3D1%23%C3%A9+%2B&r=1"},
		{"{{BaseUrl}}/a?q={{Id | upper}}", values{"Id": "abc"}, "/a?q=ABC"},
		{"{{BaseUrl}}", nil, "/"},
		{"{{BaseUrl}}/a/{{Empty}}", nil, "/a/"},
		{"{{BaseUrl}}/a#{{Id}}", nil, "/a"},
		{"http://{{Host}}:" + port + "/a", values{"Host": name}, "/a"},
		{"http://" + host + "?x={{Id}}", values{"Id": "1"}, "/?x=1"},
		{"http://{{Host}}:" + port + "/a", values{"Host": "evil.example/"}, ""},
		{"http://{{Host}}:" + port + "/a", values{"Host": "x@" + name}, ""},
		{"{{BaseUrl}}/a/{{Id}}/b", values{"Id": ".."}, ""},
		{"{{BaseUrl}}/a/{{Id}}", nil, ""},
		{"{{Id}}/a", values{"Id": "127.0.0.1"}, ""},
		{"{{Id}}/a", values{"Id": "http://user:pass@" + host}, ""},
		{"{{Id}}/a", values{"Id": "http://" + host + "\r\nX: y"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.endpoint, func(t *testing.T) {
			call := method(p.URL, connector.Method{HTTPMethod: "GET", Endpoint: tt.endpoint, Parameters: ps})
			call.Parameters = tt.give
			before := len(p.requests)
			_, err := newCaller(t).Call(t.Context(), call)
			if tt.want == "" {
				wantError(t, err, invoke.Build)
				if len(p.requests) != before {
					t.Errorf("asked %s", p.last(t).URI)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := p.last(t).URI; got != tt.want {
				t.Errorf("asked %s, want %s", got, tt.want)
			}
		})
	}
}

func TestBaseWithSlash(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL+"/v2/", connector.Method{HTTPMethod: "GET"})
	if _, err := newCaller(t).Call(t.Context(), call); err != nil || p.last(t).URI != "/v2/things" {
		t.Errorf("asked %+v, %v", p.requests, err)
	}
}

func TestLastSuccessfulRunDate(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{
		HTTPMethod: "GET",
		Endpoint:   "{{BaseUrl}}/a?since={{LastSuccessfulRunDate format=yyyy-MM-ddTHH:mm:ssZ}}",
		Parameters: []connector.Parameter{{Name: "on", TargetType: connector.QueryString, Optional: true, Default: "{{LastSuccessfulRunDate}}"}},
	})
	for at, want := range map[time.Time]string{
		{}: "/a?since=1970-01-01T00%3A00%3A00Z&on=1970-01-01T00%3A00%3A00Z",
		time.Date(2026, 11, 21, 9, 5, 7, 0, time.UTC): "/a?since=2026-11-21T09%3A05%3A07Z&on=2026-11-21T09%3A05%3A07Z",
	} {
		call.LastRun = at
		if _, err := newCaller(t).Call(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		if got := p.last(t).URI; got != want {
			t.Errorf("asked %s, want %s", got, want)
		}
	}
}

func TestParameters(t *testing.T) {
	p := newParty(t, nil)
	call := method(p.URL, connector.Method{HTTPMethod: "GET", Parameters: []connector.Parameter{
		{Name: "needed", TargetType: connector.QueryString},
		{Name: "optional", TargetType: connector.QueryString, Optional: true},
		{Name: "X-Default", TargetType: connector.HTTPHeader, Default: "{{Webhook}}-{{region}}"},
		{Name: "X-Optional", TargetType: connector.HTTPHeader, Optional: true},
		{Name: "X-Fixed", TargetType: connector.HTTPHeader, Hidden: true, Value: "{{needed | length}}"},
	}}, connector.Parameter{Name: "region", TargetType: connector.QueryString, Default: "eu"})
	call.Merge = values{"Webhook": "https://hook"}
	_, err := newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Build, "Required source is empty", "parameter needed")

	// A value that looks like a merge field is data.
	call.Parameters = values{"needed": "{{Cyclr_Auth_ApiKey}}", "X-Fixed": "not this"}
	if _, err := newCaller(t).Call(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	got := p.last(t)
	if got.URI != "/things?region=eu&needed=%7B%7BCyclr_Auth_ApiKey%7D%7D" || got.Header.Get("X-Default") != "https://hook-eu" || got.Header["X-Optional"] != nil || got.Header.Get("X-Fixed") != "21" {
		t.Errorf("asked %s with %v", got.URI, got.Header)
	}

	call.Parameters["X-Optional"] = "a\r\nX-Evil: 1"
	_, err = newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Build, "X-Optional")
}

func TestDefaultsInACircle(t *testing.T) {
	call := method("http://127.0.0.1:1", connector.Method{HTTPMethod: "GET", Parameters: []connector.Parameter{
		{Name: "a", TargetType: connector.QueryString, Default: "{{b}}"},
		{Name: "b", TargetType: connector.MergeField, Default: "{{a}}"},
	}})
	_, err := newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Build, "made of itself")
}

func TestFields(t *testing.T) {
	fields := []connector.Field{
		{ConnectorField: "email"},
		{ConnectorField: "hook", Default: "{{Cyclr_Webhook_Url}}"},
		{ConnectorField: "count", DataType: connector.Integer, Default: "5"},
		{ConnectorField: "on", DataType: connector.Boolean, Default: "true"},
		{ConnectorField: "note", Optional: true},
		{ConnectorField: "day", DataType: connector.DateTime, DataTypeFormat: "dd/MM/yyyy", Optional: true},
		{ConnectorField: "when", DataType: connector.DateTime, DataTypeFormat: "'", Optional: true},
		{ConnectorField: "[lines].sku"},
	}
	tests := []struct {
		name string
		body any
		want string // "": an error naming email
	}{
		{"defaults", object{"email": "a@b"}, `{"count":5,"email":"a@b","hook":"https://h","on":true}`},
		{
			"given",
			object{"email": "a@b", "count": 6, "hook": "x", "on": false, "note": "n", "more": nil},
			`{"count":6,"email":"a@b","hook":"x","more":null,"note":"n","on":false}`,
		},
		{"empty optional", object{"email": "a@b", "note": "", "hook": "x", "count": 1, "on": true}, `{"count":1,"email":"a@b","hook":"x","on":true}`},
		{
			"dates",
			object{"email": "a@b", "day": []any{"2026-02-03T10:00:00Z", "04/05/2026"}, "when": "2026-02-03T10:00:00Z"},
			`{"count":5,"day":["03/02/2026","04/05/2026"],"email":"a@b","hook":"https://h","on":true,"when":"2026-02-03T10:00:00Z"}`,
		},
		{"empty required", object{"email": ""}, ""},
		{"missing", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newParty(t, nil)
			call := method(p.URL, connector.Method{RequestFields: fields})
			call.Body, call.Merge = tt.body, values{"Cyclr_Webhook_Url": "https://h"}
			result, err := newCaller(t).Call(t.Context(), call)
			if tt.want == "" {
				wantError(t, err, invoke.Build, "Required source is empty", "field email")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := p.last(t).Body; got != tt.want || string(result.Request.Body) != tt.want {
				t.Errorf("sent %s, recorded %s, want %s", got, result.Request.Body, tt.want)
			}
		})
	}
}
