package client

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Errors lists the errors of the account, the newest first; a zero time is no
// limit.
func (c *Client) Errors(ctx context.Context, after, before time.Time) iter.Seq2[tandem.Incident, error] {
	return each[tandem.Incident](ctx, c, "/cycles/incidents/error", values(map[string]any{"after": after, "before": before}))
}

// Warnings lists the warnings of the account, as Errors does.
func (c *Client) Warnings(ctx context.Context, after, before time.Time) iter.Seq2[tandem.Incident, error] {
	return each[tandem.Incident](ctx, c, "/cycles/incidents/warning", values(map[string]any{"after": after, "before": before}))
}

// Incidents lists the incidents of a cycle, the newest first.
func (c *Client) Incidents(ctx context.Context, id tandem.CycleID) iter.Seq2[tandem.Incident, error] {
	return each[tandem.Incident](ctx, c, path("cycles", id, "incidents"), nil)
}

// ClearIncidents deletes the incidents of a cycle.
func (c *Client) ClearIncidents(ctx context.Context, id tandem.CycleID) error {
	return c.Do(ctx, http.MethodDelete, path("cycles", id, "incidents"), nil, nil)
}
