package identity

import (
	"net/netip"

	"github.com/tandem-ipaas/tandem"
)

// checkAddress says whether an address is in one of the networks, of which none
// means any. Errors: Forbidden.
func checkAddress(networks []string, address string) error {
	if len(networks) == 0 || within(networks, address) {
		return nil
	}
	return &tandem.Error{Code: tandem.Forbidden, Message: "This is not allowed from your network address."}
}

func within(networks []string, address string) bool {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	for _, n := range networks {
		if p, err := netip.ParsePrefix(n); err == nil && p.Contains(a.Unmap().WithZone("")) {
			return true
		}
	}
	return false
}
