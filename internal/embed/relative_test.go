package embed

import (
	"net/url"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

func TestRelative(t *testing.T) {
	for text, want := range map[string]string{
		"/orbit":                               "/orbit",
		"/launch?auto=true&tags=a+b":           "/launch?auto=true&tags=a+b",
		"/marketplace/27?inline=false":         "/marketplace/27?inline=false",
		"/":                                    "/",
		"/a%20b":                               "/a%20b", // refused below
		"/launch?next=https://evil.test//x":    "/launch?next=https://evil.test//x",
		"/launch?completeParameter=%2F%2Fevil": "/launch?completeParameter=%2F%2Fevil",
	} {
		u, ok := relative(text)
		if strings.Contains(text, "%20") {
			if ok {
				t.Errorf("%q was taken", text)
			}
			continue
		}
		if !ok || u.String() != want {
			t.Errorf("%q: %v %v, want %s", text, u, ok, want)
		}
	}
	for _, text := range []string{
		"", " ", "orbit", "./orbit", "../orbit", "?a=b", "#top", "/#//evil.test",
		"//evil.test", "///evil.test", "////evil.test", "//evil.test@x", "/\\evil.test", "\\\\evil.test", "\\/evil.test", "/\\/evil.test", "/a\\b",
		"https://evil.test", "HTTPS://evil.test", "https:evil.test", "https:/evil.test", "http:///evil.test", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.test",
		"/%2fevil.test", "/%2Fevil.test", "/%5cevil.test", "/%5Cevil.test", "/%2f%2fevil.test", "/%252fevil.test", "/%255cevil.test", "/%25252fevil.test",
		"/\t/evil.test", "/\n/evil.test", "/\r\nSet-Cookie: a=b", "\t//evil.test", " //evil.test", "/ /evil.test", "/\x00/evil.test", "/\x7f/evil.test", "/%09/evil.test",
		"/%0d%0aSet-Cookie:a=b", "/%00", "/%250d%250a", "/\u00a0/evil.test", "/\u2028evil.test", "/\u202eevil.test", "/\uff0fevil.test", "/\u2044evil.test", "/%e2%80%a8x",
		"/./evil.test", "/../evil.test", "/a/../../evil.test", "/a/..", "/.//evil.test", "/%2e%2e/evil.test", "/%2e/x", "/%252e%252e/x",
		"/%", "/%zz", "/a%2", "//", "/:80//evil.test\\", "/" + strings.Repeat("a", tandem.MaxReturn),
	} {
		if u, ok := relative(text); ok {
			t.Errorf("%q was taken, as %s", text, u)
		}
	}
}

// Whatever is taken leads to this host, by the rules of browsers.
func FuzzRelative(f *testing.F) {
	for _, seed := range []string{"/orbit", "//evil.test", "/\\evil.test", "/%2fevil.test", "/launch?a=b#c", "/\t/x", "/a/../b", "/%5c%5c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, ok := relative(text)
		if !ok {
			return
		}
		sent := u.String()
		// Browsers drop these, and take backslashes for slashes.
		read := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(sent)
		if !strings.HasPrefix(read, "/") || strings.HasPrefix(read, "//") {
			t.Fatalf("%q leads to %q", text, sent)
		}
		base, err := url.Parse("https://service.test/account/signinwithtoken")
		if err != nil {
			t.Fatal(err)
		}
		to, err := base.Parse(sent)
		if err != nil || to.Host != "service.test" || to.Scheme != "https" {
			t.Fatalf("%q leads to %v, %v", text, to, err)
		}
	})
}
