package egress_test

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/egress/egresstest"
)

// No way to write an address, and no name, leads HTTP or a bare connection to
// this machine or its network.
func TestRefusesForbiddenAddresses(t *testing.T) {
	canary := egresstest.NewCanary(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	c := client(t, egress.Options{Timeout: time.Second})
	for _, host := range egresstest.Hosts() {
		if resp, err := get(t, c, "http://"+host+":"+canary.Port+"/"); err == nil {
			t.Errorf("http://%s answered: %d", host, resp.Status)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		conn, err := c.DialContext(ctx, "tcp", net.JoinHostPort(egresstest.Plain(host), canary.Port))
		if err == nil {
			conn.Close()
			t.Errorf("%s was dialled", host)
		}
		cancel()
	}
	inside, outside := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")
	c = client(t, egress.Options{Timeout: time.Second, Resolver: egresstest.Names(t, inside, outside)})
	for range 4 {
		if _, err := c.DialContext(t.Context(), "tcp", "canary.test:"+canary.Port); egress.KindOf(err) != egress.Refused {
			t.Errorf("a name of loopback: %v", err)
		}
	}
	if all := canary.Reached(); len(all) > 0 {
		t.Errorf("the canary was reached at %v", all)
	}
	// It can be reached at all, also by name.
	c = client(t, egress.Options{Allow: loopback, Resolver: egresstest.Names(t, inside)})
	conn, err := c.DialContext(t.Context(), "tcp", "canary.test:"+canary.Port)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestDialsOnlyTCP(t *testing.T) {
	c := client(t, egress.Options{Allow: loopback})
	for _, network := range []string{"udp", "unix", "ip", ""} {
		if _, err := c.DialContext(t.Context(), network, "127.0.0.1:1"); egress.KindOf(err) != egress.Refused {
			t.Errorf("%q: %v, want it refused", network, err)
		}
	}
}
