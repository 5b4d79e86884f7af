package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// row is a call, and what must come of it: a line of one of the API's tables.
type row struct {
	call   string // METHOD /path under /v1.0, or name = METHOD /path: then {name} is idOf its answer in all that follows
	body   string
	status int    // 0: any success
	want   string // JSON that the answer holds, see holds; "": anything
}

// table makes calls in turn, each in an account unless it is "". Known are the
// names that rows may use already.
func (w *world) table(account string, known map[string]string, rows []row) {
	w.t.Helper()
	names := maps.Clone(known)
	if names == nil {
		names = map[string]string{}
	}
	for _, r := range rows {
		var pairs []string
		for name, id := range names {
			pairs = append(pairs, "{"+name+"}", id)
		}
		fill := strings.NewReplacer(pairs...).Replace
		name, route, named := strings.Cut(r.call, " = ")
		if !named {
			route = r.call
		}
		method, path, _ := strings.Cut(fill(route), " ")
		c := call{method: method, path: "/v1.0" + path, account: account}
		if r.body != "" {
			c.body = fill(r.body)
		}
		a := w.do(c)
		if a.status != r.status && (r.status != 0 || a.status/100 != 2) {
			w.t.Errorf("%s %s: %d %.300s, want %d", r.call, r.body, a.status, short(a.body), r.status)
			continue
		}
		var got any
		if r.want == "" && !named {
			continue
		}
		if err := json.Unmarshal([]byte(a.body), &got); err != nil {
			w.t.Errorf("%s: %v in %.300s", r.call, err, a.body)
			continue
		}
		if r.want != "" {
			if why := held(fill(r.want), got); why != "" {
				w.t.Errorf("%s %s: %.500s, in %.500s", r.call, r.body, why, short(a.body))
			}
		}
		if named {
			names[name] = idOf(got)
		}
	}
}

// idOf is the Id of an object, of the first of a list, or of what a mapping is for.
func idOf(v any) string {
	switch v := v.(type) {
	case []any:
		if len(v) > 0 {
			return idOf(v[0])
		}
	case map[string]any:
		if id, ok := v["Id"].(float64); ok {
			return fmt.Sprintf("%.0f", id)
		}
		for _, of := range []string{"Parameter", "Field"} {
			if v[of] != nil {
				return idOf(v[of])
			}
		}
		return fmt.Sprint(v["Id"])
	}
	return "none"
}

// short is an answer without icons.
func short(body string) string {
	for {
		from := strings.Index(body, "data:image")
		if from < 0 {
			return body
		}
		body = body[:from] + "…" + body[from+strings.IndexByte(body[from:], '"'):]
	}
}

// held says in what got does not hold want, which is JSON.
func held(want string, got any) string {
	var v any
	if err := json.Unmarshal([]byte(want), &v); err != nil {
		return fmt.Sprintf("%v in %s", err, want)
	}
	return lacks(v, got, "$")
}

// lacks compares: an object has the properties that are wanted, and may have more;
// a list has the items that are wanted, and no more; "*" is anything but null.
func lacks(want, got any, at string) string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %v, not an object", at, got)
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			value, ok := object[name]
			if !ok {
				return fmt.Sprintf("%s has no %s", at, name)
			}
			if why := lacks(want[name], value, at+"."+name); why != "" {
				return why
			}
		}
		return ""
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Sprintf("%s is %v, not a list of %d", at, got, len(want))
		}
		for i := range want {
			if why := lacks(want[i], list[i], fmt.Sprintf("%s[%d]", at, i)); why != "" {
				return why
			}
		}
		return ""
	}
	if want == got || want == "*" && got != nil {
		return ""
	}
	return fmt.Sprintf("%s is %v, want %v", at, got, want)
}

// What held does not find, no row is held to.
func TestHeld(t *testing.T) {
	var got any
	if err := json.Unmarshal([]byte(`{"A":1,"B":[{"C":"x","D":null}]}`), &got); err != nil {
		t.Fatal(err)
	}
	for want, why := range map[string]string{
		`{}`:                   "",
		`{"A":1,"B":"*"}`:      "",
		`{"B":[{"D":null}]}`:   "",
		`{"a":1}`:              "$ has no a",
		`{"A":"1"}`:            "$.A is 1, want 1",
		`{"B":[]}`:             "$.B is [map[C:x D:<nil>]], not a list of 0",
		`{"B":[{"C":"y"}]}`:    "$.B[0].C is x, want y",
		`{"B":[{"D":"*"}]}`:    "$.B[0].D is <nil>, want *",
		`{"B":[{"D":null},1]}`: "$.B is [map[C:x D:<nil>]], not a list of 2",
		`[]`:                   "$ is map[A:1 B:[map[C:x D:<nil>]]], not a list of 0",
	} {
		if found := held(want, got); found != why {
			t.Errorf("%s: %q, want %q", want, found, why)
		}
	}
}
