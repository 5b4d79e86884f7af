package tenant

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// maxPartnerName is how long a partner's name may be, in characters.
const maxPartnerName = 200

// Partner implements tandem.Settings.
func (s *Settings) Partner(ctx context.Context, p tandem.PartnerID) (tandem.Partner, error) {
	found, err := s.store.Partner(ctx, p)
	if err != nil {
		return found, fmt.Errorf("read partner %d: %w", p, err)
	}
	return found, nil
}

// Rename implements tandem.Settings.
func (s *Settings) Rename(ctx context.Context, p tandem.PartnerID, name string) (tandem.Partner, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return tandem.Partner{}, tandem.Invalidf("Name", "Name is required")
	case utf8.RuneCountInString(name) > maxPartnerName:
		return tandem.Partner{}, tandem.Invalidf("Name", "Name: at most %d characters", maxPartnerName)
	case strings.ContainsFunc(name, unicode.IsControl):
		return tandem.Partner{}, tandem.Invalidf("Name", "Name: want one line of text")
	}
	if err := s.store.RenamePartner(ctx, p, name); err != nil {
		return tandem.Partner{}, fmt.Errorf("rename partner %d: %w", p, err)
	}
	return s.Partner(ctx, p)
}
