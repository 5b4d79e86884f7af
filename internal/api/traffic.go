package api

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// toTraffic tells the API log of a call of somebody known. Browsers read all the
// time, to show what is going on: what they read is left out.
func (a *API) toTraffic(req *http.Request, r *record, start time.Time, took time.Duration) {
	if r.act == nil {
		return // there is no such route
	}
	who := r.act.Who // of some it is known only once they are in
	if who.Partner == 0 || who.Session != 0 && r.route.Method == get {
		return
	}
	actor, id := who.Actor()
	a.services.Traffic.Note(tandem.APICall{
		Partner: who.Partner, Account: max(r.place, who.Account), Created: start, Method: req.Method, Path: r.act.Object, Operation: r.route.ID, Status: r.status,
		Milliseconds: int(took.Milliseconds()), ActorType: actor, ActorID: id, Address: tandem.NetworkAddress(req.RemoteAddr), RequestID: r.id,
	})
}

// TrafficQuery narrows a log.
type TrafficQuery struct {
	Paging
	Format
	After  moment `query:"after" doc:"RFC 3339, a date, or M/D/YYYY."`
	Before moment `query:"before"`
	Status string `query:"status" doc:"Of the answer: one, such as 404, or all that begin alike, such as 4xx; failed: all from 400 on."`
}

// CallQuery narrows the API log.
type CallQuery struct {
	TrafficQuery
	Method    string `query:"method" doc:"GET, POST, PUT, PATCH or DELETE."`
	RequestID string `query:"requestId" doc:"The header X-Request-Id of the answer."`
}

// methods are those of calls.
var methods = []string{"", get, post, put, patch, remove}

func (q *TrafficQuery) filter() (f tandem.TrafficFilter, err error) {
	f = tandem.TrafficFilter{PageRequest: q.request(), After: q.After.Time, Before: q.Before.Time, Whole: q.csv()}
	f.Status, err = statusRange(q.Status)
	return f, err
}

func (q *CallQuery) filter() (tandem.TrafficFilter, error) {
	f, err := q.TrafficQuery.filter()
	if err == nil {
		f.Method, err = oneOf("method", q.Method, methods)
	}
	f.RequestID = q.RequestID
	return f, err
}

// statusRange reads 404, 4xx or failed.
func statusRange(text string) (r tandem.StatusRange, err error) {
	const last = 599
	switch n, err := strconv.Atoi(text); {
	case text == "":
		return r, nil
	case strings.EqualFold(text, "failed"):
		return tandem.StatusRange{First: http.StatusBadRequest, Last: last}, nil
	case err == nil && n >= 100 && n <= last:
		return tandem.StatusRange{First: n, Last: n}, nil
	case len(text) == 3 && text[0] >= '1' && text[0] <= '5' && strings.EqualFold(text[1:], "xx"):
		first := int(text[0]-'0') * 100
		return tandem.StatusRange{First: first, Last: first + 99}, nil
	}
	return r, tandem.Invalidf("status", "status: %q is not known: want one such as 404, or 4xx, or failed", text)
}

func (a *API) listCalls(ctx context.Context, p tandem.PartnerID, in *struct {
	CallQuery
	Account string `query:"account" doc:"An account's id: of calls that acted in this one only."`
},
) (*tabular, error) {
	f, err := in.filter()
	if err == nil && in.Account != "" {
		var of *tandem.Account
		if of, err = a.services.Accounts.Get(ctx, p, in.Account); err == nil {
			f.Account = of.ID
		}
	}
	return a.calls(ctx, policy.Place{Partner: p}, in.Format, f, err)
}

func (a *API) listOwnCalls(ctx context.Context, at policy.Place, in *CallQuery) (*tabular, error) {
	f, err := in.filter()
	f.Account = at.Account
	return a.calls(ctx, at, in.Format, f, err)
}

var callColumns = []string{
	"Id", "CreatedOnUtc", "AccountId", "Method", "Path", "Operation", "Status", "Milliseconds", "ActorType", "ActorId", "Actor", "Address", "RequestId", "Count",
}

