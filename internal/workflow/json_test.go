package workflow_test

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// reference is what encoding/json makes of a body.
func reference(body []byte) any {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return string(body)
	}
	if _, err := d.Token(); err != io.EOF {
		return string(body)
	}
	return doc
}

var documents = []string{
	``, ` `, `null`, `true`, `false`, `tru`, `"a"`, `"a`, `"a\"b\\"`, `"\u00e9\ud83d\ude00"`, `"\ud83d"`, `"\x"`, `"é"`, "\"\xff\"", "\"a\nb\"",
	`0`, `-0`, `01`, `-`, `1.5e-7`, `1.`, `.5`, `1e`, `1E+2`, `+1`, `12345678901234567890.123`,
	`{}`, `[]`, `[1,]`, `[,1]`, `{"a":1,}`, `{"a" : [ 1 , {"b":null} ] }`, `{"a":1,"a":2}`, `{a:1}`, `{"a"}`, `{"a":1 "b":2}`, `[1 2]`, `[`, `{`, `{"`, `"\`,
	`1 2`, `{} x`, "\ufeff{}", `{"é":"\n"}`, strings.Repeat("[", 10001) + strings.Repeat("]", 10001), strings.Repeat("[", 50) + strings.Repeat("]", 50),
}

func TestParseDocument(t *testing.T) {
	for _, s := range append(documents, event) {
		// Not go-cmp, which takes time by powers of the depth.
		if want, got := reference([]byte(s)), workflow.ParseDocument([]byte(s)); !reflect.DeepEqual(want, got) {
			t.Errorf("%.60q: %.200v, want %.200v", s, got, want)
		}
	}
}

func FuzzParseDocument(f *testing.F) {
	for _, s := range append(documents, event) {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if want, got := reference(body), workflow.ParseDocument(body); !reflect.DeepEqual(want, got) {
			t.Errorf("%q: %v, want %v", body, got, want)
		}
	})
}
