package tandem

import (
	"context"
	"net"
	"sync/atomic"
)

// Act is one thing that somebody does: what the audit log says of the change
// that comes of it. A context carries it to where the change is written, so that
// both are committed together; and with them, that what its claim is for has begun.
type Act struct {
	Who       Principal
	Account   AccountID // that it is done in or to; 0: in none
	Name      string    // operationId of the API, or a word of the same kind
	Object    string    // what it is done to, as the path names it
	Sent      []byte    // JSON of what was asked for, secrets masked
	RequestID string
	Address   string // network address that the request came from

	AccountAPIID string // if Account is 0, and the path names one
	Reads        bool   // it is not meant to change anything, and leaves no entry
	Claim        *Claim // under which it is done once; nil: none

	logged atomic.Bool
}

// Logged says whether the audit log has the act.
func (a *Act) Logged() bool { return a.logged.Load() }

// SetLogged is called once the act's entry is committed: what else it changes
// goes without.
func (a *Act) SetLogged() { a.logged.Store(true) }

// Entry is the line of the audit log for the act, without names.
func (a *Act) Entry() AuditEntry {
	return AuditEntry{
		AccountID: a.AccountAPIID, Action: a.Name, Object: a.Object, Sent: string(a.Sent), Outcome: ActDone, Count: 1,
		RequestID: a.RequestID, Address: a.Address,
	}
}

type actKey struct{}

// WithAct is a context for what a does.
func WithAct(ctx context.Context, a *Act) context.Context { return context.WithValue(ctx, actKey{}, a) }

// ActOf is the act that ctx is for; nil if none is known, as for what Tandem does
// by itself.
func ActOf(ctx context.Context) *Act {
	a, _ := ctx.Value(actKey{}).(*Act)
	return a
}

// Identify tells the act of ctx who does it, or is said to try, unless that is
// known: the act of somebody who comes in begins before anybody knows who it is.
func Identify(ctx context.Context, who Principal) {
	if a := ActOf(ctx); a != nil && a.Who.Partner == 0 {
		a.Who, a.Account = who, who.Account
	}
}

// NetworkAddress is the address in remote, the RemoteAddr of a request, without
// the port.
func NetworkAddress(remote string) string {
	if address, _, err := net.SplitHostPort(remote); err == nil {
		return address
	}
	return remote
}
