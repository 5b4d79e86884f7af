package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// NoteIncident keeps an incident that no transaction's commit brings.
func (s *Store) NoteIncident(ctx context.Context, a tandem.AccountID, i tandem.Incident) error {
	err := s.write(ctx, func(tx *sql.Tx) error { return noteIncident(ctx, tx, a, i) })
	if err != nil {
		return fmt.Errorf("keep an incident of cycle %s: %w", i.CycleID, err)
	}
	s.incidentsCame.ring()
	return nil
}

func noteIncident(ctx context.Context, tx *sql.Tx, a tandem.AccountID, i tandem.Incident) error {
	id, err := next(ctx, tx, "incident")
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO incident (account, id, cycle, txn, step, level, short, full_text, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			a, id, i.CycleID, int64(i.TransactionID), i.StepID, i.IncidentLevel, i.ShortMessage, i.FullMessage, micros(i.Created))
	}
	return err
}
