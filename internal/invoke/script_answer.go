package invoke

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/tandem-ipaas/tandem/internal/merge"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// afterAction lets scripts change the answer, page by page.
func (x *exchange) afterAction(ctx context.Context) error {
	if !x.handles(script.AfterAction) {
		return nil
	}
	_, err := x.event(ctx, script.AfterAction, x.pageState, x.takeAnswer)
	return err
}

func (x *exchange) pageState() (state, error) {
	merges, err := x.shownMerges()
	if err != nil {
		return nil, err
	}
	status := x.result.Response.Status
	return state{
		"method_endpoint": x.address(), "method_request": x.shownRequest(), "method_request_mergefields": merges,
		"method_response_headers": orNone(x.result.Response.Headers), "method_response": x.shownAnswer(),
		"statusCode": status, "reasonPhrase": http.StatusText(status),
	}, nil
}

func orNone(headers map[string]string) map[string]string {
	if headers == nil {
		return map[string]string{}
	}
	return headers
}

// shownAnswer is the answer's document; of a method without one, its text.
func (x *exchange) shownAnswer() any {
	switch {
	case len(x.answer.text) > 0:
		return json.RawMessage(x.answer.text)
	case x.plan.response.none && len(x.result.Response.Body) > 0:
		return string(x.result.Response.Body)
	}
	return nil
}

// takeAnswer takes over what scripts made of the answer.
func (x *exchange) takeAnswer(done changes) error {
	raw := done["method_response"]
	if x.secrets.suspect(raw) || isNull(raw) {
		doc, err := decode(raw)
		if err != nil {
			return err
		}
		return x.conceive(doc)
	}
	x.answer = answer{text: raw}
	x.result.Response.Body = raw
	return nil
}

// afterPaging lets scripts change the answer of all pages.
func (x *exchange) afterPaging(ctx context.Context) error {
	if !x.handles(script.AfterActionPaging) {
		return nil
	}
	see := func() (state, error) {
		s := state{"method_response": x.shownAnswer()}
		if !x.result.LastRun.IsZero() {
			s["next_last_successful_run_date"] = x.result.LastRun
		}
		return s, nil
	}
	_, err := x.event(ctx, script.AfterActionPaging, see, func(done changes) error {
		if err := x.takeLastRun(done["next_last_successful_run_date"]); err != nil {
			return err
		}
		return x.takeAnswer(done)
	})
	return err
}

func (x *exchange) takeLastRun(raw json.RawMessage) error {
	v, err := decode(raw)
	if err != nil || v == nil || v == "" {
		return err
	}
	at, ok := merge.Date(v)
	if !ok {
		return errors.New("next_last_successful_run_date is not a date")
	}
	x.result.LastRun = at.UTC()
	return nil
}

// condition asks scripts for the exit to take.
func (x *exchange) condition(ctx context.Context) error {
	if !x.handles(script.ActionCondition) {
		return nil
	}
	see := func() (state, error) { return state{"method_response": x.shownAnswer()}, nil }
	yes, err := x.event(ctx, script.ActionCondition, see, func(changes) error { return nil })
	x.result.Condition = &yes
	return err
}
