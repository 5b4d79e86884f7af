package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// window is how many of the newest transactions a live stream looks at.
const window = 100

// patience is how long a client of a live stream may take to read what there is.
const patience = time.Minute

type eventStream struct {
	ContentType string `header:"Content-Type"`
	Cache       string `header:"Cache-Control"`
	Buffering   string `header:"X-Accel-Buffering"` // proxies hold streams back without it
	Body        func(huma.Context)
}

// watchTransactions streams what happens to the newest transactions. It asks the
// database once in a while rather than the engine, which works the same with any
// number of nodes.
func (a *API) watchTransactions(ctx context.Context, at policy.Place, in *struct {
	Cycle string `query:"cycle" doc:"A cycle's id: only its transactions."`
},
) (*eventStream, error) {
	w := &watch{transactions: a.services.Transactions, account: at.Account, seen: map[tandem.TransactionID]tandem.Transaction{}}
	if in.Cycle != "" {
		id, err := tandem.ParseGUID("cycle", in.Cycle)
		if err != nil {
			return nil, err
		}
		w.cycle = tandem.CycleID(id)
		if _, err := a.services.Cycles.Get(ctx, at.Account, w.cycle); err != nil {
			return nil, err
		}
	}
	return a.events(ctx, w.event)
}

// events answers the request of ctx with a stream of what event gives, a message or "",
// again and again. Errors: RateLimited.
func (a *API) events(ctx context.Context, event func(context.Context) (string, error)) (*eventStream, error) {
	if err := a.streams.open(ctx, recordOf(ctx).who); err != nil {
		return nil, err
	}
	return &eventStream{eventType, "no-store", "no", func(x huma.Context) {
		req, rw := humago.Unwrap(x)
		if err := a.stream(req, rw, event); err != nil {
			recordOf(req.Context()).err = err
		}
	}}, nil
}

// stream sends events until the client goes, the server stops, or the client may
// not listen any more.
func (a *API) stream(r *http.Request, w http.ResponseWriter, next func(context.Context) (string, error)) error {
	ctx, out := r.Context(), http.NewResponseController(w)
	w.WriteHeader(http.StatusOK)
	poll, beat := time.NewTicker(a.options.Poll), time.NewTicker(a.options.Heartbeat)
	defer poll.Stop()
	defer beat.Stop()
	for {
		event, err := next(ctx)
		if err == nil {
			err = out.SetWriteDeadline(time.Now().Add(patience))
		}
		if err == nil && event != "" {
			_, err = fmt.Fprint(w, event)
		}
		if err == nil {
			err = out.Flush()
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.options.Closing:
			return nil
		case <-beat.C:
			if _, err := a.admit(r, recordOf(ctx).route); err != nil {
				return err
			}
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil {
				return err
			}
		case <-poll.C:
		}
	}
}

// watch remembers what it has told of.
type watch struct {
	transactions tandem.Transactions
	account      tandem.AccountID
	cycle        tandem.CycleID
	seen         map[tandem.TransactionID]tandem.Transaction
}

// event is what is new or has changed since the last one, the newest first; "" if
// nothing.
func (w *watch) event(ctx context.Context) (string, error) {
	found, err := w.transactions.List(ctx, w.account, tandem.TransactionFilter{
		Cycle: w.cycle, PageRequest: tandem.PageRequest{PageSize: window},
	})
	if err != nil {
		return "", err
	}
	news := []tandem.Transaction{}
	now := map[tandem.TransactionID]tandem.Transaction{}
	for _, t := range found.Rows {
		now[t.ID] = t
		if was, ok := w.seen[t.ID]; !ok || was != t {
			news = append(news, t)
		}
	}
	w.seen = now
	if len(news) == 0 {
		return "", nil
	}
	data, err := json.Marshal(news)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("event: transactions\ndata: %s\n\n", data), nil
}