// calls answers with those that f finds, unless err. People of an account are not
// told who of the partner's it was, nor from where.
func (a *API) calls(ctx context.Context, at policy.Place, how Format, f tandem.TrafficFilter, err error) (*tabular, error) {
	if err != nil {
		return nil, err
	}
	fetch := traffic(&f, func(c *tandem.APICall) tandem.LineID { return c.ID }, func() (tandem.Page[tandem.APICall], error) {
		found, err := a.services.Traffic.Calls(ctx, at.Partner, f)
		for i := range found.Rows {
			if c := &found.Rows[i]; at.User != 0 && c.ActorType != tandem.ActorUser {
				c.ActorID, c.Actor, c.Address = "", "", ""
			}
		}
		return found, err
	})
	return report(how, f.PageRequest, "api-log", callColumns, fetch, func(c *tandem.APICall) []string {
		return []string{
			strconv.FormatInt(int64(c.ID), 10), cell(c.Created), c.AccountID, c.Method, c.Path, c.Operation, strconv.Itoa(c.Status), strconv.Itoa(c.Milliseconds),
			string(c.ActorType), c.ActorID, c.Actor, c.Address, c.RequestID, strconv.Itoa(c.Count),
		}
	})
}

// traffic is onward for a log by f, all of whose lines are asked for as one sheet
// without being counted.
func traffic[T any](f *tandem.TrafficFilter, id func(*T) tandem.LineID, find func() (tandem.Page[T], error)) func(tandem.PageRequest) (tandem.Page[T], error) {
	return onward(&f.Past, func(line *T) int64 { return int64(id(line)) }, func(r tandem.PageRequest) (tandem.Page[T], error) {
		if f.PageRequest = r; !f.Whole {
			return find()
		}
		found, err := find()
		found.Total = math.MaxInt // until there are no more
		return found, err
	})
}

func (a *API) listWebhookRequests(ctx context.Context, at policy.Place, in *struct {
	TrafficQuery
	Cycle guid[tandem.CycleID] `query:"cycle" doc:"Of the webhooks of one cycle."`
},
) (*tabular, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	f.Cycle = in.Cycle.Value
	fetch := traffic(&f, func(w *tandem.WebhookRequest) tandem.LineID { return w.ID }, func() (tandem.Page[tandem.WebhookRequest], error) {
		return a.services.Traffic.Requests(ctx, at.Account, f)
	})
	columns := []string{
		"Id", "CreatedOnUtc", "CycleId", "CycleName", "StepId", "Method", "Status", "Reason", "Bytes", "Milliseconds", "TransactionId", "Address", "Count",
	}
	return report(in.Format, f.PageRequest, "webhook-log", columns, fetch, func(w *tandem.WebhookRequest) []string {
		took, txn := "", ""
		if w.Milliseconds != nil {
			took = strconv.Itoa(*w.Milliseconds)
		}
		if w.TransactionID != 0 {
			txn = w.TransactionID.String()
		}
		return []string{
			strconv.FormatInt(int64(w.ID), 10), cell(w.Created), string(w.CycleID), w.CycleName, string(w.StepID), w.Method, strconv.Itoa(w.Status), w.Reason,
			strconv.Itoa(w.Bytes), took, txn, w.Address, strconv.Itoa(w.Count),
		}
	})
}

// trafficAnswers are examples of lines of logs.
func trafficAnswers(at time.Time, txn tandem.TransactionID) []any {
	return []any{
		tandem.APICall{
			ID: tandem.LineID(txn), AccountID: "page-turner", Created: at, Method: post, Path: "/v1.0/cycles", Operation: "createCycle", Status: http.StatusCreated,
			Milliseconds: 4, ActorType: tandem.ActorClient, ActorID: "the client's id", Actor: "Billing", Address: "192.0.2.1", RequestID: "KQ3ZVXH5", Count: 1,
		},
		tandem.WebhookRequest{
			ID: tandem.LineID(txn), Created: at, CycleID: exampleCycle, CycleName: "New contact to mailing list", StepID: stepA, Status: http.StatusOK,
			Bytes: 312, TransactionID: txn, Count: 1,
		},
	}
}
