package tandem

// ReportDepth is how many rows a list of all accounts' transactions or incidents goes
// back: what is older is found by a narrower filter, or in the whole, as CSV.
const ReportDepth = 10_000

// AcrossFilter narrows transactions and incidents of all of a partner's accounts.
type AcrossFilter struct {
	TransactionFilter
	Account string // API ID: of this account and those below it; "": of all
	Whole   bool   // not the newest ReportDepth only
}

// PlacedTransaction is a transaction with where it is.
type PlacedTransaction struct {
	AccountID   string `json:"AccountId" doc:"Id of the account."`
	AccountName string `doc:"The account's name."`
	CycleName   string `doc:"Empty: it is deleted."`
	Transaction
}

// PlacedIncident is an incident with where it is.
type PlacedIncident struct {
	AccountID   string    `json:"AccountId" doc:"Id of the account."`
	AccountName string    `doc:"The account's name."`
	Account     AccountID `json:"-"`
	Incident
}

// PlacedPeriod is the tasks of an account in the billing period that a time lies in.
type PlacedPeriod struct {
	AccountID   string `json:"AccountId" doc:"Id of the account."`
	AccountName string `doc:"The account's name."`
	BillingPeriod
}
