package run_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
)

// quick answers at once and keeps nothing, so that what is measured is the
// interpreter.
type quick struct{ *world }

var quickResult = invoke.Result{Request: &tandem.Exchange{}, Response: &tandem.Exchange{Status: 200, Body: []byte(`{"ok":true}`)}}

func (quick) Call(context.Context, tandem.AccountID, tandem.AccountConnectorID, invoke.Call) (invoke.Result, error) {
	return quickResult, nil
}

func (quick) Commit(context.Context, journal.Delta) error { return nil }

// BenchmarkTransaction is a webhook of a kilobyte, five fields mapped with
// merge functions, one call: everything but HTTP and the database.
func BenchmarkTransaction(b *testing.B) {
	out := step("out", "send", "")
	for target, value := range map[string]string{
		"ref": "{{id}}", "name": "{{customer.first_name}} {{customer.last_name}}", "email": "{{customer.email | lower}}",
		"total": "{{order.total_cents | divide:100}}", "country": "{{customer.country | upper}}",
	} {
		out.Fields = append(out.Fields, tandem.Mapping{Target: target, MappingType: tandem.MapStatic, Value: value})
	}
	w := newWorld(b, graph("in>out", step("in", "plain", ""), out), methods...)
	q := quick{w}
	r := run.New(slog.New(slog.DiscardHandler), w, w, q, w, run.Options{})
	body := []byte(`{"id":"ev-55123","customer":{"first_name":"Ada","last_name":"Lovelace","email":"ADA@EXAMPLE.COM","country":"gb"},"order":{"total_cents":1999,
"lines":[{"sku":"A-1","title":"` + strings.Repeat("t", 200) + `","qty":2},{"sku":"B-2","title":"` + strings.Repeat("u", 200) + `","qty":1}]},"padding":"` + strings.Repeat("x", 300) + `"}`)
	f := run.Firing{Account: 1, Cycle: "cycle", Version: 1, Step: "in", Method: "plain", At: time.Now()}
	b.ReportAllocs()
	for b.Loop() {
		n := run.WebhookStart(f, tandem.Exchange{Body: body})
		if _, err := r.Slice(b.Context(), q, journal.Txn{ID: 1, Account: 1, Cycle: "cycle", Version: 1, Frontier: n.Frontier, NextSeq: 2, Items: n.Items}); err != nil {
			b.Fatal(err)
		}
	}
}
