package tandem

import "time"

// Limits of what steps and scripts store; an installation may have others of those
// in [StorageLimits].
const (
	StorageItems        = 1_000_000 // of a store
	StorageAccountItems = 5_000_000 // of all stores of an account together
	StorageAccountBytes = 2 << 30   // of these, keys and values as they are kept
	StorageEntities     = 1_000     // kinds of things in an account's cross references

	StorageKey    = 128      // characters of a key
	StorageText   = 1_024    // characters of a value
	StorageObject = 64 << 10 // bytes of an object, as JSON
	StoragePage   = 1_000    // items that are listed at once
)

// StorageLimits are the most that is stored.
type StorageLimits struct {
	Items        int64 // of a store
	AccountItems int64 // of all stores of an account together
	AccountBytes int64 // of these, keys and values as they are kept
	Entities     int64 // kinds of things in an account's cross references
}

// What stores are for; those of pairs have a name after it.
const (
	StoredText     = "text"
	StoredObjects  = "object"
	StoredCounters = "counter"
	StoredPairs    = "pair "
	StoredEchoes   = "echo"        // values that were passed on and may come back
	StoredByScript = "script"      // of connectors and methods
	StoredByStep   = "step script" // apart, for the former may be secret
)

// Storage names a store of an account. The zero Connector and Cycle are of none:
// such a store is the whole account's.
type Storage struct {
	Account   AccountID
	Purpose   string // stores of different purposes never meet
	Connector AccountConnectorID
	Cycle     CycleID
}

// StorageItem is an item of a store.
type StorageItem struct {
	Key   string
	Value string
}

// Stored is an item of a store, as it is kept.
type Stored struct {
	Key     string
	Sealed  []byte
	Expires time.Time // zero: never
}

// Pair is two ids of one thing, in two systems.
type Pair struct {
	First  string
	Second string
}
