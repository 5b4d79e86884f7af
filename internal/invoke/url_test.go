package invoke

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
)

// Whatever a value is, it stays in its place in the URL, or there is no URL.
func FuzzURLValue(f *testing.F) {
	for _, s := range []string{"x", "a/b", "..", "?#&=", "@evil.example", "é ", "%2e%2e", "{{id}}", "\r\n", "\x00\xff", ":80"} {
		f.Add(s)
	}
	method := &connector.Method{HTTPMethod: "GET", Endpoint: "https://{{host}}.example.com/a/{{id}}/z?q={{id}}&r=1", Parameters: []connector.Parameter{
		{Name: "id", TargetType: connector.MergeField},
		{Name: "host", TargetType: connector.MergeField},
		{Name: "p", TargetType: connector.QueryString, Value: "{{id}}"},
	}}
	plan, err := compile(&connector.Connector{}, method)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, host := range []string{"safe", s} {
			b := exchange{plan: plan, call: &Call{Method: method, Parameters: map[string]string{"id": s, "host": host}}}
			err := b.build()
			var e *Error
			if err != nil {
				if !errors.As(err, &e) || e.Kind != Build {
					t.Fatalf("%q: %v", s, err)
				}
				continue
			}
			req, err := b.request(t.Context(), b.address())
			if err != nil {
				t.Fatalf("%q: %s: %v", s, b.url, err)
			}
			u := req.URL
			if u.Scheme != "https" || !strings.HasSuffix(u.Host, ".example.com") || u.Host != host+".example.com" {
				t.Errorf("%q: host %s", s, u.Host)
			}
			if want := "/a/" + url.PathEscape(s) + "/z"; u.EscapedPath() != want {
				t.Errorf("%q: path %s, want %s", s, u.EscapedPath(), want)
			}
			if q := u.Query(); q.Get("q") != s || q.Get("r") != "1" || q.Get("p") != s || len(q) != 3 {
				t.Errorf("%q: query %s", s, u.RawQuery)
			}
		}
	})
}

func FuzzEndpoint(f *testing.F) {
	for _, s := range []string{"https://a/b?c#d", "{{Base}}/x?{{q}}", "{{a", "http://{{h}}:1", "?", "#", "://", "{{a | replace:'?':'}}'}}/b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := compile(&connector.Connector{}, &connector.Method{HTTPMethod: "GET", Endpoint: text})
		if err != nil {
			return
		}
		b := exchange{plan: p, call: &Call{Method: &connector.Method{}}}
		if err := b.build(); err != nil {
			return
		}
		if req, err := b.request(t.Context(), b.address()); err == nil && req.URL.Host == "" {
			t.Errorf("%q: a request without a host", text)
		}
	})
}

func FuzzPlace(f *testing.F) {
	f.Add("")
	f.Add(`{"n":1,"o":2,"u":"http://x/","t":{"CYCLR_PAGE_TOKEN":"a"}}`)
	f.Add(`{"t":{"":""}}`)
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePlace(s)
		if err != nil {
			return
		}
		again, err := parsePlace(p.String())
		if err != nil || again.String() != p.String() {
			t.Errorf("%q reads back as %q, %v", p, again, err)
		}
	})
}
