package invoke

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/merge"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// fault is method_error.
type fault struct {
	StatusCode   int    `json:"statusCode"`
	ReasonPhrase string `json:"reasonPhrase"`
	Content      any    `json:"content"`
	IsError      bool   `json:"isError"`
	IsWarning    bool   `json:"isWarning"`
	IsSuccess    bool   `json:"isSuccess"`
}

// afterError asks scripts what an error is. Not of those that end by waiting, nor
// of those that renewed credentials may end.
func (x *exchange) afterError(ctx context.Context, err error) error {
	var failed *Error
	if !errors.As(err, &failed) || !x.handles(script.AfterError) || ctx.Err() != nil {
		return err
	}
	if failed.Kind == RateLimited || failed.Again != Never || x.call.Renewable && failed.Status == http.StatusUnauthorized {
		return err
	}
	f := fault{StatusCode: failed.Status, ReasonPhrase: http.StatusText(failed.Status), Content: failed.Detail, IsError: true}
	if r := x.result.Response; r != nil && len(r.Body) > 0 {
		f.Content = string(r.Body)
	}
	before := f.Content
	see := func() (state, error) { return state{"method_error": f}, nil }
	_, thrown := x.event(ctx, script.AfterError, see, func(done changes) error {
		raw := done["method_error"]
		if isNull(raw) {
			return nil
		}
		f = fault{}
		return json.Unmarshal(raw, &f)
	})
	if thrown != nil {
		return x.worse(failed, thrown)
	}
	if f.Content != before {
		failed.Detail = merge.Text(f.Content)
	}
	if !f.IsSuccess && !f.IsWarning {
		return failed
	}
	if !f.IsSuccess {
		x.result.Warning = x.secrets.text(failed.Detail)
	}
	return x.accept(f.Content)
}

// worse is a handler of errors that failed itself: what it threw counts, and else
// the error that there was.
func (x *exchange) worse(failed *Error, thrown error) error {
	var why *script.Error
	if errors.As(thrown, &why) && (why.Kind == script.Thrown || why.Kind == script.AuthRefresh || why.Kind == script.AuthSession) {
		return thrown
	}
	failed.Detail += "; after_error: " + thrown.Error()
	return failed
}

// accept makes the content of an error the answer: JSON, or else a text.
func (x *exchange) accept(content any) error {
	x.result.Response = cmp.Or(x.result.Response, &tandem.Exchange{})
	x.result.Next, x.result.Whole = "", ""
	if text, ok := content.(string); ok {
		if doc, err := decode([]byte(text)); err == nil {
			content = doc
		}
	}
	return x.conceive(content)
}
