package utility_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

var tools = &shelves{all: utility.Tools()}

func TestTools(t *testing.T) {
	table := `"gb = United Kingdom\r\n at=Austria\n\n"`
	for _, tt := range []struct {
		name, request string
		parameters    values
		want          string
	}{
		{"check_email", `{"Email":" Ada@Example.com "}`, nil, `{"Domain":"example.com","Email":"ada@example.com","Local":"ada","Valid":true}`},
		{"check_email", `{"Email":"Ada <ada@example.com>"}`, nil, `{"Valid":false}`},
		{"check_email", `{"Email":"ada@localhost"}`, nil, `{"Domain":"localhost","Email":"ada@localhost","Local":"ada","Valid":false}`},
		{"check_email", `{}`, nil, `{"Valid":false}`},
		{"matches", `{"Text":"Order 1234"}`, values{"Pattern": `^order \d+$`, "IgnoreCase": "true"}, `{"Matches":true}`},
		{"matches", `{"Text":"Order 1234"}`, values{"Pattern": `^order \d+$`}, `{"Matches":false}`},
		{"matches", `{"Text":"aa"}`, values{"Pattern": `(a)\1`}, "build: Pattern is not a regular expression: error parsing regexp: invalid escape sequence: `\\1`"},
		{"matches", `{"Text":"x"}`, nil, `build: Pattern is required`},
		{"matches", `{"Text":"x"}`, values{"Pattern": strings.Repeat("x", 1001)}, `build: Pattern has 1001 bytes, and may have 1000 at most`},
		{"extract", `{"Text":"a=1, b=2"}`, values{"Pattern": `(?P<name>\w)=(\d)`}, `{"Found":true,"Groups":["a","1"],"Match":"a=1","Matches":["a=1","b=2"],"Named":{"name":"a"}}`},
		{"extract", `{"Text":"nothing"}`, values{"Pattern": `\d`}, `{"Found":false,"Groups":[],"Matches":[],"Named":{}}`},
		{"replace", `{"Text":"a-1 b-2","Replacement":"$2$1"}`, values{"Pattern": `(\w)-(\d)`}, `{"Text":"1a 2b"}`},
		{"replace", `{"Text":"` + strings.Repeat("x", 20_000) + `","Replacement":"` + strings.Repeat("y", 1000) + `"}`, values{"Pattern": `x`}, `build: the result has more than 10485760 bytes`},
		{"format_number", `{"Number":1234567.891}`, values{"Decimals": "2", "ThousandsSeparator": ".", "DecimalSeparator": ",", "Prefix": "€ "}, `{"Text":"€ 1.234.567,89"}`},
		{"format_number", `{"Number":"-1000.50"}`, values{"ThousandsSeparator": ","}, `{"Text":"-1,000.5"}`},
		{"format_number", `{"Number":"-0.001"}`, values{"Decimals": "2"}, `{"Text":"0.00"}`},
		{"format_number", `{"Number":"1e9"}`, nil, `{"Text":"1000000000"}`},
		{"format_number", `{"Number":"1e999999999"}`, nil, `build: Number is not a number`},
		{"format_number", `{"Number":1}`, values{"Decimals": "17"}, `build: Decimals must be a whole number from 0 to 16`},
		{"format_date", `{"Date":"2026-07-01T09:05:00Z"}`, values{"Format": "dd/MM/yyyy HH:mm", "TimeZone": "Europe/London"}, `{"Text":"01/07/2026 10:05"}`},
		{"format_date", `{"Date":"tomorrow"}`, values{"Format": "dd"}, `build: Date is not a date: write it as 2026-01-31T12:00:00Z, or as seconds since 1970`},
		{"format_date", `{"Date":0}`, values{"Format": "dd", "TimeZone": "../../etc/passwd"}, `build: TimeZone: there is no time zone "../../etc/passwd"; they are such as Europe/London`},
		{"format_date", `{"Date":0}`, nil, `build: Format is required`},
		{"hash", `{"Text":"abc"}`, nil, `{"Hash":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}`},
		{"hash", `{"Text":"abc"}`, values{"Algorithm": "md5", "Encoding": "base64"}, `{"Hash":"kAFQmDzST7DWlj99KOF/cg=="}`},
		{"hash", `{"Text":"what do ya want for nothing?","Secret":"Jefe"}`, values{"Algorithm": "SHA1"}, `{"Hash":"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"}`},
		{"hash", `{"Text":"abc"}`, values{"Algorithm": "SHA3"}, `build: Algorithm must be one of SHA256, SHA1, SHA384, SHA512, MD5`},
		{"look_up", `{"Value":"at","Table":` + table + `}`, nil, `{"Found":true,"Result":"Austria"}`},
		{"look_up", `{"Value":"GB","Table":` + table + `}`, values{"IgnoreCase": "yes"}, `{"Found":true,"Result":"United Kingdom"}`},
		{"look_up", `{"Value":"GB","Table":` + table + `,"Otherwise":"?"}`, nil, `{"Found":false,"Result":"?"}`},
		{"apply", `{"Value":" Ada "}`, values{"Functions": "trim | upper"}, `{"Value":"ADA"}`},
		{"apply", `{"Value":["a","b"]}`, values{"Functions": "length"}, `{"Value":2}`},
		{"apply", `{"Value":"x"}`, values{"Functions": "shout"}, `build: Functions: there is no function "shout"`},
		{"apply", `{"Value":"x"}`, values{"Functions": "divide:2"}, `build: Functions: merge field Value: function divide: the value is not a number`},
		{"parse_json", `{"Text":"{\"n\":1.50,\"l\":[null]}"}`, nil, `{"Data":{"l":[null],"n":1.50}}`},
		{"parse_json", `{"Text":"{} {}"}`, nil, `build: Text is not JSON: there is more after its end`},
		{"parse_json", `{"Text":"{"}`, nil, `build: Text is not JSON: unexpected EOF`},
		{"build_json", `{"Data":{"b":"<","a":1.50}}`, nil, `{"Text":"{\"a\":1.50,\"b\":\"\u003c\"}"}`},
		{"build_json", `{"Data":[1]}`, values{"Indent": "true"}, `{"Text":"[\n  1\n]"}`},
		{"parse_csv", `{"Text":"name;n\r\n\"Ada; L\";1\r\nBob;2;3\r\n"}`, values{"Delimiter": ";"}, `{"Columns":["name","n","Column3"],"Count":2,"Rows":[{"n":"1","name":"Ada; L"},{"Column3":"3","n":"2","name":"Bob"}]}`},
		{"parse_csv", `{"Text":"\ufeffa\tb"}`, values{"Delimiter": "tab", "Header": "false"}, `{"Columns":["Column1","Column2"],"Count":1,"Rows":[{"Column1":"a","Column2":"b"}]}`},
		{"parse_csv", `{"Text":""}`, nil, `{"Columns":[],"Count":0,"Rows":[]}`},
		{"build_csv", `{"Rows":[{"a":"x, y","n":1},{"b":"=1+1","n":-2.5}]}`, nil, `{"Count":2,"Text":"a,b,n\r\n\"x, y\",,1\r\n,'=1+1,-2.5\r\n"}`},
		{"build_csv", `{"Rows":[{"a":"1","b":"@x"}]}`, values{"Columns": "b,a", "Delimiter": "tab", "Header": "no"}, `{"Count":1,"Text":"'@x\t1\r\n"}`},
		{"build_csv", `{"Rows":["x"]}`, nil, `build: Rows[0] must be an object with a member for each column`},
	} {
		if diff := cmp.Diff(tt.want, tools.run(t, "tool."+tt.name, "", "", tt.request, tt.parameters)); diff != "" {
			t.Errorf("%s %.100s %v: -want +got\n%s", tt.name, tt.request, tt.parameters, diff)
		}
	}
}

