package tandem

import (
	"context"
	"crypto/sha256"
	"net/http"
	"time"
)

// How long calls with an Idempotency-Key are remembered.
const (
	// ReplayLife is how long an answer is given again.
	ReplayLife = 24 * time.Hour
	// ReplayPatience is how long a call may take: when it has had no answer for
	// longer, the process that answered it is taken for dead. If it had not changed
	// anything, the call may be made again.
	ReplayPatience = 6 * time.Minute
	// ReplayLimit is the longest answer that is kept, in bytes.
	ReplayLimit = 1 << 20
)

// Claim is a call that is made once.
type Claim struct {
	Partner PartnerID
	Name    string    // of the caller and their key, within the partner
	Call    string    // all that is asked: another call has another
	At      time.Time // set by Begin; tells a claim from a later one of the same name
}

// Key is what a claim is kept by.
func (c Claim) Key() []byte {
	sum := sha256.Sum256([]byte(c.Name))
	return sum[:]
}

// Claimed is what is kept of a call that somebody has claimed.
type Claimed struct {
	Call     []byte // a hash of it
	At       time.Time
	Expires  time.Time // of the claim, then of the answer
	Begun    bool      // something that the call changes is committed
	Answered bool
	Sealed   []byte // the Replay; nil: there is none yet, or it was too long
}

// Replay is the answer of a call.
type Replay struct {
	Status int
	Header http.Header
	Body   []byte
}

// Replays make calls that are made again have the answer of the first.
type Replays interface {
	// Begin claims a call, which the caller then makes, and Ends or Frees. If it
	// was made before, its answer is returned instead. The first change that the
	// call makes has to be committed with a mark on the claim: see [Act].
	//
	// Errors: Invalid (the name was used for another call), Conflict (the first is
	// still at work; or it was cut off after it had changed something; or its answer
	// was too long to be kept).
	Begin(ctx context.Context, c *Claim) (*Replay, error)
	// End keeps the answer, unless it is longer than ReplayLimit: then only that
	// the call was made. It does nothing if somebody else has the claim by now.
	End(ctx context.Context, c Claim, answer Replay) error
	// Free gives the call up: it is forgotten, as if it had not been made, unless it
	// has changed something.
	Free(ctx context.Context, c Claim) error
}
