package body

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
)

// encoded is a document as encoding/json writes it.
func encoded(doc any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(doc)
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}

func sameAsEncoded(t *testing.T, doc any) {
	t.Helper()
	want, wantErr := encoded(doc)
	got, err := JSON(doc)
	if (err == nil) != (wantErr == nil) || err == nil && string(got) != want {
		t.Errorf("%#v is %s, %v; want %s, %v", doc, got, err, want, wantErr)
	}
}

func TestJSON(t *testing.T) {
	for _, doc := range []any{
		nil, true, "", "a<b>&c", "a\"b\\c\n\x7f\x00", "Zoë \u2028 \xff", 7, -1.5, math.NaN(), func() {},
		[]any(nil), []any{}, map[string]any(nil), map[string]any{}, []string{"typed"},
		map[string]any{"b": 1, "a\"": []any{nil, "x", map[string]any{"Ä": false}}, "": math.Inf(1)},
		map[string]any{"z": json.Number("1"), "a": json.Number("19.99")},
	} {
		sameAsEncoded(t, doc)
	}
	for _, n := range []json.Number{"", "-", "0", "-0", "00", "01", "1.", ".5", "1.50", "-12.5", "1e9", "1.2.3", "--1", "+1", "1a", "99999999999999999999"} {
		sameAsEncoded(t, []any{n})
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"b":[1,2.5e3,-0.1],"a":{"Ü\u2029":"\u0001","":null},"c":true}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var doc any
		if d.Decode(&doc) == nil {
			sameAsEncoded(t, doc)
		}
	})
}

func BenchmarkJSON(b *testing.B) {
	doc := map[string]any{
		"externalId": json.Number("12345"), "fullName": "Ada Lovelace", "email": "ada@example.com",
		"total": json.Number("19.99"), "country": "GB", "t0": json.Number("1767225600000000"),
	}
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := encoded(doc); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("JSON", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := JSON(doc); err != nil {
				b.Fatal(err)
			}
		}
	})
}
