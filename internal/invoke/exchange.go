package invoke

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// exchange is a call while it is made.
type exchange struct {
	*Caller
	call    *Call
	plan    *plan
	place   place
	access  access
	secrets secrets
	trips   *trips // of scripts; nil until one ran
	stored  int    // operations on storage that scripts asked for

	url     string // with the endpoint's own query
	query   string // of parameters, encoded
	header  http.Header
	content content
	rest    int // items that later parts send

	asked  *url.URL // that was sent to
	answer answer
	result Result

	depth int   // of merge fields within defaults of merge fields
	err   error // found where a lookup or an escape could not return it
}

// run makes the call. Of what goes wrong scripts may think otherwise.
func (x *exchange) run(ctx context.Context) error {
	err := x.attempt(ctx)
	if err != nil {
		err = x.afterError(ctx, err)
	}
	if err != nil || x.result.Next != "" || x.result.Whole != "" {
		return err
	}
	return x.condition(ctx)
}

// attempt is a call in its order.
func (x *exchange) attempt(ctx context.Context) error {
	if err := x.learn(); err != nil {
		return err
	}
	if x.call.Collected != nil {
		return x.conclude(ctx)
	}
	if err := x.build(); err != nil {
		return err
	}
	if err := x.beforeAction(ctx); err != nil {
		return err
	}
	if err := x.perform(ctx); err != nil {
		return err
	}
	if err := x.afterAction(ctx); err != nil {
		return err
	}
	if err := x.turn(); err != nil {
		return err
	}
	if x.postponed() {
		return nil
	}
	return x.finish(ctx)
}

// perform does what the method is for: by a request, by what is built in, or,
// for a script method, not at all.
func (x *exchange) perform(ctx context.Context) error {
	if x.call.Method.BuiltIn != "" {
		return x.operate(ctx)
	}
	if x.plan.local {
		x.result.Response = &tandem.Exchange{}
		return nil
	}
	req, err := x.authenticate(ctx)
	if err != nil {
		return err
	}
	return x.send(ctx, req)
}

// conclude ends a call whose pages have all been read.
func (x *exchange) conclude(ctx context.Context) error {
	x.result.Response = &tandem.Exchange{Body: x.call.Collected}
	x.answer = answer{text: x.call.Collected}
	return x.finish(ctx)
}

// postponed leaves the end of the call until all pages have been read, if scripts
// are to see them together.
func (x *exchange) postponed() bool {
	several := x.result.Next != "" || !x.place.first()
	if !several || !x.handles(script.AfterActionPaging) && !x.handles(script.ActionCondition) {
		return false
	}
	if x.result.Next == "" {
		x.result.Whole = place{actionData: x.action()}.String()
	}
	return true
}

// finish is for the answer as a whole.
func (x *exchange) finish(ctx context.Context) error {
	if err := x.afterPaging(ctx); err != nil {
		return err
	}
	return x.pick()
}
