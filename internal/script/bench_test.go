package script

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// mapping is a plain script of twenty lines, such as most are.
const mapping = `
function after_action() {
  const orders = method_response.orders || [];
  method_response.contacts = orders.map(order => {
    const [first, ...rest] = (order.customer.name || '').split(' ');
    const address = order.customer.address || {};
    return {
      id: 'order-' + order.id,
      firstName: first,
      lastName: rest.join(' '),
      email: (order.customer.email || '').trim().toLowerCase(),
      city: address.city || 'unknown',
      total: order.lines.reduce((sum, line) => sum + line.price * line.quantity, 0).toFixed(2),
      skus: order.lines.map(line => line.sku).filter(Boolean),
      created: new Date(order.created).toISOString(),
    };
  });
  method_response.count = method_response.contacts.length;
  delete method_response.orders;
  return true;
}
`

func orders(n int) map[string]any {
	all := make([]any, n)
	for i := range all {
		all[i] = map[string]any{
			"id": i, "created": "2026-03-01T10:00:00Z", "customer": map[string]any{
				"name": "Mia van der Berg", "email": " Mia@Example.com", "address": map[string]any{"city": "Utrecht", "zip": "3511"},
			},
			"lines": []any{map[string]any{"sku": "A-1", "price": 12.5, "quantity": 2}, map[string]any{"sku": "B-2", "price": 3.25, "quantity": 4}},
		}
	}
	return map[string]any{"orders": all}
}

// benchmark runs a job one after the other, and tells how long the middle and the
// slowest hundredth took.
func benchmark(b *testing.B, sources ...Source) {
	p := newPool(b, Options{Workers: 2})
	job := Job{Event: AfterAction, Sources: sources, State: map[string]any{"method_response": orders(3)}}
	took := make([]time.Duration, 0, b.N)
	for range 10 { // so that both workers are there
		if _, err := p.Run(b.Context(), job); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		start := time.Now()
		if _, err := p.Run(b.Context(), job); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

func BenchmarkMapping(b *testing.B) { benchmark(b, Source{Level: Step, Text: mapping}) }

func BenchmarkThreeLevels(b *testing.B) {
	benchmark(b, Source{Level: Step, Text: mapping}, Source{Level: Method, Text: "function after_action() {}"}, Source{Level: Connector, Text: "function after_action() {}"})
}

func BenchmarkMoment(b *testing.B) {
	benchmark(b, Source{Level: Step, Text: "function after_action() { method_response = moment('2026-03-01').add(1, 'day').format(); }"})
}

func BenchmarkInline(b *testing.B) {
	p := newPool(b, Options{Workers: 2})
	all := make([]Expression, 10)
	for i := range all {
		all[i] = Expression{Text: "[Email] === '' ? 'none' : [Email].toLowerCase()", Bindings: map[string]any{"[Email]": fmt.Sprint(i, "@Example.com")}}
	}
	for b.Loop() {
		if _, err := p.Inline(b.Context(), "", all); err != nil {
			b.Fatal(err)
		}
	}
}
