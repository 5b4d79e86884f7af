package egresstest_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/egress/egresstest"
)

func TestHosts(t *testing.T) {
	all := egresstest.Hosts()
	if len(all) < 200 {
		t.Errorf("%d ways to write addresses, want 200", len(all))
	}
	for _, want := range []string{
		"127.0.0.1", "2130706433", "0x7f000001", "017700000001", "0x7f.0x0.0x0.0x1", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
		"①②⑦.⓪.⓪.①", "169.254.169.254", "[fe80::1%25lo]", "user@10.0.0.1",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestPlain(t *testing.T) {
	for host, want := range map[string]string{
		"127.0.0.1": "127.0.0.1", "[::1]": "::1", "[fe80::1%25lo]": "fe80::1%lo", "user:password@10.0.0.1": "10.0.0.1", "%31.0.0.1": "1.0.0.1",
	} {
		if got := egresstest.Plain(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	first, second := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("127.0.0.1")
	r := egresstest.Names(t, first, second)
	for _, want := range []netip.Addr{first, second, first} {
		got, err := r.LookupNetIP(t.Context(), "ip4", "rebinding.test")
		if diff := cmp.Diff([]netip.Addr{want}, got, cmp.Comparer(func(a, b netip.Addr) bool { return a.Unmap() == b.Unmap() })); err != nil || diff != "" {
			t.Errorf("%v, -want +got\n%s", err, diff)
		}
	}
}
