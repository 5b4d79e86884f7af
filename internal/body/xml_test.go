package body_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

const declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func TestXMLRead(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"text":             {`<a>007</a>`, `{"a":"007"}`},
		"white space":      {"<a> x\n </a>", `{"a":" x\n "}`},
		"empty":            {`<a><b/><c></c><d> </d></a>`, `{"a":{"b":null,"c":null,"d":null}}`},
		"repeated":         {`<a><b>1</b><c/><b/><b>3</b></a>`, `{"a":{"b":["1",null,"3"],"c":null}}`},
		"attributes":       {`<a x="1" n:y='2'>t</a>`, `{"a":{"@x":"1","@n:y":"2","#text":"t"}}`},
		"attribute alone":  {`<a x="1"> </a>`, `{"a":{"@x":"1"}}`},
		"exact text":       {`<a x="1"> t </a>`, `{"a":{"@x":"1","#text":" t "}}`},
		"mixed":            {"<a> Hello <b>x</b> world\n</a>", `{"a":{"b":"x","#text":"Hello  world"}}`},
		"prefixes":         {`<n:a xmlns:n="u" xmlns="v"><n:b/></n:a>`, `{"n:a":{"@xmlns:n":"u","@xmlns":"v","n:b":null}}`},
		"CDATA":            {`<a><![CDATA[<b>&amp;]]></a>`, `{"a":"<b>&amp;"}`},
		"comments":         {`<?x y?><!-- c --><a>1<!-- <b> - "> -->2<?p?></a><!-- d -->`, `{"a":"12"}`},
		"entities":         {`<a b="&quot;&#10;">&lt;&gt;&amp;&apos;&#x1F600;</a>`, `{"a":{"@b":"\"\n","#text":"<>&'😀"}}`},
		"mark":             {"\ufeff<a>é</a>", `{"a":"é"}`},
		"Latin-1":          {"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", `{"a":"é"}`},
		"UTF-16 by mark":   {"\xfe\xff\x00<\x00a\x00>\x00\xe9\x00<\x00/\x00a\x00>", `{"a":"é"}`},
		"UTF-16 in a lie":  {`<?xml version="1.0" encoding="utf-16"?><a>é</a>`, `{"a":"é"}`},
		"end of lines":     {"<a>1\r\n2</a>", `{"a":"1\n2"}`},
		"equals in text":   {"<a>" + strings.Repeat("=", 20_000) + "</a>", `{"a":"` + strings.Repeat("=", 20_000) + `"}`},
		"equals in CDATA":  {"<a><![CDATA[" + strings.Repeat("=", 20_000) + "]]></a>", `{"a":"` + strings.Repeat("=", 20_000) + `"}`},
		"comment with < x": {"<a><!-- <x " + strings.Repeat("=", 20_000) + " --></a>", `{"a":null}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			same(t, parse(t, tt.want), decode(t, body.Format{Type: connector.XMLBody}, "application/xml", tt.in, nil))
		})
	}
	same(t, object{"a": "é"}, decode(t, body.Format{Type: connector.XMLBody}, "text/xml; charset=windows-1252", "<?xml version='1.0' encoding='utf-8'?><a>\xe9</a>", nil))
}

func TestXMLLists(t *testing.T) {
	f := body.Format{Type: connector.XMLBody, Lists: locations(t, "o.[line].sku", "o.[line].[tag]", "o.none.[x]", "o.a.b")}
	same(t, parse(t, `{"o":{"line":[{"sku":"1","tag":["x"]}],"a":"2"}}`), decode(t, f, "", `<o><line><sku>1</sku><tag>x</tag></line><a>2</a></o>`, nil))
	same(t, parse(t, `{"o":{"line":[{"tag":["x"]},{"tag":["y","z"]}]}}`),
		decode(t, f, "", `<o><line><tag>x</tag></line><line><tag>y</tag><tag>z</tag></line></o>`, nil))
}

func TestXMLRefuses(t *testing.T) {
	f := body.Format{Type: connector.XMLBody}
	many := func(n int, each string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, each, i)
		}
		return b.String()
	}
	for in, want := range map[string]string{
		`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`: "document type",
		`<a>&x;</a>`:       "entity",
		`<a>&nbsp;</a>`:    "entity",
		`<a><b></a></b>`:   "</a> closes nothing",
		`<a>`:              "within the element a",
		`<a/><b/>`:         "more than one root",
		`<a/>x`:            "outside",
		`x`:                "outside",
		` `:                "no element",
		`<a x="1" x="2"/>`: "twice",
		"<a>\x00</a>":      "illegal character",
		"<a>\xff</a>":      "UTF-8",
		`<?xml version="1.0" encoding="klingon"?><a/>`:                                        "charset",
		strings.Repeat("<a>", 5_000_000):                                                      "nested deeper than 200",
		`<a ` + many(1_000_000, `a%d="" `) + `/>`:                                             "10000 attributes",
		`<a><!-- > --><b c=' ' ` + many(1_000_000, `a%d="" `) + `/></a>`:                      "10000 attributes",
		`<a>` + many(500_001, `<b%d c="d"/>`) + `</a>`:                                        "1000000 elements",
		`<a>` + strings.Repeat("<b/>", 1_000_001) + `</a>`:                                    "1000000 elements",
		`<a>` + strings.Repeat("<b>", 199) + strings.Repeat("</b>", 199) + `</a>` + `trailer`: "outside",
	} {
		refuse(t, f, "", in, want)
	}
}

func TestXMLWrite(t *testing.T) {
	order := body.Format{Order: locations(t, "o.z", "o.[line].sku", "o.[line].name", "o.a")}
	tests := map[string]struct {
		f        body.Format
		in, want string
	}{
		"own root":      {body.Format{}, `{"a":{"b":1.50,"c":true,"d":null,"e":""}}`, `<a><b>1.50</b><c>true</c><d></d><e></e></a>`},
		"root":          {body.Format{XMLRoot: "r"}, `{"b":"1","@x":"&\"<"}`, `<r x="&amp;&#34;&lt;"><b>1</b></r>`},
		"roots":         {body.Format{XMLRoot: "n:r.['s.t']"}, `{"@xmlns:n":"u"}`, `<n:r><s.t xmlns:n="u"></s.t></n:r>`},
		"list of roots": {body.Format{XMLRoot: "r.s"}, `[{"a":1},{"a":2}]`, `<r><s><a>1</a></s><s><a>2</a></s></r>`},
		"root alone":    {body.Format{XMLRoot: "r"}, `null`, `<r></r>`},
		"order":         {order, `{"o":{"a":1,"b":2,"line":[{"name":"n","sku":"s","extra":0}],"z":3}}`, `<o><z>3</z><line><sku>s</sku><name>n</name><extra>0</extra></line><a>1</a><b>2</b></o>`},
		"empty list":    {body.Format{}, `{"a":{"b":[]}}`, `<a></a>`},
		"null attr":     {body.Format{}, `{"a":{"@b":null,"#text":"x"}}`, `<a>x</a>`},
		"text first":    {body.Format{}, `{"a":{"#text":"x","b":"y"}}`, `<a>x<b>y</b></a>`},
		"line ends":     {body.Format{}, `{"a":"1\r\n2"}`, `<a>1&#xD;&#xA;2</a>`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.f.Type = connector.XMLBody
			b, text := encode(t, tt.f, parse(t, tt.in), nil)
			same(t, declaration+tt.want, text)
			same(t, "application/xml; charset=utf-8", b.ContentType)
		})
	}
}

