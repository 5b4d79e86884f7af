package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// VerifyAudit walks along a partner's log from its first entry, and tells the
// first that is not as it was written. If kept is not zero, the log must have that
// entry too.
func (s *Store) VerifyAudit(ctx context.Context, p tandem.PartnerID, kept tandem.AuditHead) (tandem.AuditProof, error) {
	w := walk{store: s, partner: p, kept: kept}
	err := w.run(ctx)
	var b *breach
	if err != nil && !errors.As(err, &b) {
		return tandem.AuditProof{}, fmt.Errorf("verify the audit log of partner %d: %w", p, err)
	}
	proof := tandem.AuditProof{Intact: b == nil}
	if b != nil {
		proof.Broken, proof.Reason = b.seq, b.reason
	} else {
		head := hexHead(p, w.seq, w.hash)
		proof.Head = &head
	}
	return proof, nil
}

// breach is what a walk finds wrong.
type breach struct {
	seq    int64
	reason string
}

func (b *breach) Error() string { return fmt.Sprintf("entry %d: %s", b.seq, b.reason) }

// walk goes along a log.
type walk struct {
	store   *Store
	partner tandem.PartnerID
	kept    tandem.AuditHead

	chain chain
	seq   int64 // of the last entry that was as it should be
	hash  []byte
}

func (w *walk) run(ctx context.Context) error {
	last, end, err := w.end(ctx)
	if err != nil {
		return err
	}
	for w.seq < last {
		if err := w.batch(ctx, last); err != nil {
			return err
		}
	}
	switch {
	case !bytes.Equal(w.hash, end):
		return &breach{w.seq, "The log ends with another entry."}
	case w.kept.ID > last:
		return &breach{last + 1, "The log was cut off after the entry before: it was longer once."}
	}
	return nil
}

// end reads the end of the log, and checks it by itself.
func (w *walk) end(ctx context.Context) (last int64, hash []byte, err error) {
	var mac []byte
	var highest int64
	db := w.store.read()
	err = db.QueryRowContext(ctx, `SELECT seq, hash, mac, COALESCE((SELECT max(seq) FROM audit WHERE partner = $1), 0) FROM audit_head WHERE partner = $1`,
		w.partner).Scan(&last, &hash, &mac, &highest)
	if errors.Is(err, sql.ErrNoRows) {
		err = db.QueryRowContext(ctx, `SELECT COALESCE(max(seq), 0) FROM audit WHERE partner = $1`, w.partner).Scan(&highest)
		if err == nil && highest+w.kept.ID > 0 {
			err = &breach{1, "The mark of the log's end is missing."}
		}
		return 0, nil, err
	}
	if err != nil {
		return 0, nil, err
	}
	if w.chain, err = w.store.chainOf(ctx, w.partner); err != nil && !errors.Is(err, errSealBroken) {
		return 0, nil, err
	}
	switch {
	case err != nil:
		return 0, nil, &breach{1, "The key of the log was changed."}
	case !hmac.Equal(mac, w.chain.head(w.partner, last, hash)):
		return 0, nil, &breach{last, "The mark of the log's end was changed."}
	case highest > last:
		return 0, nil, &breach{last + 1, "The entry is beyond the end of the log."}
	}
	return last, hash, nil
}

// batch checks the entries that come next.
func (w *walk) batch(ctx context.Context, last int64) error {
	found, err := rows(ctx, w.store.read(), scanAudit, `SELECT `+auditColumns+` FROM audit WHERE partner = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`,
		w.partner, w.seq, last, auditBatch)
	if err != nil {
		return err
	}
	for i := range found {
		e := &found[i]
		e.Partner = w.partner
		switch {
		case e.ID != w.seq+1:
			return &breach{w.seq + 1, "The entry is missing."}
		case !hmac.Equal(e.hash, w.chain.entry(w.hash, &e.AuditEntry)):
			return &breach{e.ID, "The entry, or one before it, was changed, moved or put in."}
		case e.ID == w.kept.ID && e.Hash != w.kept.Hash:
			return &breach{e.ID, "The entry has another hash than the one that was kept."}
		}
		w.seq, w.hash = e.ID, e.hash
	}
	if len(found) == 0 {
		return &breach{w.seq + 1, "The entry is missing."}
	}
	return nil
}

// AuditHeads are the ends of the logs of all partners.
func (s *Store) AuditHeads(ctx context.Context) ([]tandem.AuditHead, error) {
	return rows(ctx, s.read(), func(r scanner) (h tandem.AuditHead, err error) {
		var hash []byte
		err = r.Scan(&h.Partner, &h.ID, &hash)
		return hexHead(h.Partner, h.ID, hash), err
	}, `SELECT partner, seq, hash FROM audit_head WHERE seq > 0 ORDER BY partner`)
}
