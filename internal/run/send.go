package run

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// invoke makes one call to the third party of a step.
func (s *slice) invoke(ctx context.Context, n *workflow.Node, c invoke.Call) (invoke.Result, error) {
	return s.invoker.Call(ctx, s.txn.Account, s.Connectors[n.Ref], c)
}

// send calls the method, and all pages of a paged one, and notes the exchange.
func (s *slice) send(ctx context.Context, n *workflow.Node, c invoke.Call, item *tandem.StepItem) error {
	result, err := s.invoke(ctx, n, c)
	item.Request, item.Response = result.Request, result.Response
	if err == nil && result.Next != "" {
		err = s.sendRest(ctx, n, c, result, item)
	}
	item.Finished = time.Now()
	return err
}

// sendRest reads the other pages and makes one document of them all.
func (s *slice) sendRest(ctx context.Context, n *workflow.Node, c invoke.Call, result invoke.Result, item *tandem.StepItem) error {
	first := document(result)
	all, _, err := n.Items(first)
	bytes := length(result)
	for pages := 1; err == nil && result.Next != ""; pages++ {
		c.Page, c.IdempotencyKey = result.Next, s.key(n, item.Prev, pages)
		if result, err = s.invoke(ctx, n, c); err != nil {
			item.Request, item.Response = result.Request, result.Response
			return err
		}
		if bytes += length(result); bytes > s.options.Pages {
			err = &invoke.Error{Kind: invoke.Format, Short: tandem.IncidentNotExpected, Detail: fmt.Sprintf("The pages have more than %d bytes together.", s.options.Pages)}
			break
		}
		var items []any
		items, _, err = n.Items(document(result))
		all = append(all, items...)
	}
	if err != nil {
		return err
	}
	whole := tandem.Exchange{}
	if item.Response != nil {
		whole = *item.Response
	}
	whole.Body, err = encode(n.Item(first, all))
	item.Response = &whole
	return err
}

func length(r invoke.Result) int {
	if r.Response == nil {
		return 0
	}
	return len(r.Response.Body)
}

func document(r invoke.Result) any {
	if r.Response == nil {
		return nil
	}
	return workflow.ParseDocument(r.Response.Body)
}
