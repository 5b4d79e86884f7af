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

// Give gives back a try that Take took, since it was right: only wrong ones are
// to count. Until then it does, so that many at once are no way around.
func (a *Attempts) Give(name, address string) {
	a.limiter.give(attempt{name, network(address)})
}
