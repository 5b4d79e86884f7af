package tandem

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// TransactionStatus is the state of a transaction; docs/states.md draws the
// transitions. From TransactionCompleted on they are final.
type TransactionStatus int

// The states of a transaction. There is none for "being worked on": after a
// crash whatever is not final is runnable.
const (
	TransactionQueued    TransactionStatus = 0  // can go on now
	TransactionWaiting   TransactionStatus = 1  // for its wake time
	TransactionSplit     TransactionStatus = 2  // for its children to end
	TransactionHeld      TransactionStatus = 3  // its cycle is stopped
	TransactionCompleted TransactionStatus = 10 // perhaps with ignored errors
	TransactionFailed    TransactionStatus = 11 // stopped by an error
	TransactionCancelled TransactionStatus = 12 // stopped by a person, or expired
)

// Final says that nothing more can happen to a transaction.
func (s TransactionStatus) Final() bool { return s >= TransactionCompleted }

var transactionStatuses = map[TransactionStatus]string{
	TransactionQueued: "Queued", TransactionWaiting: "Waiting", TransactionSplit: "Split", TransactionHeld: "Held",
	TransactionCompleted: "Completed", TransactionFailed: "Failed", TransactionCancelled: "Cancelled",
}

func (s TransactionStatus) String() string { return transactionStatuses[s] }

// MarshalText implements encoding.TextMarshaler.
func (s TransactionStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *TransactionStatus) UnmarshalText(b []byte) error {
	for k, v := range transactionStatuses {
		if strings.EqualFold(v, string(b)) {
			*s = k
			return nil
		}
	}
	return Invalidf("status", "status: %q is not known: want one of %v", b, slices.Sorted(maps.Keys(transactionStatuses)))
}

// Transaction is one run of a cycle's data from a trigger.
type Transaction struct {
	ID         TransactionID `json:"Id"`
	CycleID    CycleID       `json:"CycleId"`
	Version    int64         `json:"-"`
	ParentID   TransactionID `json:"ParentId,omitzero"`
	Status     TransactionStatus
	Created    time.Time `json:"CreatedOnUtc"`
	Finished   time.Time `json:"FinishedOnUtc,omitzero"`
	Wake       time.Time `json:"WakeOnUtc,omitzero"`
	Tasks      int       `json:"TasksUsed"`
	ErrorCount int
	Children   int // transactions that its data was split into

	RepeatOf TransactionID `json:",omitzero"` // the transaction that it runs again; 0: none
	Begun    int           `json:"-"`         // step items that it was made with
	Unlogged bool          `json:"-"`         // what its steps send and get is not kept, or only until its end
}

// SplitType says what a transaction has to do with the splitting of lists.
type SplitType string

// The places of a transaction in a split. The zero value of a filter is any.
const (
	SplitOutside SplitType = "None"   // neither of these
	SplitParent  SplitType = "Parent" // its data was split
	SplitChild   SplitType = "Child"  // made of an item of its parent's
)

// SplitTypes are all of them.
var SplitTypes = []SplitType{SplitOutside, SplitParent, SplitChild}

// TransactionFilter narrows a list of transactions or incidents.
type TransactionFilter struct {
	PageRequest
	Cycle  CycleID // "": of all cycles
	After  time.Time
	Before time.Time

	// Of transactions.
	Status *TransactionStatus
	Parent TransactionID // 0: of any parent, or of none
	Split  SplitType

	Level *Outcome // of incidents

	// Past is the id that a page before this one ended with. Pages that are read
	// on from one to the next have no row twice, and are not counted. 0: none.
	Past int64
}

// TransactionPlace is where a transaction is to be found.
type TransactionPlace struct {
	AccountID   string `json:"AccountId"`
	AccountName string
	CycleID     CycleID `json:"CycleId"`
}

// Transactions are the records of an account's runs.
type Transactions interface {
	// List is newest first.
	List(ctx context.Context, a AccountID, f TransactionFilter) (Page[Transaction], error)
	// Get errors: NotFound.
	Get(ctx context.Context, a AccountID, id TransactionID) (*Transaction, error)
	// Find looks in all accounts of a partner. Errors: NotFound.
	Find(ctx context.Context, p PartnerID, id TransactionID) (*TransactionPlace, error)
	// Items are in order of Seq. Errors: NotFound.
	Items(ctx context.Context, a AccountID, id TransactionID) ([]StepItem, error)
	// Incidents are newest first.
	Incidents(ctx context.Context, a AccountID, f TransactionFilter) (Page[Incident], error)
	// ClearIncidents deletes a cycle's. Errors: NotFound.
	ClearIncidents(ctx context.Context, a AccountID, id CycleID) error
	// Across lists those of all of a partner's accounts, or of one and those below it,
	// newest first. Errors: NotFound (the account), Invalid (OrderBy).
	Across(ctx context.Context, p PartnerID, f AcrossFilter) (Page[PlacedTransaction], error)
	// IncidentsAcross is the same of incidents.
	IncidentsAcross(ctx context.Context, p PartnerID, f AcrossFilter) (Page[PlacedIncident], error)
}
