package openapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connector/openapi"
)

// repeated joins n texts that format makes of their numbers.
func repeated(n int, sep, format string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(format, "#N", fmt.Sprint(i))
	}
	return strings.Join(all, sep)
}

func schemas(text string) string {
	return `{"openapi":"3.0.0","info":{"title":"A","version":"1"},"components":{"schemas":{` + text + `}},"paths":{"/a":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/S0"}}}}}}}}`
}

func paths(text string) string {
	return `{"openapi":"3.0.0","info":{"title":"A","version":"1"},"paths":{` + text + `}}`
}

// hostile documents, and what is said of them; "" is for those that are imported,
// within bounds.
var hostile = []struct{ name, document, says string }{
	{"laughs", "openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x,x]\n" + repeated(9, "\n", "b#N: &b#N [*a,*a,*a]") + "\nc: &c [*b0,*b1,*b2,*b3,*b4,*b5,*b6,*b7,*b8]\n" +
		repeated(8, "\n", "d#N: &d#N [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]") + "\ne: [" + repeated(1000, ",", "*d0") + "]", "more than 3000000 values"},
	{"laughs within laughs", "a0: &a0 x\n" + func() string {
		var b strings.Builder
		for i := range 60 {
			fmt.Fprintf(&b, "a%d: &a%d [*a%d,*a%d]\n", i+1, i+1, i, i)
		}
		return b.String()
	}(), "more than 3000000 values|excessive aliasing|deeper"},
	{"an alias of itself", "openapi: 3.0.0\na: &a {b: *a}", "deeper|itself|contains"},
	{"deep lists", `{"openapi":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, "deeper than 100"},
	{"very deep lists", strings.Repeat("[", 1_000_000), "not|neither|exceeded"},
	{"deep objects", strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000), "deeper than 100"},
	{"deep YAML", strings.Repeat("- ", 20000) + "x", "deeper than 100|exceeded"},
	{"deep and long", schemas(`"S0":` + strings.Repeat(`{"items":`, 90) + `{"description":"` + strings.Repeat("x", 30<<20) + `"}` + strings.Repeat("}", 90)), "too deep for its size"},
	{"many objects", `{"openapi":"3.0.0","x":[` + repeated(600_000, ",", "{}") + `]}`, "more than 500000 objects"},
	{"large", strings.Repeat(" ", 33<<20), "may have 32"},
	{"many operations", paths(repeated(6000, ",", `"/a#N":{"get":{}}`)), "6000 operations"},
	{"not an object", `[1]`, "not an object"},
	{"empty", "", "empty"},
	{"more behind", `{"openapi":"3.0.0"} {}`, "more after"},
	{"no version", `{"info":{}}`, "neither openapi nor swagger"},
	{"a later version", `{"openapi":"4.1.0","info":{}}`, "not supported"},
	{"nothing to call", paths(``), "no operation"},
	{"only options", paths(`"/a":{"options":{}}`), "no operation"},
	{"a list for an object", `{"openapi":"3.0.0","info":[],"paths":{"/a":{"get":{}}}}`, "not as OpenAPI has it"},

	{"many parameters", paths(`"/a":{"get":{"parameters":[` + repeated(100_000, ",", `{"name":"p#N","in":"query","schema":{"type":"string"}}`) + `]}}`), ""},
	{"many parameters of a path", paths(`"/` + repeated(5000, "/", `{p#N}`) + `":{"get":{}}`), ""},
	{"many properties", schemas(`"S0":{"properties":{` + repeated(40_000, ",", `"p#N":{"type":"string"}`) + `}}`), ""},
	{"many values", schemas(`"S0":{"properties":{"a":{"type":"string","enum":[` + repeated(100_000, ",", `"v#N"`) + `]}}}`), ""},
	{"many tags", `{"openapi":"3.0.0","info":{"title":"A","version":"1"},"tags":[` + repeated(100_000, ",", `{"name":"t#N"}`) + `],"paths":{"/a":{"get":{"tags":[` + repeated(100_000, ",", `"t#N"`) + `]}}}}`, ""},
	{"many servers", `{"openapi":"3.0.0","info":{"title":"A","version":"1"},"servers":[` + repeated(5000, ",", `{"url":"https://s#N.test"}`) + `],"paths":{"/a":{"get":{}}}}`, ""},
	{"names that are the same", paths(repeated(3000, ",", `"/a#N":{"get":{"summary":"Same","operationId":"same"}}`)), ""},
	{"a chain of allOf", schemas(repeated(3000, ",", `"S#N":{"allOf":[{"$ref":"#/components/schemas/S0"}],"properties":{"a":{"$ref":"#/components/schemas/S1"}}}`)), ""},
	{"everything of everything", schemas(repeated(60, ",", `"S#N":{"properties":{`+repeated(60, ",", `"p#M":{"$ref":"#/components/schemas/S#M"}`)+`}}`)), ""},
	{"choices of choices", schemas(repeated(40, ",", `"S#N":{"anyOf":[`+repeated(40, ",", `{"$ref":"#/components/schemas/S#M"}`)+`],"properties":{"x#N":{}}}`)), ""},
	{"a tree", schemas(`"S0":{"properties":{` + repeated(50, ",", `"c#N":{"type":"array","items":{"$ref":"#/components/schemas/S0"}}`) + `}}`), ""},
	{"references to references", schemas(repeated(40, ",", `"S#N":{"$ref":"#/components/schemas/S#M"}`)), ""},
	{"the whole", schemas(`"S0":{"properties":{"a":{"$ref":"#"},"b":{"$ref":"#/"}}}`), ""},
	{"what is no schema", schemas(`"S0":{"properties":{"a":{"$ref":"#/paths"}}}`), "not as OpenAPI has it"},
	{"empty parts", `{"openapi":"3.1.0","info":{"title":null,"version":null},"servers":[null],"tags":[null],"paths":{"/a":null,"/b":{"get":{"parameters":[null],"responses":{"200":null},"requestBody":null}}}}`, ""},
	{"lines", paths(`"/a\r\nX: 1":{"get":{"summary":"a\r\nb\u0000","tags":["x\ny"],"operationId":"\u202e"}}`), ""},
}

func TestHostile(t *testing.T) {
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			// #M is the number of what is within, the next one.
			data := []byte(strings.NewReplacer(
				`"p#M":{"$ref":"#/components/schemas/S#M"}`, `"p":{"$ref":"#/components/schemas/S1"}`, `S#M`, `S1`,
			).Replace(h.document))
			started := time.Now()
			c, r, err := openapi.Import(data, openapi.Options{})
			if took := time.Since(started); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
			if h.says == "" {
				wellMade(t, c, r, err)
				return
			}
			said := false
			for part := range strings.SplitSeq(h.says, "|") {
				said = said || err != nil && strings.Contains(err.Error(), part)
			}
			if !said || len(err.Error()) > 500 {
				t.Errorf("%.500v, want %s", err, h.says)
			}
		})
	}
}

