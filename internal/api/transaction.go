package api

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// TransactionQuery narrows a list of transactions.
type TransactionQuery struct {
	Paging
	Format
	After  moment `query:"after" doc:"RFC 3339, a date, or M/D/YYYY."`
	Before moment `query:"before"`
	Status string `query:"status" doc:"Queued, Waiting, Split, Held, Completed, Failed or Cancelled."`
	Split  string `query:"splitType" doc:"Parent (its data was split), Child (made of an item of its parent's data) or None (neither)."`
}

func (q *TransactionQuery) filter(cycle tandem.CycleID) (tandem.TransactionFilter, error) {
	f := tandem.TransactionFilter{PageRequest: q.request(), Cycle: cycle, After: q.After.Time, Before: q.Before.Time}
	if q.Status != "" {
		f.Status = new(tandem.TransactionStatus)
		if err := f.Status.UnmarshalText([]byte(q.Status)); err != nil {
			return f, err
		}
	}
	if q.Split == "" {
		return f, nil
	}
	i := slices.IndexFunc(tandem.SplitTypes, func(s tandem.SplitType) bool { return strings.EqualFold(string(s), q.Split) })
	if i < 0 {
		return f, tandem.Invalidf("splitType", "splitType: %q is not known: want one of %v", q.Split, tandem.SplitTypes)
	}
	f.Split = tandem.SplitTypes[i]
	return f, nil
}

func (a *API) listTransactions(ctx context.Context, at policy.Place, in *TransactionQuery) (*tabular, error) {
	f, err := in.filter("")
	return a.transactions(ctx, at, in.Format, f, err)
}

func (a *API) listCycleTransactions(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	TransactionQuery
},
) (*tabular, error) {
	if _, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value); err != nil {
		return nil, err
	}
	f, err := in.filter(in.ID.Value)
	return a.transactions(ctx, at, in.Format, f, err)
}

var transactionColumns = []string{
	"Id", "CycleId", "ParentId", "Status", "CreatedOnUtc", "FinishedOnUtc", "WakeOnUtc", "TasksUsed", "ErrorCount", "Children",
}

// transactions answers with those that f finds, unless err.
func (a *API) transactions(ctx context.Context, at policy.Place, how Format, f tandem.TransactionFilter, err error) (*tabular, error) {
	if err != nil {
		return nil, err
	}
	fetch := onward(&f.Past, func(t *tandem.Transaction) int64 { return int64(t.ID) }, func(r tandem.PageRequest) (tandem.Page[tandem.Transaction], error) {
		f.PageRequest = r
		return a.services.Transactions.List(ctx, at.Account, f)
	})
	return report(how, f.PageRequest, "transactions", transactionColumns, fetch, transactionCells)
}

func transactionCells(t *tandem.Transaction) []string {
	parent := ""
	if t.ParentID != 0 {
		parent = t.ParentID.String()
	}
	return []string{
		t.ID.String(), string(t.CycleID), parent, t.Status.String(), cell(t.Created), cell(t.Finished), cell(t.Wake),
		strconv.Itoa(t.Tasks), strconv.Itoa(t.ErrorCount), strconv.Itoa(t.Children),
	}
}

// cell is a time as CSV has it; "" for none.
func cell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// transaction finds one by itself. Errors: NotFound.
func (a *API) transaction(ctx context.Context, at policy.Place, guid string) (*tandem.Transaction, error) {
	id, err := tandem.ParseTransactionID(guid)
	if err != nil {
		return nil, err
	}
	return a.services.Transactions.Get(ctx, at.Account, id)
}

func (a *API) getTransaction(ctx context.Context, at policy.Place, in *TransactionPath) (*object[*tandem.Transaction], error) {
	return one(a.transaction(ctx, at, in.ID.Value))
}

func (a *API) findTransaction(ctx context.Context, p tandem.PartnerID, in *TransactionPath) (*object[*tandem.TransactionPlace], error) {
	id, err := tandem.ParseTransactionID(in.ID.Value)
	if err != nil {
		return nil, err
	}
	return one(a.services.Transactions.Find(ctx, p, id))
}

// listChildren gives those that a transaction's data was split into.
func (a *API) listChildren(ctx context.Context, at policy.Place, in *struct {
	TransactionPath
	TransactionQuery
},
) (*tabular, error) {
	t, err := a.transaction(ctx, at, in.ID.Value)
	if err != nil {
		return nil, err
	}
	f, err := in.filter("")
	f.Parent = t.ID
	return a.transactions(ctx, at, in.Format, f, err)
}

// stepItemShape is what one step of a transaction did.
type stepItemShape struct {
	ID            string        `json:"Id"`
	Seq           int32         `doc:"Within the transaction, from 1."`
	Prev          int32         `doc:"Seq of the step before it; 0: none."`
	StepID        tandem.StepID `json:"StepId"`
	StepName      string
	Outcome       tandem.Outcome
	Exit          tandem.EdgeType `json:",omitempty" doc:"Of a decision."`
	Message       string          `json:",omitempty"`
	Tasks         int
	Attempt       int
	StartedOnUTC  time.Time      `json:"StartedOnUtc"`
	FinishedOnUTC time.Time      `json:"FinishedOnUtc"`
	Request       *requestShape  `doc:"null: nothing was sent, or it is not kept."`
	Response      *responseShape `doc:"null: nothing came back, or it is not kept."`
	NotLogged     bool           `json:",omitempty" doc:"true: Request and Response are not kept, since LogStepDataRequests of the cycle was false."`
}

