package workbench

import (
	"fmt"
	"net/netip"

	"github.com/tandem-ipaas/tandem/internal/egress"
)

// Reach is which servers are called, besides those that all may.
type Reach struct {
	Allow []netip.Prefix // addresses to permit that are refused otherwise
	Roots string         // file of certificates, in PEM, that vouch for servers besides the system's; "": none
}

// client calls them. maxBody is of an answer, in bytes; 0: as usual.
func (r Reach) client(maxBody int64) (*egress.Client, error) {
	roots, err := egress.Roots(r.Roots)
	if err != nil {
		return nil, fmt.Errorf("certificates of servers: %w", err)
	}
	return egress.New(egress.Options{Allow: r.Allow, Roots: roots, MaxBody: maxBody}), nil
}
