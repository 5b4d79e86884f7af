package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// contract is the OpenAPI document, read as what answers are held to. It knows
// the words of JSON Schema that the document uses.
type contract struct{ document map[string]any }

func newContract(t *testing.T, document []byte) contract {
	t.Helper()
	var c contract
	if err := json.Unmarshal(document, &c.document); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c contract) at(path ...string) map[string]any {
	found := c.document
	for _, name := range path {
		found, _ = found[name].(map[string]any)
	}
	return found
}

// route finds the path of the document that a request is for: names win.
func (c contract) route(path string) string {
	path, _, _ = strings.Cut(strings.TrimSuffix(strings.ToLower(path), "/"), "?")
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	best, score := "", -1
	for _, known := range slices.Sorted(maps.Keys(c.at("paths"))) {
		names := strings.Split(strings.ToLower(known), "/")
		if len(names) != len(parts) {
			continue
		}
		same := 0
		for i, name := range names {
			switch {
			case name == parts[i]:
				same += 1 << (len(names) - i) // an earlier name decides
			case !strings.HasPrefix(name, "{"):
				same = -1 << 20
			}
		}
		if same > score {
			best, score = known, same
		}
	}
	return best
}

// answer says how a JSON answer differs from what the document has.
func (c contract) answer(method, path string, status int, body string) []string {
	media := c.at("paths", c.route(path), strings.ToLower(method), "responses", fmt.Sprint(status), "content", "application/json")
	if media == nil {
		if body == "" {
			return nil
		}
		return []string{fmt.Sprintf("answer %d is not in the document", status)}
	}
	var v any
	d := json.NewDecoder(bytes.NewReader([]byte(body)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return []string{err.Error()}
	}
	schema, _ := media["schema"].(map[string]any)
	return c.differences(schema, v, "$")
}

func (c contract) differences(schema map[string]any, v any, at string) (all []string) {
	if ref, ok := schema["$ref"].(string); ok {
		return c.differences(c.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...), v, at)
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		choices, ok := schema[word].([]any)
		if !ok {
			continue
		}
		for _, choice := range choices {
			found := c.differences(choice.(map[string]any), v, at)
			if len(found) == 0 {
				return nil
			}
			all = append(all, found...)
		}
		return all
	}
	if want, got := types(schema["type"]), typeOf(v); len(want) > 0 && !slices.Contains(want, got) && (got != "integer" || !slices.Contains(want, "number")) {
		return []string{fmt.Sprintf("%s is of type %s, not %v", at, got, want)}
	}
	if words, ok := schema["enum"].([]any); ok && !slices.Contains(words, v) {
		return []string{fmt.Sprintf("%s is %v, not one of %v", at, v, words)}
	}
	switch v := v.(type) {
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i, item := range v {
			all = append(all, c.differences(items, item, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case map[string]any:
		all = c.properties(schema, v, at)
	}
	return all
}

func (c contract) properties(schema, v map[string]any, at string) (all []string) {
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := v[name.(string)]; !ok {
			all = append(all, fmt.Sprintf("%s has no %s", at, name))
		}
	}
	known, _ := schema["properties"].(map[string]any)
	for name, value := range v {
		of, ok := known[name].(map[string]any)
		if !ok && len(known) > 0 && schema["additionalProperties"] == nil {
			all = append(all, fmt.Sprintf("%s.%s is not in the document", at, name))
			continue
		}
		all = append(all, c.differences(of, value, at+"."+name)...)
	}
	return all
}

// types are those that a schema allows; none: any.
func types(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, one.(string))
		}
		return all
	}
	return nil
}

func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "number"
		}
		return "integer"
	case []any:
		return "array"
	}
	return "object"
}

// What a test of differences cannot find, no answer is held to.
func TestContractFinds(t *testing.T) {
	c := newContract(t, []byte(`{"paths":{"/a/{id}":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}}}},
		"components":{"schemas":{"A":{"type":"object","required":["Id"],"properties":{"Id":{"type":"integer"},"Name":{"type":["string","null"]},
		"List":{"type":"array","items":{"type":"string","enum":["x","y"]}}}}}}}`))
	for body, want := range map[string]string{
		`{"Id":1,"Name":null,"List":["x"]}`: "[]",
		`{"Name":"x"}`:                      "[$ has no Id]",
		`{"Id":1,"List":["y","z"]}`:         "[$.List[1] is z, not one of [x y]]",
		`{"Id":null}`:                       "[$.Id is of type null, not [integer]]",
		`{"Id":1,"List":[1]}`:               "[$.List[0] is of type integer, not [string]]",
		`{"Id":1,"Other":2}`:                "[$.Other is not in the document]",
		`[]`:                                "[$ is of type array, not [object]]",
	} {
		if got := fmt.Sprint(c.answer("GET", "/A/7/?x=y", 200, body)); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

// Every operation that answers with JSON has an example, and it fits.
func TestAnswersHaveExamples(t *testing.T) {
	w := newWorld(t, api.Options{})
	for _, r := range w.api.Routes() {
		responses := w.contract.at("paths", r.Path, strings.ToLower(r.Method), "responses")
		for status := range responses {
			for kind := range w.contract.at("paths", r.Path, strings.ToLower(r.Method), "responses", status, "content") {
				media := w.contract.at("paths", r.Path, strings.ToLower(r.Method), "responses", status, "content", kind)
				example, err := json.Marshal(media["example"])
				if err != nil || media["example"] == nil {
					t.Errorf("%s: answer %s has no example", r.ID, status)
					continue
				}
				if kind != "application/json" || status == "default" {
					continue
				}
				schema, _ := media["schema"].(map[string]any)
				var v any
				d := json.NewDecoder(bytes.NewReader(example))
				d.UseNumber()
				if err := d.Decode(&v); err != nil {
					t.Fatal(err)
				}
				if all := w.contract.differences(schema, v, "$"); len(all) > 0 {
					t.Errorf("%s: the example of its answer: %v", r.ID, all)
				}
			}
		}
	}
}

func TestAnswersPromise(t *testing.T) {
	w := newWorld(t, api.Options{})
	for name, want := range map[string]string{
		"Account": "Id CreatedDate Name Description Timezone Enabled", "Transaction": "Id CycleId Status TasksUsed Children", "CycleShape": "Id Name Tags Connectors StartTime",
	} {
		required := fmt.Sprint(w.contract.at("components", "schemas", name)["required"])
		for _, property := range strings.Fields(want) {
			if !strings.Contains(" "+strings.Trim(required, "[]")+" ", " "+property+" ") {
				t.Errorf("%s: %s is not promised: %s", name, property, required)
			}
		}
	}
}
