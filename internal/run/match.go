package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// requests is what a transaction has to do with those who call webhooks.
type requests struct {
	until  time.Time            // until when it waits for requests at most; zero: it never did
	caller tandem.TransactionID // whose caller it answers; 0: its own
}

// minHeld is how long a transaction waits for requests at least, also where
// records are kept for less.
const minHeld = time.Hour

// await has the transaction wait at a webhook for requests. What else it has to do
// it does meanwhile.
func (s *slice) await(ctx context.Context, n *workflow.Node, prev int32) (wake time.Time, err error) {
	item := tandem.StepItem{StepID: n.ID, Prev: prev, Attempt: 1, Started: time.Now()}
	key, err := s.matchKey(ctx, n, prev)
	item.Finished = time.Now()
	if err != nil {
		return s.unable(ctx, n, item, tandem.IncidentNoWebhookKey, err)
	}
	kept, err := s.records.Kept(ctx, s.txn.Account, s.txn.Cycle)
	if err != nil {
		return wake, fmt.Errorf("look for how long records are kept: %w", err)
	}
	until := item.Finished.Add(max(kept, minHeld)).Truncate(time.Microsecond).UTC()
	if item.Request, err = shownKey(key); err != nil {
		return wake, err
	}
	s.pop()
	s.record(item)
	s.delta.Matches = append(s.delta.Matches, journal.Match{Step: n.ID, Hash: key.Hash, Item: prev, Until: until})
	if until.After(s.requests.until) {
		s.requests.until = until
	}
	return wake, nil
}

// errNoKey says that requests could not find the transaction.
var errNoKey = &workflow.MapError{Target: "webhook key", Err: errors.New("it has no value")}

// matchKey is the key by which requests find the transaction.
func (s *slice) matchKey(ctx context.Context, n *workflow.Node, prev int32) (workflow.Key, error) {
	d, err := s.data(ctx, n, prev)
	if err != nil {
		return workflow.Key{}, err
	}
	key, err := n.Key(d)
	if err == nil && key == (workflow.Key{}) {
		err = errNoKey
	}
	return key, err
}

// shownKey is what the record tells of a key.
func shownKey(k workflow.Key) (*tandem.Exchange, error) {
	body, err := json.Marshal(map[string]string{"Key": strings.ToValidUTF8(k.Text[:min(len(k.Text), maxMessage)], "")})
	return &tandem.Exchange{Body: body}, err
}

// unable deals with an error of a step that calls nothing.
func (s *slice) unable(ctx context.Context, n *workflow.Node, item tandem.StepItem, short string, err error) (wake time.Time, _ error) {
	var later *invoke.Later
	switch {
	case errors.As(err, &later):
		return later.Until, nil
	case errors.As(err, new(*workflow.MapError)):
		return wake, s.fail(ctx, n, item, newProblem(short, err.Error()))
	}
	return wake, err
}

// held says that it has waited for requests.
func (s *slice) held() bool { return !s.requests.until.IsZero() }

// awaiting says until when requests find the transaction: the cycle may take none
// any more.
func (s *slice) awaiting(ctx context.Context) (until time.Time, err error) {
	if !s.requests.until.After(time.Now()) {
		return until, nil
	}
	if until, err = s.records.Awaits(ctx, s.txn.Account, s.txn.ID); err != nil {
		return until, err
	}
	for _, m := range s.delta.Matches {
		if m.Until.After(until) {
			until = m.Until
		}
	}
	return until, nil
}

// rest waits for requests when there is nothing else to do. Not ok: it does not.
func (s *slice) rest(ctx context.Context) (y engine.Yield, ok bool, err error) {
	until, err := s.awaiting(ctx)
	if err != nil || !until.After(time.Now()) {
		return y, false, err
	}
	s.delta.Wake, s.delta.Resting = until, true
	return engine.Yield{Kind: engine.Until, Wake: until}, true, s.commit(ctx, tandem.TransactionWaiting)
}

// matched goes on with a request that came for a transaction.
func (s *slice) matched(ctx context.Context, t task) error {
	source, ok := s.past[t.prev]
	if !ok {
		return fmt.Errorf("step item %d is not recorded", t.prev)
	}
	n := s.Plan.Node(source.item.StepID)
	if n == nil || source.output == nil {
		s.tasks, s.failed = nil, true
		s.incident(&workflow.Node{ID: source.item.StepID}, tandem.OutcomeError, newProblem(tandem.IncidentNoWebhookStep, "The step that the request came for is not there any more."))
		return nil
	}
	if s.splits(n) {
		*s.top() = task{kind: divide, node: n.Index, prev: t.prev}
		return nil
	}
	s.pop()
	s.follow(n, "", t.prev)
	return nil
}

// MatchStart makes the transaction of a request to a webhook that is not the first
// step: a child of the one that is held there, whose items are given, with what led
// there and the request. It counts one task. The caller adds Trigger and Key.
//
// Errors: NotFound, when their data is not kept any more; the items are not those of
// the transaction.
func MatchStart(f Firing, held journal.Held, items []tandem.StepItem, request tandem.Exchange) (journal.NewTxn, error) {
	path, err := pathTo(items, held.Item)
	if err != nil {
		return journal.NewTxn{}, fmt.Errorf("go on with transaction %s: %w", held.ID, err)
	}
	f.Version = held.Version
	n := WebhookStart(f, request)
	last := n.Items[0]
	last.Seq, last.Prev = int32(len(path))+1, int32(len(path))
	n.Parent, n.Items = held.ID, append(path, last)
	next := frontier{tasks: []task{{kind: matched, prev: last.Seq}}}
	n.Frontier = next.encode()
	return n, nil
}

// pathTo copies the items on the path to the one numbered last, numbered from 1,
// without tasks: those were counted.
func pathTo(items []tandem.StepItem, last int32) ([]tandem.StepItem, error) {
	bySeq := make(map[int32]*tandem.StepItem, len(items))
	for i := range items {
		bySeq[items[i].Seq] = &items[i]
	}
	var path []tandem.StepItem
	for seq := last; seq > 0; {
		it := bySeq[seq]
		if it == nil || it.Prev >= seq {
			return nil, fmt.Errorf("step item %d is not recorded", seq)
		}
		if it.Unlogged { // it has just ended
			return nil, tandem.NotFoundf("Transaction could not be found.")
		}
		path = append(path, *it)
		seq = it.Prev
	}
	slices.Reverse(path)
	for i := range path {
		path[i].Seq, path[i].Prev, path[i].Tasks = int32(i)+1, int32(i), 0
	}
	return path, nil
}
