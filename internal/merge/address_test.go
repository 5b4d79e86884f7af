package merge_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/merge"
)

func address(t *testing.T, text string, values map[string]string) (string, error) {
	t.Helper()
	a, err := merge.ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	return a.Execute(func(name string) (any, bool) { v, ok := values[name]; return v, ok })
}

func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		"https://{{Shop}}.shop.test/{{Path}}/token?tenant={{Tenant}}#x": "https://acme.shop.test/a%2Fb%3F/token?tenant=x%26y%3D1",
		"{{Base}}/token":           "https://own.test/api/token",
		"{{Asks}}?b={{Tenant}}":    "https://own.test/?a=1&b=x%26y%3D1",
		"https://plain.test/token": "https://plain.test/token",
	} {
		got, err := address(t, text, map[string]string{"Shop": "acme", "Path": "a/b?", "Tenant": "x&y=1", "Base": " https://own.test/api/ ", "Asks": "https://own.test/?a=1"})
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", text, got, err, want)
		}
	}
	for _, shop := range []string{"evil.test/", "evil.test#", "evil.test?", "a@evil.test", "evil.test:80", "evil.test\\", "ev il", "%2f", "é"} {
		got, err := address(t, "https://{{Shop}}.shop.test/x", map[string]string{"Shop": shop})
		if wrong := (*merge.AddressError)(nil); !errors.As(err, &wrong) {
			t.Errorf("%q chose %q, %v", shop, got, err)
		}
	}
	for _, segment := range []string{".", ".."} {
		if got, err := address(t, "https://a.test/{{S}}/x", map[string]string{"S": segment}); err == nil {
			t.Errorf("%q made %q", segment, got)
		}
	}
}

func TestAddressChoosers(t *testing.T) {
	for text, want := range map[string][]string{
		"{{Base}}/token": {"Base"}, "https://{{Host}}/x": {"Host"}, "https://{{A}}-{{B}}.test/x": {"A", "B"}, "https://api.{{Zone}}:443/x": {"Zone"},
		"https://{{A}}.x.test./": nil, "https://{{Shop}}.shop.test/{{P}}": nil, "https://{{Shop}}.shop.test:8443": nil, "https://shop.test/{{P}}?a={{Q}}": nil, "/x/{{P}}": nil,
	} {
		a, err := merge.ParseAddress(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, a.Choosers()); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// A value within a host's name, a path or a query leaves the host in its domain.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"acme", "a/../..", "evil.test/", "\r\n", "@", "a.b"} {
		f.Add(s)
	}
	a, err := merge.ParseAddress("https://{{V}}.shop.test/{{V}}?v={{V}}")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, value string) {
		text, err := a.Execute(func(string) (any, bool) { return value, true })
		if err != nil {
			return
		}
		u, err := url.Parse(text)
		if err != nil || u.User != nil || !strings.HasSuffix(u.Host, ".shop.test") || strings.Count(u.EscapedPath(), "/") != 1 || u.Query().Get("v") != value {
			t.Errorf("%q made %q, %v", value, text, err)
		}
	})
}
