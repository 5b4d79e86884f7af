// Package traffic is the log of what came in: calls of the API, and requests to
// webhooks that did not simply begin a transaction. (Those that did are known by
// their transactions, and cost nothing more.)
//
// Who answers a request hands a line over and goes on: lines wait in memory, of
// bounded size, and are written once a second, some hundreds in a commit. So the log
// costs who waits for an answer nothing, and a crash loses its last second. Of a
// flood, the first lines of a second stand by themselves; what comes after them is
// counted at a line that is alike, and what is like none is dropped. How many were,
// the operator's log says: a line less is no secret.
package traffic

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/outage"
)

// Store is where the log is.
type Store interface {
	AppendCalls(ctx context.Context, all []tandem.APICall) error
	AppendRequests(ctx context.Context, all []tandem.WebhookRequest) error
	Calls(ctx context.Context, p tandem.PartnerID, f tandem.TrafficFilter) (tandem.Page[tandem.APICall], error)
	Requests(ctx context.Context, a tandem.AccountID, f tandem.TrafficFilter) (tandem.Page[tandem.WebhookRequest], error)
}

const (
	beat  = time.Second // between commits
	chunk = 500         // lines of a commit: so few that nobody who waits for the writer notices
)

// Of calls a partner has more than an account has of refused requests: those are
// mostly of one kind.
var (
	callBounds    = bounds{each: 1000, kinds: 200, all: 10_000}
	requestBounds = bounds{each: 20, kinds: 20, all: 5000}
)

// Log implements tandem.Traffic.
type Log struct {
	log      *slog.Logger
	store    Store
	failing  *outage.Outage
	calls    *window[tandem.APICall, tandem.PartnerID, callKind]
	requests *window[tandem.WebhookRequest, tandem.AccountID, requestKind]
	last     atomic.Uint32 // number within a millisecond; it begins anywhere, as nodes share a log
}

var _ tandem.Traffic = (*Log)(nil)

// callKind is what calls have in common that are alike.
type callKind struct {
	account   tandem.AccountID
	operation string
	status    int
	actorType tandem.ActorType
	actor     string
}

// requestKind is what requests to webhooks have in common that are alike.
type requestKind struct {
	cycle  tandem.CycleID
	step   tandem.StepID
	status int
	reason string
}

// New makes the log that store keeps.
func New(log *slog.Logger, store Store) *Log {
	l := &Log{
		log: log, store: store, failing: outage.New(log, "write the logs of calls and webhooks"),
		calls:    newWindow[tandem.APICall, tandem.PartnerID, callKind](callBounds, func(c *tandem.APICall) *int { return &c.Count }),
		requests: newWindow[tandem.WebhookRequest, tandem.AccountID, requestKind](requestBounds, func(r *tandem.WebhookRequest) *int { return &r.Count }),
	}
	l.last.Store(uint32(time.Now().Nanosecond()))
	return l
}

// next is the id of a line of what began at a time.
func (l *Log) next(at time.Time) tandem.LineID {
	const numbers = 1 << 22
	return tandem.LineID((at.UnixMilli()-tandem.EpochMillis)*numbers | int64(l.last.Add(1)%numbers))
}

// Note implements tandem.Traffic. Run writes what it takes in.
func (l *Log) Note(c tandem.APICall) {
	c.ID, c.Path, c.Address = l.next(c.Created), plain(c.Path), plain(c.Address)
	l.calls.add(c.Partner, callKind{c.Account, c.Operation, c.Status, c.ActorType, c.ActorID}, c)
}

// NoteRequest takes note of a request to a webhook, as Note does of a call.
func (l *Log) NoteRequest(r tandem.WebhookRequest) {
	r.ID, r.Method, r.Reason, r.Address = l.next(r.Created), plain(r.Method), plain(r.Reason), plain(r.Address)
	l.requests.add(r.Account, requestKind{r.CycleID, r.StepID, r.Status, r.Reason}, r)
}

// longest is how many bytes a text of a line has at most.
const longest = 500

// plain is a text as any database takes it, and no longer than is of use.
func plain(text string) string {
	if len(text) > longest {
		text = text[:longest] + "…"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}

// Run writes what was taken in until ctx is done, and then the rest.
func (l *Log) Run(ctx context.Context) error {
	ticks := time.NewTicker(beat)
	defer ticks.Stop()
	writing := context.WithoutCancel(ctx) // what was taken in is not lost in the end
	for {
		select {
		case <-ctx.Done():
			l.Flush(writing)
			return nil
		case <-ticks.C:
			l.Flush(writing)
		}
	}
}

// Flush writes all that was taken in. What cannot be written is dropped: it would
// only grow.
func (l *Log) Flush(ctx context.Context) {
	calls, lost := l.calls.take()
	requests, more := l.requests.take()
	lost += more
	lost += write(ctx, l.failing, calls, l.store.AppendCalls)
	lost += write(ctx, l.failing, requests, l.store.AppendRequests)
	if lost > 0 {
		l.log.WarnContext(ctx, "lines of the logs of calls and webhooks were dropped", "lines", lost)
	}
}

// write writes lines in chunks, and says how many it could not.
func write[L any](ctx context.Context, failing *outage.Outage, all []L, add func(context.Context, []L) error) (lost int) {
	for len(all) > 0 {
		n := min(len(all), chunk)
		if err := add(ctx, all[:n]); err != nil {
			failing.Failed(err)
			return len(all)
		}
		failing.Works()
		all = all[n:]
	}
	return 0
}

// Calls implements tandem.Traffic.
func (l *Log) Calls(ctx context.Context, p tandem.PartnerID, f tandem.TrafficFilter) (tandem.Page[tandem.APICall], error) {
	return l.store.Calls(ctx, p, f)
}

// Requests implements tandem.Traffic.
func (l *Log) Requests(ctx context.Context, a tandem.AccountID, f tandem.TrafficFilter) (tandem.Page[tandem.WebhookRequest], error) {
	return l.store.Requests(ctx, a, f)
}
