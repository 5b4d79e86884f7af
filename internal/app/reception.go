package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/file"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/run"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/trigger"
	"github.com/tandem-ipaas/tandem/internal/vault"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// newIntake makes the handler of requests to webhooks.
func (a *App) newIntake(connections *connection.Connectors, calls *callout) *trigger.Intake {
	all := hooks{a.cycles, connections, calls, hookSecrets{a.store, a.vault}, a.cfg.ServiceURL}
	return trigger.NewIntake(a.log, a.store, a.engine, startByWebhook, trigger.IntakeOptions{
		MaxBody: a.cfg.WebhookMaxBody, Rate: a.cfg.WebhookRate, AnswerLimit: a.cfg.WebhookAnswerLimit,
		Rules: all.rules, Match: startByMatch, Files: file.New(a.store, file.Options{}).Of, URL: a.cfg.ServiceURL,
		Shared: a.shared(), Closing: a.closing, Told: a.traffic.NoteRequest,
	})
}

// rules are what the definition of a webhook, and its place in the cycle, say of
// requests.
func (h hooks) rules(ctx context.Context, w tandem.Webhook) (*trigger.Rules, error) {
	plan, of, err := h.cycles.Plan(ctx, w.Account, w.Cycle, w.Version)
	if err != nil {
		return nil, err
	}
	n := plan.Node(w.Step)
	if n == nil || n.Method == nil {
		return nil, nil
	}
	r := &trigger.Rules{Methods: n.Method.Receives(), Format: invoke.Received(n.Method), Answered: n.Answered()}
	if n.Holds() {
		r.RequestKey = n.RequestKey
	}
	if err := h.receive(ctx, w, n, of.Connectors[n.Ref], r); err != nil {
		return nil, err
	}
	r.Scripts, err = h.scripts(ctx, w, plan, n, of.Connectors[n.Ref])
	return r, err
}

// receive fills in what the method's Reception says.
func (h hooks) receive(ctx context.Context, w tandem.Webhook, n *workflow.Node, id tandem.AccountConnectorID, r *trigger.Rules) (err error) {
	said := n.Method.Reception
	if said == nil {
		return nil
	}
	if said.EventHeader != "" {
		r.EventHeader = http.CanonicalHeaderKey(said.EventHeader)
	}
	if said.EventField != "" {
		at, err := connector.ParseLocation(said.EventField)
		if err != nil {
			return err
		}
		r.EventField = &at
	}
	if r.Signature = said.Signature; r.Signature == nil {
		return nil
	}
	own, err := h.secrets.open(ctx, w)
	if err != nil {
		return err
	}
	r.Secret, err = h.connections.SigningSecret(ctx, w.Account, id, r.Signature.Secret, own)
	return err
}

// startByMatch makes the transaction of a request for one that is held.
func startByMatch(w tandem.Webhook, at time.Time, held journal.Held, items []tandem.StepItem, request tandem.Exchange) (journal.NewTxn, error) {
	return run.MatchStart(firing(w, at), held, items, request)
}

// hookSecrets keeps what third parties sign with, sealed.
type hookSecrets struct {
	store *store.Store
	vault *vault.Vault
}

func hookPlace(w tandem.Webhook) vault.Place {
	return vault.Place{Account: w.Account, Record: fmt.Sprintf("webhook %s %s", w.Cycle, w.Step), Field: "secret"}
}

// keep seals a secret and keeps it.
func (s hookSecrets) keep(ctx context.Context, w tandem.Webhook, secret tandem.Secret) error {
	key, err := s.store.DataKey(ctx, w.Account)
	if err != nil {
		return fmt.Errorf("data key of account %d: %w", w.Account, err)
	}
	sealed, err := s.vault.Seal(key, hookPlace(w), secret)
	if err != nil {
		return err
	}
	return s.store.SetWebhookSecret(ctx, w, sealed)
}

// open gives the secret; "": there is none.
func (s hookSecrets) open(ctx context.Context, w tandem.Webhook) (tandem.Secret, error) {
	if w.Sealed == nil {
		return "", nil
	}
	key, err := s.store.DataKey(ctx, w.Account)
	if err != nil {
		return "", fmt.Errorf("data key of account %d: %w", w.Account, err)
	}
	return s.vault.Open(key, hookPlace(w), w.Sealed)
}
