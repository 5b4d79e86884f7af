package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"slices"

	"github.com/tandem-ipaas/tandem"
)

const (
	webhookColumns = `w.key, w.account, w.cycle, w.step, w.method, w.connector, w.connector_version, w.remote, w.secret, c.version, CASE WHEN a.enabled THEN c.status ELSE 'Paused' END, c.omit_requests`
	webhookTables  = `webhook w JOIN cycle c ON c.account = w.account AND c.id = w.cycle JOIN account a ON a.id = w.account`
)

func scanWebhook(r scanner) (w tandem.Webhook, err error) {
	return w, r.Scan(&w.Key, &w.Account, &w.Cycle, &w.Step, &w.Method, &w.Connector.Name, &w.Connector.Version, &w.Remote, &w.Sealed, &w.Version, &w.Status, &w.OmitRequests)
}

// WebhookByKey finds whose a key is; the key is all that a caller has. Errors:
// NotFound.
func (s *Store) WebhookByKey(ctx context.Context, key string) (tandem.Webhook, error) {
	return row(ctx, s.read(), "Webhook", scanWebhook, `SELECT `+webhookColumns+` FROM `+webhookTables+` WHERE w.key = $1`, key)
}

// Webhooks lists those of a cycle.
func (s *Store) Webhooks(ctx context.Context, a tandem.AccountID, c tandem.CycleID) ([]tandem.Webhook, error) {
	return rows(ctx, s.read(), scanWebhook, `SELECT `+webhookColumns+` FROM `+webhookTables+` WHERE w.account = $1 AND w.cycle = $2 ORDER BY w.step`, a, c)
}

// SetWebhookRemote keeps what is known of it at the third party; "" forgets it.
func (s *Store) SetWebhookRemote(ctx context.Context, w tandem.Webhook, remote string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE webhook SET remote = $4, secret = CASE WHEN $4 = '' THEN NULL ELSE secret END WHERE account = $1 AND cycle = $2 AND step = $3`, w.Account, w.Cycle, w.Step, remote)
		return changed(r, err, "Webhook")
	})
}

// SetWebhookSecret keeps what the third party signs requests with, sealed, for as
// long as the third party is known.
func (s *Store) SetWebhookSecret(ctx context.Context, w tandem.Webhook, sealed []byte) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE webhook SET secret = $4 WHERE account = $1 AND cycle = $2 AND step = $3`, w.Account, w.Cycle, w.Step, sealed)
		return changed(r, err, "Webhook")
	})
}

// saveWebhooks gives a key to each webhook step of c that has none, and
// revokes those of steps that are gone.
func saveWebhooks(ctx context.Context, tx *sql.Tx, c *tandem.Cycle) error {
	known, err := rows(ctx, tx, scanID[tandem.StepID], `SELECT step FROM webhook WHERE account = $1 AND cycle = $2`, c.Account, c.ID)
	if err != nil {
		return err
	}
	for _, step := range c.Graph.Steps {
		if step.ActionType != tandem.WebhookStep {
			continue
		}
		if i := slices.Index(known, step.ID); i >= 0 {
			known = slices.Delete(known, i, i+1)
		}
		of := connectorOf(&c.Graph, step.Connector)
		_, err := tx.ExecContext(ctx, `INSERT INTO webhook (key, account, cycle, step, method, connector, connector_version, remote) VALUES ($1, $2, $3, $4, $5, $6, $7, '')
			ON CONFLICT (account, cycle, step) DO UPDATE SET method = excluded.method, connector = excluded.connector, connector_version = excluded.connector_version`,
			newWebhookKey(), c.Account, c.ID, step.ID, step.Method, of.Name, of.Version)
		if err != nil {
			return err
		}
	}
	for _, gone := range known {
		if _, err := tx.ExecContext(ctx, `DELETE FROM webhook WHERE account = $1 AND cycle = $2 AND step = $3`, c.Account, c.ID, gone); err != nil {
			return err
		}
	}
	return nil
}

// connectorOf is the connector that a graph knows by ref; of no name if it has
// none.
func connectorOf(g *tandem.Graph, ref string) tandem.ConnectorRef {
	i := slices.IndexFunc(g.Connectors, func(c tandem.ConnectorRef) bool { return c.Ref == ref })
	if i < 0 {
		return tandem.ConnectorRef{}
	}
	return g.Connectors[i]
}

// newWebhookKey is 256 random bits, in characters that a URL takes as they are.
func newWebhookKey() string {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(key[:])
}
