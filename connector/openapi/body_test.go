package openapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
)

func TestSchemas(t *testing.T) {
	for _, test := range []struct {
		name, schema string
		want         []string
		note         string
	}{
		{"types", "{properties: {a: {type: string}, b: {type: integer}, c: {type: number}, d: {type: boolean}, e: {type: number, format: float}, f: {}}}",
			[]string{"a:Text?", "b:Integer?", "c:Decimal?", "d:Boolean?", "e:Float?", "f:Undefined?"}, ""},
		{"formats", "{properties: {a: {type: string, format: date-time}, b: {type: string, format: date}, c: {type: string, format: byte}, d: {type: string, format: uuid}, e: {type: string, format: decimal}}}",
			[]string{"a:DateTime?", "b:DateTime?", "c:Text?", "d:Text?", "e:Decimal?"}, ""},
		{"required, as far as what it is in is", "{required: [a, b], properties: {a: {type: string}, b: {properties: {c: {type: string}}, required: [c]}, d: {required: [e], properties: {e: {type: string}}}}}",
			[]string{"a:Text", "b.c:Text", "d.e:Text?"}, ""},
		{"lists", "{properties: {a: {type: array, items: {type: integer}}, b: {type: array, items: {required: [d], properties: {d: {type: string}}}}, c: {type: array, items: {type: array, items: {type: boolean}}}}}",
			[]string{"[a]:Integer", "[b].d:Text", "[c].[]:Boolean"}, ""},
		{"a list", "{type: array, items: {properties: {a: {type: string}}}}", []string{"[].a:Text?"}, ""},
		{"names", "{properties: {'first name': {type: string}, a.b: {type: string}, 'it''s': {type: string}, '@type': {type: string}}}",
			[]string{"@type:Text?", "['a.b']:Text?", "['first name']:Text?", `['it\'s']:Text?`}, ""},
		{"allOf", "{allOf: [{$ref: '#/components/schemas/Base'}, {required: [b], properties: {b: {type: string}}}], properties: {c: {type: string}}}",
			[]string{"b:Text", "c:Text?", "id:Integer"}, ""},
		{"oneOf", "{oneOf: [{required: [a], properties: {a: {type: string}}}, {required: [b], properties: {b: {type: string}}}]}", []string{"a:Text?", "b:Text?"}, "one of several"},
		{"anyOf null", "{properties: {a: {anyOf: [{type: string}, {type: 'null'}]}}}", []string{"a:Text?"}, ""},
		{"nullable of 3.1", "{properties: {a: {type: [string, 'null']}}}", []string{"a:Text?"}, ""},
		{"several types", "{properties: {a: {type: [string, integer]}}}", []string{"a:Undefined?"}, "string or integer"},
		{"an object or its id", "{properties: {a: {anyOf: [{type: string}, {type: object, properties: {id: {type: string}}}]}}}", []string{"a:Undefined?", "a.id:Text?"}, "string or object"},
		{"any names", "{properties: {a: {type: object, additionalProperties: {type: string}}}}", []string{"a:Undefined?"}, "names are not given"},
		{"any names of integers", "{additionalProperties: true, properties: {a: {type: string}}}", []string{"a:Text?"}, "names are not given"},
		{"itself", "{$ref: '#/components/schemas/Tree'}", []string{"[children]:Undefined", "name:Text?", "parent:Undefined?"}, "within itself"},
		{"readOnly", "{properties: {a: {type: string, readOnly: true, default: x}, b: {readOnly: true, properties: {c: {type: string}}}}}", []string{"a:Text? read", "b.c:Text? read"}, ""},
		{"writeOnly", "{properties: {a: {type: string, writeOnly: true}}}", []string{"a:Text?"}, ""},
		{"defaults", "{required: [a, l], properties: {a: {type: string, default: x}, b: {type: string, default: y}, l: {type: array, items: {required: [c], properties: {c: {type: string, default: z}}}}}}",
			[]string{"a:Text=x", "b:Text?", "[l].c:Text"}, ""},
		{"const", "{required: [a], properties: {a: {const: v1, type: string}}}", []string{"a:Text=v1"}, ""},
		{"a default that is a script", "{required: [a], properties: {a: {type: string, default: '=1'}}}", []string{"a:Text"}, "default"},
		{"not and pattern", "{properties: {a: {type: string, pattern: x, not: {type: integer}}}}", []string{"a:Text?"}, "not checked"},
		{"required of one", "{properties: {a: {type: string, required: true}}}", []string{"a:Text?"}, "by name"},
		{"nothing", "{}", nil, "nothing is said"},
		{"out of the document", "{properties: {a: {$ref: 'other.yaml#/A'}}}", []string{"a:Undefined?"}, "leads out"},
		{"to an address", "{properties: {a: {$ref: 'http://169.254.169.254/x.json'}}}", []string{"a:Undefined?"}, "leads out"},
		{"to a file", "{properties: {a: {$ref: '/etc/passwd'}}}", []string{"a:Undefined?"}, "leads out"},
		{"nowhere", "{properties: {a: {$ref: '#/components/schemas/None'}}}", []string{"a:Undefined?"}, "leads nowhere"},
		{"round", "{properties: {a: {$ref: '#/components/schemas/Round'}}}", []string{"a:Undefined?"}, "leads to itself"},
		{"allOf itself", "{$ref: '#/components/schemas/Self'}", []string{"a:Text?"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, r := imported(t, []byte("openapi: 3.1.0\ninfo: {title: A, version: '1'}\n"+`
components:
  schemas:
    Base: {type: object, required: [id], properties: {id: {type: integer}}}
    Tree: {properties: {name: {type: string}, parent: {$ref: '#/components/schemas/Tree'}, children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
    Round: {$ref: '#/components/schemas/Round2'}
    Round2: {$ref: '#/components/schemas/Round'}
    Self: {properties: {a: {type: string}}, allOf: [{$ref: '#/components/schemas/Self'}]}
paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: `+test.schema+`}}}}}}
`), nothing)
			if diff := cmp.Diff(test.want, fields(c.Methods[0].RequestFields)); diff != "" {
				t.Error(diff)
			}
			told := test.note == ""
			for _, n := range r.Notes {
				told = told || strings.Contains(n.Message, test.note)
			}
			if !told {
				t.Errorf("%+v", r.Notes)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	const schema = "{schema: {type: object, required: [a], properties: {a: {type: string}, f: {type: string, format: binary}}}}"
	for _, test := range []struct {
		content string
		body    connector.BodyType
		want    []string
		header  string
	}{
		{"{application/json: " + schema + "}", connector.JSONBody, []string{"a:Text", "f:File?"}, ""},
		{"{'application/json; charset=utf-8': " + schema + "}", connector.JSONBody, []string{"a:Text", "f:File?"}, ""},
		{"{application/vnd.shop+json: " + schema + "}", connector.JSONBody, []string{"a:Text", "f:File?"}, "application/vnd.shop+json"},
		{"{application/xml: {}, application/json: " + schema + ", text/plain: {}}", connector.JSONBody, []string{"a:Text", "f:File?"}, ""},
		{"{application/x-www-form-urlencoded: " + schema + "}", connector.FormBody, []string{"a:Text", "f:File?"}, ""},
		{"{multipart/form-data: " + schema + "}", connector.FileBody, []string{"a:Text", "f:File?"}, ""},
		{"{multipart/form-data: {schema: {properties: {f: {type: string, contentMediaType: image/png}}}}}", connector.FileBody, []string{"f:File?"}, ""},
		{"{multipart/related: " + schema + "}", connector.MultipartRelated, []string{"a:Text", "f:File?"}, ""},
		{"{text/plain: {schema: {type: string}}}", connector.PlainTextBody, []string{"Text:Text"}, ""},
		{"{text/csv: {schema: {type: string}}}", connector.PlainTextBody, []string{"Text:Text"}, "text/csv"},
		{"{application/octet-stream: {schema: {type: string, format: binary}}}", connector.SimpleFileBody, []string{"File:File"}, ""},
		{"{image/png: {}}", connector.SimpleFileBody, []string{"File:File"}, ""},
		{"{'*/*': " + schema + "}", connector.JSONBody, []string{"a:Text", "f:File?"}, ""},
		{"{'*/*': {}}", connector.NoBody, nil, ""},
	} {
		m, _ := operation(t, "/a", "post", "requestBody: {required: true, content: "+test.content+"}\nresponses: {201: {description: '', content: "+test.content+"}}")
		if diff := cmp.Diff(test.want, fields(m.RequestFields)); diff != "" || m.RequestDataType != test.body {
			t.Errorf("%s: %s %s", test.content, m.RequestDataType, diff)
		}
		back := test.body
		if back == connector.NoBody {
			back = connector.UnknownBody
		}
		if diff := cmp.Diff(test.want, fields(m.ResponseFields)); diff != "" || m.ResponseDataType != back {
			t.Errorf("answer of %s: %s %s", test.content, m.ResponseDataType, diff)
		}
		header := ""
		for _, p := range m.Parameters {
			if p.TargetName == "Content-Type" && p.Hidden {
				header = p.Value
			}
		}
		if header != test.header {
			t.Errorf("%s: Content-Type %q, want %q", test.content, header, test.header)
		}
	}
}

func TestBodyThatIsNotRequired(t *testing.T) {
	m, _ := operation(t, "/a", "post", "requestBody: {content: {application/json: {schema: {required: [a], properties: {a: {type: string}}}}}}")
	if diff := cmp.Diff([]string{"a:Text?"}, fields(m.RequestFields)); diff != "" {
		t.Error(diff)
	}
	m, r := operation(t, "/a", "get", "requestBody: {content: {application/json: {}}}")
	if m.RequestDataType != connector.NoBody || !has(r, "/paths/~1a/get/requestBody", "GET has no body") {
		t.Errorf("%s %+v", m.RequestDataType, r.Notes)
	}
}

func TestResponses(t *testing.T) {
	const body = "{description: '', content: {application/json: {schema: {properties: {%s: {type: string}}}}}}"
	one := func(name string) string { return fmt.Sprintf(body, name) }
	for responses, want := range map[string]string{
		"{404: " + one("bad") + ", 201: " + one("made") + ", 200: " + one("ok") + "}": "Json ok:Text?",
		"{default: " + one("all") + ", 400: " + one("bad") + "}":                      "Json all:Text?",
		"{default: " + one("bad") + ", 202: " + one("ok") + "}":                       "Json ok:Text?",
		"{2XX: " + one("ok") + "}":                                                    "Json ok:Text?",
		"{204: {description: ''}}":                                                    "",
		"{200: {description: ''}}":                                                    "Unknown",
		"{400: " + one("bad") + "}":                                                   "Unknown",
	} {
		m, _ := operation(t, "/a", "get", "responses: "+responses)
		if got := strings.TrimSpace(string(m.ResponseDataType) + " " + strings.Join(fields(m.ResponseFields), " ")); got != want {
			t.Errorf("%s: %q, want %q", responses, got, want)
		}
	}
}

func TestXML(t *testing.T) {
	const content = `{content: {application/xml: {schema: {$ref: '#/components/schemas/Order'}}}, required: true, description: ''}`
	c, r := imported(t, document(`
components:
  schemas:
    Order:
      xml: {name: order, namespace: "urn:shop", prefix: s}
      required: [id]
      properties:
        id: {type: integer, xml: {attribute: true}}
        lines: {type: array, items: {xml: {name: line}, properties: {sku: {type: string}}}}
        tags: {type: array, xml: {wrapped: true, name: Tags}, items: {type: string, xml: {name: tag}}}
        note: {type: string, xml: {name: Note, prefix: s}}
paths: {/a: {post: {requestBody: `+content+`, responses: {200: `+content+`}}}}
`), nothing)
	m := c.Methods[0]
	if m.RequestXMLRoot != "s:order" || m.RequestDataType != connector.XMLBody || m.ResponseDataType != connector.XMLBody {
		t.Errorf("%s %s %s", m.RequestXMLRoot, m.RequestDataType, m.ResponseDataType)
	}
	want := []string{"@xmlns:s:Text=urn:shop", "@id:Integer", "[line].sku:Text?", "s:Note:Text?", "Tags.[tag]:Text"}
	if diff := cmp.Diff(want, fields(m.RequestFields)); diff != "" {
		t.Errorf("%s %+v", diff, r.Notes)
	}
	want = []string{"s:order.@id:Integer", "s:order.[line].sku:Text?", "s:order.s:Note:Text?", "s:order.Tags.[tag]:Text"}
	if diff := cmp.Diff(want, fields(m.ResponseFields)); diff != "" {
		t.Error(diff)
	}
}

func TestDescriptions(t *testing.T) {
	m, r := operation(t, "/a", "get", `description: "<p>Use <code>a &lt; b</code>.</p><script>alert(1)</script><p>Then\0 <a href='javascript:x'>go</a>.</p>"
parameters: [{name: q, in: query, description: "`+strings.Repeat("long ", 500)+`", schema: {}}]`)
	if m.Description != "Use a < b.\nThen go." {
		t.Errorf("%q", m.Description)
	}
	if d := m.Parameters[0].Description; len(d) > 1000 || !strings.HasSuffix(d, "…") || !has(r, "/paths/~1a/get/parameters/0/description", "longer") {
		t.Errorf("%d bytes, %+v", len(d), r.Notes)
	}
}
