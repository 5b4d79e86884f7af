package app

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

func TestFromClients(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		name    string
		caller  string
		said    []string
		trusted []netip.Prefix
		want    string
	}{
		{"nobody is trusted", "10.0.0.1:5", []string{"192.0.2.1"}, nil, "10.0.0.1"},
		{"a stranger's word", "192.0.2.9:5", []string{"192.0.2.1"}, proxies, "192.0.2.9"},
		{"a proxy's word", "10.0.0.1:5", []string{"192.0.2.1"}, proxies, "192.0.2.1"},
		{"a proxy that says nothing", "10.0.0.1:5", nil, proxies, "10.0.0.1"},
		{"made up before the client's own", "10.0.0.1:5", []string{"127.0.0.1, 10.0.0.7, 192.0.2.1"}, proxies, "192.0.2.1"},
		{"through two proxies", "10.0.0.1:5", []string{"203.0.113.9, 192.0.2.1, 10.2.0.1"}, proxies, "192.0.2.1"},
		{"in two headers", "10.0.0.1:5", []string{"203.0.113.9", "192.0.2.1,10.2.0.1"}, proxies, "192.0.2.1"},
		{"within our own network", "10.0.0.1:5", []string{"10.0.0.9"}, proxies, "10.0.0.9"},
		{"nonsense", "10.0.0.1:5", []string{"192.0.2.1, unknown"}, proxies, "10.0.0.1"},
		{"nonsense further left", "10.0.0.1:5", []string{"'; --, 192.0.2.1"}, proxies, "192.0.2.1"},
		{"with ports", "[fd00::1]:5", []string{"192.0.2.1:1234"}, proxies, "192.0.2.1"},
		{"IPv6", "[fd00::1]:5", []string{"[2001:db8::1]"}, proxies, "2001:db8::1"},
		{"IPv6 with a port", "[fd00::1]:5", []string{"[2001:db8::1]:80"}, proxies, "2001:db8::1"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:5", []string{"::ffff:192.0.2.1"}, proxies, "192.0.2.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			h := fromClients(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = tandem.NetworkAddress(r.RemoteAddr) }), c.trusted)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.caller
			r.Header[forwardedFor] = c.said
			h.ServeHTTP(httptest.NewRecorder(), r)
			if got != c.want {
				t.Errorf("from %s, want %s", got, c.want)
			}
		})
	}
}

func FuzzFromClients(f *testing.F) {
	f.Add("192.0.2.1, 10.0.0.1")
	f.Add("[::1]:x,,")
	f.Fuzz(func(t *testing.T, said string) {
		if got := clientOf(netip.MustParseAddr("10.0.0.1"), []string{said}, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}); !got.IsValid() {
			t.Errorf("%q: no address", said)
		}
	})
}
