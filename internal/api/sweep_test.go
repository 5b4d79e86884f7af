package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// Old clients send numbers and booleans as text, in any property of any request.
func TestNumbersAndBooleansAsText(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	tried := 0
	for _, r := range w.api.Routes() {
		operation := w.contract.at("paths", r.Path, strings.ToLower(r.Method))
		body, _ := w.contract.at("paths", r.Path, strings.ToLower(r.Method), "requestBody", "content", "application/json")["schema"].(map[string]any)
		if body == nil {
			continue
		}
		for _, property := range w.contract.plain(body, nil) {
			for _, text := range property.texts {
				sent := property.sent(text)
				tried++
				a := w.do(call{method: r.Method, path: anywhere(r.Path, operation), account: "books", body: sent})
				if a.status >= 500 || strings.Contains(a.body, "wrong type") || strings.Contains(a.body, "The request is invalid.") {
					t.Errorf("%s %s: %d %s", r.ID, sent, a.status, a.body)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("tried %d: the document was not understood", tried)
	}
}

// anywhere is a path with ids that nothing has.
func anywhere(path string, operation map[string]any) string {
	parameters, _ := operation["parameters"].([]any)
	for _, p := range parameters {
		parameter, _ := p.(map[string]any)
		schema, _ := parameter["schema"].(map[string]any)
		id := "8e9c8b00-0000-4000-8000-000000000000"
		if schema["type"] == "integer" {
			id = "999999"
		}
		path = strings.ReplaceAll(path, fmt.Sprintf("{%s}", parameter["name"]), id)
	}
	return path
}

// plain is a property that is a number or a boolean, and where it is: names of
// objects, and "" for an item of a list.
type plain struct {
	at    []string
	texts []string // that say what it may be
}

// plain finds those of a schema.
func (c contract) plain(schema map[string]any, at []string) (all []plain) {
	if ref, ok := schema["$ref"].(string); ok {
		if len(at) > 12 {
			return nil // it holds itself
		}
		return c.plain(c.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...), at)
	}
	kinds := types(schema["type"])
	switch {
	case slices.Contains(kinds, "integer"):
		return []plain{{at, []string{"7", " 8 ", "9.0"}}}
	case slices.Contains(kinds, "boolean"):
		return []plain{{at, []string{"true", "False"}}}
	}
	if items, ok := schema["items"].(map[string]any); ok {
		all = c.plain(items, append(slices.Clone(at), ""))
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		all = append(all, c.plain(properties[name].(map[string]any), append(slices.Clone(at), name))...)
	}
	return all
}

// sent is a body with text in p's place, and nothing else.
func (p plain) sent(text string) string {
	b, _ := json.Marshal(text) // never fails for text
	body := string(b)
	for _, name := range slices.Backward(p.at) {
		if name == "" {
			body = "[" + body + "]"
		} else {
			body = fmt.Sprintf("{%q:%s}", name, body)
		}
	}
	return body
}

func TestSent(t *testing.T) {
	c := newContract(t, []byte(`{"components":{"schemas":{"A":{"properties":{"B":{"type":["array","null"],"items":{"properties":{"N":{"type":["integer","null"]},"T":{"type":"string"}}}},"Z":{"type":"boolean"}}}}}}`))
	var got []string
	for _, p := range c.plain(map[string]any{"$ref": "#/components/schemas/A"}, nil) {
		got = append(got, p.sent(p.texts[0]))
	}
	if want := `[{"B":[{"N":"7"}]} {"Z":"true"}]`; fmt.Sprint(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}
