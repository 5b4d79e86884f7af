package tandem

import "context"

// Retention is for how many hours the record of ended transactions is kept. Nil
// inherits, 0 keeps nothing.
type Retention struct{ Success, Errored *int }

// Inherited is what holds for an account, or for one of its cycles, when each
// setting that it has not got itself has been looked for above it.
type Inherited struct {
	SuccessHours int // to keep the record of transactions without errors
	ErroredHours int // and of those with

	ConcurrentTransactions int // at work at once; 0: no limit
	Steps                  int // in running cycles; 0: no limit

	ErrorWebhookURL      string // that is told of failed transactions; "": none
	ErrorWebhookWarnings bool   // and of warnings
	ErrorWebhookOwn      bool   // it is the account's own
}

// Inherit is the rule of inheritance, in one place: a cycle's own setting comes
// before its account's, and that before the console's. An account does not
// inherit settings from the account above it: it is a customer of its own.
//
// An account's error webhook is its own when enabled; else the console's, as a
// whole.
func Inherit(console AccountDefaults, a *Account, cycle Retention) Inherited {
	in := Inherited{
		SuccessHours:           first(MaxRetentionHours, cycle.Success, a.StepDataSuccessRetentionHours, console.StepDataSuccessRetentionHours),
		ErroredHours:           first(MaxRetentionHours, cycle.Errored, a.StepDataErroredRetentionHours, console.StepDataErroredRetentionHours),
		ConcurrentTransactions: first(0, a.ConcurrentTransactionLimit, console.ConcurrentTransactionLimit),
		Steps:                  first(0, a.StepLimit, console.StepLimit),
	}
	switch {
	case a.TransactionErrorWebhookEnabled && a.TransactionErrorWebhookURL != nil:
		in.ErrorWebhookURL, in.ErrorWebhookWarnings, in.ErrorWebhookOwn = *a.TransactionErrorWebhookURL, a.TransactionErrorWebhookIncludeWarnings, true
	case console.TransactionErrorWebhookEnabled && console.TransactionErrorWebhookURL != nil:
		in.ErrorWebhookURL, in.ErrorWebhookWarnings = *console.TransactionErrorWebhookURL, console.TransactionErrorWebhookIncludeWarnings
	}
	return in
}

// first is the first of values that is set, or else otherwise.
func first(otherwise int, values ...*int) int {
	for _, v := range values {
		if v != nil {
			return *v
		}
	}
	return otherwise
}

// Limits say what accounts may use. What they give may be a second or two old.
type Limits interface {
	// Of gives what holds for an account. Errors: NotFound.
	Of(ctx context.Context, a AccountID) (Inherited, error)
	// ConcurrentLimit is how many of an account's transactions may be at work
	// at once; 0: no limit. Errors: NotFound.
	ConcurrentLimit(ctx context.Context, a AccountID) (int, error)
}
