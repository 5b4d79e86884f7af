package api

import (
	"encoding/json"
	"testing"
)

func TestStrict(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":1}`:                          `{"a":1}`,
		`{a:1}`:                            `{"a":1}`,
		`{'a': 'it\'s "so"'}`:              `{"a": "it's \"so\""}`,
		`{Parameters: {12: 'x', 13:true}}`: `{"Parameters": {"12": "x", "13":true}}`,
		`[1, 2.5e3, -4, null, ]`:           `[1, 2.5e3, -4, null ]`,
		`{a_b$: "\u00e9\n", 'c':[{d:''}]}`: `{"a_b$": "\u00e9\n", "c":[{"d":""}]}`,
		`{'a,}': 1}`:                       `{"a,}": 1}`,
	} {
		got, err := strict([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "{", "{a}", "{a:b}", "'", `{'a':1`, "{a:1,,}", "undefined", "{a:1}{", `{"a":'\`} {
		if got, err := strict([]byte(in)); err == nil {
			t.Errorf("%q became %s", in, got)
		}
	}
}

func FuzzStrict(f *testing.F) {
	for _, s := range []string{`{a:'b'}`, `[1,]`, `{"a":"b\"c"}`, `'\u12`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := strict(in)
		if err == nil && !json.Valid(out) {
			t.Errorf("%q became %q", in, out)
		}
		if json.Valid(in) && string(out) != string(in) {
			t.Errorf("%q was JSON and became %q", in, out)
		}
	})
}