func TestXMLWriteRefuses(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 201) + "1" + strings.Repeat("}", 201)
	for in, want := range map[string]string{
		`"text"`:                   "one member",
		`{"a":1,"b":2}`:            "one member",
		`{"a":[1,2]}`:              "root element a is a list",
		`{"a":{"first name":1}}`:   `a.first name: "first name" cannot be the name`,
		`{"a":{"1b":1}}`:           "cannot be the name",
		`{"a":{"b:c:d":1}}`:        "cannot be the name",
		`{"a":{"":1}}`:             "cannot be the name",
		`{"a":{"b><c":1}}`:         "cannot be the name",
		`{"a":{"@b=":1}}`:          "name of an attribute",
		`{"a":{"@b":{}}}`:          "attribute b of a: its text is an object",
		`{"a":{"#text":[]}}`:       "its text is a list",
		`{"a":{"#other":1}}`:       "cannot be the name",
		`{"a":{"b":[1,[2]]}}`:      "b is a list within a list",
		`{"a":{"b":"x\u0001"}}`:    "a.b: its text has the character U+0001",
		`{"a":{"@b":"x\u0000 y"}}`: "U+0000",
		deep:                       "deeper than 200",
	} {
		f := body.Format{Type: connector.XMLBody}
		if _, err := f.Encode(t.Context(), parse(t, in), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %.200v; want an error with %q", in, err, want)
		}
	}
	if _, err := (&body.Format{Type: connector.XMLBody, XMLRoot: "a..b"}).Encode(t.Context(), nil, nil); err == nil || !strings.Contains(err.Error(), "XML root") {
		t.Error(err)
	}
}

