package api

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// paths is a tree like the real one.
func paths() *segment {
	s := &segment{}
	s.add(get, "/v1.0/accounts", []string{"page", "pageSize"})
	s.add(get, "/v1.0/accounts/{id}", nil)
	s.add(put, "/v1.0/accounts/{id}/users", nil)
	return s
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"/V1.0/Accounts/x%2Fy/USERS/?PAGE=1&per_page=2", "/v1.0/accounts/..", "//", "/v1.0/accounts?%50age=1&=&&x"} {
		f.Add(seed)
	}
	tree := paths()
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := httptest.NewRequest(get, "/", nil)
		r.URL = u
		at, path := tree.find(u.EscapedPath())
		if at == nil {
			return
		}
		folded := at.fold(r, path)
		if again, same := tree.find(folded.URL.EscapedPath()); again != at || same != path {
			t.Errorf("%q folds to %q, and that to %q", target, path, same)
		}
		if names := strings.Split(path, "/"); len(names) > 3 && !strings.Contains(u.EscapedPath(), names[3]) {
			t.Errorf("%q: the name %q was changed", target, names[3])
		}
	})
}

func TestFold(t *testing.T) {
	tree := paths()
	for target, want := range map[string]string{
		"/V1.0/Accounts?PAGE=2&per_page=3&Other=x": "/v1.0/accounts?page=2&pageSize=3&Other=x",
		"/v1.0/ACCOUNTS/Users/":                    "/v1.0/accounts/Users?",
		"/v1.0/accounts/a%2Fb/USERS":               "/v1.0/accounts/a%2Fb/users?",
		"/v1.0/accounts//users":                    "?",
		"/v1.0/accounts/./users":                   "?",
		"/v1.0/nothing":                            "?",
		"/":                                        "?",
	} {
		r := httptest.NewRequest(get, target, nil)
		got := "?"
		if at, path := tree.find(r.URL.EscapedPath()); at != nil {
			f := at.fold(r, path)
			got = f.URL.EscapedPath() + "?" + f.URL.RawQuery
		}
		if got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"Name":"x","StepDataErroredRetentionHours":"8","NextBillDateUtc":"1/2/2026"}`, `{"name":null}`, `{"ConcurrentTransactionLimit":{}}`, `[]`, `{`, `null`,
	} {
		f.Add([]byte(seed))
	}
	read := jsonFormat().Unmarshal
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, v := range []any{new(accountBody), new(stepBody), new(mappingBody), new(edgeBody), new([]variableBody)} {
			if err := read(data, v); err == nil && !json.Valid(data) {
				t.Errorf("%q was read into %T", data, v)
			}
		}
	})
}

func FuzzTokenRequest(f *testing.F) {
	f.Add("Basic aWQ6c2VjcmV0", "grant_type=client_credentials&scope=account:x")
	f.Add("basic !", "%")
	f.Fuzz(func(t *testing.T, header, form string) {
		r, err := tokenRequest(&tokenInput{Authorization: header, RawBody: []byte(form)})
		if _, basic := cutBasic(header); err == nil && !basic {
			if sent, _ := url.ParseQuery(form); sent.Get("client_id") != r.ClientID || sent.Get("client_secret") != string(r.ClientSecret) {
				t.Errorf("%q, %q: read as %q", header, form, r.ClientID)
			}
		}
	})
}

func FuzzMoment(f *testing.F) {
	for _, seed := range []string{"2026-01-31T12:00:00Z", "2026-01-31", "1/31/2026", "2026-01-31T12:00:00.5+02:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var m, again moment
		if m.UnmarshalText([]byte(text)) != nil {
			return
		}
		if err := again.UnmarshalText([]byte(m.Format("2006-01-02T15:04:05.999999999Z07:00"))); err != nil || !again.Equal(m.Time) {
			t.Errorf("%q is %s, and that is %s (%v)", text, m, again, err)
		}
	})
}

func TestReference(t *testing.T) {
	for text, want := range map[string]mention{
		`8`: "8", `"8"`: "8", `{"Id":8}`: "8", `{"id":"8"}`: "8", `{"MethodUniqueIdentifier":"x"}`: "x", `null`: "", `{}`: "",
	} {
		var got mention
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}
