package invoke_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// lister is a method that reads pages of items.
func lister(size int, ps ...connector.Parameter) connector.Method {
	return connector.Method{HTTPMethod: "GET", Parameters: ps, Paging: &connector.Paging{Items: "items", PageSize: size}}
}

func query(name, variable string) connector.Parameter {
	return connector.Parameter{Name: name, TargetType: connector.QueryString, Value: variable}
}

func filled(at, variable string) connector.Parameter {
	return connector.Parameter{Name: "from " + at, TargetName: at, TargetType: connector.ResponseField, Value: variable}
}

// gather reads all pages and gives what was asked for and the error it ended in.
func gather(t *testing.T, p *party, call invoke.Call) (asked []string, items int, err error) {
	t.Helper()
	for caller := newCaller(t); ; {
		result, e := caller.Call(t.Context(), call)
		if err = e; err != nil {
			break
		}
		doc, _ := document(result).(object)
		list, _ := doc["items"].([]any)
		items += len(list)
		if call.Page = result.Next; call.Page == "" {
			break
		}
	}
	for _, r := range p.requests {
		asked = append(asked, strings.TrimPrefix(r.URI, "/things"))
	}
	return asked, items, err
}

// pages answers with one document after the other, and the last for ever.
func pages(docs ...string) http.HandlerFunc {
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, strings.ReplaceAll(docs[min(n, len(docs)-1)], "HOST", r.Host))
		n++
	}
}

func TestPages(t *testing.T) {
	token := []connector.Parameter{filled("next", connector.PageToken), query("cursor", connector.PageToken)}
	link := filled("next", connector.PageNextURL)
	pair := append(slices.Clone(token), filled("more", connector.PageToken+"_B"), query("b", connector.PageToken+"_B"))
	tests := []struct {
		name   string
		method connector.Method
		docs   []string
		asked  []string
		items  int
		err    string
	}{
		{
			"number to a short page", lister(2, query("page", connector.PageNumber), query("size", connector.PageSize)),
			[]string{`{"items":[1,2]}`, `{"items":[3,4]}`, `{"items":[5]}`},
			[]string{"?page=1&size=2", "?page=2&size=2", "?page=3&size=2"},
			5, "",
		},
		{
			"offset to an empty page", lister(0, query("from", connector.PageOffset)),
			[]string{`{"items":[1,2,3]}`, `{"items":[4]}`, `{"items":[]}`},
			[]string{"?from=0", "?from=3", "?from=4"},
			4, "",
		},
		{"no list", lister(2, query("page", connector.PageNumber)), []string{`{}`}, []string{"?page=1"}, 0, ""},
		{"null list", lister(2, query("page", connector.PageNumber)), []string{`{"items":null}`}, []string{"?page=1"}, 0, ""},
		{"not a list", lister(2, query("page", connector.PageNumber)), []string{`{"items":{}}`}, []string{"?page=1"}, 0, "not a list"},
		{
			"token", lister(0, token...),
			[]string{`{"items":[1],"next":"a b"}`, `{"items":[2],"next":7}`, `{"items":[3],"next":null}`},
			[]string{"", "?cursor=a+b", "?cursor=7"},
			3, "",
		},
		{
			"two tokens", lister(0, pair...),
			[]string{`{"items":[1],"next":"x","more":"y"}`, `{"items":[2],"more":"z"}`, `{"items":[3]}`},
			[]string{"", "?cursor=x&b=y", "?b=z"},
			3, "",
		},
		{
			"URL", lister(0, link),
			[]string{`{"items":[1],"next":"http://HOST/things?p=2#x"}`, `{"items":[2],"next":"/things?p=3"}`, `{"items":[3],"next":"?p=4"}`, `{"items":[4],"next":""}`},
			[]string{"", "?p=2", "?p=3", "?p=4"},
			4, "",
		},
		{"same token", lister(0, token...), []string{`{"items":[1],"next":"a"}`}, []string{"", "?cursor=a"}, 1, "same page again"},
		{"another host", lister(0, link), []string{`{"items":[1],"next":"http://127.0.0.1:1/things"}`}, []string{""}, 0, "another host"},
		{"another scheme", lister(0, link), []string{`{"items":[1],"next":"file:///etc/passwd"}`}, []string{""}, 0, "another host"},
		{
			"an error on the way", lister(1, query("page", connector.PageNumber)),
			[]string{`{"items":[1]}`, `<html>`},
			[]string{"?page=1", "?page=2"},
			1, "not JSON",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newParty(t, pages(tt.docs...))
			asked, items, err := gather(t, p, method(p.URL, tt.method))
			if diff := cmp.Diff(tt.asked, asked); diff != "" || items != tt.items {
				t.Errorf("%d items, want %d; asked (-want +got):\n%s", items, tt.items, diff)
			}
			if tt.err == "" && err != nil {
				t.Error(err)
			}
			if tt.err != "" {
				wantError(t, err, invoke.Format, tt.err)
			}
		})
	}
}

func TestPagesCap(t *testing.T) {
	number := lister(1, query("page", connector.PageNumber))
	token := lister(0, filled("next", connector.PageToken), query("cursor", connector.PageToken))
	for name, tt := range map[string]struct {
		method connector.Method
		docs   []string
	}{
		"for ever":    {number, []string{`{"items":[1]}`}},
		"in a circle": {token, []string{`{"items":[1],"next":"a"}`, `{"items":[1],"next":"b"}`, `{"items":[1],"next":"a"}`}},
	} {
		p := newParty(t, pages(tt.docs...))
		tt.method.Paging.MaxPages = 3
		asked, items, err := gather(t, p, method(p.URL, tt.method))
		wantError(t, err, invoke.Format, "more than 3 pages")
		if len(asked) != 3 || items != 2 {
			t.Errorf("%s: asked %d times for %d items", name, len(asked), items)
		}
	}
}

// A collection goes on from stored text, and the key stays out of it.
func TestPageIsResumable(t *testing.T) {
	p := newParty(t, pages(`{"items":[1],"next":"/things?key=k3y-value&p=2"}`, `{"items":[2]}`))
	call := method(p.URL, lister(0, filled("next", connector.PageNextURL)))
	call.Auth = invoke.Credentials{Authentication: &connector.Authentication{
		AuthType: connector.AuthAPIKey, TargetType: connector.QueryString, TargetName: "key",
	}, Value: "k3y-value"}
	first, err := newCaller(t).Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	wantNone(t, first, "k3y-value")
	call.Page = first.Next
	second, err := newCaller(t).Call(t.Context(), call)
	if err != nil || second.Next != "" {
		t.Fatalf("next %q, %v", second.Next, err)
	}
	if got := p.last(t).URI; got != "/things?p=2&key=k3y-value" {
		t.Errorf("asked %s", got)
	}
	wantNone(t, second, "k3y-value")

	call.Page = "not a place"
	_, err = newCaller(t).Call(t.Context(), call)
	wantError(t, err, invoke.Build, "place of the page")
}
