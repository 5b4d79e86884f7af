package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// auditor keeps the audit log.
type auditor struct {
	vault *vault.Vault

	mu     sync.Mutex
	chains map[tandem.PartnerID]chain
}

// KeepAudit makes the store write down, from now on, who changes what. Without
// it there is no audit log. The vault seals the keys of its chains.
func (s *Store) KeepAudit(v *vault.Vault) {
	s.auditor = &auditor{vault: v, chains: map[tandem.PartnerID]chain{}}
}

// note is an entry that a transaction is to append.
type note struct {
	entry   tandem.AuditEntry
	account tandem.AccountID // that it is about; 0: see entry.AccountID
	claim   *tandem.Claim    // under which the act is done; nil: none
	chain   chain
}

// noteOf is the note for the act that ctx is for; nil if there is none, or it
// leaves none any more.
func (s *Store) noteOf(ctx context.Context) (*note, error) {
	act := tandem.ActOf(ctx)
	if s.auditor == nil || act == nil || act.Reads || act.Logged() || act.Who.Partner == 0 {
		return nil, nil
	}
	c, err := s.chainOf(ctx, act.Who.Partner)
	if err != nil {
		return nil, err
	}
	return &note{entry: by(act.Entry(), act.Who), account: act.Account, claim: act.Claim, chain: c}, nil
}

// by names who in an entry, by id.
func by(e tandem.AuditEntry, who tandem.Principal) tandem.AuditEntry {
	e.Partner = who.Partner
	e.ActorType, e.ActorID = who.Actor()
	return e
}

// actors is where the names of actors are.
var actors = map[tandem.ActorType]string{
	tandem.ActorConsoleUser: `SELECT email FROM console_user WHERE id = CAST($1 AS bigint)`,
	tandem.ActorUser:        `SELECT spelling FROM app_user WHERE id = CAST($1 AS bigint)`,
	tandem.ActorClient:      `SELECT name FROM oauth_client WHERE id = $1`,
}

// name fills in the names as they are now, before the change may take them away.
func (n *note) name(ctx context.Context, tx *sql.Tx) error {
	e := &n.entry
	if query, ok := actors[e.ActorType]; ok && e.Actor == "" {
		if err := tx.QueryRowContext(ctx, query, e.ActorID).Scan(&e.Actor); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("name of an actor: %w", err)
		}
	}
	scan := func(r scanner) (struct{}, error) { return struct{}{}, r.Scan(&e.AccountID, &e.Account) }
	var err error
	switch {
	case n.account != 0:
		_, err = row(ctx, tx, "Account", scan, `SELECT api_id, name FROM account WHERE id = $1`, n.account)
	case e.AccountID != "":
		_, err = spelled(e.AccountID, func(spelling string) (struct{}, error) {
			return row(ctx, tx, "Account", scan, `SELECT api_id, name FROM account WHERE partner = $1 AND api_id = $2 AND deleted_at = 0`, e.Partner, spelling)
		})
	}
	if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		return fmt.Errorf("name of an account: %w", err)
	}
	return nil
}

// append puts the entry at the end of its chain. The row of the chain's end stays
// locked until the commit, so nodes take turns, and times do not go back.
func (n *note) append(ctx context.Context, tx *sql.Tx) error {
	e := &n.entry
	var at int64
	var before []byte
	err := tx.QueryRowContext(ctx, `UPDATE audit_head SET seq = seq + 1, at = CASE WHEN at > $2 THEN at ELSE $2 END
		WHERE partner = $1 RETURNING seq, at, hash`, e.Partner, micros(time.Now())).Scan(&e.ID, &at, &before)
	if err != nil {
		return fmt.Errorf("end of the audit log: %w", err)
	}
	e.Created = instant(at)
	hash := n.chain.entry(before, e)
	_, err = tx.ExecContext(ctx, `INSERT INTO audit (partner, seq, at, actor_type, actor_id, actor, account_id, account, action, object, sent, outcome, reason, alike, request, address, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		e.Partner, e.ID, at, e.ActorType, e.ActorID, e.Actor, e.AccountID, e.Account, e.Action, e.Object, e.Sent, e.Outcome, e.Reason, e.Count, e.RequestID, e.Address, hash)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE audit_head SET hash = $2, mac = $3 WHERE partner = $1`, e.Partner, hash, n.chain.head(e.Partner, e.ID, hash))
	}
	if err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	return nil
}

// AppendAudit writes an entry that goes with no change.
func (s *Store) AppendAudit(ctx context.Context, e tandem.AuditEntry, who tandem.Principal) error {
	if s.auditor == nil {
		return nil
	}
	c, err := s.chainOf(ctx, who.Partner)
	if err != nil {
		return err
	}
	n := &note{entry: by(e, who), account: who.Account, chain: c}
	return s.transact(ctx, n, func(*sql.Tx) error { return nil })
}

// chainOf gives a partner's chain, begun if it is not there yet.
func (s *Store) chainOf(ctx context.Context, p tandem.PartnerID) (chain, error) {
	a := s.auditor
	a.mu.Lock()
	c, ok := a.chains[p]
	a.mu.Unlock()
	if ok {
		return c, nil
	}
	c, err := s.openChain(tandem.WithAct(ctx, nil), p)
	if err != nil {
		return nil, fmt.Errorf("key of the audit log of partner %d: %w", p, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.chains[p] = c
	return c, nil
}

func (s *Store) openChain(ctx context.Context, p tandem.PartnerID) (chain, error) {
	v, at := s.auditor.vault, vault.Place{Partner: p, Record: "audit_head", Field: "sealed"}
	wrapped, err := s.PartnerKey(ctx, p, v.NewPartnerKey)
	if err != nil {
		return nil, err
	}
	sealed, err := s.sealedChain(ctx, p)
	if errors.Is(err, sql.ErrNoRows) {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		if sealed, err = v.Seal(wrapped, at, tandem.Secret(key)); err == nil {
			sealed, err = s.beginChain(ctx, p, sealed, chain(key).head(p, 0, nil))
		}
	}
	if err != nil {
		return nil, err
	}
	key, err := v.Open(wrapped, at, sealed)
	if err != nil {
		return nil, errors.Join(errSealBroken, err)
	}
	return chain(key), nil
}

// errSealBroken says that the key of a log is not the one that was sealed.
var errSealBroken = errors.New("the key of the audit log does not open")

func (s *Store) sealedChain(ctx context.Context, p tandem.PartnerID) (sealed []byte, err error) {
	return sealed, s.read().QueryRowContext(ctx, `SELECT sealed FROM audit_head WHERE partner = $1`, p).Scan(&sealed)
}

// beginChain keeps the key of a chain, unless another node was first, and gives
// the one that counts.
func (s *Store) beginChain(ctx context.Context, p tandem.PartnerID, sealed, mac []byte) ([]byte, error) {
	err := s.write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO audit_head (partner, sealed, seq, at, hash, mac) VALUES ($1, $2, 0, 0, $3, $4)
			ON CONFLICT (partner) DO UPDATE SET seq = audit_head.seq RETURNING sealed`, p, sealed, []byte{}, mac).Scan(&sealed)
	})
	return sealed, err
}
