package client

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Usage counts the tasks of an account, this billing period so far.
func (c *Client) Usage(ctx context.Context, apiID string) (tandem.Usage, error) {
	return c.UsageBetween(ctx, apiID, time.Time{}, time.Time{})
}

// UsageBetween counts the tasks of an account from start to before end. Zero times
// are the beginning of the billing period, and now.
func (c *Client) UsageBetween(ctx context.Context, apiID string, start, end time.Time) (tandem.Usage, error) {
	return call[tandem.Usage](ctx, c, http.MethodGet, with(path("accounts", apiID, "usage"), values(map[string]any{"start": start, "end": end})), nil)
}

// UsageByAccount counts the tasks of each account, as UsageBetween does.
func (c *Client) UsageByAccount(ctx context.Context, start, end time.Time) iter.Seq2[tandem.AccountUsage, error] {
	return each[tandem.AccountUsage](ctx, c, "/usage", values(map[string]any{"start": start, "end": end}))
}

// BillingPeriods lists the billing periods of an account.
func (c *Client) BillingPeriods(ctx context.Context, apiID string) iter.Seq2[tandem.BillingPeriod, error] {
	return each[tandem.BillingPeriod](ctx, c, path("accounts", apiID, "billingperiods"), nil)
}
