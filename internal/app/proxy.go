package app

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// forwardedFor is the header in which a proxy adds, at the end, the address that
// it was called from.
const forwardedFor = "X-Forwarded-For"

// fromClients makes the RemoteAddr of every request its client's: where a
// trusted proxy calls, what that proxy says; else whoever calls. Nobody is
// trusted whom the operator does not name, since anybody can send the header.
func fromClients(next http.Handler, trusted []netip.Prefix) http.Handler {
	if len(trusted) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if caller, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			client := clientOf(caller.Addr().Unmap(), r.Header.Values(forwardedFor), trusted)
			if client != caller.Addr().Unmap() {
				r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
			}
		}
		next.ServeHTTP(w, r)
	})
}

// clientOf is the address nearest to us that is not a trusted proxy's. What
// stands left of it, the client may have made up.
func clientOf(caller netip.Addr, said []string, trusted []netip.Prefix) netip.Addr {
	known := func(a netip.Addr) bool {
		return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	chain := strings.Split(strings.Join(said, ","), ",")
	for _, hop := range slices.Backward(chain) {
		if !known(caller) {
			break
		}
		next, err := hopAddress(strings.TrimSpace(hop))
		if err != nil {
			break // the last one that made sense
		}
		caller = next
	}
	return caller
}

// hopAddress reads an address; some proxies add the port.
func hopAddress(hop string) (netip.Addr, error) {
	if at, err := netip.ParseAddrPort(hop); err == nil {
		return at.Addr().Unmap().WithZone(""), nil
	}
	a, err := netip.ParseAddr(strings.Trim(hop, "[]"))
	return a.Unmap().WithZone(""), err
}
