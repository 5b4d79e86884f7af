package utility

import (
	"context"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// Launch asks for a transaction of another cycle.
type Launch struct {
	Account tandem.AccountID
	Cycle   string // its id, or the name that it alone has
	From    tandem.TransactionID
	Once    string // under which it happens once; "": each time
	Data    any    // what the cycle's webhook step gets
}

// Cycles starts cycles of an account.
type Cycles interface {
	// Launch errors: Invalid, NotFound, Conflict (the cycle is not running;
	// cycles start each other).
	Launch(ctx context.Context, l Launch) (tandem.TransactionID, error)
	// Named lists cycles by name, those with a part of it.
	Named(ctx context.Context, a tandem.AccountID, part string) ([]tandem.Cycle, error)
}

// Starts gives the operations that start another cycle.
func Starts(cycles Cycles) map[string]invoke.BuiltIn {
	return map[string]invoke.BuiltIn{
		"cycle.start": func(ctx context.Context, o invoke.Operation) (any, error) {
			in := &input{Operation: &o}
			name := strings.TrimSpace(in.required("Cycle"))
			if in.err != nil {
				return nil, in.err
			}
			id, err := cycles.Launch(ctx, Launch{Account: o.Account, Cycle: name, From: o.Transaction, Once: o.IdempotencyKey, Data: in.member("Data")})
			return answer(map[string]any{"TransactionId": id.String()}, err)
		},
		"cycle.list": func(ctx context.Context, o invoke.Operation) (any, error) {
			in := &input{Operation: &o}
			found, err := cycles.Named(ctx, o.Account, in.text("Name"))
			all := make([]any, len(found))
			for i, c := range found {
				all[i] = map[string]any{"Id": string(c.ID), "Name": c.Name, "Status": string(c.Status)}
			}
			return answer(map[string]any{"Cycles": all}, err)
		},
	}
}
