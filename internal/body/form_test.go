package body_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
)

func TestFormWrite(t *testing.T) {
	f := body.Format{Type: connector.FormBody}
	doc := object{
		"a": "x y&=é", "n": json.Number("1.50"), "t": true, "none": nil, "empty": []any{}, "o": object{},
		"b": object{"c": []any{"1", "2"}}, "l": []any{"1", object{"d": "2"}, []any{"3"}}, "p[q]": "r",
	}
	b, text := encode(t, f, doc, nil)
	plain, err := url.QueryUnescape(text)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "a=x y&=é&b[c][]=1&b[c][]=2&l[0]=1&l[1][d]=2&l[2][]=3&n=1.50&none=&p[q]=r&t=true", plain)
	same(t, "application/x-www-form-urlencoded", b.ContentType)
	if !strings.HasPrefix(text, "a=x+y%26%3D%C3%A9&b%5Bc%5D%5B%5D=1") {
		t.Error(text)
	}
	f.Repeat = true
	_, text = encode(t, f, object{"a": []any{"1", "2"}}, nil)
	same(t, "a=1&a=2", text)

	for in, want := range map[string]string{`[1]`: "not of a list", `"a"`: "not of a single value", strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40): "too deep"} {
		if _, err := f.Encode(t.Context(), parse(t, in), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", in, err)
		}
	}
}

func TestFormRead(t *testing.T) {
	f := body.Format{Type: connector.FormBody, Lists: locations(t, "[one]", "o.[many].x")}
	for in, want := range map[string]string{
		"a=1&b=":                        `{"a":"1","b":""}`,
		"a":                             `{"a":""}`,
		"&a=1&&":                        `{"a":"1"}`,
		"=1":                            `{"":"1"}`,
		"a=1&a=2&a=3":                   `{"a":["1","2","3"]}`,
		"a[]=1":                         `{"a":["1"]}`,
		"a[]=1&a=2":                     `{"a":["1","2"]}`,
		"a=1&a[]=2":                     `{"a":"1","a[]":"2"}`,
		"a[b]=1&a[c][d]=2":              `{"a":{"b":"1","c":{"d":"2"}}}`,
		"a[0]=x&a[1]=y":                 `{"a":["x","y"]}`,
		"a[1]=y&a[0][b]=x":              `{"a":[{"b":"x"},"y"]}`,
		"a[1]=y":                        `{"a":{"1":"y"}}`,
		"a[0]=y&a[2]=y":                 `{"a":{"0":"y","2":"y"}}`,
		"a[1000000000]=y":               `{"a":{"1000000000":"y"}}`,
		"a[][b]=1&a[][c]=2&a[][b]=3":    `{"a":[{"b":"1","c":"2"},{"b":"3"}]}`,
		"a[][][b]=1&a[][][b]=2":         `{"a":[[{"b":"1"}],[{"b":"2"}]]}`,
		"a[b]=1&a=2&a=3":                `{"a":{"b":"1","":["2","3"]}}`,
		"a=1&a[b]=2":                    `{"a":"1","a[b]":"2"}`,
		"a[b]=1&a[b][c]=2":              `{"a":{"b":"1"},"a[b][c]":"2"}`,
		"a[b][c]=1&a[b]=2":              `{"a":{"b":{"c":"1"}},"a[b]":"2"}`,
		"a[b=1&a]b[=2&[x]=3&a[b]c=4":    `{"a[b":"1","a]b[":"2","[x]":"3","a[b]c":"4"}`,
		"a[[b]]=1":                      `{"a[[b]]":"1"}`,
		"a%5Bb%5D=%C3%A9%ff+%00":        `{"a":{"b":"é` + "\ufffd" + ` \u0000"}}`,
		"one=1&o[many][x]=2":            `{"one":["1"],"o":{"many":[{"x":"2"}]}}`,
		"0=a&1=b":                       `{"0":"a","1":"b"}`,
		"a" + strings.Repeat("[b]", 40): `{"a` + strings.Repeat("[b]", 40) + `":""}`,
	} {
		if diff := cmp.Diff(parse(t, want), decode(t, f, "", in, nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", in, diff)
		}
	}
	refuse(t, f, "", "a=%zz", "not a form")
	refuse(t, f, "", "%=", "not a form")
	refuse(t, f, "", strings.Repeat("a=&", 100_001), "more than 100000 fields")
	refuse(t, f, "", strings.Repeat("a[][]=&", 100_001), "more than 100000 fields")
}

func genForm(depth int) *rapid.Generator[any] {
	text := rapid.StringN(0, 8, -1).AsAny()
	if depth == 0 {
		return text
	}
	objects := rapid.MapOfN(rapid.StringMatching(`[^\[\]0-9]{1,5}`), genForm(depth-1), 1, 3).AsAny()
	return rapid.OneOf(text, objects, rapid.SliceOfN(genForm(depth-1), 1, 4).AsAny())
}

func TestFormRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		doc := any(rapid.MapOfN(rapid.StringMatching(`[^\[\]]{1,5}`), genForm(3), 1, 4).Draw(rt, "document"))
		f := body.Format{Type: connector.FormBody}
		_, text := encode(t, f, doc, nil)
		if diff := cmp.Diff(doc, decode(t, f, "", text, nil)); diff != "" {
			rt.Fatalf("%s\n(-written +read):\n%s", text, diff)
		}
	})
}

// A hundred thousand fields take no time that grows with their square.
func TestFormOfMany(t *testing.T) {
	for _, form := range []string{"a=%d&", "a[]=%d&", "a[][b]=%d&", "a[%d]=&", "a[b][%d][c]=&"} {
		var b strings.Builder
		for i := range 99_000 {
			b.WriteString(strings.ReplaceAll(form, "%d", strconv.Itoa(i)))
		}
		got := decode(t, body.Format{Type: connector.FormBody}, "", b.String(), nil).(object)["a"]
		if m, ok := got.(object); ok {
			got = m["b"]
		}
		if n := len(got.([]any)); n != 99_000 {
			t.Errorf("%s: %d", form, n)
		}
	}
}

func FuzzForm(f *testing.F) {
	for _, s := range []string{"a=1&b[c]=2", "a[]=1&a=2", "a[][b]=1&a[][c]=2", "a[0]=1&a[1][x]=2", "a[b=1", "%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		format := body.Format{Type: connector.FormBody}
		doc, err := format.Decode(t.Context(), source("", s), nil)
		if err != nil || doc == nil {
			return
		}
		if _, err := format.Encode(t.Context(), doc, nil); err != nil && !strings.Contains(err.Error(), "too deep") {
			t.Fatal(fmt.Errorf("%q: %w", s, err))
		}
	})
}
