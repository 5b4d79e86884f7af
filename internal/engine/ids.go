package engine

import (
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Shape of a transaction id below its milliseconds.
const (
	nodeBits     = 10
	sequenceBits = 12
	sequenceMask = 1<<sequenceBits - 1
)

// IDs gives the ids of transactions: each above the one before, whatever the
// clock does. When more are asked for in a millisecond than it has numbers, or
// the clock was set back, they run ahead of the clock. The node keeps those of
// several processes apart.
type IDs struct {
	node int64
	last atomic.Int64 // milliseconds and sequence, without the node
	now  func() time.Time
}

// NewIDs gives ids of a node, 0 to 1023, that are above last.
func NewIDs(node int64, last tandem.TransactionID) *IDs {
	ids := &IDs{node: node & (1<<nodeBits - 1), now: time.Now}
	ids.last.Store(int64(last)>>(nodeBits+sequenceBits)<<sequenceBits | sequenceMask)
	return ids
}

// Next gives the next id.
func (ids *IDs) Next() tandem.TransactionID {
	clock := (ids.now().UnixMilli() - tandem.EpochMillis) << sequenceBits
	for {
		last := ids.last.Load()
		next := max(last+1, clock)
		if ids.last.CompareAndSwap(last, next) {
			return tandem.TransactionID(next>>sequenceBits<<(nodeBits+sequenceBits) | ids.node<<sequenceBits | next&sequenceMask)
		}
	}
}