// wellMade checks what holds of all that is imported.
func wellMade(t *testing.T, c *connector.Connector, r openapi.Report, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%.500v", err)
	}
	if err := connector.Validate(c); err != nil {
		t.Errorf("not valid: %.500v", err)
	}
	if _, err := connector.Parse("imported.yaml", connector.Write(c)); err != nil && !strings.Contains(err.Error(), "too large") {
		t.Errorf("not read again: %.500v", err)
	}
	for _, m := range c.Methods {
		for _, s := range append([]string{m.Name, m.Category, m.Endpoint, m.HTTPMethod, m.RequestXMLRoot}, c.Name, c.Version) {
			if strings.ContainsAny(s, "\r\n\x00") {
				t.Errorf("%q has control characters", s)
			}
		}
		if m.Script != "" || m.BuiltIn != "" || m.MethodType == connector.ScriptMethod {
			t.Errorf("%s has a script", m.Name)
		}
		if m.MethodType == connector.Action && !strings.HasPrefix(m.Endpoint, "http") && !strings.HasPrefix(m.Endpoint, "{{") {
			t.Errorf("%s calls %s", m.Name, m.Endpoint)
		}
	}
	for _, n := range r.Notes {
		if n.Times < 1 || n.Message == "" || n.Pointer != "" && n.Pointer[0] != '/' {
			t.Errorf("note %+v", n)
		}
	}
	if r.Methods != len(c.Methods) {
		t.Errorf("%d methods are reported, of %d", r.Methods, len(c.Methods))
	}
}

// What a hostile document makes us hold is a small multiple of it.
func TestMemory(t *testing.T) {
	data := []byte(schemas(`"S0":{"properties":{` + repeated(50_000, ",", `"p#N":{}`) + `}}`))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c, _, err := openapi.Import(data, openapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	took := (after.TotalAlloc - before.TotalAlloc) >> 20
	t.Logf("%d KB of the worst kind: %d MB allocated in all", len(data)>>10, took)
	if took > 1<<10 || len(c.Methods) != 1 {
		t.Errorf("%d MB, %d methods", took, len(c.Methods))
	}
}

func FuzzImport(f *testing.F) {
	for _, h := range hostile {
		if len(h.document) < 4<<10 {
			f.Add([]byte(h.document))
		}
	}
	f.Add(document(onePath))
	f.Add([]byte(`{"swagger":"2.0","info":{"title":"A","version":"1"},"host":"x.test","paths":{"/a":{"post":{"parameters":[{"in":"body","name":"b","schema":{"type":"object"}}],"responses":{}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, r, err := openapi.Import(data, openapi.Options{})
		if err != nil {
			if err.Error() == "" || c != nil {
				t.Errorf("%v, %v", c, err)
			}
			return
		}
		wellMade(t, c, r, err)
		again, _, err := openapi.Import(bytes.Clone(data), openapi.Options{})
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(c)
		if b, _ := json.Marshal(again); !bytes.Equal(a, b) {
			t.Error("another connector the second time")
		}
	})
}
