package identity

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// maxNetworks is how many networks a list may have.
const maxNetworks = 100

// Gate implements tandem.Gate.
type Gate struct{ settings tandem.Settings }

var _ tandem.Gate = (*Gate)(nil)

// NewGate makes the service.
func NewGate(settings tandem.Settings) *Gate { return &Gate{settings: settings} }

// Check implements tandem.Gate. Account users may come from anywhere: they are
// customers, who sit where they sit.
func (g *Gate) Check(ctx context.Context, who tandem.Principal, address string) error {
	if who.User != 0 {
		return nil
	}
	set, err := g.settings.Get(ctx, who.Partner)
	if err != nil {
		return fmt.Errorf("check address: %w", err)
	}
	networks := set.Security.APIAddresses
	if who.ConsoleUser != 0 {
		networks = set.Security.ConsoleAddresses
	}
	return checkAddress(networks, address)
}

// Set implements tandem.Gate. A program may save what it likes: a list that is
// wrong can be put right from the console.
func (g *Gate) Set(ctx context.Context, by tandem.Principal, address string, change func(*tandem.SecuritySettings)) (tandem.SecuritySettings, error) {
	set, err := g.settings.Change(ctx, by.Partner, func(set *tandem.PartnerSettings) error {
		s := &set.Security
		change(s)
		for field, networks := range map[string]*[]string{"ConsoleAddresses": &s.ConsoleAddresses, "ApiAddresses": &s.APIAddresses} {
			var err error
			if *networks, err = parseNetworks(field, *networks); err != nil {
				return err
			}
		}
		if by.ConsoleUser != 0 && checkAddress(s.ConsoleAddresses, address) != nil {
			return tandem.Invalidf("ConsoleAddresses", "ConsoleAddresses: your own address, %s, is not among them: you would lock yourself out", address)
		}
		return nil
	})
	return set.Security, err
}

// parseNetworks gives networks as they are compared.
func parseNetworks(field string, networks []string) ([]string, error) {
	if len(networks) > maxNetworks {
		return nil, tandem.Invalidf(field, "%s: at most %d networks", field, maxNetworks)
	}
	parsed := []string{}
	for _, text := range networks {
		text = strings.TrimSpace(text)
		p, err := netip.ParsePrefix(text)
		if a, single := netip.ParseAddr(text); single == nil {
			p, err = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
		}
		if err != nil || p.Addr().Zone() != "" || p.Addr().Is4In6() {
			return nil, tandem.Invalidf(field, "%s: %q is not a network, such as 192.0.2.0/24", field, text)
		}
		if text = p.Masked().String(); !slices.Contains(parsed, text) {
			parsed = append(parsed, text)
		}
	}
	return parsed, nil
}

// checkAddress says whether an address is in one of the networks, of which none
// means any. Errors: Forbidden.
func checkAddress(networks []string, address string) error {
	if len(networks) == 0 || within(networks, address) {
		return nil
	}
	return forbidden("This is not allowed from your network address.")
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