// Whatever texts and patterns there are, a tool answers, or says what is wrong; and
// no cell that it writes is a formula.
func FuzzTools(f *testing.F) {
	f.Add("a,b\n=1+1,2", `(a|b)+`, "upper | lower")
	f.Add("{\"a\":[1]}", `^(?P<x>.*)$`, "split:','")
	f.Fuzz(func(t *testing.T, text, pattern, functions string) {
		for name, operation := range tools.all {
			_, err := operation(t.Context(), invoke.Operation{
				Request:    doc{"Text": text, "Value": text, "Email": text, "Number": text, "Date": text, "Table": text, "Data": text, "Replacement": functions},
				Parameters: values{"Pattern": pattern, "Functions": functions, "Format": functions, "TimeZone": functions, "Delimiter": pattern},
			})
			if failed := (*invoke.Error)(nil); err != nil && !errors.As(err, &failed) {
				t.Fatalf("%s: %T: %v", name, err, err)
			}
		}
		out, err := tools.all["tool.build_csv"](t.Context(), invoke.Operation{Request: doc{"Rows": []any{doc{"x": text}}}, Parameters: values{"Header": "false"}})
		if err != nil {
			t.Fatal(err)
		}
		built := out.(doc)["Text"].(string)
		if cell := strings.TrimLeft(strings.TrimPrefix(built, `"`), " \t\r\n"); strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
			t.Fatalf("%q is a formula", built)
		}
	})
}

func TestParsedJSONIsBuilt(t *testing.T) {
	for _, text := range []string{`{"a":[1,2.50,{"b":null}],"c":"é<"}`, `[]`, `"x"`, `1e400`} {
		request, err := json.Marshal(doc{"Text": text})
		if err != nil {
			t.Fatal(err)
		}
		parsed := tools.run(t, "tool.parse_json", "", "", string(request), nil)
		var built struct{ Text string }
		if err := json.Unmarshal([]byte(tools.run(t, "tool.build_json", "", "", parsed, nil)), &built); err != nil || built.Text != text {
			t.Errorf("%s became %s, %v", text, built.Text, err)
		}
	}
}
