package run_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
)

// forgotten is what is left of items whose data is not kept.
func forgotten(items []tandem.StepItem) []tandem.StepItem {
	var left []tandem.StepItem
	for _, it := range items {
		it.Request, it.Response, it.Unlogged = nil, nil, true
		left = append(left, it)
	}
	return left
}

// Where Log Step Requests is off every transaction says so from its beginning, if it
// begins with data, and its parts do; what has ended is not run again, but for a timer
// that got nothing, which needs nothing.
func TestUnloggedIsNotRepeated(t *testing.T) {
	g := graph("in>get get>out", step("in", "plain", ""), step("get", "get", ""), step("out", "send2", "{{[found].n}}"))
	g.CollectionSplitType, g.OmitRequests = tandem.SplitAll, true
	w := newWorld(t, g, methods...)
	w.answer = func(path, _ string) reply {
		if path == "/send2" {
			return reply{status: 500}
		}
		return reply{body: `{"found":[{"n":1},{"n":2}]}`}
	}
	first := w.webhook(`{"id":7}`)
	w.run(t.Context())
	if len(w.txns) != 3 {
		t.Fatalf("%d transactions", len(w.txns))
	}
	for i, txn := range w.txns {
		if !txn.Unlogged {
			t.Errorf("transaction %d does not say that its data is not kept", i)
		}
	}
	child := w.txns[1]
	for name, of := range map[string]*txn{"parent": first, "child": child} {
		of.items = forgotten(of.items)
		_, retried := run.Retry(of.ended(1), w.in.Plan, 2)
		_, resumed := run.Resume(of.ended(1), w.in.Plan, w.in.Plan, 2)
		const want = "The data of the transaction is not kept: Log Step Requests was off for its cycle"
		for what, err := range map[string]error{"retry": retried, "resume": resumed} {
			if tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), want) {
				t.Errorf("%s of the %s: %v", what, name, err)
			}
		}
	}
	_, err := run.MatchStart(run.Firing{}, journal.Held{ID: 1, Item: 1}, first.items, tandem.Exchange{})
	if tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("a request for one that has just ended: %v", err)
	}

	timer := &run.Ended{Transaction: tandem.Transaction{ID: 9, Version: 1}, Account: 1}
	again, err := run.Retry(timer, w.in.Plan, 2)
	if tandem.ErrorCode(err) != tandem.Conflict { // as a webhook begins the cycle
		t.Errorf("%+v, %v", again, err)
	}
	w.in.Plan.Trigger.Kind = tandem.ActionStep
	again, err = run.Retry(timer, w.in.Plan, 2)
	if diff := cmp.Diff(journal.NewTxn{Account: 1, Version: 2, Repeats: 9, Unlogged: true, Frontier: again.Frontier}, again); diff != "" || err != nil {
		t.Errorf("a timer's (-want +got):\n%s%v", diff, err)
	}
}
