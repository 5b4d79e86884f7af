package invoke

import (
	"net/url"
	"testing"
)

func TestHostListed(t *testing.T) {
	const list = "api.example.com, *.Example.org,,http://intranet.test:8080/, *.com, *, https://[2001:db8::1]"
	for address, want := range map[string]bool{
		"https://api.example.com/x": true, "https://API.example.com:443/": true, "https://a.b.example.org": true, "http://intranet.test:8080/a": true, "https://[2001:db8::1]/": true,
		"http://api.example.com/": false, "https://api.example.com:8443/": false, "https://api.example.com.evil.test": false, "https://example.org": false, "https://badexample.org": false,
		"https://.example.org": false, "http://intranet.test": false, "https://intranet.test:8080": false, "https://evil.com": false, "https://evil.test": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostListed(list, u); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if u, _ := url.Parse("https://a.test"); hostListed("", u) {
		t.Error("an empty list lists a host")
	}
}
