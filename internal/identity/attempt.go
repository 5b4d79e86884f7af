package identity

// Attempts limits how often somebody tries a password, for services that check
// those of their own users.
type Attempts struct{ limiter *limiter }

// NewAttempts makes one.
func NewAttempts() *Attempts { return &Attempts{newLimiter(passwordPace)} }

// Take uses one try of what a name guards, by somebody at a network address.
//
// Errors: RateLimited, for this name from this address.
func (a *Attempts) Take(name, address string) error {
	return a.limiter.take(attempt{name, network(address)})
}
