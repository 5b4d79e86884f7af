package river

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem/internal/engine"
)

// lateFor is how long others go by what a node has told, by the database's clock.
const lateFor = 1500 * time.Millisecond

// exchangeLate tells other nodes whose transactions begin late here, and hears from
// them, if anything is submitted here: a node that takes transactions in, and has
// others run them, would not know that there are too many.
func (e *Engine) exchangeLate(ctx context.Context) error {
	if own := e.door.Late(); len(own) > 0 {
		if err := e.tellLate(ctx, own); err != nil {
			return err
		}
	}
	if !e.door.Asked() {
		return nil
	}
	all, err := e.hearLate(ctx)
	if err == nil {
		e.door.Hear(all)
	}
	return err
}

func (e *Engine) tellLate(ctx context.Context, own []engine.Late) error {
	accounts, rooms := make([]int64, len(own)), make([]int64, len(own))
	for i, l := range own {
		accounts[i], rooms[i] = int64(l.Account), int64(l.Room)
	}
	_, err := e.db.Pool().Exec(ctx, `WITH old AS (DELETE FROM late WHERE seen_at < extract(epoch FROM now()) * 1000000 - 60000000)
		INSERT INTO late (account, node, seen_at, room)
			SELECT account, $1, extract(epoch FROM now()) * 1000000, room FROM unnest($2::bigint[], $3::bigint[]) AS own (account, room)
		ON CONFLICT (account, node) DO UPDATE SET seen_at = excluded.seen_at, room = excluded.room`, e.here.node, accounts, rooms)
	if err != nil {
		return fmt.Errorf("tell whose transactions are late: %w", err)
	}
	return nil
}

func (e *Engine) hearLate(ctx context.Context) ([]engine.Late, error) {
	rows, _ := e.db.Pool().Query(ctx, `SELECT account, sum(room) FROM late WHERE node <> $1 AND seen_at > extract(epoch FROM now()) * 1000000 - $2 GROUP BY account`,
		e.here.node, lateFor.Microseconds()) // its error is the rows', too
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[engine.Late])
	if err != nil {
		return nil, fmt.Errorf("hear whose transactions are late: %w", err)
	}
	return all, nil
}
