package openapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
)

// written are parameters in a few words.
func written(all []connector.Parameter) (lines []string) {
	for _, p := range all {
		line := fmt.Sprintf("%s %s", p.TargetType, p.Name)
		if p.TargetName != "" {
			line += ">" + p.TargetName
		}
		if p.DataType != "" {
			line += ":" + string(p.DataType)
		}
		if p.Optional {
			line += "?"
		}
		if p.Default != "" {
			line += "=" + p.Default
		}
		if p.Value != "" {
			line += " is " + p.Value
		}
		for _, v := range p.Values {
			line += " " + v.Value
		}
		lines = append(lines, line)
	}
	return lines
}

func TestParameters(t *testing.T) {
	for _, test := range []struct {
		parameter string
		want      []string
		note      string
	}{
		{`{name: q, in: query, schema: {type: string}}`, []string{"QueryString q:Text?"}, ""},
		{`{name: q, in: query, required: true, schema: {type: integer, default: 5}}`, []string{"QueryString q:Integer=5"}, ""},
		{`{name: q, in: query, schema: {type: boolean, default: false}}`, []string{"QueryString q:Boolean?=false"}, ""},
		{`{name: q, in: query, schema: {type: number, format: double}}`, []string{"QueryString q:Float?"}, ""},
		{`{name: q, in: query, schema: {type: number, enum: [1.5, 2]}}`, []string{"QueryString q:Decimal? 1.5 2"}, ""},
		{`{name: q, in: query, schema: {type: string, format: date-time}}`, []string{"QueryString q:DateTime?"}, ""},
		{`{name: q, in: query, schema: {enum: [a, b, a, null]}}`, []string{"QueryString q:Undefined? a b"}, ""},
		{`{name: version, in: header, required: true, schema: {type: string, enum: [v1]}}`, []string{"HttpHeader version:Text=v1 v1"}, ""},
		{`{name: q, in: query, schema: {type: string, default: "{{ApiKey}}"}}`, []string{"QueryString q:Text?"}, "default"},
		{`{name: q, in: query, schema: {type: string, default: "=1+1"}}`, []string{"QueryString q:Text?"}, "default"},
		{`{name: q, in: query, schema: {type: string, default: CYCLR_PAGE_NUMBER}}`, []string{"QueryString q:Text?"}, "default"},
		{`{name: "q\r\nX: 1", in: query, schema: {type: string}}`, []string{"QueryString q X: 1>q\r\nX: 1:Text?"}, ""},
		{`{name: "X\r\nEvil: 1", in: header, schema: {type: string}}`, nil, "not a header"},
		{`{name: Content-Length, in: header, schema: {type: string}}`, nil, "cannot be set"},
		{`{name: Accept, in: header, schema: {type: string}}`, nil, "decided on"},
		{`{name: sid, in: cookie, schema: {type: string}}`, nil, "cookie"},
		{`{name: other, in: path, required: true, schema: {type: string}}`, nil, "has no {other}"},
		{`{in: query}`, nil, "no name"},
		{`{name: ids, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}`, []string{"QueryString ids:Text? a b"}, "one value only"},
		{`{name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}`, []string{"QueryString ids:Text?"}, ""},
		{`{name: ids, in: query, style: pipeDelimited, schema: {type: array, items: {type: integer}}}`, []string{"QueryString ids:Text?"}, ""},
		{`{name: f, in: query, style: deepObject, schema: {type: object, properties: {a: {type: string}, b: {type: object, properties: {c: {type: integer}}}}}}`,
			[]string{"QueryString f[a]:Text?", "QueryString f[b][c]:Integer?"}, ""},
		{`{name: f, in: query, required: true, schema: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}}`, []string{"QueryString a:Text", "QueryString b:Text?"}, ""},
		{`{name: f, in: query, explode: false, schema: {type: object, properties: {a: {type: string}}}}`, []string{"QueryString f:Undefined?"}, "is an object"},
		{`{name: f, in: query, content: {application/json: {schema: {type: object}}}}`, []string{"QueryString f:Text?"}, "type of content"},
		{`{name: id, in: query, schema: {type: string}}`, []string{"QueryString id (query)>id:Text?"}, ""},
	} {
		m, r := operation(t, "/x/{id}", "get", "parameters:\n  - "+test.parameter+"\n  - {name: id, in: path, required: true, schema: {type: integer}}")
		if diff := cmp.Diff(append(test.want, "MergeField id:Integer"), written(m.Parameters)); diff != "" {
			t.Errorf("%s: %s", test.parameter, diff)
		}
		told := false
		for _, n := range r.Notes {
			told = told || strings.HasPrefix(n.Pointer, "/paths/~1x~1{id}/get/parameters/0") && strings.Contains(n.Message, test.note)
		}
		if told != (test.note != "") {
			t.Errorf("%s: %+v", test.parameter, r.Notes)
		}
	}
}

