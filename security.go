package tandem

// SecuritySettings say how a partner's people and programs come in.
type SecuritySettings struct {
	ConsoleAddresses []string // CIDRs that the console may be used from; none: any
	APIAddresses     []string // CIDRs that tokens may be used from; none: any
	RequireTwoFactor bool     // of console users that sign in by password
}