type requestShape struct {
	Method   string            `json:",omitempty"`
	URL      string            `json:",omitempty"`
	Headers  map[string]string `json:",omitempty"`
	Body     any               `json:",omitempty" doc:"A JSON value when it is JSON, else text."`
	BodySize int               `json:",omitempty" doc:"With bodyLimit, of a body that is longer: how many bytes the whole has. Body is its beginning then, as text."`
}

type responseShape struct {
	Status   int               `json:",omitempty"`
	Headers  map[string]string `json:",omitempty"`
	Body     any               `json:",omitempty" doc:"A JSON value when it is JSON, else text."`
	BodySize int               `json:",omitempty" doc:"With bodyLimit, of a body that is longer: how many bytes the whole has. Body is its beginning then, as text."`
}

func showItem(txn tandem.TransactionID, i *tandem.StepItem, names map[tandem.StepID]string) stepItemShape {
	return stepItemShape{
		ID: fmt.Sprintf("%s-%d", txn, i.Seq), Seq: i.Seq, Prev: i.Prev, StepID: i.StepID, StepName: names[i.StepID], Outcome: i.Outcome,
		Exit: i.Exit, Message: i.Message, Tasks: i.Tasks, Attempt: i.Attempt, StartedOnUTC: i.Started, FinishedOnUTC: i.Finished,
		Request: showRequest(i.Request), Response: showResponse(i.Response), NotLogged: i.Unlogged,
	}
}

func showRequest(r *tandem.Exchange) *requestShape {
	if r == nil {
		return nil
	}
	return &requestShape{Method: r.Method, URL: r.URL, Headers: r.Headers, Body: showBody(r.Body)}
}

func showResponse(r *tandem.Exchange) *responseShape {
	if r == nil {
		return nil
	}
	return &responseShape{Status: r.Status, Headers: r.Headers, Body: showBody(r.Body)}
}

// cut leaves the beginnings of bodies that have more bytes than limit; 0 is none.
func (s *stepItemShape) cut(i *tandem.StepItem, limit int) {
	if limit == 0 {
		return
	}
	if r := i.Request; r != nil && len(r.Body) > limit {
		s.Request.Body, s.Request.BodySize = beginning(r.Body, limit), len(r.Body)
	}
	if r := i.Response; r != nil && len(r.Body) > limit {
		s.Response.Body, s.Response.BodySize = beginning(r.Body, limit), len(r.Body)
	}
}

// beginning is a text's, without a character that is cut in the middle.
func beginning(b []byte, limit int) string { return strings.ToValidUTF8(string(b[:limit]), "") }

// showBody is a body as JSON if that is what it is, and else as text.
func showBody(b []byte) any {
	switch {
	case len(b) == 0:
		return nil
	case json.Valid(b) && utf8.Valid(b):
		return json.RawMessage(b)
	}
	return string(b)
}

func (a *API) listStepItems(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Slicing
	TransactionID guid[string] `path:"transactionId"`
	Query         string       `query:"query" doc:"Text in a step's name, message, addresses or bodies, without regard to case: only such steps."`
	BodyLimit     int          `query:"bodyLimit" minimum:"1" doc:"Of longer bodies only so many bytes. Default: bodies are whole. A single step's, whole: by page, with a pageSize of 1."`
},
) (*list[stepItemShape], error) {
	c, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	t, err := a.transaction(ctx, at, in.TransactionID.Value)
	if err != nil {
		return nil, err
	}
	if t.CycleID != c.ID {
		return nil, tandem.NotFoundf("Transaction %s could not be found.", t.ID)
	}
	items, err := a.services.Transactions.Items(ctx, at.Account, t.ID)
	if err != nil {
		return nil, err
	}
	names, err := a.services.Control.StepNames(ctx, at.Account, c.ID, t.Version)
	if err != nil {
		return nil, err
	}
	shown, query := []stepItemShape{}, strings.ToLower(in.Query)
	for i := range items {
		if mentions(&items[i], names[items[i].StepID], query) {
			item := showItem(t.ID, &items[i], names)
			item.cut(&items[i], in.BodyLimit)
			shown = append(shown, item)
		}
	}
	return whole(in.Slicing, shown, nil)
}

// mentions says whether an item has a text, which is in lower case, in it.
func mentions(i *tandem.StepItem, name, query string) bool {
	said := []string{name, i.Message}
	for _, x := range []*tandem.Exchange{i.Request, i.Response} {
		if x != nil {
			said = append(said, x.URL, string(x.Body))
		}
	}
	return strings.Contains(strings.ToLower(strings.Join(said, "\n")), query)
}