func TestPaths(t *testing.T) {
	for path, want := range map[string]string{
		"/a/{id}":                        "https://api.shop.example/a/{{id}}",
		"/a/{id}.json/{id}":              "https://api.shop.example/a/{{id}}.json/{{id}}",
		"/a/{the id}":                    "https://api.shop.example/a/{{the_id}}",
		"/a/{x|upper}":                   "https://api.shop.example/a/{{x_upper}}",
		"/a/{{ApiKey}}":                  "https://api.shop.example/a/%7B{{ApiKey}}%7D",
		"/a b/ü":                         "https://api.shop.example/a%20b/%C3%BC",
		"/a%20b":                         "https://api.shop.example/a%20b",
		"/?Action=List":                  "https://api.shop.example/?Action=List",
		"/a#X-Target=1":                  "https://api.shop.example/a",
		"/{":                             "https://api.shop.example/%7B",
		"/{{Cyclr_Auth_ApiKey | lower}}": "https://api.shop.example/%7B{{Cyclr_Auth_ApiKey_lower}}%7D",
	} {
		m, _ := operation(t, fmt.Sprintf("%q", path), "get", "{}")
		if m.Endpoint != want {
			t.Errorf("%s: %s, want %s", path, m.Endpoint, want)
		}
	}
	m, _ := operation(t, "/a/{id}", "get", "parameters: [{name: id, in: path, required: true, style: matrix, schema: {type: string}}]")
	if m.Endpoint != "https://api.shop.example/a/;id={{id}}" {
		t.Errorf("matrix: %s", m.Endpoint)
	}
}

func TestPathParameterOfOperationOverrides(t *testing.T) {
	m, r := operation(t, "/a/{id}/{open}", "get", "parameters: [{name: id, in: path, required: true, description: Mine, schema: {type: integer}}]")
	if diff := cmp.Diff([]string{"MergeField id:Integer", "MergeField open:Text"}, written(m.Parameters)); diff != "" || m.Parameters[0].Description != "Mine" {
		t.Error(diff)
	}
	if !has(r, "/paths/~1a~1{id}~1{open}/get", `"open" is not described`) {
		t.Errorf("%+v", r.Notes)
	}
}

func TestPaging(t *testing.T) {
	const items = "responses: {200: {description: '', content: {application/json: {schema: {type: object, properties: {items: {type: array, items: {type: object, properties: {id: {type: integer}}}}, nextPageToken: {type: string}, next: {type: string}}}}}}}\n"
	const bare = "responses: {200: {description: '', content: {application/json: {schema: {type: array, items: {type: object, properties: {id: {type: integer}}}}}}}}\n"
	query := func(names ...string) string {
		all := "parameters:\n"
		for _, name := range names {
			name, schema, _ := strings.Cut(name, " ")
			all += "  - {name: " + name + ", in: query, schema: {type: integer" + schema + "}}\n"
		}
		return all
	}
	for _, test := range []struct {
		name, operation string
		paging          *connector.Paging
		parameters      []string
	}{
		{"by number", items + query("page ,minimum: 1", "per_page ,maximum: 100"), &connector.Paging{Items: "items", PageSize: 100},
			[]string{"QueryString page:Integer? is CYCLR_PAGE_NUMBER", "QueryString per_page:Integer? is CYCLR_PAGE_SIZE"}},
		{"of a bare list", bare + query("page ,default: 1", "limit ,default: 20"), &connector.Paging{Items: "[]", PageSize: 20},
			[]string{"QueryString page:Integer? is CYCLR_PAGE_NUMBER", "QueryString limit:Integer? is CYCLR_PAGE_SIZE"}},
		{"by offset", items + query("offset ", "limit ,maximum: 50"), &connector.Paging{Items: "items", PageSize: 50},
			[]string{"QueryString offset:Integer? is CYCLR_PAGE_OFFSET", "QueryString limit:Integer? is CYCLR_PAGE_SIZE"}},
		{"by token", items + query("pageToken ", "pageSize "), &connector.Paging{Items: "items"},
			[]string{"QueryString pageToken:Integer? is CYCLR_PAGE_TOKEN", "QueryString pageSize:Integer?", "ResponseField nextPageToken>nextPageToken is CYCLR_PAGE_TOKEN"}},
		{"by an extension", items + "x-ms-pageable: {nextLinkName: next, itemName: items}\n", &connector.Paging{Items: "items"},
			[]string{"ResponseField next>next is CYCLR_PAGE_NEXT_URL"}},
		{"from page 0", items + query("page ,minimum: 0", "per_page ,maximum: 100"), nil, []string{"QueryString page:Integer?", "QueryString per_page:Integer?"}},
		{"of no known size", items + query("page ,minimum: 1", "per_page "), nil, []string{"QueryString page:Integer?", "QueryString per_page:Integer?"}},
		{"of one thing", "responses: {200: {description: '', content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}}\n" + query("page ,minimum: 1", "per_page ,maximum: 100"), nil,
			[]string{"QueryString page:Integer?", "QueryString per_page:Integer?"}},
		{"of page alone", items + query("page "), nil, []string{"QueryString page:Integer?"}},
	} {
		m, _ := operation(t, "/x", "get", test.operation)
		var got []string
		for _, line := range written(m.Parameters) {
			got = append(got, strings.Replace(strings.Replace(line, "=1", "", 1), "=20", "", 1))
		}
		if diff := cmp.Diff(test.paging, m.Paging) + cmp.Diff(test.parameters, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}
