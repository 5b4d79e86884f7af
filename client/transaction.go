package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// TransactionQuery narrows a list of transactions.
type TransactionQuery struct {
	Cycle         tandem.CycleID // "": of all
	After, Before time.Time
	Status        *tandem.TransactionStatus // nil: any
	Split         tandem.SplitType          // "": any
}

// StepItem is what one step of a transaction did.
type StepItem struct {
	ID            string        `json:"Id"`
	StepID        tandem.StepID `json:"StepId"`
	StepName      string
	Outcome       tandem.Outcome
	Message       string
	Tasks         int
	Attempt       int
	StartedOnUTC  time.Time `json:"StartedOnUtc"`
	FinishedOnUTC time.Time `json:"FinishedOnUtc"`
	Request       *Request
	Response      *Response
}

// Request is what was sent, without credentials.
type Request struct {
	Method  string
	URL     string
	Headers map[string]string
	Body    json.RawMessage // a JSON value; text that is no JSON is a string
}

// Response is what came back.
type Response struct {
	Status  int
	Headers map[string]string
	Body    json.RawMessage
}

// ofCycle is a path about one cycle, or about all.
func ofCycle(id tandem.CycleID, what string) string {
	if id == "" {
		return path("cycles", what)
	}
	return path("cycles", id, what)
}

// EachTransaction goes over transactions, the newest first.
func (c *Client) EachTransaction(ctx context.Context, q TransactionQuery) iter.Seq2[tandem.Transaction, error] {
	query := values(map[string]any{"after": q.After, "before": q.Before, "splitType": q.Split})
	if q.Status != nil {
		query.Set("status", q.Status.String())
	}
	return each[tandem.Transaction](ctx, c, ofCycle(q.Cycle, "transactions"), query)
}

// Transactions lists the newest 1000 transactions of a cycle; of all if id is "".
func (c *Client) Transactions(ctx context.Context, id tandem.CycleID) ([]tandem.Transaction, error) {
	newest := url.Values{"pageSize": {strconv.Itoa(tandem.MaxPageSize)}}
	return call[[]tandem.Transaction](ctx, c, http.MethodGet, with(ofCycle(id, "transactions"), newest), nil)
}

// Transaction reads a transaction.
func (c *Client) Transaction(ctx context.Context, id tandem.TransactionID) (tandem.Transaction, error) {
	return call[tandem.Transaction](ctx, c, http.MethodGet, path("transactions", id), nil)
}

// StepItems lists what each step of a transaction did.
func (c *Client) StepItems(ctx context.Context, cycle tandem.CycleID, id tandem.TransactionID) ([]StepItem, error) {
	return call[[]StepItem](ctx, c, http.MethodGet, path("cycles", cycle, "transactions", id), nil)
}
