package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"mime"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// maxAnswer is the most bytes that a caller is answered with.
const maxAnswer = 1 << 20

// answer tells the caller of the cycle's webhook. It is durable before the next
// call begins, as what a call brings is.
func (s *slice) answer(ctx context.Context, n *workflow.Node, prev int32) (wake time.Time, err error) {
	item := tandem.StepItem{StepID: n.ID, Prev: prev, Attempt: 1, Started: time.Now()}
	response, err := s.response(ctx, n, prev)
	item.Finished = time.Now()
	if err != nil {
		return s.unable(ctx, n, item, tandem.IncidentAnswerNotBuilt, err)
	}
	item.Response = &response
	s.pop()
	s.delta.Answers = append(s.delta.Answers, journal.Answer{To: s.callers(), Response: response})
	s.called = true
	s.follow(n, "", s.record(item))
	return wake, nil
}

// callers is the transaction whose caller this one answers.
func (s *slice) callers() tandem.TransactionID { return cmp.Or(s.requests.caller, s.txn.ID) }

// response is what a step tells.
//
// Errors: *workflow.MapError; *invoke.Later; an operator's.
func (s *slice) response(ctx context.Context, n *workflow.Node, prev int32) (tandem.Exchange, error) {
	d, err := s.data(ctx, n, prev)
	if err != nil {
		return tandem.Exchange{}, err
	}
	r, err := n.Reply(d)
	if err != nil {
		return tandem.Exchange{}, err
	}
	x := tandem.Exchange{Status: r.Status, Headers: maps.Clone(r.Headers), Body: []byte(r.Text)}
	x.Headers["Content-Type"] = r.ContentType
	if r.Document != nil {
		if x.Body, err = written(ctx, r); err != nil {
			return x, &workflow.MapError{Target: "Body", Err: err}
		}
	}
	if len(x.Body) > maxAnswer {
		return x, &workflow.MapError{Target: "Body", Err: fmt.Errorf("it has more than %d bytes", maxAnswer)}
	}
	return x, nil
}

var errTextNeeded = errors.New("fields make JSON, XML or a form; a body of another type is given as text")

// written is a reply's document as its Content-Type says.
func written(ctx context.Context, r workflow.Reply) ([]byte, error) {
	kind, _, err := mime.ParseMediaType(r.ContentType)
	if err != nil {
		return nil, err
	}
	format := body.Format{}
	switch {
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		format.Type = connector.JSONBody
	case kind == "application/xml" || kind == "text/xml":
		format.Type = connector.XMLBody
	case kind == "application/x-www-form-urlencoded":
		format.Type = connector.FormBody
	default:
		return nil, errTextNeeded
	}
	b, err := format.Encode(ctx, r.Document, nil)
	return b.Record, err
}

// tell says that there is something for the callers of webhooks who wait here: an
// answer, or none any more.
func (s *slice) tell(d *journal.Delta) {
	if s.options.Answered == nil {
		return
	}
	for i := range d.Answers {
		s.options.Answered(journal.Caller{Account: s.txn.Account, ID: d.Answers[i].To})
	}
	if ended := d.Status.Final() || d.Status == tandem.TransactionSplit; ended && s.requests.caller == 0 {
		s.options.Answered(journal.Caller{Account: s.txn.Account, ID: s.txn.ID})
	}
}
