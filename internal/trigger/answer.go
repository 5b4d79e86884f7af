package trigger

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// await waits for what a step of a transaction tells its caller, up to the limit.
// Whatever comes of it, the transaction goes on.
func (in *Intake) await(ctx context.Context, h hook, id tandem.TransactionID) (*Reply, error) {
	limit, cancel := context.WithTimeout(ctx, in.answerLimit)
	defer cancel()
	a, ok := in.callers.wait(journal.Caller{Account: h.Account, ID: id}, limit.Done(), in.closing)
	switch {
	case !ok && ctx.Err() != nil:
		in.note(ctx, h, id, tandem.IncidentAnswerLate, "The caller left before a step had answered.")
		return nil, ctx.Err()
	case !ok:
		if limit.Err() != nil {
			in.note(ctx, h, id, tandem.IncidentAnswerLate, "No step answered the caller within "+in.answerLimit.String()+".")
		}
		return receipt(http.StatusAccepted, "", id), nil
	case a.Response != nil:
		return &Reply{Status: a.Response.Status, Headers: a.Response.Headers, Body: a.Response.Body, late: func() {
			in.note(ctx, h, id, tandem.IncidentAnswerLate, "The answer of a step could not be sent to the caller.")
		}}, nil
	case a.Status == tandem.TransactionCompleted:
		return receipt(http.StatusOK, "", id), nil
	}
	return receipt(http.StatusInternalServerError, `"Message":"The transaction ended without an answer.",`, id), nil
}

// receipt says which transaction a request made.
func receipt(status int, more string, id tandem.TransactionID) *Reply {
	return &Reply{Status: status, Body: []byte(`{` + more + `"TransactionId":"` + id.String() + `"}`)}
}

// acknowledge answers a request whose transaction is durable.
func acknowledge(w http.ResponseWriter, id tandem.TransactionID) {
	w.Header()["Content-Type"] = jsonType
	_, _ = io.WriteString(w, `{"TransactionId":"`+id.String()+`"}`) // a sender that has gone asks again
}

const defaultAnswerLimit = 30 * time.Second
