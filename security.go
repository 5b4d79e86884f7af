package tandem

import "context"

// SecuritySettings say how a partner's people and programs come in.
type SecuritySettings struct {
	ConsoleAddresses []string // CIDRs that the console may be used from; none: any
	APIAddresses     []string // CIDRs that tokens may be used from; none: any
	RequireTwoFactor bool     // of console users that sign in by password
}

// Gate says from where a partner's people and programs may come.
type Gate interface {
	// Check errors: Forbidden (not from this network address).
	Check(ctx context.Context, who Principal, address string) error
	// Set changes the settings; networks are written as CIDRs, or as single
	// addresses. Errors: Invalid, by field; also ConsoleAddresses that would
	// keep by out, who is at address.
	Set(ctx context.Context, by Principal, address string, change func(*SecuritySettings)) (SecuritySettings, error)
}
