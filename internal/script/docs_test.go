package script

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/scripts.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	blocks   = regexp.MustCompile("(?s)```js\n(.*?)```")
	examples = regexp.MustCompile("(?s)<!-- (\\w+) (\\{[^\n]*\\}) (gives|stops with|throws|is) ([^\n]+) -->\n```js\n(.*?)```")
	inlines  = regexp.MustCompile("(?m)^\\| `{1,2}=(.+?) ?`{1,2} \\| (?:`(.*?)` )?\\| `(.*?)` \\|$")
	rows     = regexp.MustCompile("(?m)^\\| `(\\w+)` \\|.*\\|(.*)\\|(.*)\\|$")
	names    = regexp.MustCompile("`(\\w+)`")
)

// The examples of docs/scripts.md do what they say.
func TestDocumentedExamples(t *testing.T) {
	text, p := page(t), newPool(t, Options{})
	all := examples.FindAllStringSubmatch(text, -1)
	if n := len(blocks.FindAllString(text, -1)); n != len(all) || n < 10 {
		t.Fatalf("%d examples, of which %d say what they do", n, len(all))
	}
	for _, e := range all {
		event, given, how, want, source := Event(e[1]), e[2], e[3], e[4], e[5]
		var state map[string]any
		if err := json.Unmarshal([]byte(given), &state); err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		o, err := p.Run(t.Context(), Job{Event: event, State: state, Sources: []Source{{Level: Step, Text: source}}})
		if failed := (*Error)(nil); how == "throws" {
			if !errors.As(err, &failed) || failed.Message != want {
				t.Errorf("%s\nthrows %v, want %s", source, err, want)
			}
			continue
		}
		if err != nil || o.Go != (how != "stops with") {
			t.Errorf("%s\n%+v, %v", source, o, err)
			continue
		}
		if how == "is" {
			if o.True != (want == "true") {
				t.Errorf("%s\nis %v", source, o.True)
			}
			continue
		}
		var wanted map[string]any
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Errorf("%s: %v", want, err)
		}
		for name, value := range wanted {
			var got any
			if err := json.Unmarshal(o.State[name], &got); err != nil {
				t.Errorf("%s: %v", source, err)
			}
			if diff := cmp.Diff(value, got); diff != "" {
				t.Errorf("%s\n%s: %s", source, name, diff)
			}
		}
	}
}

func TestDocumentedInlineScripts(t *testing.T) {
	p := newPool(t, Options{})
	all := inlines.FindAllStringSubmatch(page(t), -1)
	if len(all) < 8 {
		t.Fatalf("%d inline scripts", len(all))
	}
	for _, e := range all {
		bindings := map[string]any{}
		if given := strings.ReplaceAll(e[2], `\|`, "|"); given != "" {
			if err := json.Unmarshal([]byte(given), &bindings); err != nil {
				t.Errorf("%s: %v", given, err)
			}
		}
		if got := inline(t, p, strings.ReplaceAll(e[1], `\|`, "|"), bindings); got != e[3] {
			t.Errorf("%s: %s, want %s", e[1], got, e[3])
		}
	}
}

// The table of events is that of the code.
func TestDocumentedEvents(t *testing.T) {
	var told []Event
	for _, row := range rows.FindAllStringSubmatch(page(t), -1) {
		e := Event(row[1])
		if _, ok := views[e]; !ok {
			continue
		}
		told = append(told, e)
		in := func(cell string) (all []string) {
			for _, name := range names.FindAllStringSubmatch(cell, -1) {
				if name[1] != "method_auth_value" { // which Source.Visible gives
					all = append(all, name[1])
				}
			}
			return all
		}
		if diff := cmp.Diff(views[e], view{sees: in(row[2]), changes: in(row[3])}, cmp.AllowUnexported(view{})); diff != "" {
			t.Errorf("%s\n%s", e, diff)
		}
	}
	if !slices.Equal(told, events) {
		t.Errorf("the page has %v", told)
	}
}
