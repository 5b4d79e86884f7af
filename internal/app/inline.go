package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// inlineScripts evaluates inline scripts for the interpreter.
type inlineScripts struct{ pool *script.Pool }

// Inline implements run.Scripts.
func (s inlineScripts) Inline(ctx context.Context, a tandem.AccountID, all []workflow.Expression) ([]workflow.Evaluated, error) {
	trip := make([]script.Expression, len(all))
	for i, e := range all {
		trip[i] = script.Expression{Text: e.Text, Bindings: e.Bindings}
	}
	values, err := s.pool.Inline(ctx, strconv.FormatInt(int64(a), 10), trip)
	if err != nil {
		return nil, notEvaluated(err)
	}
	out := make([]workflow.Evaluated, len(values))
	for i, v := range values {
		if out[i].Err = v.Err; v.Err == nil {
			out[i].Value, out[i].Err = value(v.JSON)
		}
	}
	return out, nil
}

// notEvaluated is what is to be done about a trip that failed.
func notEvaluated(err error) error {
	var failed *script.Error
	switch {
	case !errors.As(err, &failed):
		return err
	case failed.Kind == script.Busy, failed.Kind == script.Unavailable:
		return &invoke.Later{Until: time.Now().Add(exhaustedWait)}
	}
	return &workflow.MapError{Target: "inline scripts", Err: err}
}

// value reads what an expression came to, with numbers as they are written.
func value(raw json.RawMessage) (v any, err error) {
	if len(raw) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("the result cannot be read: %w", err)
	}
	return v, nil
}