// genXML draws what an element can be, in the form in which it is read: no
// empty texts and lists, no lists of one.
func genXML(depth int) *rapid.Generator[any] {
	text := rapid.Map(rapid.StringN(1, 8, -1).Filter(func(s string) bool { return strings.TrimSpace(s) != "" && !strings.ContainsFunc(s, outsideXML) }),
		func(s string) any { return s })
	if depth == 0 {
		return rapid.OneOf(text, rapid.Just(any(nil)))
	}
	name := rapid.StringMatching(`([a-z]\w{0,3}:)?[a-zéß_][\w.-]{0,5}`)
	return rapid.OneOf(text, rapid.Just(any(nil)), rapid.Custom(func(t *rapid.T) any {
		members := object{}
		for range rapid.IntRange(0, 2).Draw(t, "attributes") {
			members["@"+name.Draw(t, "attribute")] = text.Draw(t, "value")
		}
		for range rapid.IntRange(0, 3).Draw(t, "elements") {
			if rapid.Bool().Draw(t, "list") {
				members[name.Draw(t, "name")] = rapid.SliceOfN(genXML(depth-1), 2, 4).Draw(t, "items")
			} else {
				members[name.Draw(t, "name")] = genXML(depth-1).Draw(t, "element")
			}
		}
		if len(members) == 0 {
			return nil
		}
		if rapid.Bool().Draw(t, "mixed") {
			members["#text"] = strings.TrimSpace(text.Draw(t, "text").(string))
		}
		return members
	}))
}

func outsideXML(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff'
}

func TestXMLRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		doc := any(object{"root": genXML(4).Draw(rt, "document")})
		f := body.Format{Type: connector.XMLBody}
		_, text := encode(t, f, doc, nil)
		if diff := cmp.Diff(doc, decode(t, f, "", text, nil)); diff != "" {
			rt.Fatalf("%s\n(-written +read):\n%s", text, diff)
		}
	})
}

func FuzzXML(f *testing.F) {
	for _, s := range []string{`<a b="c">d<e/><e/>f</a>`, `<!DOCTYPE a>`, "<?xml version='1.0' encoding='utf-16'?><a/>", `<n:a xmlns:n="u"><![CDATA[x]]></n:a>`, "\xff\xfe<\x00"} {
		f.Add([]byte(s), false)
		f.Add([]byte("<s:Envelope><s:Body>"+s+"</s:Body></s:Envelope>"), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, soap bool) {
		if soap {
			format := body.Format{Type: connector.XMLBody, SOAP: "1.1", Lists: locations(t, "[a].[b]", "a.[b]")}
			format.Decode(t.Context(), source("", string(data)), nil)
			return
		}
		format := body.Format{Type: connector.XMLBody}
		doc, err := format.Decode(t.Context(), source("", string(data)), nil)
		if err != nil || doc == nil {
			return
		}
		b, err := format.Encode(t.Context(), doc, nil)
		if err != nil {
			return // a name that only a lenient reader takes
		}
		same(t, doc, decode(t, format, "", string(b.Record), nil))
	})
}
